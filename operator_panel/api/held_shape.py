"""What the API answers of replies that are not sent yet."""

from operator_panel.api.file_shapes import Attachment
from operator_panel.api.shape import Shape, Time


class Held(Shape):
    """A reply that goes out at `due`: in a moment, so that it can be taken back (`undo`), or as planned.

    `id` is that of the message it becomes, `by` and `name` are its writer's; `close` and `snooze_until` are done with
    it. `crossed`: somebody wrote after it; `failed`: a code why it could not be sent, then it waits for a person.
    """

    id: str
    conversation_id: str
    by: str
    name: str
    text: str
    attachments: list[Attachment]
    reply_to: str | None
    suggestion: str | None
    at: Time
    due: Time
    undo: bool
    close: bool
    snooze_until: Time | None
    crossed: bool
    failed: str | None
