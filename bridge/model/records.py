"""What an installation chose to know of its customers: fields of its own, and how long things are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class FieldKind(StrEnum):
    """What a custom field holds: a date is "YYYY-MM-DD", a link an address of http or https."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class CustomField:
    """A field of the installation's own in a customer's card; `names` are its titles by language."""

    key: str
    kind: FieldKind
    names: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """Return its title in a language, else its key."""
        return self.names.get(language, self.key)


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days things are kept, 0: for ever.

    A conversation counts from its last word, once it is closed; a raw update from its arrival, once it was handled; a
    file from when it came, its place in the conversation stays.
    """

    conversations: float = 0.0
    updates: float = 0.0
    files: float = 0.0


@dataclass(frozen=True, slots=True)
class CustomerRules:
    """The settings about customers: own fields in their order, retention, and whether topics show contacts whole."""

    fields: tuple[CustomField, ...] = ()
    retention: Retention = Retention()
    topic_contacts: bool = True
