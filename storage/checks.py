"""Rules of the port beyond bodies and plans, checked alike before any store is asked."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from storage.documents import Body, Coll, Index, Key, Order, P, Unplanned, check_body, plan
from storage.values import Refused, clean_value, fits

#: How many tokens of `bump` a document remembers.
TOKENS_KEPT = 256
#: How many values an `in` predicate may hold.
IN_LIMIT = 10_000

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*").fullmatch
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_]*").fullmatch
_RANGES = ("lt", "le", "gt", "ge")
# Blanks and control characters in the sense of both Python and SQLite's tables, whose Unicode differs in U+180E.
_WORD = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\u180e]+").findall


def words_in(text: str) -> list[str]:
    """Return the words of a words field or of a search for them, in lower case."""
    return _WORD(text.lower())


def beginning(word: str) -> str | None:
    """Return what a searched word asks words to begin with; None: it asks for itself."""
    return word[:-1] if len(word) > 1 and word.endswith("*") else None


def check_collection(coll: Coll) -> Coll:
    """Return a collection that keeps the port's rules; raises ValueError."""
    if not _NAME(coll.name):
        raise ValueError(f"{coll.name!r} cannot name a collection")
    for name in (*coll.fields, *([coll.words] if coll.words else [])):
        if not _FIELD(name):
            raise ValueError(f"{coll.name}: {name!r} cannot name a field")
    for name in (*coll.optional, *(field for index in coll.indexes for field in index.fields)):
        if name not in coll.fields:
            raise ValueError(f"{coll.name}: {name} is not declared")
    for index in coll.indexes:
        if not index.fields or len(set(index.fields)) < len(index.fields):
            raise ValueError(f"{coll.name}: index {index.name!r} needs fields, each once")
        if index.unique and coll.optional.intersection(index.fields):
            raise ValueError(f"{coll.name}: unique index {index.name} over a field that may be null")
    if len({index.name for index in coll.indexes}) < len(coll.indexes):
        raise ValueError(f"{coll.name}: two indexes of one name")
    if coll.ttl is not None and coll.fields.get(coll.ttl) != "ts":
        raise ValueError(f"{coll.name}: ttl names no ts field")
    return coll


def check_id(id: Any) -> str:
    """Return an id: a string, not empty; raises ValueError."""
    if not isinstance(id, str) or not id:
        raise ValueError(f"{id!r} cannot be an id")
    return str(_clean(id, "id"))


def check_new(coll: Coll, docs: Sequence[tuple[str, Body]]) -> list[tuple[str, Body]]:
    """Return ids and bodies of new documents as they will be read back; raises ValueError."""
    clean = [(check_id(id), check_body(coll, body)) for id, body in docs]
    if len({id for id, _ in clean}) < len(clean):
        raise ValueError(f"{coll.name}: an id stands twice among the new documents")
    return clean


def check_where(coll: Coll, where: Sequence[P]) -> list[P]:
    """Return predicates with their values as bodies hold them; raises ValueError. Planned before, so all declared."""
    return [P(p.field, p.op, _operand(coll, p)) for p in where]


def _operand(coll: Coll, p: P) -> Any:
    what = f"{coll.name}.{p.field} {p.op}"
    if p.op == "words":
        if not isinstance(p.value, str):
            raise ValueError(f"{what}: words separated by blanks are wanted")
        return " ".join(dict.fromkeys(words_in(str(_clean(p.value, what)))))
    if p.field == "_id" and p.op not in ("eq", "in"):
        raise ValueError(f"{what}: an id is asked by eq and in")
    if p.op == "in":
        if not isinstance(p.value, tuple | list | set | frozenset) or len(p.value) > IN_LIMIT:
            raise ValueError(f"{what}: a tuple of at most {IN_LIMIT} values is wanted")
        return tuple(_one(coll, p.field, value, what) for value in p.value)
    if p.op not in ("eq", "ne", *_RANGES):
        raise ValueError(f"{what}: no such question")
    return _one(coll, p.field, p.value, what)


def _one(coll: Coll, field: str, value: Any, what: str) -> Any:
    value = _clean(value, what)
    if value is None or not fits(value, "str" if field == "_id" else coll.fields[field]):
        raise ValueError(f"{what}: {type(value).__name__} is not of its kind")
    return value


def _clean(value: Any, what: str) -> Any:
    try:
        return clean_value(value)
    except Refused as refused:
        raise ValueError(f"{what}{refused.path}: {refused.why}") from None


def plan_group(coll: Coll, by: str, where: Sequence[P]) -> Index | None:
    """Return the index that serves a group, one that holds `by` too if there is one; raises Unplanned."""
    if by not in coll.fields:
        raise Unplanned(f"{coll.name}: {by} is not declared")
    index = plan(coll, where, None)
    if by not in coll.optional:
        with suppress(Unplanned):
            return plan(coll, where, Order(by))
    return index


def check_after(coll: Coll, order: Order | None, after: Key | None) -> Key | None:
    """Return the key of a page's end as bodies hold it; raises ValueError."""
    if after is None:
        return None
    if order is None:
        return Key(None, check_id(after.id))
    return Key(_one(coll, order.field, after.value, f"{coll.name} after {order.field}"), check_id(after.id))


def check_claim(coll: Coll, due: str, now: datetime, until: datetime, holder: str) -> tuple[datetime, datetime, str]:
    """Return the arguments of a claim as bodies hold them; raises ValueError or Unplanned."""
    if due not in coll.fields:
        raise Unplanned(f"{coll.name}: {due} is not declared")
    if coll.fields[due] != "ts" or coll.fields.get("holder") != "str":
        raise ValueError(f"{coll.name}: a claim needs a due field of kind ts and a holder of kind str")
    if any(index.unique and {due, "holder"} & set(index.fields) for index in coll.indexes):
        raise ValueError(f"{coll.name}: what a claim writes stands in a unique index")
    what = f"{coll.name}: claim"
    if not isinstance(holder, str):
        raise ValueError(f"{what}: the holder is a string")
    return _one(coll, due, now, what), _one(coll, due, until, what), str(_clean(holder, what))


def check_inc(coll: Coll, inc: Mapping[str, int], token: str | None) -> None:
    """Refuse increments that are no ints, and a token that is no string, with ValueError."""
    _clean(dict(inc), f"{coll.name}: bump")
    for name, step in inc.items():
        if not fits(step, "int"):
            raise ValueError(f"{coll.name}.{name}: an increment is an int")
    if token is not None:
        check_id(token)


def bumped(coll: Coll, body: Body, inc: Mapping[str, int]) -> Body:
    """Return a body with its counters raised, not yet checked; raises ValueError where something else is counted."""
    raised = dict(body)
    for name, step in inc.items():
        value = raised.get(name, 0)
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(f"{coll.name}.{name} is no counter")
        raised[name] = value + step
    return raised


def remember(seen: Sequence[str], token: str) -> list[str]:
    """Return the tokens a document knows after one more: the last TOKENS_KEPT."""
    return [*seen, token][-TOKENS_KEPT:]
