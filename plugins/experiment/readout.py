"""The readout: from sufficient statistics to figures, words and a decision that can be traced.

    Study + Rules -> {calculation_id, arms, srm, comparisons, breakdowns, decision, expected_loss, caveats, ...}

A rate is a fraction of everybody assigned; money is per person assigned. ``None`` in an interval means unbounded on
that side; a ``None`` figure could not be computed and its ``badges`` say why.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from app.domain.entities import derived_id
from plugins.experiment.breakdown import breakdowns
from plugins.experiment.comparison import Comparison, Level, compare_all, level_of, variant_pairs
from plugins.experiment.effect import Effect, Interval, PValue, t_quantile, z_quantile
from plugins.experiment.loss import expected_losses
from plugins.experiment.means import compare_welch
from plugins.experiment.order_value import split, split_body
from plugins.experiment.power import people_for_means, people_for_rates
from plugins.experiment.proportions import wilson_interval
from plugins.experiment.srm import SampleRatio, sample_ratio
from plugins.experiment.study import SPEC, Outcome, Role, Rules, Study
from plugins.experiment.sufficient import Mean, Proportion
from plugins.experiment.verdict import Decision, Standing, decide
from plugins.experiment.words import confidence_words, effect_words, level_words, p_words

Body = dict[str, Any]


def read(study: Study, rules: Rules) -> Body:
    """Compute the whole readout. Raises UserFixable where the inputs cannot be meant."""
    roles = roles_of(study, rules)
    primary = study.outcome(next(name for name, role in roles.items() if role == "primary"))
    ratio = _sample_ratio(study, rules)
    comparisons = compare_all(study, rules, roles)
    level = level_of(rules, len(study.variants))
    decision = _decision(study, rules, primary, comparisons, ratio, level)
    body: Body = {
        "calculation_id": calculation_id(study, rules),
        "spec": SPEC,
        "simulated": rules.simulated,
        "synthetic": rules.synthetic,
        "control": study.control,
        "alpha": rules.alpha,
        "primary": primary.name,
        "arms": [_arm_body(study, rules, arm, primary, ratio) for arm in study.arms],
        "srm": srm_body(ratio, study),
        "comparisons": [comparison_body(c, rules.alpha, level) for c in comparisons],
        "breakdowns": breakdowns(study, primary, rules, level),
        "decision": decision_body(decision, study, primary, comparisons, rules),
        "expected_loss": _loss_body(study, primary),
        "caveats": caveats(study, rules, primary, comparisons, level),
    }
    if rules.looks:
        body["sequential"] = {"looks": list(rules.looks), "critical_value": level.critical, "early": level.early}
    return body


def calculation_id(study: Study, rules: Rules) -> str:
    """Return the id of this calculation: the same data, rules and specification always give the same one."""
    return derived_id(
        "calc",
        {
            "spec": SPEC,
            "data": study.fingerprint,
            "control": study.control,
            "outcomes": [[o.name, o.kind, sorted(o.levels), bool(o.pairs), bool(o.strata)] for o in study.outcomes],
            "alpha": rules.alpha,
            "primary": rules.primary,
            "planned": None if rules.planned is None else dict(rules.planned),
            "looks": list(rules.looks),
            "guardrails": dict(rules.guardrails),
            "marks": [rules.simulated, rules.synthetic, rules.relabellings],
        },
    )


def roles_of(study: Study, rules: Rules) -> dict[str, Role]:
    """Return the role of each outcome: the declared primary (or the first that can decide) and the guardrails."""
    if rules.primary is not None:
        study.outcome(rules.primary)
    names = [o.name for o in study.outcomes]
    for name in rules.guardrails:
        study.outcome(name)
    usable = [o.name for o in study.outcomes if not o.unreliable and not o.lower_is_better]
    primary = rules.primary or (usable[0] if usable else names[0])
    roles: dict[str, Role] = {}
    for outcome in study.outcomes:
        guard = outcome.name in rules.guardrails or outcome.lower_is_better
        roles[outcome.name] = "primary" if outcome.name == primary else "guardrail" if guard else "secondary"
    return roles


def _sample_ratio(study: Study, rules: Rules) -> SampleRatio:
    counts = [study.sizes[arm] for arm in study.arms]
    if rules.planned is None:
        return sample_ratio(counts)
    from app.domain.errors import UserFixable

    missing = [arm for arm in study.arms if arm not in rules.planned]
    if missing:
        raise UserFixable(
            f"No planned share for {', '.join(missing)}.",
            hint="Give a weight for every arm, e.g. A=0.45,B=0.45,control=0.1.",
        )
    empty = [arm for arm in rules.planned if arm not in study.arms]
    if empty:
        raise UserFixable(
            f"{', '.join(empty)} was planned and has nobody in these data.",
            hint=f"Arms: {', '.join(study.arms)}. If an arm is lost, no winner can be read; else correct its name.",
        )
    return sample_ratio(counts, [rules.planned[arm] for arm in study.arms])


def srm_body(ratio: SampleRatio, study: Study) -> Body:
    """Return the sample-ratio block with its sentence."""
    if ratio.flagged:
        words = f"The arms did not get the planned shares ({p_words(ratio.p)}); find the cause before reading on."
        words += (
            " Shares were assumed equal: if they were not meant to be, state the planned ones."
            if ratio.assumed_equal
            else " Usual causes: people dropped from one arm only, a filter after the split, bots, a broken join."
        )
    else:
        shares = "equal" if ratio.assumed_equal else "planned"
        words = f"The arms got the {shares} shares, within chance ({p_words(ratio.p)})."
    return {
        "p": ratio.p.value, "p_text": ratio.p.text, "log10_p": ratio.p.log10, "chi2": ratio.chi2, "df": ratio.df,
        "flagged": ratio.flagged, "assumed_equal": ratio.assumed_equal,
        "observed": dict(zip(study.arms, ratio.observed, strict=True)),
        "planned": dict(zip(study.arms, ratio.planned, strict=True)), "words": words,
    }  # fmt: skip


def _arm_body(study: Study, rules: Rules, arm: str, primary: Outcome, ratio: SampleRatio) -> Body:
    total = sum(study.sizes.values())
    figures = {o.name: arm_figures(o, arm, rules.alpha) for o in study.outcomes}
    body: Body = {
        "name": arm,
        "arm": arm,
        "n": study.sizes[arm],
        "is_control": arm == study.control,
        "share": study.sizes[arm] / total if total else None,
        "planned_share": ratio.planned[study.arms.index(arm)],
        "outcomes": figures,
        "words": f"{arm}: {level_words(primary.arms[arm])}" if primary.arms[arm].n else f"{arm}: nobody",
    }
    return {**{k: v for k, v in figures[primary.name].items() if k != "n"}, **body}


def arm_figures(outcome: Outcome, arm: str, alpha: float) -> Body:
    """Return one arm's own figures on one outcome, with Wilson's or Student's interval."""
    value = outcome.arms[arm]
    if value.n == 0:
        return {"n": 0}
    if isinstance(value, Proportion):
        ci = wilson_interval(value, z=z_quantile(alpha))
        return {"n": value.n, "events": value.events, "rate": value.rate, "rate_ci": ci.as_list()}
    variance = value.variance
    body: Body = {"n": value.n, "mean": value.mean, "total": value.total, "sd": None, "mean_ci": None}
    if variance is not None:
        half = t_quantile(alpha, value.n - 1) * math.sqrt(variance / value.n)
        body |= {"sd": math.sqrt(variance), "mean_ci": [value.mean - half, value.mean + half]}
    buyers = outcome.buyers.get(arm)
    if buyers is not None:
        per_buyer = value.total / buyers if buyers else None
        body |= {"buyers": buyers, "buyer_rate": buyers / value.n, "mean_per_buyer": per_buyer}
    return body


def _p_fields(p: PValue | None, name: str = "p") -> Body:
    if p is None:
        return {name: None, f"{name}_text": None}
    return {name: p.value, f"{name}_text": p.text, ("log10_p" if name == "p" else f"log10_{name}"): p.log10}


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _interval(interval: Interval | None) -> list[float | None] | None:
    return None if interval is None else interval.as_list()


def comparison_body(c: Comparison, alpha: float, level: Level) -> Body:
    """Return one comparison as JSON, every figure beside what it is based on."""
    mine, other, effect = c.outcome.arms[c.arm], c.outcome.arms[c.versus], c.effect
    decided = c.p_adjusted if c.p_adjusted is not None else effect.p
    body: Body = {
        "arm": c.arm, "versus": c.versus, "control": c.versus, "outcome": c.outcome.name, "kind": c.outcome.kind,
        "role": c.role, "n": mine.n, "n_control": other.n, "value": _value(mine), "control_value": _value(other),
        "difference": _known(effect.difference), "difference_ci": _interval(effect.difference_ci),
        "lift": effect.lift, "lift_ci": _interval(effect.lift_ci),
        **_p_fields(effect.p), **_p_fields(c.p_adjusted, "p_adjusted"), "adjustment": c.adjustment,
        "significant": decided is not None and decided.value < alpha, "better": c.better,
        "method": effect.method, "statistic": effect.statistic, "se": effect.se, "badges": list(effect.badges),
        "details": effect.extra, "ci_level": 1.0 - level.alpha,
    }  # fmt: skip
    body |= _more(c)
    if mine.n and other.n:
        body["words"] = effect_words(
            c.arm, c.versus, c.outcome.name, c.outcome.kind, (mine, other), effect, confidence_words(level.alpha)
        )
    return body


def _more(c: Comparison) -> Body:
    """Return the secondary lines: unadjusted figures, simultaneous interval, guardrail, capped money."""
    more: Body = {}
    if c.simultaneous is not None:
        more["difference_ci_simultaneous"] = c.simultaneous.as_list()
    if c.unadjusted is not None:
        more["unadjusted"] = effect_body(c.unadjusted)
    if c.adjusted_line is not None:
        more["covariate_adjusted"] = effect_body(c.adjusted_line)
    if c.guardrail is not None:
        g = c.guardrail
        more["guardrail"] = {
            "margin": g.margin, "holds": g.holds, "status": g.status, "stated": g.stated, "blocks": g.blocks,
            "p": None if g.p is None else g.p.value,
        }  # fmt: skip
    halves = split(c.outcome, c.arm, c.versus, alpha=0.05)
    if halves is not None:
        more["split"] = split_body(halves)
    if c.outcome.cap is not None and c.arm in c.outcome.capped:
        capped = compare_welch(c.outcome.capped[c.versus], c.outcome.capped[c.arm], alpha=0.05)
        more["winsorised"] = {
            "cap": c.outcome.cap,
            "label": "sensitivity only, never the headline",
            **effect_body(capped),
        }
    return more


def effect_body(effect: Effect) -> Body:
    """Return an effect as JSON."""
    return {
        "difference": effect.difference, "difference_ci": _interval(effect.difference_ci), "lift": effect.lift,
        "lift_ci": _interval(effect.lift_ci), **_p_fields(effect.p), "method": effect.method, "details": effect.extra,
    }  # fmt: skip


def _value(arm: Proportion | Mean) -> float | None:
    if arm.n == 0:
        return None
    return arm.rate if isinstance(arm, Proportion) else arm.mean


def _decision(
    study: Study, rules: Rules, primary: Outcome, comparisons: Sequence[Comparison], ratio: SampleRatio, level: Level
) -> Decision:
    chosen = [c for c in comparisons if c.role == "primary"]
    if primary.unreliable:
        return Decision(
            None,
            "unreliable_metric",
            "No winner on opens: mail software opens messages nobody reads; choose clicks or sales.",
        )
    broken = {arm: tuple(c.outcome.name for c in comparisons if c.arm == arm and _breaks(c)) for arm in study.variants}
    standings = [
        Standing(c.arm, _value(primary.arms[c.arm]) or 0.0, c.p_adjusted, c.better, broken[c.arm]) for c in chosen
    ]
    better = [s.arm for s in standings if s.significant(rules.alpha) and s.better and not s.guardrails_broken]
    pairs = variant_pairs(study, primary, rules, better) if len(better) > 1 else {}
    return decide(
        standings, pairs, alpha=rules.alpha, control=study.control, lower_is_better=primary.lower_is_better,
        srm_flagged=ratio.flagged, early=level.early,
    )  # fmt: skip


def _breaks(c: Comparison) -> bool:
    return c.guardrail is not None and c.guardrail.blocks


def decision_body(
    decision: Decision, study: Study, primary: Outcome, comparisons: Sequence[Comparison], rules: Rules
) -> Body:
    """Return the decision with what would be needed where there is none."""
    needed = None
    if decision.code in ("no_difference", "none_better", "early"):
        chosen = [c for c in comparisons if c.role == "primary"]
        needed = min((n for n in (_needed(c, primary, rules, len(chosen)) for c in chosen) if n), default=None)
    reason = decision.reason
    if needed:
        reason += f" To confirm a difference of the size seen would take about {needed:,} people in each arm."
    return {
        "winner": decision.winner, "code": decision.code, "reason": reason, "tied": list(decision.tied),
        "losers": list(decision.losers), "blocked_by_guardrail": list(decision.blocked), "n_per_arm_needed": needed,
        "primary": primary.name, "control": study.control,
    }  # fmt: skip


def _needed(c: Comparison, primary: Outcome, rules: Rules, k: int) -> int | None:
    """Return the people per arm to find the observed difference with 80 % power, or None."""
    mine, other = primary.arms[c.arm], primary.arms[c.versus]
    if not mine.n or not other.n or not c.effect.difference:
        return None
    alpha = rules.alpha / max(1, k)
    if isinstance(mine, Proportion) and isinstance(other, Proportion):
        n = people_for_rates(other.rate, mine.rate, alpha=alpha, power=0.8)
    elif isinstance(mine, Mean) and isinstance(other, Mean) and mine.variance and other.variance:
        sd = math.sqrt((mine.variance + other.variance) / 2)
        n = people_for_means(c.effect.difference, sd, alpha=alpha, power=0.8)
    else:
        return None
    return math.ceil(n) if n < 1e12 else None


def _loss_body(study: Study, primary: Outcome) -> list[Body]:
    arms = [arm for arm in study.arms if primary.arms[arm].n]
    losses = expected_losses([primary.arms[arm] for arm in arms], lower_is_better=primary.lower_is_better)
    unit = "rate per person" if primary.kind == "binary" else "money per person"
    return [{"arm": a, "loss": x, "unit": unit} for a, x in zip(arms, losses or [None] * len(arms), strict=True)]


def _unproven(comparisons: Sequence[Comparison]) -> list[str]:
    """Name the guardrails that these people are too few to judge."""
    found = {
        c.outcome.name: c.guardrail.margin for c in comparisons if c.guardrail and c.guardrail.status == "unproven"
    }
    return [
        f"Not ruled out with this many people: that {name} got worse by {margin:.3g} or more."
        for name, margin in found.items()
    ]


def caveats(study: Study, rules: Rules, primary: Outcome, comparisons: Sequence[Comparison], level: Level) -> list[str]:
    """Return what the figures do not show, the marks first."""
    said: list[str] = []
    if rules.simulated:
        said.append("SIMULATED: these figures were generated from stated assumptions; nobody was mailed.")
    if rules.synthetic:
        said.append("SYNTHETIC: invented example data, not real customers.")
    if level.early:
        said.append(f"An early look at {rules.looks[-1]:.0%} of the plan: intervals and p are widened for it.")
    if any(c.role == "secondary" for c in comparisons):
        said.append("Secondary outcomes are exploratory; only the primary one decides.")
    if any("few events" in c.effect.badges for c in comparisons):
        said.append("Some arms have few events: an exact test was used there, and intervals are rough.")
    said += _unproven(comparisons)
    if any(o.unreliable for o in study.outcomes):
        said.append("Opens are unreliable (mail software loads images by itself) and never decide.")
    said += [f"{o.missing:,} rows had no value for {o.name} and count as zero." for o in study.outcomes if o.missing]
    said += study.notes
    said.append(
        f"It shows the effect on {primary.name} among these people in this period; not why, not for how long, "
        "and not what other people would do."
    )
    return said
