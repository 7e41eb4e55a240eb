"""What a plan is made from: the open campaign, its audience, and a baseline with its source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, get_args

from app.domain.audience import Audience, Shop
from app.domain.campaign import Campaign, CampaignState
from app.domain.content import Brief, Variant
from app.domain.errors import Refused, UserFixable
from app.domain.experiment import Experiment, MetricName
from app.workspace import Workspace
from plugins.experiment.assignment import HOLDOUT
from plugins.experiment.design import MONEY, Plan, Question, needed_per_arm, plan
from plugins.experiment.launch import RELEASED
from plugins.experiment.send_date import parse_day

ASSUMED_RATE = 0.02
ASSUMED_DAYS = 14
STRATA = ("lifecycle", "value_tier")


class PlanContext:
    """Reads what the planning functions need; refuses, saying which function to call first."""

    def __init__(self, workspace: Workspace, shop: Shop) -> None:
        self._workspace = workspace
        self._shop = shop

    def people(self, n: int | None, audience_id: str | None) -> int | None:
        """Return the people there are: stated, else of the audience; None where neither is known."""
        if n is not None:
            return n
        known = audience_id or self._workspace.noted("audience_id")
        if known is None and not (self._workspace.has_campaign() and self._workspace.campaign().audience_id):
            return None
        return self.audience(audience_id).eligible

    def audience(self, audience_id: str | None) -> Audience:
        wanted = audience_id
        if wanted is None and self._workspace.has_campaign():
            wanted = self._workspace.campaign().audience_id
        noted = self._workspace.noted("audience_id")
        wanted = wanted or (str(noted) if noted else None)
        if wanted is None:
            raise Refused("No audience is set: state n, or find an audience before.", code="no_audience", field="n")
        return self._workspace.get(Audience, wanted)

    def planned(self, campaign: Campaign) -> Experiment | None:
        return None if campaign.experiment_id is None else self._workspace.get(Experiment, campaign.experiment_id)

    def draft_campaign(self) -> Campaign:
        campaign = self._workspace.campaign()
        if campaign.state is not CampaignState.DRAFT:
            raise Refused(f"A {campaign.state.value} campaign cannot be planned again.", code="illegal_move")
        if not campaign.variants:
            raise Refused("Write variants first with generation-draft_variants.", code="no_variants")
        if campaign.audience_id is None:
            noted = self._workspace.noted("audience_id")
            if not noted:
                raise Refused("Find an audience first with segmentation-find_audience.", code="no_audience")
            return campaign.model_copy(update={"audience_id": str(noted)})
        return campaign

    def labels(self, campaign: Campaign, arms: int | None, metric: MetricName) -> list[str]:
        labels = list(campaign.variants)
        wanted = (
            len(labels)
            if arms is None
            else arms - (0 if metric in ("open_rate", "click_rate", "unsubscribe_rate") else 1)
        )
        if wanted > len(labels):
            raise Refused(
                f"There are {len(labels)} variants, so at most {len(labels) + 1} arms with the control.",
                code="too_many_arms",
                field="arms",
            )
        if wanted < len(labels):
            passed = [x for x in labels if self._workspace.get(Variant, campaign.variants[x]).decision in RELEASED]
            chosen = [*passed, *(x for x in labels if x not in passed)][:wanted]
            labels = [x for x in labels if x in chosen]
        return labels[:9]

    def arms_now(self) -> int:
        if self._workspace.has_campaign() and self._workspace.campaign().variants:
            return min(10, len(self._workspace.campaign().variants) + 1)
        return 2

    def metric_of(self, campaign: Campaign, before: Experiment | None) -> MetricName:
        if before is not None:
            return before.primary_metric
        if campaign.brief_id is None:
            return "conversion_rate"
        given = self._workspace.get(Brief, campaign.brief_id).primary_metric
        for metric in get_args(MetricName):
            if metric == given:
                return metric
        return "conversion_rate"

    def baseline(self, metric: MetricName, given: float | None, days: int) -> tuple[float, float | None, str]:
        """Return baseline, standard deviation per person (money only) and where it comes from."""
        if metric in MONEY:
            return self._money_baseline(given, days)
        if given is not None:
            return given, None, "as stated"
        found = self._shop.baseline(metric, days)
        if found is None or not 0.0 < found[0] < 1.0:
            return ASSUMED_RATE, None, "assumed: the data cannot tell it"
        return found[0], None, found[1]

    def _money_baseline(self, given: float | None, days: int) -> tuple[float, float | None, str]:
        """Take conversion times order value, an order varying as much as its mean."""
        rate, spend = self._shop.baseline("conversion_rate", days), self._shop.baseline("revenue_per_recipient", days)
        share = rate[0] if rate and 0.0 < rate[0] < 1.0 else ASSUMED_RATE
        mean = given or (spend[0] if spend and spend[0] > 0 else share * 50.0)
        value = mean / share
        sd = max(0.01, (share * 2.0 * value * value - mean * mean)) ** 0.5
        source = "as stated" if given else (spend[1] if spend and spend[0] > 0 else "assumed: the data cannot tell it")
        return mean, sd, f"{source}, orders assumed to vary as much as their mean"

    def send_on(self, campaign: Campaign, given: str | None) -> date | None:
        if given:
            day = parse_day(given, self._workspace.today)
            if day is None:
                raise Refused(f"{given!r} is not a date; write YYYY-MM-DD.", code="bad_date", field="send_on")
            return day
        return None if campaign.brief_id is None else self._workspace.get(Brief, campaign.brief_id).send_on


def plan_data(experiment: Experiment, counts: Mapping[str, int], warnings: Sequence[str]) -> dict[str, Any]:
    """Return a plan as the planner sees it, with the exact people of each arm."""
    control = next(a for a in experiment.arms if a.is_control)
    return {
        "arms": [
            {"name": a.name, "variant": a.variant_id, "receives": a.receives, "share": a.weight,
             "people": counts[a.name], "control": a.is_control}
            for a in experiment.arms
        ],
        "holdout": counts.get(HOLDOUT, 0), "holdout_share": experiment.holdout_share,
        "control_people": counts[control.name], "control_share": control.weight, "eligible": experiment.eligible,
        "primary_metric": experiment.primary_metric, "guardrails": list(experiment.guardrails),
        "duration_days": experiment.duration_days, "alpha": experiment.alpha, "baseline": experiment.baseline,
        "baseline_source": experiment.baseline_source, "power": experiment.power_answer.model_dump(mode="json"),
        "words": experiment.words, "warnings": list(warnings),
    }  # fmt: skip


def kept_control_share(before: Experiment | None) -> float | None:
    """Return the control's share of an earlier plan where it was chosen, None where the arms were simply equal."""
    if before is None:
        return None
    control = next(a for a in before.arms if a.is_control)
    share = control.weight / (1.0 - before.holdout_share)
    return None if abs(share - 1.0 / len(before.arms)) < 1e-9 else share


def needed_people(
    arms: int, baseline: float, lift: float | None, *, power: float, alpha: float, sd: float | None
) -> int:
    """Return the people that all arms together need to find ``lift``; refused without a lift to find."""
    if lift is None:
        raise Refused("State n or a lift to find, or find an audience before.", code="no_audience", field="n")
    question = question_or_refused(
        n=arms, arms=arms, baseline=baseline, lift=lift, power=power, alpha=alpha, sd=sd, daily=None
    )
    return needed_per_arm(question, lift) * arms


def question_or_refused(
    *,
    n: int,
    arms: int,
    baseline: float,
    lift: float | None,
    power: float,
    alpha: float,
    sd: float | None,
    daily: float | None,
) -> Question:
    try:
        return Question(n, arms, baseline, lift, power=power, alpha=alpha, sd=sd, daily_volume=daily)
    except UserFixable as problem:
        raise Refused(f"{problem.problem} {problem.hint}", code="bad_question") from problem


def plan_or_refused(request: Plan, salt: str) -> tuple[Experiment, tuple[str, ...]]:
    try:
        return plan(request, salt=salt)
    except UserFixable as problem:
        raise Refused(f"{problem.problem} {problem.hint}", code="bad_plan") from problem
