"""The input of a readout: arms, outcomes as sufficient statistics, and how they are to be judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from app.domain.errors import UserFixable
from plugins.experiment.permutation import Sparse
from plugins.experiment.sufficient import Mean, Pair, Proportion

Kind = Literal["binary", "money"]
Role = Literal["primary", "secondary", "guardrail"]
SPEC = "cpo-readout/1"

_HARM = re.compile(r"unsub|complain|spam|bounce|churn|refund|opt.?out", re.IGNORECASE)
_OPEN = re.compile(r"\bopen|opened|opens", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a breakdown: the statistics of each arm among the people of this level."""

    name: str
    arms: Mapping[str, Proportion | Mean]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outcome of every arm. ``pairs``, ``strata``, ``levels`` and ``sparse`` are there when rows were read."""

    name: str
    kind: Kind
    arms: Mapping[str, Proportion | Mean]
    pairs: Mapping[str, Pair] = field(default_factory=dict[str, Pair])
    strata: Mapping[str, Mapping[str, Mean]] = field(default_factory=dict[str, Mapping[str, Mean]])
    """Stratum -> arm -> statistics."""
    levels: Mapping[str, Sequence[Level]] = field(default_factory=dict[str, Sequence[Level]])
    """Breakdown column -> its levels."""
    buyers: Mapping[str, int] = field(default_factory=dict[str, int])
    """People with a non-zero amount, by arm."""
    capped: Mapping[str, Mean] = field(default_factory=dict[str, Mean])
    """The same arms winsorised at ``cap``."""
    cap: float | None = None
    sparse: Callable[[str], Sparse] | None = None
    """Read one arm's non-zero values, for relabelling."""
    missing: int = 0
    """Rows without a value, counted as zero."""

    @property
    def lower_is_better(self) -> bool:
        return bool(_HARM.search(self.name))

    @property
    def unreliable(self) -> bool:
        """Opens: mail clients fetch the pixel without a reader."""
        return self.kind == "binary" and bool(_OPEN.search(self.name))


@dataclass(frozen=True, slots=True)
class Study:
    """Arms in a fixed order with the control first, and what was measured on them."""

    control: str
    arms: tuple[str, ...]
    sizes: Mapping[str, int]
    outcomes: tuple[Outcome, ...]
    fingerprint: str
    """SHA-256 of the data behind the figures."""
    source: str = ""
    notes: tuple[str, ...] = ()

    @property
    def variants(self) -> tuple[str, ...]:
        return tuple(arm for arm in self.arms if arm != self.control)

    def outcome(self, name: str) -> Outcome:
        for outcome in self.outcomes:
            if outcome.name == name:
                return outcome
        raise UserFixable(
            f"There is no outcome {name!r}.", hint=f"Outcomes: {', '.join(o.name for o in self.outcomes)}."
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """How a study is judged. ``planned`` maps arm to weight; ``looks`` are the information fractions up to now.

    ``guardrails`` maps an outcome to the largest harm accepted (absolute: a rate as a fraction, money in its unit);
    None takes the default margin. ``looks`` ending below 1 is an early look.
    """

    alpha: float = 0.05
    primary: str | None = None
    planned: Mapping[str, float] | None = None
    looks: tuple[float, ...] = ()
    guardrails: Mapping[str, float | None] = field(default_factory=dict[str, float | None])
    simulated: bool = False
    synthetic: bool = False
    relabellings: int = 10_000

    def __post_init__(self) -> None:
        if not 0.0 < self.alpha < 1.0:
            raise UserFixable(f"alpha = {self.alpha} is not a level.", hint="Give a number between 0 and 1, e.g. 0.05.")
        rising = all(b > a for a, b in zip((0.0, *self.looks), self.looks, strict=False))
        if self.looks and (not rising or self.looks[-1] > 1.0):
            raise UserFixable(
                "The looks do not rise from 0 to 1.",
                hint="Looks are shares of the planned information, rising, e.g. 0.25,0.5.",
            )
