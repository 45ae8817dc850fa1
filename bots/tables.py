"""What is wrong with a table [bots.<name>], in words; each door brings the settings that say so."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel

WORDS = {"missing": "is missing", "extra_forbidden": "is no known key"}


def faults(settings: "type[BaseModel]", table: Mapping[str, Any], **words: str) -> list[tuple[str, str]]:
    """Return the faults of a table as (key, fault in words); `words` are a door's own for some kinds of faults."""
    from pydantic import ValidationError

    known = WORDS | words
    try:
        settings.model_validate(dict(table))
    except ValidationError as error:
        return [
            (".".join(map(str, item["loc"])), known.get(item["type"], item["msg"].removeprefix("Value error, ")))
            for item in error.errors(include_input=False)
        ]
    return []
