"""Many questions at once: Holm for decisions, Benjamini-Hochberg for exploration."""

from __future__ import annotations

import math
from collections.abc import Sequence

from plugins.experiment.effect import PValue


def holm(p_values: Sequence[PValue]) -> list[PValue]:
    """Return Holm's adjusted p-values in the order given (Holm 1979); in logarithms, so none vanishes."""
    order = sorted(range(len(p_values)), key=lambda i: p_values[i].ln)
    adjusted = [PValue(0.0)] * len(p_values)
    running = -math.inf
    for rank, i in enumerate(order):
        running = max(running, p_values[i].times(len(p_values) - rank).ln)
        adjusted[i] = PValue(running)
    return adjusted


def benjamini_hochberg(p_values: Sequence[PValue]) -> list[PValue]:
    """Return Benjamini-Hochberg's adjusted p-values in the order given (1995): a false discovery rate."""
    m = len(p_values)
    order = sorted(range(m), key=lambda i: p_values[i].ln, reverse=True)
    adjusted = [PValue(0.0)] * m
    running = 0.0
    for place, i in enumerate(order):
        running = min(running, p_values[i].times(m / (m - place)).ln)
        adjusted[i] = PValue(running)
    return adjusted
