"""What may be chosen about customers: fields of their card, how long things are kept, who sees contacts whole."""

import re
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bridge.model.records import CustomerRules, CustomField, FieldKind, Retention

#: A field's key stands in files, in the API and in the environment.
_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
#: Custom fields of one installation.
MOST = 50


class Table(BaseModel):
    """A table of the settings, as configs.settings.Section."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class FieldTable(Table):
    """[customers.fields.<key>]: a field's kind, its titles in both languages, and the values of a choice."""

    kind: Literal["text", "number", "date", "choice", "yes_no", "link"] = "text"
    ru: str = Field(min_length=1, max_length=60)
    en: str = Field(min_length=1, max_length=60)
    choices: tuple[str, ...] = Field(default=(), max_length=100)

    @model_validator(mode="after")
    def _chosen(self) -> "FieldTable":
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("choices belong to the kind choice, and it needs some")
        if any(not each.strip() or each != each.strip() for each in self.choices):
            raise ValueError("choices are texts without blanks around them")
        return self


class Customers(Table):
    """Customers' cards: own fields, and whether the staff group's topics show e-mails and phones whole."""

    topic_contacts: bool = True
    fields: Mapping[str, FieldTable] = Field(default_factory=dict)

    @field_validator("fields")
    @classmethod
    def _keyed(cls, fields: Mapping[str, FieldTable]) -> Mapping[str, FieldTable]:
        wrong = [key for key in fields if not _KEY.fullmatch(key)]
        if wrong:
            raise ValueError(f'field "{wrong[0]}": a key begins with a letter and has a-z, 0-9 and _, at most 32')
        if len(fields) > MOST:
            raise ValueError(f"{MOST} fields at most")
        return fields


class RetentionTable(Table):
    """[retention]: days that conversations, raw updates and files are kept; 0: for ever."""

    conversations: float = Field(default=0.0, ge=0, le=36_500, allow_inf_nan=False)
    updates: float = Field(default=0.0, ge=0, le=36_500, allow_inf_nan=False)
    files: float = Field(default=0.0, ge=0, le=36_500, allow_inf_nan=False)


def rules(customers: Customers, retention: RetentionTable) -> CustomerRules:
    """Return the settings as the hall knows them."""
    fields = tuple(
        CustomField(key, FieldKind(table.kind), {"ru": table.ru, "en": table.en}, table.choices)
        for key, table in customers.fields.items()
    )
    return CustomerRules(fields, Retention(**retention.model_dump()), customers.topic_contacts)
