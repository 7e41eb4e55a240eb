"""A small sample shop, written once, and a way to make datasets of a few rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from plugins.segmentation.dataset import Dataset, Manifest, open_dataset, replacing, write_manifest
from plugins.segmentation.duckdb_engine import DuckDBEngine
from plugins.segmentation.sample_shop import write_sample_shop
from plugins.segmentation.shop import LoadedShop

AS_OF = date(2026, 6, 15)
MakeShop = Callable[..., LoadedShop]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return write_sample_shop(tmp_path_factory.mktemp("sample") / "harbor-and-pine", AS_OF, customers=2_000)


@pytest.fixture(scope="session")
def engine() -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine(threads=1)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def shop(engine: DuckDBEngine, sample: Dataset) -> LoadedShop:
    return LoadedShop(engine, sample)


@pytest.fixture
def make_shop(engine: DuckDBEngine, tmp_path: Path) -> MakeShop:
    """Return a function of customer rows and order rows (dicts) to a shop."""

    def make(customers: list[dict[str, Any]], orders: list[dict[str, Any]], as_of: date = AS_OF) -> LoadedShop:
        path = tmp_path / f"shop-{len(list(tmp_path.iterdir()))}"
        with replacing(path) as folder:
            if customers:
                pq.write_table(pa.Table.from_pylist(customers), folder / "customers.parquet")
            if orders:
                pq.write_table(pa.Table.from_pylist(orders), folder / "orders.parquet")
            write_manifest(
                folder,
                Manifest(
                    dataset_id=path.name,
                    name="a shop",
                    as_of=as_of,
                    created_at=datetime(2026, 6, 15, tzinfo=UTC),
                    order_lines=len(orders),
                ),
            )
        return LoadedShop(engine, open_dataset(path))

    return make
