"""Whose an e-mail or a phone is, as the words beside it tell: people also name the shop's own, and strangers'. Pure."""

import re

#: How far beside a contact its words are read.
NEAR = 80

_THING = (
    r"(?:почт\w+|адрес\w*|ящик\w*|номер\w*|телефон\w*|мыл\w|лини\w+|поддержк\w+|и?мейл\w*|e-?mail\w*|"
    r"numbers?|phones?|address|hotline|support)"
)
_ABOUT = r"[^.,;!?\n]"
_OTHERS = (
    r"(?:курьер|менеджер|оператор|водитель|продавец|мошенник|сотрудни(?:к|ца)|девушка|мужчина|женщина|"
    r"manager|courier|driver|operator)"
)
_BEFORE = re.compile(
    rf"\b(?:ваш\w{{0,3}}|your|ваших)\s+(?:[\w-]+\s+)?{_THING}\b(?:\s+\w+)?[\s:(«\"-]*$"
    rf"|\b{_THING}\s+ваш\w{{0,3}}(?:\s+\w+)?[\s:(«\"-]*$"
    r"|\b(?:ваш\w{0,3}|your)\s+$"
    # "On the site there stands …", "not my number: …", "the old number …", "a stranger's address …".
    rf"|\bна\s+(?:ваш\w+\s+)?сайте\b{_ABOUT}{{0,20}}\b{_THING}[\s:(«\"-]*$"
    rf"|\bне\s+(?:мо[йяёе]|наш\w?)\s+{_THING}[\s:(«\"-]*$|\b(?:not\s+my|wrong|old)\s+{_THING}[\s:(«\"-]*$"
    rf"|\b(?:стар|чуж|прежн|неверн|неправильн)\w+\s+{_THING}(?:\s+был\w?)?[\s:(«\"-]*$"
    # "I wrote to …": without a subject, or with "я", it is he who wrote, and to somebody else.
    rf"|(?:^|[.,;!?\n]\s*|\bя\s+(?:\w+\s+)?)(?:на|по)?(?:писал|звонил|набирал)а?\s+(?:{_ABOUT}{{0,25}}\s)?(?:на|по)\s+(?:\w+\s+)?[(]?$"
    r"|\bi\s+(?:\w+\s+)?(?:wrote|emailed|called|phoned|rang)\s+(?:\w+\s+){0,2}(?:to|at|on)\s+[(]?$"
    r"|\bi\s+(?:\w+\s+)?(?:emailed|e-mailed|called|phoned|rang|texted)\s+$"
    # "Somebody called me from …".
    rf"|\b(?:кто|кто-то|мне|нам)\b{_ABOUT}{{0,25}}\b(?:звон|перезвон|пис|пиш|приш|приход)\w*{_ABOUT}{{0,25}}\b(?:с|от)\s+(?:\w+\s+)?[(]?$"
    # "They call from …", "a courier called from …", "letters from …", "the manager Oleg (…)".
    rf"|\b(?:звонят|названивают|перезванивают|пишут|шлют)\b{_ABOUT}{{0,25}}\b(?:с|от)\s+(?:\w+\s+)?[(]?$"
    rf"|\b{_OTHERS}\b{_ABOUT}{{0,15}}\b(?:звонил|писал|набирал|прислал)\w?\b{_ABOUT}{{0,15}}\b(?:с|от)\s+(?:\w+\s+)?[(]?$"
    rf"|\b{_OTHERS}(?:\s+[А-ЯЁA-Z]\w+)?\s*(?:[(]|\bтел\w*\W+)\s*$"
    r"|\b(?:письм|сообщени|рассылк|спам)\w*\s+(?:\w+\s+)?(?:от|с)\s+(?:адреса\s+|номера\s+)?[(]?$"
    rf"|\b(?:пришл|приход|получил)\w*\s+{_ABOUT}{{0,25}}\bот\s+[(]?$"
    rf"|\b(?:somebody|someone|who|they|scammers?)\b{_ABOUT}{{0,30}}\bfrom\s+[(]?$",
    re.IGNORECASE,
)
_MACHINE = re.compile(r"(?:no-?_?reply|do-?not-?reply|mailer-daemon|postmaster)@", re.IGNORECASE)
_FROM = re.compile(r"\b(?:с|со|от|from)\s+(?:адреса|номера|почты|the\s+\w+\s+)?\s*$", re.IGNORECASE)
#: What asks or says behind a contact that it is the shop's, or nobody's any more.
_THEIRS = re.compile(
    rf"^[\s,)»\"—–-]*(?:это\s+ваш\w{0, 3}\b|ваш\w{0, 3}\s+{_THING}\s*\?|(?:это\s+)?(?:точно\s+)?вы\s*\?|"
    r"is\s+(?:this|it|that)\s+you|your\s+\w+\s*\?|was\s+it\s+you)"
    r"|^[\s,)»\"—–-]*(?:(?:уже|больше)\s+не\s+(?:мо|наш|работает|действует|актуал)|is\s+(?:not\s+mine|no\s+longer))",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"^\s*(?:мне\s+|нам\s+)?(?:пришл|приход|звонят|звонили|пишут|писали|called\s+me|wrote\s+(?:to\s+)?me)",
    re.IGNORECASE,
)


def somebody_elses(text: str, start: int, end: int) -> bool:
    """Tell whether the words around a contact say that it is not its writer's: the shop's, or who called him."""
    before = text[max(0, start - NEAR) : start]
    if _MACHINE.match(text, start):
        return True
    if text.startswith("(", start) and _BEFORE.search(before + "("):
        return True
    if _BEFORE.search(before) or _THEIRS.match(text[end : end + NEAR]):
        return True
    return bool(_FROM.search(before)) and bool(_AFTER.match(text[end : end + NEAR]))
