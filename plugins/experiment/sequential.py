"""Looking before the end without paying for it in false winners: Lan-DeMets O'Brien-Fleming-type spending."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special

from plugins.experiment.effect import PValue
from plugins.experiment.roots import find_root

Floats = NDArray[np.float64]
_NODES = 24
_PIECES = 10


def spent(alpha: float, t: float) -> float:
    """Return the two-sided error spent up to information fraction ``t``: 4 (1 - Phi(z_{a/4} / sqrt t))."""
    if t <= 0.0:
        return 0.0
    return min(alpha, 4.0 * float(special.ndtr(special.ndtri(alpha / 4.0) / math.sqrt(min(t, 1.0)))))


def boundaries(fractions: Sequence[float], *, alpha: float = 0.05) -> list[float]:
    """Return the two-sided critical value of |Z| at each look; ``fractions`` rise in (0, 1].

    Recursive integration of the score process over the continuation region (Armitage, McPherson & Rowe 1969; Lan &
    DeMets 1983) with composite Gauss-Legendre nodes.
    """
    if not fractions or any(b <= a for a, b in zip((0.0, *fractions), fractions, strict=False)) or fractions[-1] > 1:
        raise ValueError("information fractions must rise strictly within (0, 1]")
    bounds: list[float] = []
    nodes = np.zeros(1)
    mass = np.ones(1)
    last_t, last_spent = 0.0, 0.0
    for t in fractions:
        budget = spent(alpha, t) - last_spent
        step = math.sqrt(t - last_t)
        c = _critical_value(nodes, mass, step, math.sqrt(t), budget)
        bounds.append(c)
        nodes, mass = _advance(nodes, mass, step, c * math.sqrt(t))
        last_t, last_spent = t, last_spent + budget
    return bounds


def _critical_value(nodes: Floats, mass: Floats, step: float, root_t: float, budget: float) -> float:
    """Return c such that the mass leaving (-c, c) at this look is ``budget``; ``nodes`` are on the B-value scale."""

    def leaving(c: float) -> float:
        edge = c * root_t
        out = special.ndtr((nodes - edge) / step) + special.ndtr((-edge - nodes) / step)
        return float((mass * out).sum())

    if budget <= 1e-16:
        return 8.5
    ln_budget = math.log(budget)
    return find_root(lambda c: math.log(max(leaving(c), 1e-300)) - ln_budget, 1e-6, 30.0, xtol=1e-10)


def _advance(nodes: Floats, mass: Floats, step: float, edge: float) -> tuple[Floats, Floats]:
    """Return the sub-density inside (-edge, edge) after the next increment, as weighted nodes."""
    x, w = np.polynomial.legendre.leggauss(_NODES)
    cuts = np.linspace(-edge, edge, _PIECES + 1)
    half = (cuts[1:] - cuts[:-1]) / 2.0
    grid = (half[:, None] * x[None, :] + ((cuts[1:] + cuts[:-1]) / 2.0)[:, None]).ravel()
    weight = (half[:, None] * w[None, :]).ravel()
    gap = (grid[:, None] - nodes[None, :]) / step
    density = (np.exp(-0.5 * gap * gap) * mass[None, :]).sum(axis=1) / (step * math.sqrt(2.0 * math.pi))
    return grid, density * weight


def repeated_p(z: float, fractions: Sequence[float]) -> PValue:
    """Return the repeated p-value at the last look: the smallest alpha whose boundary ``|z|`` would have crossed.

    May be looked at as often as planned. Ends at 1e-12, below which it is a bound.
    """

    def gap(ln_alpha: float) -> float:
        return boundaries(fractions, alpha=math.exp(ln_alpha))[-1] - abs(z)

    low, high = math.log(1e-12), math.log(0.999)
    if gap(high) >= 0.0:
        return PValue(0.0)
    if gap(low) <= 0.0:
        return PValue(low)
    return PValue(find_root(gap, low, high, xtol=1e-6))


def nominal_alpha(c: float) -> float:
    """Return the two-sided level whose normal critical value is ``c``."""
    return 2.0 * float(special.ndtr(-c))
