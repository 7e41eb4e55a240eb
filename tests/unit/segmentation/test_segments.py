"""Segments: everybody in exactly one, rules that give them back, names that survive another seed."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from app.domain.audience import AudienceDefinition
from app.domain.errors import Refused, UserFixable
from plugins.segmentation import command
from plugins.segmentation.clusters import cluster
from plugins.segmentation.duckdb_engine import DuckDBEngine
from plugins.segmentation.labelled import ceiling
from plugins.segmentation.recency import GRID, TieRule, rfm, scores_select
from plugins.segmentation.shop import LoadedShop
from plugins.segmentation.sql import Sql

NOW = datetime(2026, 6, 15, tzinfo=UTC)
AS_OF = date(2026, 6, 15)


def test_the_grid_names_every_cell() -> None:
    assert set(GRID) == {1, 2, 3, 4, 5}
    assert all(len(row) == 5 and all(row) for row in GRID.values())


@pytest.mark.parametrize("tie_rule", ["cut", "cut_repeat", "ntile"])
def test_everybody_is_in_one_segment_or_left_out(shop: LoadedShop, tie_rule: TieRule) -> None:
    result = rfm(shop, tie_rule=tie_rule)
    assert sum(s.customers for s in result.segments) == result.customers
    assert result.customers + sum(result.left_out.values()) == shop.total_customers()
    assert sum(s.share for s in result.segments) == pytest.approx(1)
    assert sum(s.spend_share for s in result.segments) == pytest.approx(1)


@pytest.mark.parametrize("tie_rule", ["cut", "cut_repeat"])
def test_the_rule_of_a_segment_gives_exactly_its_members(shop: LoadedShop, tie_rule: TieRule) -> None:
    for segment in rfm(shop, tie_rule=tie_rule).segments:
        definition = shop.check(AudienceDefinition.model_validate(segment.rule))
        assert shop.count(definition) == segment.customers, segment.name


def test_rules_leave_out_those_without_spend(make_shop: Any) -> None:
    orders = [
        {
            "order_id": str(n),
            "customer_id": f"c{n % 20}",
            "amount": float(n % 20),
            "ordered_at": datetime(2026, 5, n % 28 + 1),  # noqa: DTZ001 - UTC without a zone
        }
        for n in range(60)
    ]
    shop = make_shop([], orders)
    result = rfm(shop)
    assert result.left_out == {"zero_total": 1}
    for segment in result.segments:
        assert shop.count(shop.check(AudienceDefinition.model_validate(segment.rule))) == segment.customers


purchases = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 400), st.integers(0, 5000)), min_size=1, max_size=60
)  # customer, days ago, cents


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(purchases, st.sampled_from(["cut", "cut_repeat"]))
def test_scores_are_those_of_a_plain_calculation(
    make_shop: Any, bought: list[tuple[int, int, int]], tie_rule: TieRule
) -> None:
    orders = [
        {"order_id": str(n), "customer_id": f"c{c}", "amount": cents / 100,
         "ordered_at": datetime(2026, 6, 15) - timedelta(days=days)}  # noqa: DTZ001 - UTC without a zone
        for n, (c, days, cents) in enumerate(bought)
    ]  # fmt: skip
    shop = make_shop([], orders)
    found = {row[0]: tuple(row[1:]) for row in shop.engine.rows(scores_select(shop, tie_rule))}
    assert found == _plain_scores(bought, tie_rule)


def _plain_scores(bought: list[tuple[int, int, int]], tie_rule: str) -> dict[str, tuple[int, int, int]]:
    recency: dict[str, int] = {}
    orders: dict[str, int] = {}
    money: dict[str, int] = {}
    for customer, days, cents in bought:
        key = f"c{customer}"
        recency[key] = min(days, recency.get(key, 10**6))
        orders[key] = orders.get(key, 0) + 1
        money[key] = money.get(key, 0) + cents
    chosen = [c for c in money if money[c]]
    fifths, quarters = (0.2, 0.4, 0.6, 0.8), (0.25, 0.5, 0.75)

    def above(values: list[int], shares: tuple[float, ...], value: int) -> int:
        ordered = sorted(values)
        cuts = [ordered[max(0, int(np.ceil(share * len(ordered) - 1e-9)) - 1)] for share in shares] if ordered else []
        return sum(value > cut for cut in cuts)

    scores: dict[str, tuple[int, int, int]] = {}
    for c in chosen:
        repeat = [orders[o] for o in chosen if orders[o] > 1]
        if tie_rule == "cut_repeat":
            frequency = 1 if orders[c] == 1 else 2 + above(repeat, quarters, orders[c])
        else:
            frequency = 1 + above([orders[o] for o in chosen], fifths, orders[c])
        recent = 5 - above([recency[o] for o in chosen], fifths, recency[c])
        scores[c] = (recent, frequency, 1 + above([money[o] for o in chosen], fifths, money[c]))
    return scores


@pytest.mark.parametrize("method", ["kmeans", "hdbscan", "dbscan", "hierarchical"])
def test_clusters_count_everybody_under_unique_names(shop: LoadedShop, method: Any) -> None:
    result = cluster(shop, method, k=4)
    names = [s.name for s in result.segments]
    assert len(set(names)) == len(names)
    assert sum(s.customers for s in result.segments) == result.customers
    assert result.customers + sum(result.left_out.values()) == shop.total_customers()
    if method == "kmeans":
        assert len(names) == 4
        for segment in result.segments:
            shop.check(AudienceDefinition.model_validate(segment.rule))


def test_another_seed_gives_the_same_names(shop: LoadedShop) -> None:
    first, second = (cluster(shop, "kmeans", k=4, seed=seed) for seed in (1, 99))
    assert [s.name for s in first.segments] == [s.name for s in second.segments]


def test_too_few_customers_are_not_clustered(make_shop: Any) -> None:
    orders = [{"order_id": "1", "customer_id": "a", "amount": 1.0, "ordered_at": datetime(2026, 6, 1)}]  # noqa: DTZ001
    with pytest.raises(Refused, match="too few"):
        cluster(make_shop([], orders), "kmeans")


def _table(tmp_path: Path) -> Path:
    rng = np.random.default_rng(5)
    file = tmp_path / "sales.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["order_id", "customer_id", "date", "amount", "kind"])
        number = 0
        for customer in range(240):
            kind = customer % 3
            for _ in range((1, 4, 15)[kind]):
                number += 1
                day = AS_OF - timedelta(days=int(rng.integers(1, (300, 90, 20)[kind])))
                amount = round(float(rng.lognormal((3, 4, 5)[kind], 0.2)), 2)
                writer.writerow([number, f"u{customer}", day.isoformat(), amount, "abc"[kind]])
    return file


def test_a_command_reads_any_table(tmp_path: Path) -> None:
    with command.shop_from_path(_table(tmp_path), DuckDBEngine, now=NOW, as_of=AS_OF) as shop:
        out = tmp_path / "assigned.csv"
        result = command.segment(shop, method="rfm", assignments=out)
        json.dumps(result)
        assert result["customers"] == 240 and result["as_of"] == "2026-06-15"
        assert len(out.read_text(encoding="utf-8").splitlines()) == 241
        assert "champions" in command.segment_words(result)
        asked = command.parse_definition('[{"field": "orders_count", "op": "gte", "value": 10}]')
        audience = command.audience(shop, asked)
        json.dumps(audience)
        assert audience["matched"] == 80
        assert command.audience(shop, command.parse_definition(audience["words"]))["matched"] == 80
        assert "80 of 240" in command.audience_words(audience)


def test_labels_teach_a_classifier_that_says_how_good_it_is(tmp_path: Path) -> None:
    file = _table(tmp_path)
    labels = command.read_labels(file, "kind")
    some = dict(list(labels.items())[:60])
    with command.shop_from_path(file, DuckDBEngine, now=NOW) as shop:
        result = command.segment(shop, labels=some, assignments=tmp_path / "a.csv")
    assert result["definition"]["macro_f1"] > 0.9
    low, high = result["definition"]["macro_f1_interval"]
    assert low <= result["definition"]["macro_f1"] <= high
    rows = list(csv.reader((tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()))[1:]
    assert sum(labels[c] == segment for c, segment in rows) / len(rows) > 0.9


@pytest.mark.parametrize("apart", [0.0, 1.0, 2.0])
def test_the_ceiling_is_about_the_best_possible_accuracy(apart: float) -> None:
    rng = np.random.default_rng(11)
    points = rng.normal(size=(4_000, 1)) + np.repeat([[-apart], [apart]], 2_000, axis=0)
    best = stats.norm.cdf(apart)  # two unit normals, 2 * apart from each other: cut half-way
    found = ceiling(points, np.repeat(["a", "b"], 2_000))
    assert best - 0.02 <= found <= best + 0.1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[{", "no JSON"),
        ('[{"field": "agee", "op": "gt", "value": 3}]', "nearest: age"),
        ('{"all_of": [], "limit": 0}', "greater than"),
        ("the best people", "not a definition"),
    ],
)
def test_a_wrong_definition_is_explained(text: str, says: str) -> None:
    with pytest.raises(UserFixable, match=says):
        command.parse_definition(text)


def test_wrong_options_are_explained(shop: LoadedShop) -> None:
    with pytest.raises(UserFixable, match="method"):
        command.segment(shop, method="magic")
    with pytest.raises(UserFixable, match="tie rule"):
        command.segment(shop, tie_rule="best")
    with pytest.raises(UserFixable, match="channel"):
        command.audience(shop, AudienceDefinition(), channel="fax")
    with pytest.raises(UserFixable, match="date"):
        command.parse_date("tomorrow")


def test_a_segment_can_be_asked_of_part_of_the_customers(shop: LoadedShop) -> None:
    within = Sql("f.country = ?", ("GB",))
    result = rfm(shop, within=within)
    assert result.total == shop.count(
        shop.check(AudienceDefinition.model_validate([{"field": "country", "value": "GB"}]))
    )
