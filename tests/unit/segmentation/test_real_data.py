"""The real data beside the project load with no code, and say what their descriptions say. Skipped without them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.domain.audience import AudienceDefinition
from plugins.segmentation.dataset import Dataset, open_dataset
from plugins.segmentation.duckdb_engine import DuckDBEngine
from plugins.segmentation.ingest import ingest
from plugins.segmentation.ingest_report import IngestReport
from plugins.segmentation.recency import rfm
from plugins.segmentation.shop import LoadedShop
from plugins.segmentation.sql import Sql

NOW = datetime(2026, 6, 15, tzinfo=UTC)
LAPSED_HIGH = [{"field": "lifecycle", "value": "lapsed"}, {"field": "value_tier", "value": "high"}]


@pytest.fixture(scope="module")
def two_years(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Dataset, IngestReport, IngestReport]:
    into = tmp_path_factory.mktemp("uci") / "uci"
    first = ingest("transactions", real_data / "online_retail_II_2009_2010.parquet", into, now=NOW)
    second = ingest("transactions", real_data / "online_retail_2010_2011.parquet", into, now=NOW)
    return open_dataset(into), first, second


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine()
    yield engine
    engine.close()


def test_both_years_load_and_their_overlap_is_counted(
    two_years: tuple[Dataset, IngestReport, IngestReport],
) -> None:
    _, first, second = two_years
    assert (first.rows_read, second.rows_read) == (525_461, 541_909)
    assert second.files[0].overlap_orders == 1_088
    assert second.reasons["no_customer"] == 135_080
    for report in (first, second):
        assert report.rows_read == report.loaded + sum(report.reasons.values())


def test_the_words_lapsed_high_value_are_shown_under_other_readings(
    two_years: tuple[Dataset, IngestReport, IngestReport], engine: DuckDBEngine
) -> None:
    shop = LoadedShop(engine, two_years[0])
    counts: list[int] = []
    for days, share in ((60, 0.7), (90, 0.8), (180, 0.9)):
        form = {"all_of": LAPSED_HIGH, "thresholds": {"lapsed_days": days, "high_percentile": share}}
        counts.append(shop.count(shop.check(AudienceDefinition.model_validate(form))))
    assert counts[0] > counts[1] > counts[2] > 0


def test_the_lapsed_really_buy_less_in_the_year_that_follows(
    two_years: tuple[Dataset, IngestReport, IngestReport], engine: DuckDBEngine
) -> None:
    shop = LoadedShop(engine, two_years[0], as_of=date(2010, 12, 1))
    later = LoadedShop(engine, two_years[0], as_of=date(2011, 6, 1))
    bought = {
        row["customer_id"]
        for row in later.select(
            ["customer_id", "last_purchase_days"], _all(), later.as_of, AudienceDefinition().thresholds
        )
        if row["last_purchase_days"] is not None and row["last_purchase_days"] < 182
    }
    share: dict[str, list[int]] = {}
    for row in shop.select(["customer_id", "lifecycle"], _all(), shop.as_of, AudienceDefinition().thresholds):
        share.setdefault(str(row["lifecycle"]), []).append(row["customer_id"] in bought)
    rates = {state: sum(found) / len(found) for state, found in share.items()}
    assert rates["active"] > 1.5 * rates["lapsed"]
    assert rates["active"] > rates["at_risk"] > rates["lapsed"]


@pytest.mark.parametrize(
    ("file", "rows", "customers"),
    [
        ("cdnow/CDNOW_master.txt.gz", 69_659, 23_570),
        ("hillstrom.csv.gz", 64_000, 64_000),
        ("orders/rfm_orders_995.csv.gz", 4_906, 995),
        ("orders/online_retail_2010_2011.csv.gz", 25_900, 4_372),
    ],
)
def test_other_shops_load_with_no_code(
    real_data: Path, tmp_path: Path, engine: DuckDBEngine, file: str, rows: int, customers: int
) -> None:
    report = ingest(None, real_data / file, tmp_path / "shop", now=NOW)
    assert (report.rows_read, report.customers) == (rows, customers)
    result = rfm(LoadedShop(engine, open_dataset(tmp_path / "shop")))
    assert result.total == customers


def _all() -> Sql:
    return Sql("TRUE")
