"""GET and POST /join/{word}: whoever was invited says his name, chooses a password, and is in."""

import hmac
import secrets
from dataclasses import replace

from aiohttp import web

from bridge.errors import NotFound
from bridge.model.operators import Operator
from bridge.teamwork import inviting
from operator_panel import access, login
from operator_panel.pages import HOME, Visit
from operator_panel.passwords import hash_in_thread
from operator_panel.problems import Problem

#: Characters of a password, as the API asks for them, and of a name.
SHORTEST, LONGEST, NAME = 10, 200, 200
_LARGEST = 20_000  # bytes of the form


async def join(visit: Visit) -> web.Response:
    """GET /join/{word}: the form, or what can be done about a link that works no more."""
    person = await _invited(visit)
    return await _form(visit, person, 200) if person else _gone(visit)


async def join_post(visit: Visit) -> web.Response:
    """POST /join/{word}: open the account and a session in it; what is wrong stands beside its field."""
    request = visit.request
    if (request.content_length or 0) > _LARGEST:
        raise Problem(413, "too_large")
    person = await _invited(visit)
    if person is None:
        return _gone(visit)
    form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    name, password = " ".join(form.get("name", "").split()), form.get("password", "")
    pre = request.cookies.get(login.PRE, "")
    if not pre or not hmac.compare_digest((await visit.office.sign(pre)).encode(), form.get("csrf", "").encode()):
        return await _form(visit, person, 401, name=name, errors={"form": "expired"})
    if errors := _faults(name, password):
        return await _form(visit, person, 422, name=name, errors=errors)
    try:
        hashed = await hash_in_thread(password)
        joined = await inviting.join(visit.office.bridge, request.match_info["word"], name, hashed)
    except NotFound:
        return _gone(visit)
    return await login.enter(visit, joined, remember=True, wanted=HOME)


async def _invited(visit: Visit) -> Operator | None:
    try:
        return await inviting.look(visit.office.bridge, visit.request.match_info["word"])
    except NotFound:
        return None


def _faults(name: str, password: str) -> dict[str, str]:
    faults = {}
    if not name:
        faults["name"] = "required"
    elif len(name) > NAME or not name.isprintable():
        faults["name"] = "invalid"
    if len(password) < SHORTEST:
        faults["password"] = "too_short"  # noqa: S105 - a code
    elif len(password) > LONGEST:
        faults["password"] = "too_long"  # noqa: S105
    return faults


async def _form(
    visit: Visit, person: Operator, status: int, *, name: str | None = None, errors: dict[str, str] | None = None
) -> web.Response:
    pre = visit.request.cookies.get(login.PRE, "")
    if not 20 <= len(pre) <= 60:
        pre = secrets.token_urlsafe(24)
    guessed = person.name == person.email.partition("@")[0]  # nobody wrote a name: he says it himself
    shown = name if name is not None else "" if guessed else person.name
    context = {"person": person, "name": shown, "errors": errors or {}, "shortest": SHORTEST}
    visit = replace(visit, language=person.language)
    response = visit.page("join.html", status, csrf=await visit.office.sign(pre), **context)
    access.set_cookie(visit.office, response, login.PRE, pre, login.PRE_AGE)
    return response


def _gone(visit: Visit) -> web.Response:
    return visit.page("join.html", 404, csrf="", person=None, name="", errors={}, shortest=SHORTEST)
