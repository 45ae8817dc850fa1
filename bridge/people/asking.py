"""The question for a contact in a conversation: how it is put, and what the customer's next words make of it.

It is skippable: any word without a contact is a skip. A messenger may offer a button of its own to share a phone; what
it shows for that is taken away again with the first word that can do so (`asks="done"`).
"""

from dataclasses import replace

from bridge import handoff
from bridge.context import Bridge
from bridge.draft import Draft
from bridge.errors import Conflict
from bridge.model.conversations import Conversation, Stage
from bridge.model.messages import Author, AuthorKind, Choice
from bridge.people import contacts
from bridge.people.claims import Given
from bridge.phrases import Phrases

BOT = Author(AuthorKind.BOT, "", "")
#: Data of the buttons: to share one's own phone by the messenger's means (channels without such leave it out), to skip.
SHARE = "contact:share"
SKIP = "contact:skip"
#: States of the question (Conversation.asking).
OPEN, UNCLEAR, OVER = "open", "unclear", "over"


def ask(bridge: Bridge, draft: Draft, moment: str = "handoff", *, wanted: bool = False) -> None:
    """Put the question with its why; `wanted`: by a person of the desk, so it is sent whatever he says meanwhile.

    Raises Conflict("channel_cannot") where everybody would read the answer.
    """
    if bridge.channels.is_public(draft.conversation.channel, draft.conversation.chat):
        raise Conflict("channel_cannot", "everybody would read the answer")
    language = draft.conversation.language
    share, skip = (bridge.phrases.say(language, f"customer.{key}") for key in ("share_contact", "skip"))
    draft.conversation = replace(draft.conversation, asking=OPEN, asked=True)
    draft.say(
        BOT,
        bridge.phrases.say(language, "customer.contact_wanted" if wanted else f"customer.ask_contact_{moment}"),
        "ask",
        asks="contact",
        choices=(Choice(share, SHARE), Choice(skip, SKIP)),
        anyway=wanted,
    )


def skips(phrases: Phrases, conversation: Conversation, text: str) -> bool:
    """Tell whether a text is the word on the button that skips the question."""
    return conversation.asking in (OPEN, UNCLEAR) and text.strip() == phrases.say(
        conversation.language, "customer.skip"
    )


def note(draft: Draft, given: Given) -> None:
    """Note in a conversation what is new about its customer: a line for the staff, and the card anew."""
    for contact in given.new:
        code = "contact_proved" if given.proved else "contact_added"
        draft.event(code, detail=contacts.shown(contact), name=contact.value)
        draft.audit("system", code, contact.value, kind=contact.kind)
    draft.shows = draft.shows or bool(given.new)


def heard(bridge: Bridge, draft: Draft, text: str, given: Given, *, skip: bool) -> None:
    """Note in a conversation what its customer's word, just added, gave; the bot says thanks where it may."""
    note(draft, given)
    asked = draft.conversation.asking in (OPEN, UNCLEAR)
    if given.code:
        _over(draft)
        if given.code == "spent":
            draft.event("code_spent")
            draft.audit("system", "code_spent")
        _acknowledge(bridge, draft, f"code_{given.code}", asked=True)
    elif given.all and (asked or given.proved or contacts.only_contact(text)):
        _over(draft)
        listed = ", ".join(map(contacts.shown, given.all))
        _acknowledge(bridge, draft, "contact_thanks", asked, contact=listed)
    elif asked and skip:
        _over(draft)
        _acknowledge(bridge, draft, "contact_skipped", asked)
    elif draft.conversation.asking == OPEN and draft.conversation.stage is not Stage.BOT and contacts.tried(text):
        draft.conversation = replace(draft.conversation, asking=UNCLEAR)
        _acknowledge(bridge, draft, "contact_unclear", asked)
    else:
        _over(draft)


def answered(text: str, kind: str) -> bool:
    """Tell whether a customer's word was for the question alone, so that nothing is left for the bot's own turn."""
    return kind in ("press", "code") or (kind == "text" and contacts.only_contact(text))


def _over(draft: Draft) -> None:
    if draft.conversation.asking:
        draft.conversation = replace(draft.conversation, asking=OVER)


def _acknowledge(bridge: Bridge, draft: Draft, key: str, asked: bool, **values: str) -> None:
    """Say one line; where a person holds the word, only if the customer was asked."""
    stage = draft.conversation.stage
    if stage is Stage.OPERATOR and not asked:
        return
    if stage is Stage.BOT:
        draft.conversation = handoff.bot_answers(draft.conversation)
    text = bridge.phrases.say(draft.conversation.language, f"customer.{key}", **values)
    draft.say(BOT, text, key, anyway=stage is Stage.OPERATOR)
