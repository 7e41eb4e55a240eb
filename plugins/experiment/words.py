"""Figures in sentences: with n, an interval, and never a p of zero."""

from __future__ import annotations

from plugins.experiment.effect import Effect, Interval, PValue
from plugins.experiment.study import Kind
from plugins.experiment.sufficient import Mean, Proportion


def percent(value: float, digits: int = 2) -> str:
    """Write a fraction as per cent with a thin choice of digits: small rates keep two significant ones."""
    scaled = value * 100.0
    if scaled != 0.0 and abs(scaled) < 10.0 ** (-digits):
        return f"{scaled:.2g} %"
    return f"{scaled:,.{digits}f} %"


def signed_percent(value: float) -> str:
    """Write a lift, with its sign."""
    scaled = value * 100.0
    digits = 1 if abs(scaled) < 1000 else 0
    return f"{scaled:+,.{digits}f} %"


def points(value: float) -> str:
    """Write a difference of rates in percentage points, with its sign."""
    scaled = value * 100.0
    return f"{scaled:+.2f}" if abs(scaled) >= 0.005 or scaled == 0 else f"{scaled:+.2g}"


def money(value: float, *, sign: bool = False) -> str:
    """Write an amount; three digits for small ones, so that a difference of a cent per customer is visible."""
    digits = 2 if abs(value) >= 10 else 3
    return f"{value:{'+' if sign else ''},.{digits}f}"


def p_words(p: PValue | None) -> str:
    """Write a p-value as ``p = 0.012`` or ``p < 1e-300``."""
    if p is None:
        return "no p-value"
    if p.is_bound:
        return "p < 1e-300"
    return f"p = {p.text}"


def level_words(arm: Proportion | Mean) -> str:
    """Write an arm's own figure with what it is a share of."""
    if isinstance(arm, Proportion):
        return f"{percent(arm.rate)} ({arm.events:,} of {arm.n:,})"
    return f"{money(arm.mean)} per person ({arm.n:,} people)"


def interval_words(interval: Interval, kind: Kind, confidence: str = "95 %") -> str:
    """Write an interval of a difference in the unit of its outcome."""
    show = points if kind == "binary" else (lambda v: money(v, sign=True))
    low = "no lower limit" if interval.low is None else show(interval.low)
    high = "no upper limit" if interval.high is None else show(interval.high)
    return f"{confidence} interval {low} to {high}"


def lift_words(effect: Effect) -> str:
    """Write a lift with its interval, or why there is none."""
    if effect.lift is None:
        low = effect.lift_ci.low if effect.lift_ci else None
        return f"lift at least {signed_percent(low)}" if low is not None and low > -1.0 else "lift not defined"
    if effect.lift_ci is None or effect.lift_ci.low is None:
        return f"lift {signed_percent(effect.lift)} (not estimable yet)"
    high = effect.lift_ci.high
    upper = "no upper limit" if high is None else signed_percent(high)
    return f"lift {signed_percent(effect.lift)} ({signed_percent(effect.lift_ci.low)} to {upper})"


def effect_words(
    arm: str, versus: str, outcome: str, kind: Kind, values: tuple[Proportion | Mean, Proportion | Mean],
    effect: Effect, confidence: str,
) -> str:  # fmt: skip
    """Write one comparison as a sentence; ``values`` are (this arm, the other)."""
    mine, other = values
    head = f"{outcome}: {arm} {level_words(mine)} against {versus} {level_words(other)}"
    if "no events yet" in effect.badges:
        return f"{head}: nobody has done it yet, so there is nothing to compare."
    if effect.difference_ci is None:
        return f"{head}: {'; '.join(effect.badges)}; no interval can be given."
    size = f"{points(effect.difference)} points" if kind == "binary" else money(effect.difference, sign=True)
    ci = interval_words(effect.difference_ci, kind, confidence)
    return f"{head}: {size} ({ci}), {lift_words(effect)}, {p_words(effect.p)}."


def confidence_words(alpha: float) -> str:
    """Write the confidence of intervals at level ``alpha``."""
    return f"{100 * (1 - alpha):.4g} %"
