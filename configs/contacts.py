"""What may be chosen about contacts: when one is asked for, how it is proved, what the shop is asked of a person."""

from email.utils import parseaddr
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bridge.model.asking import AskRule, AskRules
from bridge.model.ids import ArticleId
from bridge.people.contacts import email_of


class Table(BaseModel):
    """A table of the settings, as configs.settings.Section."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class RuleTable(Table):
    """One of [[contact.rules]], as bridge.model.asking.AskRule."""

    words: tuple[str, ...] = Field(default=(), max_length=100)
    channels: tuple[str, ...] = ()
    messages: int = Field(default=0, ge=0, le=1000)

    @model_validator(mode="after")
    def _says(self) -> "RuleTable":
        if not (self.words or self.channels or self.messages):
            raise ValueError("names words, channels or messages")
        if any(not word.strip() for word in self.words):
            raise ValueError("words are not empty")
        return self


class Contact(Table):
    """[contact]: moments at which an e-mail or a phone is asked for beside a handoff (bot.ask_contact).

    `chat_codes`: a code that proves one may also go over another chat of whoever has proved it.
    """

    articles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    rules: tuple[RuleTable, ...] = Field(default=(), max_length=100)
    chat_codes: bool = False


class Mail(Table):
    """[mail]: the SMTP server that codes are sent over; without `host` no code is sent by e-mail."""

    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: str = Field(default="", repr=False)
    sender: str = ""
    timeout: float = Field(default=10.0, gt=0, le=60, allow_inf_nan=False)

    @field_validator("sender")
    @classmethod
    def _address(cls, sender: str) -> str:
        if sender and ("\n" in sender or "\r" in sender or email_of(parseaddr(sender)[1]) is None):
            raise ValueError("is no e-mail address")
        return sender

    @model_validator(mode="after")
    def _whole(self) -> "Mail":
        if self.host and not self.sender:
            raise ValueError("sender is needed: whom codes come from")
        if self.password and self.security == "none" and self.host not in ("127.0.0.1", "::1", "localhost"):
            raise ValueError("a password is sent only over TLS: security must be starttls or tls")
        return self


class CustomerData(Table):
    """[customer_data]: the shop's program that is asked, signed, what it knows of a customer; without `url` nobody is.

    `minutes`: so long an answer is shown before it is asked for again.
    """

    url: str = ""
    secret: str = Field(default="", repr=False)
    private: bool = False
    minutes: float = Field(default=5.0, ge=0, le=1440, allow_inf_nan=False)
    timeout: float = Field(default=5.0, gt=0, le=30, allow_inf_nan=False)

    @field_validator("url")
    @classmethod
    def _known(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return url

    @model_validator(mode="after")
    def _signed(self) -> "CustomerData":
        if self.url and len(self.secret) < 16:
            raise ValueError("secret is needed, 16 letters or more: requests are signed with it")
        return self


def asks(contact: Contact) -> AskRules:
    """Return the moments as the hall knows them."""
    return AskRules(
        frozenset(map(ArticleId, contact.articles)),
        frozenset(contact.tags),
        tuple(AskRule(rule.words, rule.channels, rule.messages) for rule in contact.rules),
        contact.chat_codes,
    )
