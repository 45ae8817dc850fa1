"""How the desk works where no team says otherwise: when people are away, how much they get, how it finds them."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bridge.model.operators import WorkRules
from bridge.model.teams import Step, StepTo, Way


class Staff(BaseModel):
    """People: minutes without a step until one is away (0: never), conversations one is given at most (0: no bound).

    `target_minutes`: how long a customer should wait at most (0: nobody is told that one waits longer). `routing`: who
    gets what waits where a team has no scenario: whoever takes it, or somebody chosen.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    away_minutes: float = Field(default=10.0, ge=0, le=1440, allow_inf_nan=False)
    capacity: int = Field(default=0, ge=0, le=1000)
    routing: Literal["manual", "round_robin", "least_busy", "sticky"] = "manual"
    target_minutes: float = Field(default=30.0, ge=0, le=10_080, allow_inf_nan=False)

    def rules(self) -> WorkRules:
        """Return them as the hall takes them."""
        steps = () if self.routing == "manual" else (Step(StepTo.TEAM, way=Way(self.routing)),)
        return WorkRules(self.away_minutes, self.capacity, steps, self.target_minutes)
