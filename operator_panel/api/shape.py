"""What every part of an answer is."""

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")
