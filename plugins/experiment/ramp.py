"""Ramp-up: send to a share of the people first and raise it later; nobody changes arms, and every raise is approved.

Who comes first is decided by a second hash (the experiment's salt with ``:ramp``), the same share in every arm and in
the control, so that the people reached so far are a fair test of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.domain.errors import UserFixable
from plugins.experiment.assignment import unit_hashes


def released(ids: Iterable[str], *, salt: str, share: float, above: float = 0.0) -> set[str]:
    """Return the people who are reached at a share, without those already reached at ``above``."""
    people = list(ids)
    places = unit_hashes(f"{salt}:ramp", people).tolist()
    return {i for i, place in zip(people, places, strict=True) if above <= place < share}


def share_reached(effects: Sequence[Mapping[str, Any]]) -> float:
    """Return the share of the people reached by the launch and the raises carried out; all where none was stated."""
    stated = [float(e["body"]["ramp_share"]) for e in effects if "ramp_share" in e["body"]]
    return max(stated, default=1.0)


def checked_share(share: float, above: float = 0.0) -> float:
    """Return a share that may come next; raises UserFixable where it reaches nobody new."""
    if not above < share <= 1.0:
        raise UserFixable(
            f"A share of {share:.0%} cannot follow {above:.0%}.", hint=f"Give a share above {above:g}, at most 1."
        )
    return share
