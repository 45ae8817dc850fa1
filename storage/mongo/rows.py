"""Documents as MongoDB holds them.

`_id`, `ver`, and the body whole in a field of its own, so that no name in it can meet one of ours; beside it `seen`,
the tokens of bump, and `words`: {the words field: its words, each once}, which the word index looks into.
"""

from typing import Any

from storage.checks import words_in
from storage.documents import Body, Coll, Doc

Raw = dict[str, Any]

#: What a reader wants of a document.
READ = {"ver": 1, "body": 1}


def doc_of(raw: Raw) -> Doc:
    """Return the port's document."""
    return Doc(raw["_id"], raw["ver"], raw["body"])


def path_of(field: str) -> str:
    """Return where a declared field, or "_id", stands."""
    return field if field == "_id" else f"body.{field}"


def words_path(coll: Coll) -> str:
    """Return where the words of a collection stand."""
    return f"words.{coll.words}"


def written(coll: Coll, body: Body) -> Raw:
    """Return what every write of a body sets."""
    raw: Raw = {"body": body}
    if coll.words is not None:
        raw["words"] = words_of(coll, body)
    return raw


def words_of(coll: Coll, body: Body) -> Raw:
    """Return the words of a body as they stand beside it."""
    text = body.get(coll.words or "")
    return {str(coll.words): list(dict.fromkeys(words_in(text))) if isinstance(text, str) else []}
