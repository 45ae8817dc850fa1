"""What the shop vouches for: a visitor it signed for is who it says, with the e-mail and the phone it names."""

from bridge import receive
from bridge.commit import Change, commit
from bridge.context import Bridge, log
from bridge.draft import Draft
from bridge.model.conversations import Conversation
from bridge.model.inbound import Identified
from bridge.people import cards, claims, contacts, linking
from bridge.people.contacts import Contact
from bridge.people.identity import USER_ID

#: Characters of a shop's own id of a person.
USER_ID_LIMIT = 200


async def identified(bridge: Bridge, inbound: Identified) -> None:
    """Keep what the shop proved of a visitor and his name, tell it in his thread, and join who proved the same."""
    chat = await receive.meet(bridge, inbound)
    await cards.told_name(bridge, chat.home, inbound.sender)
    new = [
        contact
        for contact in _proved(inbound)
        if await claims.keep(bridge, chat.home, contact, proved=True, source=inbound.external_id)
    ]
    if new and chat.conversation is not None:
        key = f"identified:{inbound.external_id}"

        def decide(before: Conversation) -> Change:
            draft = Draft(bridge, before, before, key)
            draft.shows = True
            for contact in new:
                draft.event("contact_proved", detail=contacts.shown(contact), name=contact.value)
                draft.audit("system", "contact_proved", contact.value, kind=contact.kind)
            return draft.change()

        await commit(bridge, chat.conversation, key, decide)
    await linking.join_equal(bridge, inbound.channel, inbound.chat)


def _proved(inbound: Identified) -> list[Contact]:
    """Return what was signed, as it is compared; what is no e-mail or phone at all proves nothing."""
    email = contacts.email_of(inbound.email) if inbound.email else None
    phone = contacts.phone_of(inbound.phone) if inbound.phone else None
    for name, given, read in (("email", inbound.email, email), ("phone", inbound.phone, phone)):
        if given and read is None:
            log.warning("the shop signed for an %s that is none", name, extra={"channel": inbound.channel})
    named = (USER_ID, inbound.user_id.strip()[:USER_ID_LIMIT]), ("email", email), ("phone", phone)
    return [Contact(kind, value) for kind, value in named if value]
