"""Questions as filters, orders and hints.

Null is excluded in words wherever a comparison could meet it: servers differ in whether they bracket by type.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from storage.checks import beginning
from storage.documents import Coll, Index, Key, Order, P
from storage.mongo.rows import path_of, words_path

Filter = dict[str, Any]
Sort = list[tuple[str, int]]
Hint = Mapping[str, Any]

_SIGNS = {"lt": "$lt", "le": "$lte", "gt": "$gt", "ge": "$gte"}


def index_name(index: Index) -> str:
    """Return the name of an index; the prefix tells our own."""
    return f"{'ux' if index.unique else 'ix'}_{index.name}"


def index_keys(index: Index) -> Sort:
    """Return what an index holds: an ordinary one ends with the id, so that a page is read in its order."""
    keys = [(path_of(name), 1) for name in index.fields]
    return keys if index.unique else [*keys, ("_id", 1)]


def matching(coll: Coll, where: Sequence[P], *more: Filter) -> Filter:
    """Return the filter of checked predicates and further conditions."""
    conditions = [*(_condition(coll, p) for p in where), *more]
    if not conditions:
        return {}
    return conditions[0] if len(conditions) == 1 else {"$and": conditions}


def _word(word: str) -> Any:
    start = beginning(word)
    return word if start is None else {"$regex": f"^{re.escape(start)}"}


def _condition(coll: Coll, p: P) -> Filter:
    path = path_of(p.field)
    if p.op == "words":
        words = p.value.split()
        asked = [{words_path(coll): _word(word)} for word in words]
        return {"$and": asked} if asked else nothing()
    if p.op == "eq":
        return {path: p.value}
    if p.op == "in":
        return {path: {"$in": list(p.value)}} if p.value else nothing()
    if p.op == "ne":
        return {path: {"$nin": [p.value, None]}}
    return {path: {_SIGNS[p.op]: p.value, "$ne": None}}


def nothing() -> Filter:
    """Return a filter nothing passes."""
    return {"_id": {"$in": []}}


def beyond(order: Order | None, after: Key | None) -> list[Filter]:
    """Return the conditions of an order: the field is there, and a page begins after a key."""
    if order is None:
        return [] if after is None else [{"_id": {"$gt": after.id}}]
    path = path_of(order.field)
    if after is None:
        return [{path: {"$ne": None}}]
    sign = "$lt" if order.desc else "$gt"
    # The first condition bounds the walk along the index, the second takes what stands at its edge apart.
    return [
        {path: {f"{sign}e": after.value, "$ne": None}},
        {"$or": [{path: {sign: after.value}}, {"_id": {sign: after.id}}]},
    ]


def sorting(index: Index | None, where: Sequence[P], order: Order | None) -> Sort:
    """Return the order of a page; equal values stand in the order of their ids."""
    if order is None:
        return [("_id", 1)]
    falling = -1 if order.desc else 1
    if index is not None and index.unique:
        pinned = {p.field for p in where if p.op == "eq"} | {order.field}
        if pinned.issuperset(index.fields):
            return [(path_of(order.field), falling)]  # no two are equal: the index alone gives the order
    return [(path_of(order.field), falling), ("_id", falling)]


def hint(index: Index | None, where: Sequence[P]) -> Hint:
    """Return the option that names the planned index: declarations decide about speed, not a server's guess."""
    if index is not None:
        return {"hint": index_name(index)}
    return {} if where else {"hint": "_id_"}
