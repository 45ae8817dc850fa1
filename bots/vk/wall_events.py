"""Posts and comments on the community's wall into the hall's facts: each person under each post is a chat."""

from collections.abc import Iterator

from bots.vk.events import wall_chat, wall_person
from bots.vk.incoming import content
from bots.vk.kept import Kept
from bridge.model.ids import ChatId
from bridge.model.inbound import Answered, Deleted, Edited, Inbound, Said


def comment(kept: Kept) -> Iterator[Inbound]:
    """Read a comment: a person's word, or what the community answered by hand."""
    about = kept.about
    person, author = wall_person(kept.group, about), int(about["from_id"])
    if person <= 0:
        return  # another community's, or the community's own to nobody
    said = content(about)
    chat, id, at = ChatId(wall_chat(about["post_id"], person)), str(int(about["id"])), kept.time(about.get("date"))
    reply_to = str(about["reply_to_comment"]) if about.get("reply_to_comment") else None
    if author == -kept.group:
        if not kept.own:
            by = kept.sender(author)
            yield Answered(kept.channel, chat, id, by, said.text, at, files=said.files, reply_to=reply_to)
        return
    sender = kept.sender(author)
    yield Said(kept.channel, chat, id, sender, said.text, at, said.kind, reply_to, said.files)
    for number, kind in enumerate(said.more, 1):
        yield Said(kept.channel, chat, f"{id}.a{number}", sender, "", at, kind)


def edited(kept: Kept) -> Iterator[Inbound]:
    """Read a changed comment."""
    about, author = kept.about, int(kept.about["from_id"])
    if author > 0:
        chat, id = ChatId(wall_chat(about["post_id"], author)), str(int(about["id"]))
        yield Edited(kept.channel, chat, kept.key("edit"), id, kept.sender(author), content(about).text, kept.at)


def deleted(kept: Kept) -> Iterator[Inbound]:
    """Read a comment that was taken away."""
    about, person = kept.about, wall_person(kept.group, kept.about)
    if person > 0:
        chat, id = ChatId(wall_chat(about["post_id"], person)), str(int(about["id"]))
        yield Deleted(kept.channel, chat, kept.key("deleted"), id, kept.sender(person), kept.at)


def restored(kept: Kept) -> Iterator[Inbound]:
    """Read a comment that is there again: said once more, pointing at the one that was taken away."""
    about, author = kept.about, int(kept.about["from_id"])
    if author > 0:
        said, id = content(about), str(int(about["id"]))
        chat, again = ChatId(wall_chat(about["post_id"], author)), kept.key(f"{id}.restored")
        yield Said(kept.channel, chat, again, kept.sender(author), said.text, kept.at, said.kind, id, said.files)


def post(kept: Kept) -> Iterator[Inbound]:
    """Read a post that a person left on the community's wall; the community's own are no words to it."""
    about, author = kept.about, int(kept.about["from_id"])
    if author <= 0:
        return
    said = content(about)
    chat, at = ChatId(wall_chat(about["id"], author)), kept.time(about.get("date"))
    yield Said(kept.channel, chat, "post", kept.sender(author), said.text, at, said.kind, None, said.files)
