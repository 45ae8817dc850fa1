"""Telegram's HTML style: tags become entities; a mistake is refused with the byte where it stands."""

import re

from bots.emulators.telegram.errors import BotApiError, Json, bad_request

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s[^<>]*)?)/?>")
ATTRIBUTE = re.compile(r"""([A-Za-z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?""")
REFERENCE = re.compile(r"&(#\d{1,7}|#x[0-9A-Fa-f]{1,6}|[a-z]+);")


def units(text: str) -> int:
    """Return the length in UTF-16 code units, Telegram's measure for texts."""
    return len(text) + sum(1 for char in text if ord(char) > 0xFFFF) if not text.isascii() else len(text)


def cannot_parse(what: str) -> BotApiError:
    """Return the refusal of a text whose formatting is broken."""
    return bad_request(f"can't parse entities: {what}")


def unescape(text: str) -> str:
    """Replace the character references Telegram knows; others stay as they are."""

    def one(found: re.Match[str]) -> str:
        name = found.group(1)
        if name.startswith("#"):
            code = int(name[2:], 16) if name.startswith("#x") else int(name[1:])
            return chr(code) if 0 < code < 0x110000 else found.group(0)
        return NAMED.get(name, found.group(0))

    return REFERENCE.sub(one, text)


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Return the plain text and its entities; raises BotApiError 400 "can't parse entities"."""
    pieces: list[str] = []
    length = 0
    at = 0
    stack: list[tuple[str, int, str]] = []
    entities: list[Json] = []
    while at < len(source):
        opening = source.find("<", at)
        plain = unescape(source[at : opening if opening >= 0 else len(source)])
        pieces.append(plain)
        length += units(plain)
        if opening < 0:
            break
        byte = len(source[:opening].encode())
        tag = TAG.match(source, opening)
        if tag is None:
            raise cannot_parse(_broken_tag(source, opening, byte))
        name = tag.group(2).lower()
        if tag.group(1):
            entities += _close(stack, name, length, byte)
        else:
            stack.append((name, length, _checked(name, tag.group(3), byte)))
        at = tag.end()
    if stack:
        raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{stack[-1][0]}"')
    return "".join(pieces), sorted(_joined(entities), key=lambda e: (e["offset"], -e["length"]))


def _broken_tag(source: str, opening: int, byte: int) -> str:
    rest = source[opening + 1 :]
    name = re.match(r"/?[A-Za-z0-9-]*", rest)
    if ">" not in rest:
        return f"Unclosed start tag at byte offset {byte}"
    return f'Unsupported start tag "{name.group(0) if name else ""}" at byte offset {byte}'


def _checked(name: str, attributes: str, byte: int) -> str:
    if name not in TAGS:
        raise cannot_parse(f'Unsupported start tag "{name}" at byte offset {byte}')
    if name == "span" and _attributes(attributes).get("class") != "tg-spoiler":
        raise cannot_parse(f'Tag "span" must have class "tg-spoiler" at byte offset {byte}')
    return attributes


def _attributes(source: str) -> dict[str, str]:
    return {m[0].lower(): unescape(m[1] or m[2] or m[3]) for m in ATTRIBUTE.findall(source)}


def _close(stack: list[tuple[str, int, str]], name: str, length: int, byte: int) -> list[Json]:
    if not stack:
        raise cannot_parse(f"Unexpected end tag at byte offset {byte}")
    opened, start, attributes = stack.pop()
    if opened != name:
        raise cannot_parse(f'Unmatched end tag at byte offset {byte}, expected "</{opened}>", found "</{name}>"')
    if length == start:
        return []
    entity: Json = {"type": TAGS[name], "offset": start, "length": length - start}
    given = _attributes(attributes)
    if name == "a":
        if not given.get("href"):
            return []
        entity["url"] = given["href"]
    elif name == "tg-emoji":
        entity["custom_emoji_id"] = given.get("emoji-id", "")
    elif name == "blockquote" and "expandable" in given:
        entity["type"] = "expandable_blockquote"
    elif name == "code" and stack and stack[-1][0] == "pre" and given.get("class", "").startswith("language-"):
        entity["language"] = given["class"].removeprefix("language-")
    return [entity]


def _joined(entities: list[Json]) -> list[Json]:
    """Fold `<pre><code class="language-x">` into one entity, as the real server does."""
    codes = {(e["offset"], e["length"]): e for e in entities if e["type"] == "code"}
    folded = []
    for entity in entities:
        span = (entity["offset"], entity["length"])
        if entity["type"] == "pre" and span in codes and "language" in codes[span]:
            entity = {**entity, "language": codes[span]["language"]}
        folded.append(entity)
    pres = {(e["offset"], e["length"]) for e in folded if e["type"] == "pre"}
    return [e for e in folded if e["type"] != "code" or (e["offset"], e["length"]) not in pres]
