"""The sample shop is the same for the same seed and day, believable, and marked as synthetic."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from plugins.segmentation.dataset import CUSTOMER_COLUMNS, ORDER_COLUMNS, Dataset
from plugins.segmentation.sample_shop import EXPERIMENT_FILE, ensure_sample_shop, write_sample_shop
from plugins.segmentation.sample_tables import PRODUCTS


def rows(file: Path | None) -> list[dict[str, Any]]:
    assert file is not None
    return pq.read_table(file).to_pylist()


def test_the_same_seed_and_day_give_the_same_shop(sample: Dataset, tmp_path: Path) -> None:
    again = write_sample_shop(tmp_path / "harbor-and-pine", sample.manifest.as_of, customers=2_000)
    assert rows(again.customers) == rows(sample.customers)
    assert rows(again.orders) == rows(sample.orders)
    assert again.manifest == sample.manifest


def test_it_has_the_canonical_columns(sample: Dataset) -> None:
    assert sample.customer_columns == set(CUSTOMER_COLUMNS)
    assert sample.order_columns == set(ORDER_COLUMNS)
    assert sample.manifest.synthetic


def test_people_are_as_odd_as_real_ones(sample: Dataset) -> None:
    people = rows(sample.customers)
    names = " ".join(str(p["first_name"]) + str(p["last_name"]) for p in people)
    emails = [p["email"].lower() for p in people if p["email"]]
    assert len({p["country"] for p in people}) > 12
    assert any("\u0590" <= letter <= "\u06ff" for letter in names)  # Hebrew or Arabic: right to left
    assert any(ord(letter) > 0x1F000 for letter in names)  # emoji
    assert len(set(emails)) < len(emails)
    for column in ("first_name", "email", "phone", "birth_date", "consent_email", "country"):
        assert any(p[column] is None for p in people), column
    for channel in ("email", "sms", "push"):
        assert {p[f"consent_{channel}"] for p in people} == {True, False, None}


def test_no_address_can_reach_anybody(sample: Dataset) -> None:
    people = rows(sample.customers)
    assert all(
        p["email"].lower().split("@")[1] in {"example.com", "example.org", "example.net"} for p in people if p["email"]
    )


def test_orders_have_returns_skew_and_categories(sample: Dataset) -> None:
    lines = rows(sample.orders)
    spend: dict[str, float] = {}
    for line in lines:
        if not line["is_return"]:
            spend[line["customer_id"]] = spend.get(line["customer_id"], 0) + float(line["amount"])
    ranked = sorted(spend.values(), reverse=True)
    assert {line["category"] for line in lines} == set(PRODUCTS)
    assert len(PRODUCTS) >= 12
    assert all((line["amount"] < 0) == line["is_return"] for line in lines if line["amount"])
    assert sum(ranked[: len(ranked) // 5]) > 0.5 * sum(ranked)
    assert max(line["ordered_at"] for line in lines).date() < sample.manifest.as_of


def test_the_finished_experiment_is_marked_and_balanced(sample: Dataset) -> None:
    people = rows(sample.path / EXPERIMENT_FILE)
    arms = [p["arm"] for p in people]
    sizes = {arm: arms.count(arm) for arm in set(arms)}
    assert set(sizes) == {"A", "B", "C", "control"}
    assert max(sizes.values()) - min(sizes.values()) <= 1
    assert not any(p["opened"] or p["delivered"] for p in people if p["arm"] == "control")
    assert all((p["revenue"] > 0) == p["converted"] for p in people)
    assert sample.manifest.notes["finished_experiment"]["synthetic"] is True


@pytest.mark.slow
def test_it_is_written_once(tmp_path: Path, sample: Dataset) -> None:
    first = ensure_sample_shop(tmp_path, sample.manifest.as_of)
    assert first.manifest.customers == 10_000
    stamp = (first.path / "manifest.json").stat().st_mtime_ns
    assert (ensure_sample_shop(tmp_path, sample.manifest.as_of).path / "manifest.json").stat().st_mtime_ns == stamp
