"""Takes one customer out of a dataset: the folder is written anew without them and replaces the old one."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from plugins.segmentation.dataset import Dataset, replacing, write_manifest

TABLES = {"customers": "customers.parquet", "order_lines": "orders.parquet"}


def without_customer(dataset: Dataset, customer_id: str) -> dict[str, int]:
    """Remove a customer from every table that names them; return how many rows left each table."""
    counts = {name: _rows_of(dataset.path / file, customer_id) for name, file in TABLES.items()}
    if not any(counts.values()):
        return counts
    manifest = dataset.manifest.model_copy(
        update={
            "customers": dataset.manifest.customers - counts["customers"],
            "order_lines": dataset.manifest.order_lines - counts["order_lines"],
        }
    )
    with replacing(dataset.path) as folder:
        for path in dataset.path.iterdir():
            _copy_without(path, folder / path.name, customer_id)
        write_manifest(folder, manifest)
    return counts


def _rows_of(path: Path, customer_id: str) -> int:
    if not path.is_file():
        return 0
    query = "SELECT count(*) FROM read_parquet(?) WHERE customer_id = ?"
    row = duckdb.connect().execute(query, [str(path), customer_id]).fetchone()
    return int(row[0]) if row else 0


def _copy_without(source: Path, target: Path, customer_id: str) -> None:
    if source.is_dir():
        return  # rejected rows are not carried over: they may hold the person in any form
    if source.suffix != ".parquet":
        shutil.copy(source, target)
        return
    connection = duckdb.connect()
    rows = connection.from_parquet(str(source))
    kept = rows.filter(duckdb.ColumnExpression("customer_id") != duckdb.ConstantExpression(customer_id))
    (kept if "customer_id" in rows.columns else rows).write_parquet(str(target), compression="zstd")
