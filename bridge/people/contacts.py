"""E-mails and phones in free words, Russian or English: pure, and told from the other numbers people send to a shop.

Only sure ones are read. "Мой номер 8 912 345-67-89" is a phone; an order's number, an INN, a card, a date or a price
are none, though some of them have as many digits: what stands before and behind them tells, and how they are grouped.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bridge.people import emails, slips, spelled, whose
from bridge.people.emails import email_of as email_of  # said with the rest of what is read

#: Characters of a text that are read.
READ = 4000
#: The region whose numbers are written without a country code.
REGION = "RU"
#: An answer to "what is your phone?" that is longer than this says something else.
TRIED = 60

_URL = re.compile(r"(?:\bhttps?://|\bwww\.)\S+", re.IGNORECASE)
_SIGNS = r"[ \t\u00a0\u202f\u2009().\-\u2010-\u2015]"
_RUN = re.compile(
    rf"(?:(?<![\w+№#*/=@$€₽%.,:-])|(?<=[^\W\d][:.])|(?<=\.:)|(?<=\d/)(?=\+)|(?<=(?i:тел|моб|мер|фон|сап)))"
    rf"\(?\+?\d(?:{_SIGNS}{{0,3}}\d){{6,40}}(?![0-9A-Za-z_@:%*]|/(?![+а-яё])|[.,]\d)"
)
_AND = re.compile(r"\b(?:и|или|and|or)\b", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\u00a0\u202f\u2009]+")
_DIGITS = re.compile(r"\d+")
_DIALLED = re.compile(r"00[1-9]")  # as one dials abroad
_DATE = re.compile(r"(?<!\d)(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})(?!\d)")
_MONEY = re.compile(r"\s*(?:[₽$€£]|(?:руб|р\.|р\b|тыс|коп|usd|eur|шт|кг|мм|см|dollars|rub))", re.IGNORECASE)
_OTHER = re.compile(
    r"заказ|заявк|обращени|order|\bинн\b|\bкпп\b|\bогрн|\bокпо|\bбик\b|р/с|к/с|сч[её]т|договор|накладн|квитанц|\bчек\b|чека\b|"
    r"карт[аыеу]|\bcard|артикул|\bтрек|track|отправлени|посылк|снилс|паспорт|полис|штрих|\bкод\b|кода\b|\bcode|серийн|serial|"
    r"\bарт\b|тикет|\bброн[ьи]|лицев|\bu?id\b|\bайди\b|логин|login|booking|reference|batch|"
    r"\bл/с|\bs/?n\b|\bmodel|модел|парти[яию]|сесси|session|imei|\bsku|invoice|account|\binn\b|\btax|passport|receipt|parcel|ticket|№|#",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"телефон|\bтел\b|мобильн|сотов|сотк|мой\W{1,3}номер|номер\W{1,3}мой|на\W{1,3}номер\b|номеру\b|звони|позвон|перезвон|набери|"
    r"наберите|связь|связи|ватсап|вотсап|whats\W?app|viber|вайбер|telegram|телеграм|контакт|phone|mobile|\bcell|\bcall|"
    r"reach\W{1,3}me|my\W{1,3}number|number\W{1,3}is|contact|\bsms\b|\bсмс\b",
    re.IGNORECASE,
)
#: Words behind a number that say the same.
_SAID_BEHIND = re.compile(
    r"\W{0,3}(?:(?:это\s+)?мо[йё]\b|звони|перезвони|набери|наберите|пишите|ватсап|вотсап|вайбер|телеграм|is\s+my\b|call\b|whats)",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"\b(?:мой|моя|мо[ёе]|вот|это|номер|телефона?|тел|моб|мобильный|сотовый|почта|почту|мыло|имейл|и?мейл|email|e-mail|mail|"
    r"адрес|эл|электронная|электронной|запишите|пишите|звоните|можно|на|по|и|или|а|да|ок|хорошо|контакт|my|phone|number|is|"
    r"here|it|the|and|or|mobile|cell|address|call|me|at|yes|ok|пожалуйста|please|спасибо|thanks)\b",
    re.IGNORECASE,
)
#: How people group the ten digits of a Russian number.
_GROUPS = frozenset(
    tuple(map(int, groups))
    for groups in "37 334 3322 3223 3232 343 325 352 31222 32212 55 46 4222 433 424 5122 532 64 622 3331 3133".split()  # noqa: SIM905  # a table of figures, one a word
) | {(10,)}
#: In pairs, or digit by digit, only with the 8 or +7 before them: five pairs may be anything.
_PAIRS = (2, 2, 2, 2, 2)
#: Groups between blanks a run of digits may have: nobody writes a phone or two in more.
PARTS = 12
#: How far before a number a word tells what it is.
_NEAR = 40


@dataclass(frozen=True, slots=True)
class Contact:
    """An e-mail (lower case) or a phone (E.164)."""

    kind: str  # email | phone
    value: str


def shown(contact: Contact) -> str:
    """Return a contact as people write it."""
    if contact.kind != "phone":
        return contact.value
    import phonenumbers  # as below

    try:
        number = phonenumbers.parse(contact.value)
    except phonenumbers.NumberParseException:
        return contact.value
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def contacts(text: str) -> tuple[Contact, ...]:
    """Return the e-mails and phones that surely stand in a text, in their order, each once."""
    text = text[:READ]
    found = (each for each, start, end in _found(text) if not whose.somebody_elses(text, start, end))
    return tuple(dict.fromkeys(found))


def only_contact(text: str) -> bool:
    """Tell whether a text gives a contact and says nothing else."""
    rest, found = text[:READ], False
    for _, start, end in reversed(list(_found(rest))):
        rest, found = rest[:start] + " " + rest[end:], True
    return found and not re.search(r"\w", _FILLER.sub(" ", rest))


def covered(text: str, cover: Callable[[str], str]) -> str:
    """Return a text in which whatever reads as an e-mail or a phone, anybody's, is put under `cover`."""
    for _, start, end in reversed(list(_found(text))):
        text = text[:start] + cover(text[start:end]) + text[end:]
    return text


def tried(text: str) -> bool:
    """Tell whether a text is plainly meant to be an e-mail or a phone: asked for one, this was the answer."""
    text = text.strip()
    if len(text) > TRIED or "\n" in text:
        return False
    rest = _FILLER.sub(" ", text)
    if "@" in rest:
        return len(rest.split()) <= 2
    digits = sum(letter.isdecimal() for letter in rest)
    return 7 <= digits <= 20 and not re.search(r"[^\d\s+().,\-\u2010-\u2015]", rest)


def phone_of(text: str) -> str | None:
    """Return a phone that somebody names as such, in E.164; None when there can be no such phone."""
    return _valid(text.strip(), sure=True)


def vouched_phone(text: str) -> str | None:
    """Return a phone a messenger vouches for, in E.164: it may be of a range that no list knows yet."""
    digits = "".join(_DIGITS.findall(text[:40]))
    return _valid(f"+{digits}", sure=True) or (f"+{digits}" if 7 <= len(digits) <= 15 else None)


def _many_digits(text: str) -> bool:
    return sum(map(len, _DIGITS.findall(text[:READ]))) >= 7


def _found(text: str) -> Iterator[tuple[Contact, int, int]]:
    """Yield what stands in a text and where, in order."""
    text = _URL.sub(lambda match: " " * len(match[0]), slips.unlinked(text))
    found = [(Contact("email", value), start, end) for value, start, end in emails.found(text)]
    text = slips.plainer(_without(text, found))
    found += _phones(text) if _many_digits(text) else ()
    for digits, start, end in spelled.numbers(_without(text, found)):
        phone = _phone(digits, named=False, other=_told_by(text[max(0, start - _NEAR) : start]) == "other")
        found += [(Contact("phone", phone), start, end)] if phone is not None else []
    yield from sorted(found, key=lambda item: item[1])


def _without(text: str, found: Sequence[tuple[Contact, int, int]]) -> str:
    """Return a text with a sign and blanks in the places of what was found."""
    for _, start, end in found:
        behind = text[end:]
        if behind.startswith("/"):
            behind = " " + behind[1:]  # the next contact of a list
        text = text[:start] + "@" + " " * (end - start - 1) + behind
    return text


def _phones(text: str) -> Iterator[tuple[Contact, int, int]]:
    last_end, last_other = 0, False
    for match in _RUN.finditer(text):
        before = text[max(last_end, match.start() - _NEAR) : match.start()]
        kind = _told_by(before)
        # A list of order numbers: what holds for the first holds for those that follow it without a word.
        listed = last_other and not re.search(r"[^\W\d]", _AND.sub("", text[last_end : match.start()]))
        other = kind == "other" or (kind is None and listed)
        last_end, last_other = match.end(), other
        if _DATE.search(match[0]) or _MONEY.match(text, match.end()):
            continue
        named = kind == "phone" or (kind is None and _SAID_BEHIND.match(text, match.end()) is not None)
        for value, start, end in _in_run(match[0], named=named, other=other):
            yield Contact("phone", value), match.start() + start, match.start() + end


def _told_by(before: str) -> str | None:
    """Return what the words before a number say it is: phone, other, or None; the nearest word tells."""
    clause = re.split(r"[;!?\n]|(?<!тел)(?<!моб)(?<!арт)(?<!дог)(?<!зак)(?<!сер)(?<!инв)\.\s", before)[-1]
    other = max((match.end() for match in _OTHER.finditer(clause)), default=-1)
    phone = max((match.end() for match in _PHONE.finditer(clause)), default=-1)
    if "," in clause and max(other, phone) <= clause.rfind(",") and re.search(r"\w", clause[clause.rfind(",") :]):
        return None
    return None if other == phone else "other" if other > phone else "phone"


def _in_run(run: str, *, named: bool, other: bool) -> Iterator[tuple[str, int, int]]:
    """Yield the phones in a run of digits and signs: all of it, or some of its parts between blanks."""
    parts = _parts(run)
    place = 0 if len(parts) <= PARTS else len(parts)
    while place < len(parts):
        for end in range(len(parts), place, -1):
            if not _may_stand(parts, place, end):
                continue
            start_at, end_at = parts[place][0], parts[end - 1][1]
            value = _phone(run[start_at:end_at], named=named, other=other)
            if value is not None:
                yield value, start_at, end_at
                place = end
                break
        else:
            place += 1


def _parts(run: str) -> list[tuple[int, int]]:
    parts, at = [], 0
    for blank in [*_BLANKS.finditer(run), None]:
        end = blank.start() if blank else len(run)
        if end > at:
            parts.append((at, end))
        at = blank.end() if blank else end
    return parts


def _may_stand(parts: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Tell whether parts may be a phone among the others of their run.

    A card and an account are one long number in groups: of such a run nothing is taken out.
    """
    if start == 0 and end == len(parts):
        return True
    lengths = [stop - begin for begin, stop in parts]
    if all(length >= 10 for length in lengths):
        return end - start == 1
    rest = [*lengths[:start], *lengths[end:]]
    return len(rest) == 1 and rest[0] <= 6 and not (rest[0] == 4 and set(lengths) == {4})


def _phone(text: str, *, named: bool, other: bool) -> str | None:
    if text.count("(") > text.count(")"):
        text = text.removeprefix("(")  # the whole number stands in brackets
    plus = text.lstrip("( ").startswith("+")
    if other and not plus:
        return None
    groups = [len(group) for group in _DIGITS.findall(text)]
    digits = "".join(_DIGITS.findall(text))
    if text.count("(") != text.count(")") or text.count("(") > 1 or not 10 <= len(digits) <= 15:
        return None
    if plus:
        digits = f"7{digits[1:]}" if len(digits) == 11 and digits.startswith("89") else digits  # +89… is no country's
        return _valid(f"+{digits}", sure=True)
    if _DIALLED.match(digits) and (named or len(groups) > 2):
        return _valid(f"+{digits[2:]}", sure=True)
    if len(digits) == 11 and digits[0] in "78":
        groups[0] -= 1
        national = tuple(groups if groups[0] else groups[1:])
        if national == _PAIRS or set(groups[1:]) == {1}:
            return _valid(f"+7{digits[-10:]}", sure=True)
    elif len(digits) == 10:
        national = tuple(groups)
        if not named and (digits[0] != "9" or len(national) < 3):
            return None  # as many digits as an INN: ungrouped, only a word makes it a phone
    else:
        return None
    if national not in _GROUPS:
        return None
    return _valid(f"+7{digits[-10:]}", sure=named or len(national) > 1)


def _valid(text: str, *, sure: bool) -> str | None:
    """Return E.164 of a number that can exist and be a person's; when not `sure`, of a mobile one only."""
    import phonenumbers  # costs a quarter of a second, few texts need it

    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or number.extension:
        return None
    kinds = phonenumbers.PhoneNumberType
    kind = phonenumbers.number_type(number)
    if kind in (kinds.TOLL_FREE, kinds.PREMIUM_RATE, kinds.SHARED_COST, kinds.UAN, kinds.VOICEMAIL):
        return None  # a hotline he speaks of, nobody's own
    if not sure and kind not in (kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
