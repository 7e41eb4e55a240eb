"""Experiments: how people are split, what is measured, and what came out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from app.domain.entities import Entity

MetricName = Literal[
    "open_rate", "click_rate", "conversion_rate", "revenue_per_recipient", "revenue", "unsubscribe_rate",
    "avg_order_value",
]  # fmt: skip


class Arm(BaseModel):
    """``weight`` is a share of the eligible audience (0..1); a control has no variant and receives ``receives``."""

    model_config = ConfigDict(frozen=True)

    name: str
    variant_id: str | None = None
    weight: float
    is_control: bool = False
    receives: str = ""


class PowerAnswer(BaseModel):
    """What the audience can tell: ``mde_*`` is the smallest difference found with the stated power.

    Rates are fractions; ``mde_lift`` is relative to the baseline. ``feasible`` False comes with ``alternatives``.
    """

    model_config = ConfigDict(frozen=True)

    feasible: bool
    n: int
    arms: int
    n_per_arm: int
    n_per_arm_needed: int | None = None
    baseline: float
    alpha: float
    power: float
    mde_rate: float | None = None
    mde_lift: float | None = None
    words: str
    alternatives: tuple[str, ...] = ()


class Experiment(Entity):
    """A planned test. ``salt`` makes the assignment reproducible by anyone; weights sum to 1 with the holdout."""

    kind: ClassVar[str] = "experiment"

    arms: tuple[Arm, ...]
    holdout_share: float = 0.0
    primary_metric: MetricName
    guardrails: tuple[str, ...] = ("unsubscribe_rate",)
    stratify_by: tuple[str, ...] = ()
    duration_days: int
    alpha: float = 0.05
    power: float = 0.8
    baseline: float
    baseline_source: str
    eligible: int
    power_answer: PowerAnswer
    salt: str
    planned_readout: date | None = None
    words: str = ""


class Readout(Entity):
    """A stored analysis; every figure said in chat names its ``id`` as calculation id.

    ``body`` is the JSON of ``cpo readout`` (arms, srm, comparisons, decision). ``simulated`` marks figures that
    were not observed; they live under another kind as well (``simulation``).
    """

    kind: ClassVar[str] = "readout"

    body: dict[str, Any]
    calculated_at: datetime
    data_sha256: str
    simulated: bool = False
    synthetic: bool = False


class Simulation(Entity):
    """A simulated readout: kept apart from observed ones and marked on every figure."""

    kind: ClassVar[str] = "simulation"

    body: dict[str, Any]
    calculated_at: datetime
    seed: int
    assumptions: tuple[str, ...]
    simulated: Literal[True] = True
