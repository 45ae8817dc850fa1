"""Refusals of the emulated VK API: the codes it knows, with the words VK documents for them."""

from bots.emulators.control import Json

#: error_code -> error_msg, as the API schema of VK lists them: every code it names for the methods here.
WORDS = {
    1: "Unknown error occurred",
    3: "Unknown method passed",
    5: "User authorization failed",
    6: "Too many requests per second",
    7: "Permission to perform this action is denied",
    8: "Invalid request",
    9: "Flood control",
    10: "Internal server error",
    12: "Unable to compile code",
    13: "Runtime error occurred during code invocation",
    14: "Captcha needed",
    15: "Access denied",
    17: "Validation required",
    18: "User was deleted or banned",
    27: "Group authorization failed",
    29: "Rate limit reached",
    100: "One of the parameters specified was missing or invalid",
    104: "Not found",
    105: "Couldn't save file",
    113: "Invalid user id",
    114: "Invalid album id",
    118: "Invalid server",
    121: "Invalid hash",
    125: "Invalid group id",
    211: "Access to wall's comment denied",
    212: "Access to post comments denied",
    213: "Access to status replies denied",
    222: "Hyperlinks are forbidden",
    223: "Too many replies",
    900: "Can't send messages for users from blacklist",
    901: "Can't send messages for users without permission",
    902: "Can't send messages to this user due to their privacy settings",
    909: "Can't edit this message, because it's too old",
    910: "Can't sent this message, because it's too big",
    911: "Keyboard format is invalid",
    912: "This is a chat bot feature, change this status in settings",
    913: "Too many forwarded messages",
    914: "Message is too long",
    917: "You don't have access to this chat",
    920: "Can't edit this kind of message",
    921: "Can't forward these messages",
    922: "You left this chat",
    924: "Can't delete this message for everybody",
    925: "You are not admin of this chat",
    927: "Chat does not exist",
    932: "Your community can't interact with this peer",
    936: "Contact not found",
    940: "Too many posts in messages",
    943: "Cannot use this intent",
    944: "Limits overflow for this intent",
    945: "Chat was disabled",
    946: "Chat not supported",
    949: "Can't edit pinned message yet",
    950: "Can't send message, reply timed out",
    962: "You can't access donut chat without subscription",
    969: "Message cannot be forwarded",
    985: "Cannot write to notifications only groups",
    987: "Need message request",
    988: "Pending message request",
    1009: "Unknown reaction passed",
    1010: "This reaction has been disabled",
    1011: "Reactions limit for this message has been reached",
    1012: "Writing is disabled for this chat",
    2000: "Servers number limit is reached",
}


class VkError(Exception):
    """An answer `error`: its code, its words, and what some codes carry beside them (captcha_sid ...)."""

    def __init__(self, code: int, detail: str = "", more: Json | None = None) -> None:
        words = WORDS.get(code, WORDS[1])
        super().__init__(f"{words}: {detail}" if detail else words)
        self.code = code
        self.more = more or {}

    def as_json(self) -> Json:
        """Return the `error` object without request_params."""
        return {"error_code": self.code, "error_msg": str(self), **self.more}


def wrong(what: str) -> VkError:
    """Return error 100 for a parameter that is missing or makes no sense."""
    return VkError(100, what)


def of_code(code: int) -> VkError:
    """Return the error of a code with everything a client expects beside it."""
    if code == 14:
        return VkError(14, "", {"captcha_sid": "100200300400", "captcha_img": "http://127.0.0.1/captcha.jpg"})
    if code == 17:
        return VkError(17, "", {"redirect_uri": "http://127.0.0.1/validation"})
    return VkError(code)
