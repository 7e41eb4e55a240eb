"""The winner rule. It can say no, it gives its reason, and the order of arms does not matter to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from plugins.experiment.effect import PValue


@dataclass(frozen=True, slots=True)
class Standing:
    """A variant on the primary outcome: its estimate, adjusted p against the control, and whether it is better."""

    arm: str
    estimate: float
    p_adjusted: PValue | None
    better: bool
    guardrails_broken: tuple[str, ...] = ()

    def significant(self, alpha: float) -> bool:
        return self.p_adjusted is not None and self.p_adjusted.value < alpha


@dataclass(frozen=True, slots=True)
class Decision:
    """``winner`` is None unless everything held. ``reason`` is one sentence; ``code`` names it for programs."""

    winner: str | None
    code: str
    reason: str
    tied: tuple[str, ...] = ()
    losers: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict[str, str])


def decide(
    standings: Sequence[Standing],
    pair_p: Mapping[frozenset[str], PValue],
    *,
    alpha: float,
    control: str,
    lower_is_better: bool,
    srm_flagged: bool,
    early: bool,
) -> Decision:
    """Apply the rule: sample ratio sound, adjusted p below alpha, better, guardrails held; highest estimate wins.

    ``pair_p`` holds Holm-adjusted p-values between variants; those not distinguishable from the winner are tied.
    At an early look the p-values passed in must already be corrected for looking.
    """
    losers = tuple(sorted(s.arm for s in standings if s.significant(alpha) and not s.better))
    better = [s for s in standings if s.significant(alpha) and s.better]
    blocked = tuple(sorted(s.arm for s in better if s.guardrails_broken))
    clean = [s for s in better if not s.guardrails_broken]
    if srm_flagged:
        return Decision(
            None,
            "sample_ratio",
            "No winner: the arms did not get the shares that were planned, so the comparison cannot be trusted.",
            losers=losers,
        )
    if not clean:
        return Decision(None, *_why_not(standings, blocked, losers, control, early), losers=losers, blocked=blocked)
    sign = -1.0 if lower_is_better else 1.0
    first = min(clean, key=lambda s: (-sign * s.estimate, s.arm))
    tied = tuple(sorted(s.arm for s in clean if s is not first and _not_apart(pair_p, first.arm, s.arm, alpha)))
    reason = f"{first.arm} beats {control} on the primary outcome"
    if early:
        reason += ", and crosses the boundary for an early look"
    if tied:
        reason += f"; {_listed(tied)} cannot be told apart from it"
    return Decision(first.arm, "winner", reason + ".", tied, losers, blocked)


def _not_apart(pair_p: Mapping[frozenset[str], PValue], a: str, b: str, alpha: float) -> bool:
    p = pair_p.get(frozenset((a, b)))
    return p is None or p.value >= alpha


def _why_not(
    standings: Sequence[Standing], blocked: Sequence[str], losers: Sequence[str], control: str, early: bool
) -> tuple[str, str]:
    if blocked:
        broken = sorted({g for s in standings for g in s.guardrails_broken})
        return "guardrail", f"No winner: {_listed(blocked)} did better, but {_listed(broken)} is not shown to be safe."
    if all(s.p_adjusted is None for s in standings):
        return "not_estimable", "No winner: there is not enough data to compare the arms."
    if early:
        return "early", "No winner yet: this is an early look and no boundary has been crossed."
    if losers and len(losers) == len(standings):
        return "control_best", f"No winner: {_listed(losers)} did worse than {control}; keep {control}."
    if losers:
        return "none_better", f"No winner: no variant is shown to beat {control}; {_listed(losers)} did worse."
    return "no_difference", f"No winner: no variant is shown to differ from {control}."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
