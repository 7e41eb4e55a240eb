"""One arm against another on one outcome: which method applies, corrected for how many were asked."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from scipy import special

from plugins.experiment.adjustment import compare_with_covariate, post_stratified
from plugins.experiment.effect import Effect, Interval, PValue
from plugins.experiment.means import SKEW_LIMIT, compare_means, compare_welch, skew_of_difference
from plugins.experiment.multiplicity import benjamini_hochberg, holm
from plugins.experiment.permutation import compare_by_permutation, seed_from, too_much_work
from plugins.experiment.proportions import compare_at_level, non_inferiority_p
from plugins.experiment.sequential import boundaries, nominal_alpha, repeated_p
from plugins.experiment.study import Outcome, Role, Rules, Study
from plugins.experiment.sufficient import Mean, Proportion

FINEST_PERMUTATION_LEVEL = 0.002
"""Below this level 10,000 relabellings do not resolve a quantile."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A variant against the control (or another variant) on one outcome, corrected."""

    arm: str
    versus: str
    outcome: Outcome
    role: Role
    effect: Effect
    unadjusted: Effect | None = None
    adjusted_line: Effect | None = None
    p_adjusted: PValue | None = None
    adjustment: str = ""
    simultaneous: Interval | None = None
    guardrail: Guardrail | None = None

    @property
    def better(self) -> bool:
        """Whether the estimate points the right way."""
        return self.effect.difference < 0 if self.outcome.lower_is_better else self.effect.difference > 0


@dataclass(frozen=True, slots=True)
class Guardrail:
    """A one-sided non-inferiority test at 5 %.

    ``holds``: harm of ``margin`` or more is ruled out; ``breached``: it is not, and harm is shown; ``unproven``: too
    few people to say. A stated margin must hold; a default one blocks when breached, and is mentioned else.
    """

    margin: float
    p: PValue | None
    status: Literal["holds", "unproven", "breached"]
    stated: bool

    @property
    def holds(self) -> bool:
        return self.status == "holds"

    @property
    def blocks(self) -> bool:
        return self.status == "breached" or (self.stated and not self.holds)


@dataclass(frozen=True, slots=True)
class Level:
    """The level of the intervals: ``alpha`` two-sided, ``critical`` its normal value, ``early`` before the end."""

    alpha: float
    critical: float | None
    early: bool


def level_of(rules: Rules, variants: int) -> Level:
    """Return the level at this look: alpha at a single planned readout, the spending boundary otherwise."""
    if not rules.looks:
        return Level(rules.alpha, None, False)
    c = boundaries(rules.looks, alpha=rules.alpha / max(1, variants))[-1]
    return Level(nominal_alpha(c), c, rules.looks[-1] < 1.0)


def compare(outcome: Outcome, study: Study, pair: tuple[str, str], *, alpha: float, rules: Rules) -> Comparison:
    """Compare ``pair`` = (this arm, the other) with intervals of level ``1 - alpha``; nothing corrected yet."""
    arm, versus = pair
    mine, other = outcome.arms[arm], outcome.arms[versus]
    if mine.n == 0 or other.n == 0:
        empty = Effect(math.nan, None, None, None, None, "none", badges=("an arm without people",))
        return Comparison(arm, versus, outcome, "secondary", empty)
    if isinstance(mine, Proportion) and isinstance(other, Proportion):
        return Comparison(arm, versus, outcome, "secondary", compare_at_level(other, mine, alpha=alpha))
    if isinstance(mine, Mean) and isinstance(other, Mean):
        return _compare_money(outcome, study, pair, alpha=alpha, rules=rules)
    raise TypeError("both arms of an outcome are measured alike")


def _compare_money(outcome: Outcome, study: Study, pair: tuple[str, str], *, alpha: float, rules: Rules) -> Comparison:
    """Take the skew guard first; then strata or a covariate where they were given; then Welch and Fieller."""
    arm, versus = pair
    mine, other = outcome.arms[arm], outcome.arms[versus]
    assert isinstance(mine, Mean) and isinstance(other, Mean)
    plain = compare_means(other, mine, alpha=alpha)
    adjusted = _adjusted(outcome, pair, alpha)
    skew = skew_of_difference(other, mine)
    skewed = skew is not None and abs(skew) > SKEW_LIMIT
    if skewed and outcome.sparse is not None and alpha >= FINEST_PERMUTATION_LEVEL and plain.p is not None:
        sparse = outcome.sparse(versus), outcome.sparse(arm)
        if not too_much_work(*sparse, rules.relabellings):
            seed = seed_from(f"{study.fingerprint}|{outcome.name}|{arm}|{versus}")
            plain = compare_by_permutation(*sparse, alpha=alpha, seed=seed, relabellings=rules.relabellings)
    if adjusted is None or skewed:
        return Comparison(arm, versus, outcome, "secondary", plain, adjusted_line=adjusted)
    return Comparison(arm, versus, outcome, "secondary", adjusted, unadjusted=plain)


def _adjusted(outcome: Outcome, pair: tuple[str, str], alpha: float) -> Effect | None:
    arm, versus = pair
    if outcome.pairs:
        return compare_with_covariate(outcome.pairs[versus], outcome.pairs[arm], alpha=alpha)
    if outcome.strata:
        sides = [{s: arms[name] for s, arms in outcome.strata.items() if name in arms} for name in (versus, arm)]
        return post_stratified(sides[0], sides[1], alpha=alpha)
    return None


def compare_all(study: Study, rules: Rules, roles: Mapping[str, Role]) -> list[Comparison]:
    """Compare every variant with the control on every outcome, corrected within its role.

    Primary: Holm over variants; secondary: Benjamini-Hochberg over all of them; guardrails: uncorrected one-sided
    non-inferiority, since all must hold. At a look before or with others, repeated p-values times the variants.
    """
    level = level_of(rules, len(study.variants))
    found: list[Comparison] = []
    for outcome in study.outcomes:
        role = roles[outcome.name]
        for arm in study.variants:
            one = replace(compare(outcome, study, (arm, study.control), alpha=level.alpha, rules=rules), role=role)
            if role == "guardrail":
                one = replace(one, guardrail=_guard(one, rules))
            found.append(one)
    if level.critical is not None:
        return [at_look(c, rules, len(study.variants)) for c in found]
    found = _corrected(found, "primary", "holm")
    found = _corrected(found, "secondary", "benjamini-hochberg")
    return [_with_simultaneous(c, study, rules) for c in found]


def _corrected(found: list[Comparison], role: Role, how: str) -> list[Comparison]:
    chosen = [c for c in found if c.role == role and c.effect.p is not None]
    raw = [c.effect.p for c in chosen if c.effect.p is not None]
    adjusted = holm(raw) if how == "holm" else benjamini_hochberg(raw)
    by_key = {(c.outcome.name, c.arm): p for c, p in zip(chosen, adjusted, strict=True)}
    return [
        replace(c, p_adjusted=by_key.get((c.outcome.name, c.arm)), adjustment=how) if c.role == role else c
        for c in found
    ]


def at_look(comparison: Comparison, rules: Rules, questions: int) -> Comparison:
    """Replace p by the repeated p-value of this look; adjusted for the number of questions by Bonferroni."""
    p = comparison.effect.p
    if p is None:
        return replace(comparison, adjustment="sequential")
    z = -float(special.ndtri_exp(p.ln - math.log(2.0))) if p.ln < 0.0 else 0.0
    repeated = repeated_p(z, rules.looks)
    return replace(
        comparison,
        effect=replace(comparison.effect, p=repeated),
        p_adjusted=repeated.times(questions),
        adjustment="sequential, Bonferroni",
    )


def _with_simultaneous(comparison: Comparison, study: Study, rules: Rules) -> Comparison:
    """Add the interval of level 1 - alpha/k where it and the ordinary one disagree on zero."""
    k = len(study.variants)
    p = comparison.effect.p
    if comparison.role != "primary" or k < 2 or p is None or not rules.alpha / k < p.value <= rules.alpha:
        return comparison
    pair = (comparison.arm, comparison.versus)
    wide = compare(comparison.outcome, study, pair, alpha=rules.alpha / k, rules=rules)
    return replace(comparison, simultaneous=wide.effect.difference_ci)


def default_margin(outcome: Outcome, control: Proportion | Mean) -> float:
    """Return the harm accepted where none was stated.

    A quarter of the control's rate, and at least a point (complaints: 0.3 points, the mailbox providers' limit); of
    money 5 %.
    """
    if isinstance(control, Mean):
        return 0.05 * abs(control.mean)
    least = 0.003 if re.search(r"complain|spam", outcome.name, re.IGNORECASE) else 0.01
    return max(0.25 * control.rate, least)


def _guard(comparison: Comparison, rules: Rules) -> Guardrail:
    mine, other = comparison.outcome.arms[comparison.arm], comparison.outcome.arms[comparison.versus]
    stated = rules.guardrails.get(comparison.outcome.name)
    if mine.n == 0 or other.n == 0:
        return Guardrail(stated or 0.0, None, "unproven", stated is not None)
    margin = default_margin(comparison.outcome, other) if stated is None else stated
    up = comparison.outcome.lower_is_better
    if isinstance(mine, Proportion) and isinstance(other, Proportion):
        p: PValue | None = non_inferiority_p(other, mine, margin=margin, harm_is_up=up)
    else:
        p = _shifted_welch(comparison, margin, up)
    if p is not None and p.value < 0.05:
        return Guardrail(margin, p, "holds", stated is not None)
    worse, seen = not comparison.better, comparison.effect.p
    breached = worse and comparison.effect.difference != 0.0 and seen is not None and seen.value < 0.1
    return Guardrail(margin, p, "breached" if breached else "unproven", stated is not None)


def _shifted_welch(comparison: Comparison, margin: float, harm_is_up: bool) -> PValue | None:
    mine, other = comparison.outcome.arms[comparison.arm], comparison.outcome.arms[comparison.versus]
    assert isinstance(mine, Mean) and isinstance(other, Mean)
    welch = compare_welch(other, mine, alpha=0.1)
    df = welch.extra.get("df")
    if welch.se is None or not isinstance(df, float):
        return None
    gap = welch.difference - margin if harm_is_up else -(welch.difference + margin)
    tail = float(special.stdtr(df, gap / welch.se))
    return PValue.of(max(tail, 1e-300))


def variant_pairs(study: Study, outcome: Outcome, rules: Rules, arms: list[str]) -> dict[frozenset[str], PValue]:
    """Return Holm-adjusted p-values between the given variants on one outcome."""
    keys = [(a, b) for i, a in enumerate(sorted(arms)) for b in sorted(arms)[i + 1 :]]
    level = level_of(rules, len(study.variants))
    plain = replace(outcome, sparse=None) if len(arms) > 3 else outcome
    found = [(pair, compare(plain, study, pair, alpha=level.alpha, rules=rules).effect.p) for pair in keys]
    known = [(pair, p) for pair, p in found if p is not None]
    return {frozenset(pair): p for (pair, _), p in zip(known, holm([p for _, p in known]), strict=True)}
