"""The people of the desk, their teams, and what the installation is joined to."""

from operator_panel.api import channels, credentials, me, operators, states, teams, transfers, webhooks
from operator_panel.paths import invitations
from operator_panel.signature import Route

ROUTES = (
    *invitations.ROUTES,
    Route("GET", "/webhooks", webhooks.webhooks),
    Route("POST", "/webhooks", webhooks.webhook_post, 201),
    Route("GET", "/webhooks/{id}", webhooks.webhook),
    Route("DELETE", "/webhooks/{id}", webhooks.webhook_delete, 204),
    Route("GET", "/webhooks/{id}/deliveries", webhooks.webhook_deliveries),
    Route("GET", "/channels", channels.channels),
    Route("GET", "/operators", operators.operators),
    Route("POST", "/operators", operators.operator_post, 201),
    Route("GET", "/operators/states", states.operator_states),
    Route("GET", "/operators/{id}", operators.operator),
    Route("PATCH", "/operators/{id}", operators.operator_change),
    Route("DELETE", "/operators/{id}", operators.operator_delete, 204),
    Route("GET", "/teams", teams.teams),
    Route("POST", "/teams", teams.team_post, 201),
    Route("GET", "/teams/{id}", teams.team),
    Route("PATCH", "/teams/{id}", teams.team_change),
    Route("DELETE", "/teams/{id}", teams.team_delete),
    Route("GET", "/me/state", states.me_state),
    Route("PUT", "/me/state", states.me_state_put),
    Route("POST", "/me/hand_over", transfers.hand_over),
    Route("GET", "/me", me.me),
    Route("PATCH", "/me", me.me_change),
    Route("POST", "/me/password", me.me_password, 204),
    Route("GET", "/me/second_factor", credentials.me_second_factor),
    Route("POST", "/me/second_factor", credentials.me_second_factor_post, 201, secret=True),
    Route("POST", "/me/second_factor/confirm", credentials.me_second_factor_confirm, secret=True),
    Route("POST", "/me/second_factor/off", credentials.me_second_factor_off, 204),
    Route("GET", "/me/sessions", credentials.me_sessions),
    Route("DELETE", "/me/sessions", credentials.me_sessions_delete, 204),
    Route("DELETE", "/me/sessions/{id}", credentials.me_session_delete, 204),
    Route("GET", "/me/tokens", credentials.me_tokens),
    Route("POST", "/me/tokens", credentials.me_token_post, 201, secret=True),
    Route("DELETE", "/me/tokens/{id}", credentials.me_token_delete, 204),
    Route("DELETE", "/operators/{id}/second_factor", credentials.operator_second_factor_delete, 204),
    Route("DELETE", "/operators/{id}/sessions", credentials.operator_sessions_delete, 204),
)
