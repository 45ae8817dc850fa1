"""What stands under a message to a customer: buttons, the keyboard that shares a phone, or its removal."""

from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bridge.model.messages import Choice
from bridge.people.asking import SHARE
from bridge.ports.channels import Outgoing

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


def keyboard(choices: tuple[Choice, ...]) -> InlineKeyboardMarkup | None:
    """Return buttons, one a row; None without any."""
    if not choices:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=choice.text, callback_data=choice.data)] for choice in choices]
    )


def markup(message: Outgoing) -> Markup | None:
    """Return the markup of a message; only a reply keyboard can ask for a phone that Telegram vouches for."""
    match message.asks:
        case "contact":
            keys = [
                [KeyboardButton(text=choice.text, request_contact=True if choice.data == SHARE else None)]
                for choice in message.choices
            ]
            return ReplyKeyboardMarkup(keyboard=keys, resize_keyboard=True, one_time_keyboard=True)
        case "done":
            return ReplyKeyboardRemove(remove_keyboard=True)
    return keyboard(message.choices)
