"""What customers said, after whatever was done with who they are: each word once, in its chat, in its order."""

from collections import Counter
from collections.abc import Iterable, Mapping

from bridge.model.conversations import Conversation
from bridge.model.inbound import Inbound, Said, Shared
from bridge.model.messages import AuthorKind, Message


def stand_once(
    said: Iterable[Inbound], messages: Iterable[Message], cases: Mapping[str, Conversation], *, ordered: bool
) -> None:
    """Assert that the words of these facts, and no others, stand where they were said; `ordered`: in turn."""
    words = [line for line in messages if line.author.kind is AuthorKind.CUSTOMER]
    for line in words:
        case = cases[line.conversation]
        assert (line.channel, line.chat) == (case.channel, case.chat), line
    stands = Counter((line.chat, line.external_id) for line in words)
    assert stands == Counter({(fact.chat, fact.external_id) for fact in said if isinstance(fact, Said | Shared)})
    chats: dict[str, list[Message]] = {}
    for line in sorted(words, key=lambda line: (cases[line.conversation].number, line.seq)):
        chats.setdefault(line.chat, []).append(line)
    for lines in chats.values() if ordered else ():
        numbers = [int(line.external_id or "0") for line in lines]
        assert numbers == sorted(numbers)
