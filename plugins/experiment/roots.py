"""Where a function of one number crosses zero."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scipy import optimize


def find_root(function: Callable[[float], float], low: float, high: float, *, xtol: float) -> float:
    """Return a root between two points of opposite sign, by Brent's method, within ``xtol`` and a few ulps."""
    solver: Any = optimize.brentq
    return float(solver(function, low, high, xtol=max(xtol, 5e-324), rtol=1e-15, maxiter=300))
