"""Who gets what: a keyed hash that anybody can recompute, dealt so that every stratum gets its share.

Recipe. ``u = int(first 13 hex digits of SHA-256(salt + ":" + id), 16) / 2**52`` over UTF-8, with the id in NFC form and
trimmed; 52 bits are exact in a double, so Python, SQL, JavaScript and Spark agree. For a snapshot: take the strata in
order of their names; in each, every arm gets ``floor(weight * size)`` people, and the few left over go one each to the
arms that are furthest behind their plan so far (counted over all strata before it; ties by the hash of
``salt + ":arm:" + name``). Sort the stratum by ``(u, id)`` and hand out the arms in their planned order. The stored
table wins over recomputation: nobody moves, and whoever joins the audience later is in no arm.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.errors import UserFixable

HOLDOUT = "holdout"
_TWO_52 = float(2**52)
_CHUNK = 500_000


@dataclass(frozen=True, slots=True)
class Assignment:
    """``ids[i]`` is in arm ``names[arms[i]]``; ``u[i]`` is the hash it was dealt by. Every id once."""

    ids: tuple[str, ...]
    arms: NDArray[np.int16]
    names: tuple[str, ...]
    u: NDArray[np.float64]

    def counts(self) -> dict[str, int]:
        """Return the people in each arm, arms without people included."""
        found = np.bincount(self.arms, minlength=len(self.names))
        return {name: int(n) for name, n in zip(self.names, found, strict=True)}

    def as_dict(self) -> dict[str, str]:
        """Return id -> arm."""
        return {i: self.names[a] for i, a in zip(self.ids, self.arms.tolist(), strict=True)}


def canonical_id(customer_id: object) -> str:
    """Return an id as it is hashed: text, NFC, trimmed."""
    text = str(customer_id)
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip()


def unit_hash(salt: str, customer_id: str) -> float:
    """Return the person's place in [0, 1) under a salt."""
    digest = hashlib.sha256(f"{salt}:{customer_id}".encode()).hexdigest()
    return int(digest[:13], 16) / _TWO_52


def unit_hashes(salt: str, ids: Sequence[str]) -> NDArray[np.float64]:
    """Return the places of many people; the ids must be canonical.

    13 hex digits are the first 52 bits: 8 bytes of each digest, shifted.
    """
    sha256 = hashlib.sha256
    places = np.empty(len(ids))
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        digests = b"".join([sha256(f"{salt}:{i}".encode()).digest() for i in chunk])
        places[start : start + len(chunk)] = np.frombuffer(digests, dtype=">u8")[::4] >> np.uint64(12)
    return places / _TWO_52


def canonical_ids(ids: Sequence[object]) -> list[str]:
    """Return many ids as they are hashed; the common case of plain ASCII takes no normalisation."""
    texts = [*map(str.strip, map(str, ids))]
    if "".join(texts).isascii():
        return texts
    return [t if t.isascii() else unicodedata.normalize("NFC", t).strip() for t in texts]


def deal(
    ids: Sequence[object],
    weights: Mapping[str, float],
    *,
    salt: str,
    strata: Sequence[str] | None = None,
    holdout_share: float = 0.0,
) -> Assignment:
    """Assign a snapshot of people. ``weights`` are shares of those not held out, on any positive scale.

    The same id twice is one unit (the first stratum given counts). Everybody is in exactly one arm or the holdout,
    which is dealt like an arm, last in the order.
    """
    names, shares = _shares(weights, holdout_share)
    people = tuple(canonical_ids(ids))
    u = unit_hashes(salt, people)
    if _any_twice(u):  # the same id twice hashes the same: only then is it worth looking for
        people = tuple(dict.fromkeys(people))
        u = unit_hashes(salt, people)
    stratum_of = _strata(ids, strata, len(people))
    if not people:
        return Assignment((), np.zeros(0, dtype=np.int16), names, u)
    return Assignment(people, _deal_strata(people, u, stratum_of, shares, _tie_order(salt, names)), names, u)


def _any_twice(u: NDArray[np.float64]) -> bool:
    place = np.sort(u)
    return bool(np.any(place[1:] == place[:-1]))


def _shares(weights: Mapping[str, float], holdout_share: float) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    if len(weights) < 1 or any(not w > 0 for w in weights.values()):
        raise UserFixable("Every arm needs a weight above zero.", hint="Leave out arms that nobody should get.")
    if HOLDOUT in weights:
        raise UserFixable(f"No arm may be called {HOLDOUT!r}.", hint="Give the holdout as a share of its own.")
    if not 0.0 <= holdout_share < 1.0:
        raise UserFixable(f"A holdout of {holdout_share} is not a share.", hint="Give a fraction below 1, e.g. 0.05.")
    values = np.asarray(list(weights.values()), dtype=float)
    shares = values / values.sum() * (1.0 - holdout_share)
    if holdout_share == 0.0:
        return tuple(weights), shares
    return (*weights, HOLDOUT), np.append(shares, holdout_share)


def _strata(ids: Sequence[object], strata: Sequence[str] | None, unique: int) -> NDArray[np.int64] | None:
    """Return the stratum of each unique person as its rank in name order."""
    if strata is None:
        return None
    if len(strata) != len(ids):
        raise UserFixable(
            "There must be one stratum for each person.", hint="Use a name for the unknown, e.g. (blank)."
        )
    names: list[str] = list(strata)
    if unique != len(ids):
        first: dict[str, str] = {}
        for customer_id, stratum in zip(ids, strata, strict=True):
            first.setdefault(canonical_id(customer_id), stratum)
        names = list(first.values())
    _, ranks = np.unique(np.asarray(names, dtype=object).astype(str), return_inverse=True)
    return ranks.astype(np.int64)


def _tie_order(salt: str, names: Sequence[str]) -> NDArray[np.int64]:
    """Return the rank in which arms take a leftover when they are equally far behind: a hashed start per campaign."""
    places = [unit_hash(salt, f"arm:{name}") for name in names]
    ranks = np.empty(len(names), dtype=np.int64)
    ranks[np.argsort(places, kind="stable")] = np.arange(len(names))
    return ranks


def _deal_strata(
    people: Sequence[str],
    u: NDArray[np.float64],
    stratum_of: NDArray[np.int64] | None,
    shares: NDArray[np.float64],
    ties: NDArray[np.int64],
) -> NDArray[np.int16]:
    ranks = np.zeros(len(people), dtype=np.int8) if stratum_of is None else stratum_of
    order = np.argsort(u) if stratum_of is None else np.lexsort((u, ranks))
    order = _settle_equal(order, people, u, ranks)
    sizes = np.bincount(ranks)
    cells = quotas(sizes[sizes > 0], shares, ties)
    dealt = np.repeat(np.tile(np.arange(len(shares), dtype=np.int16), len(cells)), cells.ravel())
    arms = np.empty(len(people), dtype=np.int16)
    arms[order] = dealt
    return arms


def _settle_equal(
    order: NDArray[np.int64],
    people: Sequence[str],
    u: NDArray[np.float64],
    ranks: NDArray[Any],
) -> NDArray[np.int64]:
    """Order people with the very same hash by id: once in 2**52 pairs, but then it must not depend on the input."""
    place = u[order]
    if len(place) < 2 or not np.any(place[1:] == place[:-1]):
        return order
    found = sorted(range(len(people)), key=lambda i: (int(ranks[i]), float(u[i]), people[i]))
    return np.asarray(found, dtype=np.int64)


def quotas(sizes: NDArray[np.int64], shares: NDArray[np.float64], ties: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return people per (stratum, arm): within one of ``share * size`` in every stratum, and in total.

    The fractions left over in a stratum go to the arms furthest behind over all strata so far, which keeps thousands
    of tiny strata from all rounding towards the same arm.
    """
    exact = sizes[:, None] * shares[None, :]
    cells = np.floor(exact + 1e-9).astype(np.int64)
    left = sizes - cells.sum(axis=1)
    behind = np.zeros(len(shares))
    for s in range(len(sizes)):
        behind += exact[s] - cells[s]
        if left[s]:
            takers = np.lexsort((ties, -np.round(behind, 9)))[: left[s]]
            cells[s, takers] += 1
            behind[takers] -= 1.0
    return cells
