"""What the API answers of files."""

from operator_panel.api.shape import Shape


class Attachment(Shape):
    """A file of a message; sizes in bytes, pixels and seconds, 0: not told.

    One that could not be had has no `url` and an empty `id`: `reason` is a code, `reason_text` says it in the reader's
    words.
    """

    id: str
    kind: str
    name: str
    mime: str
    size: int
    width: int
    height: int
    seconds: int
    url: str | None
    reason: str | None
    reason_text: str | None


class File(Shape):
    """A file that was kept and may be attached to a message by its `id`; sizes in bytes and pixels."""

    id: str
    kind: str
    name: str
    mime: str
    size: int
    width: int
    height: int
    url: str
