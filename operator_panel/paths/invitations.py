"""How people come to the desk, and which Telegram account is whose."""

from operator_panel.api import invitations, me
from operator_panel.signature import Route

ROUTES = (
    Route("POST", "/invitations", invitations.invitation_post, 201, secret=True),
    Route("POST", "/operators/{id}/invitation", invitations.invitation_again, secret=True),
    Route("DELETE", "/operators/{id}/invitation", invitations.invitation_delete, 204),
    Route("POST", "/me/telegram", me.me_telegram, secret=True),
    Route("DELETE", "/me/telegram", me.me_telegram_delete),
)
