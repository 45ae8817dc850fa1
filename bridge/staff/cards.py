"""The card pinned in a topic: who it is, where, how the conversation stands, and the buttons that fit."""

from collections.abc import Sequence
from dataclasses import replace

from bridge.context import Bridge
from bridge.model.conversations import Conversation, Stage
from bridge.model.customers import Identity
from bridge.model.desk import Post, PostKind
from bridge.model.messages import Choice
from bridge.people.contacts import Contact, shown
from bridge.people.identity import CONTACTS, SHARED_KINDS
from bridge.people.masking import masked_contact
from bridge.staff import mirror


def card(
    bridge: Bridge, conversation: Conversation, channel: str, username: str, known: Sequence[Identity] = ()
) -> Post:
    """Return the pinned card: who it is, where, the stage, the owner, and the buttons that fit.

    `known` are the customer's identities; where no contact is among them, it can be asked for, unless everybody would
    read the answer.
    """
    say = bridge.phrases.say
    language = bridge.phrases.language
    public = bridge.channels.is_public(conversation.channel, conversation.chat)
    lines = [
        say(language, "staff.card_title", number=conversation.number, channel=channel),
        say(language, "staff.card_customer", name=conversation.customer_name),
        *([say(language, "staff.card_username", username=f"@{username}")] if username else []),
        *_contacts(bridge, known),
        say(language, "staff.card_stage", stage=say(language, f"staff.stage_{conversation.stage.value}")),
        say(language, "staff.card_assignee", operator=conversation.assignee_name)
        if conversation.assignee_name
        else say(language, "staff.card_nobody"),
        *_marks(bridge, conversation),
        "",
        *([say(language, "staff.card_public")] if public else []),
        say(language, "staff.card_hint" if mirror.all_goes_out(bridge) else "staff.card_hint_replies"),
    ]
    buttons = {
        Stage.BOT: ("claim", "close"),
        Stage.WAITING: ("claim", "close"),
        Stage.OPERATOR: ("release", "close"),
        Stage.CLOSED: ("reopen",),
    }[conversation.stage]
    if conversation.stage is not Stage.CLOSED and not public and not any(each.kind in CONTACTS for each in known):
        buttons = (*buttons, "contact")
    choices = tuple(Choice(say(language, f"staff.{verb}"), f"{verb}:{conversation.id}") for verb in buttons)
    return replace(mirror.state(bridge, conversation, PostKind.CARD, "\n".join(lines)), choices=choices)


def _marks(bridge: Bridge, conversation: Conversation) -> list[str]:
    """Return a line for each: tags, until when it sleeps, the rating, the ban."""
    say, language, rating = bridge.phrases.say, bridge.phrases.language, conversation.rating
    lines = [say(language, "staff.tags", tags=", ".join(conversation.tags))] if conversation.tags else []
    if conversation.snoozed_until is not None:
        code = "reopens" if conversation.stage is Stage.CLOSED else "snoozed"
        lines.append(mirror.asleep(bridge, code, conversation.snoozed_until, conversation.snooze_note))
    if rating is not None and rating.score:
        lines.append(say(language, "staff.rated", rating=rating.shown))
    return [*lines, say(language, "staff.card_banned")] if conversation.banned else lines


def _contacts(bridge: Bridge, known: Sequence[Identity]) -> list[str]:
    """Return a line for each contact, the proved first."""
    say, language = bridge.phrases.say, bridge.phrases.language
    lines: dict[str, str] = {}
    for each in sorted(known, key=lambda each: (not each.proved, each.kind, each.value)):
        if each.kind in SHARED_KINDS:
            state = say(language, "staff.contact_is_proved" if each.proved else "staff.contact_is_claimed")
            value = shown(Contact(each.kind, each.value))
            if each.kind in CONTACTS and not bridge.rules.topic_contacts:
                value = masked_contact(value)
            line = f"{say(language, f'staff.contact_{each.kind}')}: {value} ({state})"
            lines.setdefault(f"{each.kind} {each.value}", line)
    return list(lines.values())
