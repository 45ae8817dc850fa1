"""What lists of conversations are narrowed to, as questions the store answers by its indexes."""

from bridge.errors import Invalid
from bridge.model.conversations import ConversationFilters, DeskState, Stage
from bridge.model.ids import OperatorId
from storage.documents import P
from storage.words import tag_word

#: A word no text and no tag contains that stands for a customer who is banned.
BANNED = tag_word("banned\x00")


def bins(view: str, operator: OperatorId) -> tuple[str, ...] | None:
    """Return whose lists a view shows, None: all; raises Invalid(("view", "invalid"))."""
    views: dict[str, tuple[str, ...] | None] = {
        "mine": (operator, "free"),
        "free": ("free",),
        "bot": ("bot",),
        "all": None,
    }
    if view not in views:
        raise Invalid(("view", "invalid"))
    return views[view]


def standing_in(state: DeskState) -> P:
    """Closed ones are asked for by their stage: nobody's bin holds them."""
    closed = state is DeskState.CLOSED
    return P("stage", "eq", Stage.CLOSED.value) if closed else P("desk_state", "eq", state.value)


def where(filters: ConversationFilters) -> list[P]:
    """Return what the filters ask for, without words, states and eyes."""
    asked: list[P] = []
    for field, value in (
        ("stage", filters.stage),
        ("channel", filters.channel),
        ("chat", filters.external_id),
        ("customer", filters.customer),
        ("place", filters.team),
    ):
        if value is not None:
            asked.append(P(field, "eq", value))
    if filters.assignee == "none":
        asked.append(P("bin", "in", ("free", "bot")))
    elif filters.assignee is not None:
        asked.append(P("assignee", "eq", filters.assignee))
    if filters.tag is not None:
        asked.append(P("words", "words", tag_word(filters.tag)))
    if filters.banned:
        asked.append(P("words", "words", BANNED))
    return asked
