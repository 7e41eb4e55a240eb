"""Before the launch: what can be found with these people, and saying no when nothing can."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from app.domain.entities import derived_id
from app.domain.errors import UserFixable
from app.domain.experiment import Arm, Experiment, MetricName, PowerAnswer
from plugins.experiment.power import (
    design_advice,
    detectable_mean,
    detectable_rate,
    people_for_means,
    people_for_rates,
    power_of_means,
    power_of_rates,
)
from plugins.experiment.words import money, percent, signed_percent

MOST_ARMS = 10
HOPELESS_LIFT = 1.0
"""Without a stated lift a test that could only find more than a doubling is called infeasible."""
MONEY: frozenset[str] = frozenset({"revenue_per_recipient", "revenue", "avg_order_value"})
NEEDS_A_MESSAGE: frozenset[str] = frozenset({"open_rate", "click_rate", "unsubscribe_rate"})


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the audience. ``n`` people before the holdout; ``arms`` includes the control.

    ``baseline`` is the control's rate (fraction) or money per person; money needs ``sd`` (of one person's amount).
    ``lift`` is relative. The level is shared between the variants (Bonferroni), since Holm decides later.
    """

    n: int
    arms: int
    baseline: float
    lift: float | None = None
    holdout: float = 0.0
    power: float = 0.8
    alpha: float = 0.05
    sd: float | None = None
    control_share: float | None = None
    daily_volume: float | None = None
    order_value: float | None = None

    def __post_init__(self) -> None:
        if self.n < 1 or not 2 <= self.arms <= MOST_ARMS:
            raise UserFixable(
                f"{self.n} people in {self.arms} arms cannot be planned.",
                hint=f"At least 1 person, 2 to {MOST_ARMS} arms.",
            )
        for name, value in (("power", self.power), ("alpha", self.alpha)):
            if not 0.0 < value < 1.0:
                raise UserFixable(f"{name} = {value} is not between 0 and 1.", hint="Usual: power 0.8, alpha 0.05.")
        if not 0.0 <= self.holdout < 1.0:
            raise UserFixable(f"A holdout of {self.holdout} is not a share.", hint="Give a fraction, e.g. 0.1.")
        if self.control_share is not None and not 0.0 < self.control_share < 1.0:
            raise UserFixable(f"A control of {self.control_share} is not a share.", hint="Give a fraction, e.g. 0.25.")
        self._check_baseline()

    def _check_baseline(self) -> None:
        if self.sd is None and not 0.0 < self.baseline < 1.0:
            raise UserFixable(
                f"A baseline of {self.baseline} is not a rate.",
                hint="Give a fraction, e.g. 0.05 for 5 %; for money give the standard deviation per person too.",
            )
        if self.sd is not None and (self.sd <= 0 or self.baseline <= 0):
            raise UserFixable("Money needs a baseline and a standard deviation above zero.", hint="Both per person.")
        if self.lift is not None and self.sd is None and not 0.0 < self.baseline * (1 + self.lift) < 1.0:
            raise UserFixable(
                f"A lift of {self.lift:+.0%} on {self.baseline:.1%} is not a rate.",
                hint="Give the lift as a fraction: 0.2 is +20 %.",
            )
        if self.lift == 0.0:
            raise UserFixable(
                "A lift of zero cannot be looked for.", hint="Give the smallest lift worth knowing, e.g. 0.1."
            )

    @property
    def people(self) -> int:
        """People left for the arms after the holdout."""
        return self.n - math.floor(self.n * self.holdout + 1e-9)

    @property
    def comparison_alpha(self) -> float:
        return self.alpha / (self.arms - 1)

    @property
    def sizes(self) -> tuple[int, int]:
        """People in the control and in each variant."""
        if self.control_share is None:
            each = self.people // self.arms
            return each, each
        control = min(self.people - 1, max(1, round(self.people * self.control_share)))
        return control, (self.people - control) // (self.arms - 1)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one design can find: ``mde`` absolute, ``mde_lift`` relative; None if nothing can be found."""

    mde: float | None
    mde_lift: float | None


def detectable(question: Question) -> Finding:
    """Return the smallest difference found with the stated power."""
    n0, n1 = question.sizes
    if question.sd is not None:
        d = detectable_mean(question.sd, n0, n1, alpha=question.comparison_alpha, power=question.power)
        return Finding(d, None if d is None else d / question.baseline)
    rate = detectable_rate(question.baseline, n0, n1, alpha=question.comparison_alpha, power=question.power)
    if rate is None:
        return Finding(None, None)
    return Finding(rate - question.baseline, rate / question.baseline - 1.0)


def needed_per_arm(question: Question, lift: float) -> int:
    """Return the people an arm needs to find ``lift``, equal arms."""
    alpha, power = question.comparison_alpha, question.power
    if question.sd is not None:
        return math.ceil(people_for_means(question.baseline * lift, question.sd, alpha=alpha, power=power) - 1e-9)
    target = min(question.baseline * (1 + lift), 1.0)
    return math.ceil(people_for_rates(question.baseline, target, alpha=alpha, power=power) - 1e-9)


def power_at(question: Question, lift: float) -> float:
    """Return the chance to find ``lift`` with the people there are."""
    n0, n1 = question.sizes
    if min(n0, n1) < 2:
        return 0.0
    alpha = question.comparison_alpha
    if question.sd is not None:
        return power_of_means(question.baseline * lift, question.sd, n0, n1, alpha=alpha)
    return power_of_rates(question.baseline, question.baseline * (1 + lift), n0, n1, alpha=alpha)


def estimate(question: Question) -> PowerAnswer:
    """Answer whether the test can be run, with what it could find, and what to do instead where it cannot."""
    found = detectable(question)
    target = question.lift if question.lift is not None else HOPELESS_LIFT
    if question.sd is None and question.lift is None:
        target = min(target, (1.0 - question.baseline) / question.baseline)
    needed = needed_per_arm(question, target)
    smallest = min(question.sizes)
    if question.lift is None:
        feasible = found.mde_lift is not None and found.mde_lift <= HOPELESS_LIFT
    else:
        feasible = smallest >= 1 and power_at(question, question.lift) >= question.power - 1e-9
    return PowerAnswer(
        feasible=feasible, n=question.n, arms=question.arms, n_per_arm=smallest, n_per_arm_needed=needed,
        baseline=question.baseline, alpha=question.alpha, power=question.power, mde_rate=found.mde,
        mde_lift=found.mde_lift, words=_words(question, found, feasible, needed),
        alternatives=() if feasible else alternatives(question, target),
    )  # fmt: skip


def _figure(question: Question, value: float) -> str:
    return percent(value) if question.sd is None else money(value)


def _words(question: Question, found: Finding, feasible: bool, needed: int) -> str:
    n0, n1 = question.sizes
    each = f"{n0:,} each" if n0 == n1 else f"{n0:,} in the control and {n1:,} in each other arm"
    held = f" after a holdout of {question.holdout:.0%}" if question.holdout else ""
    text = f"{question.n:,} people in {question.arms} arms{held} are {each}. "
    if found.mde is None or found.mde_lift is None:
        text += f"With a baseline of {_figure(question, question.baseline)} no difference at all would be found"
    else:
        text += (
            f"With a baseline of {_figure(question, question.baseline)}, a rise to "
            f"{_figure(question, question.baseline + found.mde)} (a lift of {signed_percent(found.mde_lift)}) is the "
            f"smallest that would be found"
        )
    text += f" with {question.power:.0%} power at alpha {question.alpha:g}"
    text += f" shared by {question.arms - 1} comparisons. " if question.arms > 2 else ". "
    if question.lift is not None:
        text += f"To find a lift of {signed_percent(question.lift)} takes {needed:,} people in each arm. "
    text += "That can be tested." if feasible else "This test cannot answer the question."
    if feasible and found.mde_lift is not None and found.mde_lift > 0.3:
        text += " Expect no answer unless the effect is large; few messages change behaviour that much."
    return text


def alternatives(question: Question, target: float) -> tuple[str, ...]:
    """Return what could be done instead: fewer arms, pooled variants, more people or time."""
    said: list[str] = []
    if question.arms > 2:
        two = replace(question, arms=2, control_share=None)
        said.append(f"Two arms ({two.sizes[0]:,} each): {_could_find(two)}.")
        pooled = replace(two, control_share=1.0 / question.arms)
        said.append(
            f"Pool the {question.arms - 1} variants against the control ({pooled.sizes[1]:,} to {pooled.sizes[0]:,}): "
            f"{_could_find(pooled)}; it tells whether mailing works, not which text."
        )
    total = math.ceil(needed_per_arm(question, target) * question.arms / (1.0 - question.holdout))
    aim = "a doubling" if question.lift is None else f"a lift of {signed_percent(target)}"
    longer = f"Run longer or widen the audience: {total:,} people in all would find {aim}"
    if question.daily_volume:
        longer += (
            f", about {math.ceil(total / question.daily_volume):,} days at {question.daily_volume:,.0f} people a day"
        )
    said.append(longer + ".")
    said.append("Send one message to everybody and do not claim a winner.")
    return tuple(said)


def _could_find(question: Question) -> str:
    found = detectable(question)
    if found.mde_lift is None:
        return "would find nothing either"
    verdict = "still not enough for a useful answer" if found.mde_lift > HOPELESS_LIFT else "worth running"
    return f"smallest lift found {signed_percent(found.mde_lift)}, {verdict}"


def answer_body(question: Question) -> dict[str, Any]:
    """Return the JSON of ``cpo power``."""
    answer = estimate(question)
    found = detectable(question)
    days = None
    if question.daily_volume and answer.n_per_arm_needed:
        total = answer.n_per_arm_needed * question.arms / (1.0 - question.holdout)
        days = math.ceil(total / question.daily_volume)
    value = question.order_value
    return {
        **answer.model_dump(),
        "alternatives": list(answer.alternatives),
        "mde": found.mde,
        "mde_absolute": found.mde,
        "mde_target": None if found.mde is None else question.baseline + found.mde,
        "mde_money_per_person": found.mde
        if question.sd is not None
        else (found.mde * value if found.mde and value else None),
        "n_total_needed": None
        if answer.n_per_arm_needed is None
        else math.ceil(answer.n_per_arm_needed * question.arms / (1.0 - question.holdout)),
        "n_control": question.sizes[0],
        "n_variant": question.sizes[1],
        "holdout": question.n - question.people,
        "lift": question.lift,
        "power_at_lift": None if question.lift is None else power_at(question, question.lift),
        "alpha_per_comparison": question.comparison_alpha,
        "n_per_arm_needed_unadjusted": needed_per_arm(replace(question, arms=2), question.lift or HOPELESS_LIFT)
        if question.lift is not None
        else None,
        "days_needed": days,
        "daily_volume": question.daily_volume,
    }


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan is made from. ``variants`` maps label to variant id, in order."""

    campaign_id: str
    variants: Mapping[str, str]
    eligible: int
    metric: MetricName
    baseline: float
    baseline_source: str
    control_share: float | None = None
    holdout_share: float = 0.0
    duration_days: int = 14
    alpha: float = 0.05
    power: float = 0.8
    lift: float | None = None
    sd: float | None = None
    stratify_by: tuple[str, ...] = ()
    send_on: date | None = None


def plan(request: Plan, *, salt: str) -> tuple[Experiment, tuple[str, ...]]:
    """Make the experiment and its warnings. Raises UserFixable where no test can be made of it.

    The control receives no message, unless only a reached person can do what is measured (a click): then the first
    variant is the baseline.
    """
    labels = list(request.variants)
    baseline_message = request.metric in NEEDS_A_MESSAGE
    arms_total = len(labels) if baseline_message else len(labels) + 1
    if arms_total < 2:
        raise UserFixable(
            f"{request.metric} needs two messages to compare: people who get nothing cannot do it.",
            hint="Draft a second variant, or measure conversion_rate or revenue_per_recipient.",
        )
    question = Question(
        n=request.eligible, arms=arms_total, baseline=request.baseline, lift=request.lift,
        holdout=request.holdout_share, power=request.power, alpha=request.alpha,
        control_share=request.control_share, sd=request.sd,
    )  # fmt: skip
    answer = estimate(question)
    arms = _arms(request, question, labels, baseline_message)
    fields: dict[str, Any] = {
        "campaign_id": request.campaign_id, "arms": arms, "holdout_share": request.holdout_share,
        "primary_metric": request.metric, "stratify_by": request.stratify_by, "duration_days": request.duration_days,
        "alpha": request.alpha, "power": request.power, "baseline": request.baseline,
        "baseline_source": request.baseline_source, "eligible": request.eligible, "power_answer": answer, "salt": salt,
        "planned_readout": None if request.send_on is None else request.send_on + timedelta(days=request.duration_days),
        "words": plan_words(arms, request, answer),
    }  # fmt: skip
    draft = Experiment(id="", **fields)
    experiment = draft.model_copy(update={"id": derived_id("exp", draft.model_dump(mode="json"))})
    return experiment, _warnings(request, question, answer)


def _arms(request: Plan, question: Question, labels: list[str], baseline_message: bool) -> tuple[Arm, ...]:
    kept = 1.0 - request.holdout_share
    control = request.control_share if request.control_share is not None else 1.0 / question.arms
    each = (1.0 - control) / (question.arms - 1)
    if baseline_message:
        first = labels[0]
        base = Arm(
            name=first,
            variant_id=request.variants[first],
            weight=control * kept,
            is_control=True,
            receives=f"variant {first} (baseline)",
        )
        rest = labels[1:]
    else:
        base = Arm(name="control", weight=control * kept, is_control=True, receives="no message")
        rest = labels
    others = [
        Arm(name=label, variant_id=request.variants[label], weight=each * kept, receives=f"variant {label}")
        for label in rest
    ]
    return (base, *others)


def _warnings(request: Plan, question: Question, answer: PowerAnswer) -> tuple[str, ...]:
    control = request.control_share if request.control_share is not None else 1.0 / question.arms
    said = design_advice(control, question.arms - 1, revenue_goal=request.metric in MONEY)
    if not answer.feasible:
        said.append("With these people the test cannot answer the question; the plan says what could be done instead.")
    if request.metric == "open_rate":
        said.append("Opens are counted by mail software too; they are shown but never decide a winner.")
    return tuple(said)


def plan_words(arms: tuple[Arm, ...], request: Plan, answer: PowerAnswer) -> str:
    """Write the plan in a sentence or two."""
    parts = ", ".join(f"{a.name} {a.weight:.1%} ({a.receives})" for a in arms)
    held = f"; {request.holdout_share:.1%} are held out" if request.holdout_share else ""
    return (
        f"{request.eligible:,} people: {parts}{held}. {request.metric} decides, after {request.duration_days} days. "
        f"{answer.words}"
    )
