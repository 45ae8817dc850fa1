"""What is wrong with settings, in words a person can act on."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Fault = tuple[str, str]  # dotted key, what is wrong with it

#: pydantic's error type -> words; {…} is filled from the error's context.
WORDS = {
    "missing": "is missing",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "string_type": "must be a text",
    "string_too_short": "must not be empty",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "greater_than": "must be more than {gt}",
    "less_than": "must be less than {lt}",
    "literal_error": "must be {expected}",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "mapping_type": "must be a table",
    "dict_type": "must be a table",
    "value_error": "{error}",
}


class SettingsError(Exception):
    """The settings cannot be used; `faults` are all (dotted key, what is wrong) pairs, for a person to mend."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(f"{key}: {words}" for key, words in self.faults))


def unknown(key: str, known: Iterable[str]) -> str:
    """Say that there is no such key, with the nearest one there is."""
    *parents, last = key.split(".")
    near = difflib.get_close_matches(last, list(known), n=1, cutoff=0.6)
    what = "is no known key" if parents else "is no known section"
    return f'{what}; did you mean "{".".join([*parents, near[0]])}"?' if near else what


def in_words(error: Mapping[str, Any], shown: bool) -> str:
    """Turn one of pydantic's errors into words; the value stands in them only when it may be shown."""
    template = WORDS.get(error["type"])
    words = template.format(**error.get("ctx", {})) if template else str(error["msg"])
    value = error.get("input")
    scalar = isinstance(value, str | int | float | bool)
    return f"{words}, not {value!r}" if shown and scalar and error["type"] != "value_error" else words
