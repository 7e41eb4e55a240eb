"""Everybody is assigned once, the shares hold in every stratum, and nobody moves."""

from __future__ import annotations

import hashlib
import unicodedata

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.experiment.assignment import (
    HOLDOUT,
    canonical_id,
    deal,
    quotas,
    unit_hash,
    unit_hashes,
)
from plugins.experiment.ramp import released

WEIGHTS = {"control": 0.25, "A": 0.25, "B": 0.5}


def test_the_hash_is_the_documented_one() -> None:
    expected = int(hashlib.sha256(b"s1:C42").hexdigest()[:13], 16) / 2**52
    assert unit_hash("s1", "C42") == expected == unit_hashes("s1", ["C42"])[0]


def test_duckdb_computes_the_same_hash() -> None:
    import duckdb

    ids = [f"C{i}" for i in range(500)] + ["Müller", "東京"]
    rows = duckdb.execute(
        "SELECT ('0x' || substr(sha256('salt:' || id), 1, 13))::UBIGINT / 4503599627370496.0 "
        "FROM (SELECT unnest(?) AS id)",
        [ids],
    ).fetchall()
    assert [row[0] for row in rows] == unit_hashes("salt", ids).tolist()


def test_ids_are_canonical_before_they_are_hashed() -> None:
    composed, decomposed = "Zoë", unicodedata.normalize("NFD", "Zoë")
    assert canonical_id(f" {decomposed} ") == composed
    found = deal([composed, decomposed, " 7", 7], WEIGHTS, salt="s")
    assert len(found.ids) == 2


@settings(max_examples=150)
@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=80),
    st.lists(st.floats(0.02, 1.0), min_size=2, max_size=10),
)
def test_every_stratum_and_the_total_are_within_one_of_plan(sizes: list[int], weights: list[float]) -> None:
    shares = np.asarray(weights) / sum(weights)
    n = np.asarray(sizes)
    cells = quotas(n, shares, np.arange(len(shares)))
    assert (cells >= 0).all() and (cells.sum(axis=1) == n).all()
    assert np.abs(cells - n[:, None] * shares).max() <= 1 + 1e-9
    assert np.abs(cells.sum(axis=0) - n.sum() * shares).max() <= 1 + 1e-9


@settings(max_examples=60)
@given(st.sets(st.text(min_size=1, max_size=8), min_size=1, max_size=200), st.floats(0.0, 0.5))
def test_everybody_is_in_exactly_one_place(ids: set[str], holdout: float) -> None:
    people = sorted(ids)
    found = deal(people, WEIGHTS, salt="x", holdout_share=holdout)
    assert sum(found.counts().values()) == len(found.ids) == len({canonical_id(i) for i in people})


def test_the_order_of_the_input_changes_nothing() -> None:
    ids = [f"C{i}" for i in range(1000)]
    strata = [str(i % 7) for i in range(1000)]
    there = deal(ids, WEIGHTS, salt="s", strata=strata, holdout_share=0.1).as_dict()
    back = deal(ids[::-1], WEIGHTS, salt="s", strata=strata[::-1], holdout_share=0.1).as_dict()
    assert there == back


def test_another_salt_is_another_deal() -> None:
    ids = [f"C{i}" for i in range(2000)]
    a, b = deal(ids, WEIGHTS, salt="one").as_dict(), deal(ids, WEIGHTS, salt="two").as_dict()
    same = sum(a[i] == b[i] for i in ids) / 2000
    assert 0.3 < same < 0.45  # 0.25^2 + 0.25^2 + 0.5^2 = 0.375


def test_the_holdout_is_dealt_exactly_in_every_stratum() -> None:
    ids = [f"C{i}" for i in range(1000)]
    found = deal(ids, WEIGHTS, salt="one", strata=[str(i % 3) for i in range(1000)], holdout_share=0.1)
    assert found.counts() == {"control": 225, "A": 225, "B": 450, HOLDOUT: 100}


def test_ramping_up_adds_people_only() -> None:
    ids = [f"C{i}" for i in range(5000)]
    tenth, half = released(ids, salt="s", share=0.1), released(ids, salt="s", share=0.5)
    assert tenth < half and 400 < len(tenth) < 600
    assert released(ids, salt="s", share=0.5, above=0.1) == half - tenth and released(ids, salt="s", share=1) == {*ids}


def test_tiny_strata_do_not_all_round_the_same_way() -> None:
    ids = [f"C{i}" for i in range(3000)]
    found = deal(ids, {"a": 1.0, "b": 1.0, "c": 1.0}, salt="s", strata=ids).counts()
    assert max(found.values()) - min(found.values()) <= 1
