"""What is wrong with an article, and what an editor should look at: the place is named; pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bridge.model.articles import Article, Button, Content
from bridge.phrases import utf16_length

Fault = tuple[str, str]

#: Wordings of one article at most, and characters of a wording, an answer and a title.
WORDINGS = 500
WORDING_LENGTH = 1000
ANSWER_LENGTH = 20_000
TITLE_LENGTH = 300
#: Buttons under an answer: with the two that ask whether it helped, VK still shows them (10 under a message at most).
BUTTONS = 6
#: Characters of a button: VK's limit of a label.
BUTTON_LENGTH = 40
VARIANTS = 50
FILES = 10
TAGS = 50
TAG_LENGTH = 40
#: UTF-16 units of one message: Telegram's and VK's limit; a longer answer becomes several.
MESSAGE = 4096

_LINK = re.compile(r"(?:https?://|tel:|mailto:)[^\s<>\"]+", re.IGNORECASE)
_LANG = re.compile(r"[a-z]{2}")
_SIGNS = re.compile(r"\w+")
_HTML = re.compile(
    r"</?(?:a|b|i|u|s|p|q|br|hr|h[1-6]|ul|ol|li|em|strong|small|big|sub|sup|del|ins|mark|font|center|code|pre|div|span"
    r"|img|table|t[dhr]|tbody|thead|blockquote|button|form|input|script|style|iframe|svg|video|audio|html|head|body)"
    r"\b[^<>]*>",
    re.IGNORECASE,
)
_MARKED = re.compile(r"\*\*|__|~~|```|^#{1,6}\s|!?\[[^\]\n]*\]\([^)\n]*\)", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Flag:
    """What an editor should look at: `field` is the place, `detail` what stands there, `article` the other one."""

    field: str
    code: str
    detail: str = ""
    article: str = ""


def key_of(wording: str) -> str:
    """Return a wording as it is compared: its words, without case, signs and the two dots of ё."""
    return " ".join(_SIGNS.findall(wording.lower().replace("ё", "е")))


def faults(article: Article, content: Content | None = None) -> list[Fault]:
    """Return why an article (or what is to stand in it) cannot be stored, as (field, code)."""
    content = content or article.content
    found: list[Fault] = []
    if not article.id.strip() or len(article.id) > 100:
        found.append(("id", "invalid"))
    if not content.title.strip() and not any(map(str.strip, content.questions)):
        found += [("title", "required"), ("questions", "required")]
    if len(content.title) > TITLE_LENGTH:
        found.append(("title", "too_long"))
    return [*found, *_faults_of_answer(content), *_faults_of_wordings(content), *_faults_of_rest(content)]


def _faults_of_answer(content: Content) -> Iterator[Fault]:
    if len(content.answer) > ANSWER_LENGTH:
        yield "answer", "too_long"
    if len(content.variants) > VARIANTS:
        yield "variants", "too_many"
    places = set()
    for number, variant in enumerate(content.variants):
        place = f"variants.{number}"
        if not variant.answer.strip():
            yield f"{place}.answer", "empty"
        if len(variant.answer) > ANSWER_LENGTH:
            yield f"{place}.answer", "too_long"
        if not variant.channel and not variant.lang:
            yield place, "for_nobody"
        if variant.lang and not _LANG.fullmatch(variant.lang):
            yield f"{place}.lang", "invalid"
        if (variant.channel, variant.lang) in places:
            yield place, "twice"
        places.add((variant.channel, variant.lang))
        yield from _faults_of_buttons(f"{place}.buttons", variant.buttons)
    yield from _faults_of_buttons("buttons", content.buttons)


def _faults_of_buttons(field: str, buttons: Iterable[Button]) -> Iterator[Fault]:
    buttons = tuple(buttons)
    if len(buttons) > BUTTONS:
        yield field, "too_many"
    for number, button in enumerate(buttons):
        if not button.text.strip() or "\n" in button.text:
            yield f"{field}.{number}.text", "invalid"
        if len(button.text) > BUTTON_LENGTH:
            yield f"{field}.{number}.text", "too_long"
        if button.url and (button.article or not _LINK.fullmatch(button.url)):
            yield f"{field}.{number}.url", "invalid"


def _faults_of_wordings(content: Content) -> Iterator[Fault]:
    if len(content.questions) > WORDINGS:
        yield "questions", "too_many"
    for number, question in enumerate(content.questions):
        if not question.strip():
            yield f"questions.{number}", "empty"
        if len(question) > WORDING_LENGTH:
            yield f"questions.{number}", "too_long"


def _faults_of_rest(content: Content) -> Iterator[Fault]:
    if content.lang is not None and not _LANG.fullmatch(content.lang):
        yield "lang", "invalid"
    if len(content.tags) > TAGS:
        yield "tags", "too_many"
    if any(not tag.strip() or len(tag) > TAG_LENGTH for tag in content.tags):
        yield "tags", "invalid"
    if len(content.files) > FILES:
        yield "files", "too_many"
    if content.valid_from and content.valid_until and content.valid_until <= content.valid_from:
        yield "valid_until", "before_begin"


def lacks(content: Content) -> list[Fault]:
    """Return what an article must have before customers are told it, as (field, code)."""
    found = []
    if not content.answer.strip():
        found.append(("answer", "required"))
    if not any(key_of(wording) for wording in (content.title, *content.questions)):
        found.append(("questions", "required"))
    return found


def flags(content: Content) -> list[Flag]:
    """Return what an editor should look at in one article by itself."""
    found = [Flag(field, code) for field, code in lacks(content)]
    if not content.questions:
        found.append(Flag("questions", "title_alone"))
    texts = [("title", content.title), ("answer", content.answer)]
    texts += [(f"variants.{number}.answer", each.answer) for number, each in enumerate(content.variants)]
    for field, text in texts:
        found += _flags_of_text(field, text)
    seen: dict[str, int] = {}
    for number, question in enumerate(content.questions):
        key = key_of(question)
        if not key:
            found.append(Flag(f"questions.{number}", "no_words", question))
        elif key in seen:
            found.append(Flag(f"questions.{number}", "twice", question))
        seen.setdefault(key, number)
    return found


def _flags_of_text(field: str, text: str) -> Iterator[Flag]:
    """Flag what messengers show otherwise than it is meant: answers go out as plain text."""
    if utf16_length(text) > MESSAGE:
        yield Flag(field, "over_channel_limit", f"{utf16_length(text)} > {MESSAGE}")
    for code, pattern in (("html", _HTML), ("markup", _MARKED), ("control", _CONTROL)):
        met = pattern.search(text)
        if met:
            line = text.count("\n", 0, met.start()) + 1
            shown = f"U+{ord(met.group()):04X}" if code == "control" else met.group()[:40].strip()
            yield Flag(field, code, f"{line}: {shown}")


def shared(articles: Iterable[Article]) -> dict[str, list[Flag]]:
    """Return, by article, its wordings that stand in another one as well; of two languages they may."""
    owners: dict[str, list[Article]] = {}
    articles = [each for each in articles if each.state != "archived"]
    for article in articles:
        for key in {key_of(question) for question in article.questions} - {""}:
            owners.setdefault(key, []).append(article)
    found: dict[str, list[Flag]] = {}
    for article in articles:
        for number, question in enumerate(article.questions):
            others = [each for each in owners.get(key_of(question), []) if alike(article, each)]
            found.setdefault(article.id, []).extend(
                Flag(f"questions.{number}", "in_another", question, each.id) for each in others[:3]
            )
    return {id: each for id, each in found.items() if each}


def alike(article: Article, other: Article) -> bool:
    """Tell whether two are different articles that speak the same language, or none in particular."""
    return article.id != other.id and (not article.lang or not other.lang or article.lang == other.lang)
