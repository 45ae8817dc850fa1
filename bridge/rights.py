"""Who may do what: one table, asked by every verb."""

from bridge.errors import Forbidden
from bridge.model.operators import ExtraRight, Operator, Role

_EVERYBODY = frozenset(Role)
_DESK = frozenset({Role.ADMIN, Role.SUPERVISOR, Role.OPERATOR})
_CHIEFS = frozenset({Role.ADMIN, Role.SUPERVISOR})

#: Verb -> roles that may do it. An observer reads; an editor reads and keeps the knowledge base.
TABLE: dict[str, frozenset[Role]] = {
    "read": _EVERYBODY,
    "reply": _DESK,
    "note": _DESK,
    "amend": _DESK,  # one's own words
    "amend_others": _CHIEFS,  # also those of other people and of the bot
    "react": _DESK,
    "claim": _DESK,
    "release": _DESK,
    "assign": _DESK,
    "transfer": _DESK,
    "share": _DESK,
    "close": _DESK,
    "reopen": _DESK,
    "retry": _DESK,
    "tag": _DESK,
    "prioritize": _DESK,
    "follow": _EVERYBODY,
    "star": _EVERYBODY,
    "task": _DESK,
    "snooze": _DESK,
    "customer": _DESK,
    "ban": _DESK,
    "contacts": _DESK,  # to read e-mails and phones whole: others see them masked
    "customers": frozenset({Role.ADMIN}),  # files of customers in and out, all of one person out
    "erase": frozenset({Role.ADMIN}),
    "delete": frozenset({Role.ADMIN}),  # a conversation with all that was said in it; see EXTRA
    "ask_contact": _DESK,
    "suggest": _DESK | {Role.OBSERVER, Role.EDITOR},
    "propose": _DESK | {Role.EDITOR},  # an article of an answer: who may not write articles has it reviewed
    "article": _CHIEFS | {Role.EDITOR},
    "publish": _CHIEFS,  # what an editor wrote, where the settings want it reviewed
    "staff": frozenset({Role.ADMIN}),
    "canned": _DESK,  # one's own canned replies and macros
    "canned_shared": _CHIEFS,  # those of teams and of all
    "macro": _DESK,  # to run one; each of its steps asks for its own right
    "views_shared": _CHIEFS,  # views of teams and of all; everybody keeps his own
    "teams": _CHIEFS,  # those within their reach
    "webhooks": frozenset({Role.ADMIN}),
    "channels": _EVERYBODY,
    "audit": _CHIEFS,
}


#: Rights an administrator gives single people beside their role, to those of the roles here.
EXTRA: dict[str, tuple[ExtraRight, frozenset[Role]]] = {"delete": (ExtraRight.DELETE, _DESK)}

#: What nobody does who looks after the installation and serves no customers.
SERVING = frozenset({"reply", "claim"})


def may(operator: Operator, verb: str) -> bool:
    """Tell whether this person may do this; a disabled one may nothing, one that does not serve answers nobody."""
    serves = operator.serves or verb not in SERVING
    return not operator.disabled and (operator.role in TABLE[verb] or _given(operator, verb)) and serves


def _given(operator: Operator, verb: str) -> bool:
    right, roles = EXTRA.get(verb, (None, frozenset()))
    return right in operator.rights and operator.role in roles


def require(operator: Operator, verb: str) -> None:
    """Let pass who may; raises Forbidden."""
    if not may(operator, verb):
        raise Forbidden(f"{operator.role.value} may not {verb}")
