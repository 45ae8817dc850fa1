"""Texts of messages: their measure, their formatting, and what the server finds in them by itself."""

import re

from bots.emulators.telegram.errors import Json, bad_request
from bots.emulators.telegram.html_text import parse_html, units
from bots.emulators.telegram.markdown_text import parse_markdown, parse_markdown_v2
from bots.emulators.telegram.params import Params

MAX_TEXT = 4096
MAX_CAPTION = 1024
CAPTION_FIELDS = ("caption", "caption_entities")
FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/]))"
    r"|(?P<url>(?:https?://[^\s<>\"']+[^\s<>\"'.,!?;:)\]])|(?<![\w@.])(?:[a-z0-9-]+\.)+(?:ru|com|org|net|io|me|su|dev)\b(?:/\S*)?)"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<mention>(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}\b)"
    r"|(?P<hashtag>(?<![\w#])#\w*[^\W\d]\w*)"
    r"|(?P<phone_number>(?<![\w+])\+\d[\d ()-]{8,18}\d)"
)


def found_entities(text: str) -> list[Json]:
    """Return the commands, links, addresses, mentions, hashtags and phones the server marks in a plain text."""
    found = []
    for match in FOUND.finditer(text):
        offset = units(text[: match.start()])
        found.append({"type": match.lastgroup, "offset": offset, "length": units(match.group())})
    return found


def formatted(params: Params, name: str, mode_name: str, entities_name: str, default: str = "") -> Json:
    """Read a text with its formatting: {text, entities}; raises BotApiError 400 "can't parse entities"."""
    source = params.text(name, default)
    return formatted_text(source, params.text(mode_name), params.objects(entities_name))


def formatted_text(source: str, mode: str, given: list[Json]) -> Json:
    """Apply a parse mode, or entities when no mode is given, and add what the server finds by itself."""
    mode = mode.lower()
    if mode in ("", "none"):
        text, entities = source, given
    elif mode == "html":
        text, entities = parse_html(source)
    elif mode == "markdownv2":
        text, entities = parse_markdown_v2(source)
    elif mode == "markdown":
        text, entities = parse_markdown(source)
    else:
        raise bad_request("unsupported parse_mode")
    text, entities = _trimmed(text, entities)
    covered = [(e["offset"], e["offset"] + e["length"]) for e in entities]
    for extra in found_entities(text):
        if not any(start < extra["offset"] + extra["length"] and extra["offset"] < end for start, end in covered):
            entities.append(extra)
    entities.sort(key=lambda e: (e["offset"], -e["length"]))
    return {"text": text, "entities": entities}


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Cut white space at both ends, as the server does, and move the entities along."""
    kept = text.rstrip()
    cut = kept.lstrip()
    if cut == text:
        return text, list(entities)
    shift, size = units(kept) - units(cut), units(cut)
    moved = []
    for entity in entities:
        start = max(0, int(entity["offset"]) - shift)
        end = min(size, int(entity["offset"]) + int(entity["length"]) - shift)
        if end > start:
            moved.append({**entity, "offset": start, "length": end - start})
    return cut, moved


def checked(content: Json, limit: int, too_long: str) -> Json:
    """Return formatted text within a limit in UTF-16 units; raises BotApiError 400."""
    if units(content["text"]) > limit:
        raise bad_request(too_long)
    for entity in content["entities"]:
        if not isinstance(entity.get("offset"), int) or not isinstance(entity.get("length"), int):
            raise bad_request('can\'t parse MessageEntity: Field "offset" must be of type Number')
    return content


def message_text(params: Params) -> Json:
    """Read `text` of a message: body fields text and entities; raises BotApiError 400."""
    source = params.text("text")
    if not source:
        raise bad_request("message text is empty")
    content = checked(formatted(params, "text", "parse_mode", "entities"), MAX_TEXT, "message is too long")
    if not content["text"]:
        raise bad_request("text must be non-empty")
    body: Json = {"text": content["text"]}
    if content["entities"]:
        body["entities"] = content["entities"]
    if params.values.get("link_preview_options"):
        body["link_preview_options"] = params.json("link_preview_options")
    return body


def caption(params: Params) -> Json:
    """Read `caption` of a message: body fields caption and caption_entities; raises BotApiError 400."""
    content = formatted(params, "caption", "parse_mode", "caption_entities")
    return caption_fields(content)


def caption_fields(content: Json) -> Json:
    """Return body fields of a caption, none when it is empty; raises BotApiError 400 when it is too long."""
    checked(content, MAX_CAPTION, "message caption is too long")
    if not content["text"]:
        return {}
    body: Json = {"caption": content["text"]}
    if content["entities"]:
        body["caption_entities"] = content["entities"]
    return body
