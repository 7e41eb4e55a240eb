"""What every engine does alike: members, counts, hashes, funnels and segments, against an oracle in plain Python."""

from __future__ import annotations

import hashlib
from typing import Any, Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.audience import AudienceDefinition, ContactRules, ThresholdSettings
from plugins.segmentation.audiences import find
from plugins.segmentation.clusters import cluster
from plugins.segmentation.describing import describe, profile
from plugins.segmentation.fields import LIFECYCLES
from plugins.segmentation.membership import explain
from plugins.segmentation.recency import TieRule, rfm
from plugins.segmentation.shop import LoadedShop


class Reference(Protocol):
    """The plain-Python evaluator of conftest."""

    def members(self, conditions: list[dict[str, Any]]) -> list[str]: ...


def _leaf(field: str, ops: list[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda op, value: {"field": field, "op": op, "value": value}, st.sampled_from(ops), values)


NUMERIC = ["eq", "ne", "gt", "gte", "lt", "lte"]
leaves = st.one_of(
    _leaf("last_purchase_days", NUMERIC, st.sampled_from([0, 1, 29, 30, 31, 90, 180, 365])),
    _leaf("orders_count", NUMERIC, st.integers(0, 6)),
    _leaf("total_spend", NUMERIC, st.integers(0, 90_000).map(lambda cents: cents / 100)),
    _leaf("age", NUMERIC, st.integers(15, 66)),
    _leaf("age", ["between"], st.lists(st.integers(15, 66), min_size=2, max_size=2).map(sorted)),
    _leaf("country", ["eq", "ne"], st.sampled_from(["GB", "DE", "FR"])),
    _leaf("country", ["in", "not_in"], st.lists(st.sampled_from(["GB", "DE", "FR"]), min_size=1, unique=True)),
    _leaf("city", ["eq", "ne"], st.sampled_from(["Köln", "Cork", "CORK"])),
    _leaf("city", ["contains"], st.sampled_from(["or", "öl", "x"])),
    _leaf("gender", ["is_null"], st.just(True)),
    _leaf("lifecycle", ["in", "not_in"], st.lists(st.sampled_from(LIFECYCLES), min_size=1, unique=True)),
    _leaf("value_tier", ["eq", "ne"], st.sampled_from(["low", "mid", "high"])),
    st.builds(lambda bought, more: {"bought": bought, **more},
              st.fixed_dictionaries({}, optional={"category": st.sampled_from(["shoes", "Garden", "toys"])}),
              st.fixed_dictionaries({}, optional={"within_days": st.sampled_from([1, 30, 90, 365]),
                                                  "at_least": st.integers(1, 3)})),
)  # fmt: skip
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda several: {"any_of": several}),
        st.lists(inner, min_size=1, max_size=3).map(lambda several: {"all_of": several}),
        inner.map(lambda one: {"not": one}),
    ),
    max_leaves=6,
)


def agrees(shop: LoadedShop, oracle: Reference, asked: list[dict[str, Any]]) -> None:
    definition = shop.check(AudienceDefinition.model_validate(asked))
    expected = oracle.members(asked)
    assert shop.count(definition) == len(expected)
    assert shop.ids_sha256(definition) == hashlib.sha256("\n".join(expected).encode()).hexdigest()


@settings(max_examples=80)
@given(asked=st.lists(conditions, max_size=3))
def test_duckdb_finds_the_members_of_the_oracle(
    duckdb_shop: LoadedShop, oracle: Reference, asked: list[dict[str, Any]]
) -> None:
    agrees(duckdb_shop, oracle, asked)


@pytest.mark.slow
@settings(max_examples=8)
@given(asked=st.lists(conditions, min_size=2, max_size=4))
def test_spark_finds_the_members_of_the_oracle(
    spark_shop: LoadedShop, oracle: Reference, asked: list[dict[str, Any]]
) -> None:
    agrees(spark_shop, oracle, asked)


@pytest.fixture(scope="session")
def both(duckdb_shop: LoadedShop, spark_shop: LoadedShop) -> tuple[LoadedShop, LoadedShop]:
    return duckdb_shop, spark_shop


BUYERS = [
    {"field": "total_spend", "op": "top_percent", "value": 60},
    {"not": {"bought": {"category": "toys"}, "within_days": 30}},
]


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_both_engines_make_the_same_audience(both: tuple[LoadedShop, LoadedShop], channel: Any) -> None:
    asked = AudienceDefinition.model_validate(BUYERS)
    one, other = (find(shop, asked, channel, ContactRules(holdout_share=0.2)) for shop in both)
    assert one == other
    assert one.matched > 20
    rows = [list(shop.eligible_rows(one, ["customer_id", "email", "total_spend", "age"])) for shop in both]
    assert rows[0] == rows[1] and len(rows[0]) == one.eligible


@pytest.mark.parametrize("tie_rule", ["cut", "cut_repeat", "ntile"])
def test_both_engines_make_the_same_segments(both: tuple[LoadedShop, LoadedShop], tie_rule: TieRule) -> None:
    one, other = (rfm(shop, tie_rule=tie_rule) for shop in both)
    assert [s.as_data() for s in one.segments] == [s.as_data() for s in other.segments]
    assert one.left_out == other.left_out
    members = [sorted(tuple(row) for row in s.engine.rows(r.members)) for s, r in zip(both, (one, other), strict=True)]
    assert members[0] == members[1]


def test_both_engines_describe_alike(both: tuple[LoadedShop, LoadedShop]) -> None:
    assert describe(both[0]) == describe(both[1])
    assert both[0].thresholds(ThresholdSettings()) == both[1].thresholds(ThresholdSettings())
    assert both[0].baseline("conversion_rate", 90) == both[1].baseline("conversion_rate", 90)
    assert both[0].customer("c001") == both[1].customer("c001")
    profiles = []
    for shop in both:
        checked = shop.check(AudienceDefinition.model_validate(BUYERS))
        profiles.append(profile(shop, shop.compiler(checked.thresholds).members(checked), checked))
    assert profiles[0] == profiles[1]


def test_both_engines_explain_alike(both: tuple[LoadedShop, LoadedShop]) -> None:
    asked = AudienceDefinition.model_validate([*BUYERS, {"bought": {"category": "shoes"}}])
    audience = find(both[0], asked, "email", ContactRules())
    for customer in ("c007", "c014"):
        assert explain(both[0], audience, customer) == explain(both[1], audience, customer)


def test_both_engines_cluster_alike(both: tuple[LoadedShop, LoadedShop]) -> None:
    one, other = (cluster(shop, "kmeans", k=3) for shop in both)
    assert [s.as_data() for s in one.segments] == [s.as_data() for s in other.segments]
