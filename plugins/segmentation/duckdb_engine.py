"""The engine in process: DuckDB over the dataset's Parquet files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from plugins.segmentation.dataset import Dataset
from plugins.segmentation.engine import Row, TableRegister, Tables
from plugins.segmentation.facts import customers_select, facts_select, lines_select
from plugins.segmentation.sql import DuckDBDialect, Sql

IN_MEMORY_LINES = 2_000_000
"""Up to so many order lines are held in memory; beyond, they are read from Parquet for each question."""


class DuckDBEngine:
    """One in-process database. ``memory_limit`` as DuckDB writes it (``2GB``); spills go to ``spill``."""

    name = "duckdb"

    def __init__(self, *, memory_limit: str = "2GB", threads: int | None = None, spill: Path | None = None) -> None:
        self._connection = duckdb.connect(":memory:")
        self._connection.execute("SET memory_limit = ?", [memory_limit])
        self._connection.execute("SET TimeZone = 'UTC'")
        if threads:
            self._connection.execute("SET threads = ?", [threads])
        if spill:
            self._connection.execute("SET temp_directory = ?", [str(spill)])
        self._register = TableRegister()
        self.dialect = DuckDBDialect()

    def load(self, dataset: Dataset, as_of: date) -> Tables:
        """Make ``lines_*`` (table or view) and ``facts_*`` (table) for this dataset and date."""
        return self._register.loaded(dataset, as_of, lambda suffix: self._make_tables(dataset, as_of, suffix))

    def rows(self, query: Sql) -> list[Row]:
        """Return every row."""
        cursor = self._connection.cursor()
        try:
            return cursor.execute(query.text, list(query.values)).fetchall()
        finally:
            cursor.close()

    def stream(self, query: Sql) -> Iterator[Row]:
        """Yield rows 10,000 at a time."""
        cursor = self._connection.cursor()
        try:
            answer = cursor.execute(query.text, list(query.values))
            while batch := answer.fetchmany(10_000):
                yield from batch
        finally:
            cursor.close()

    def arrays(self, query: Sql) -> dict[str, Any]:
        """Return a result as numpy arrays."""
        cursor = self._connection.cursor()
        try:
            return dict(cursor.execute(query.text, list(query.values)).fetchnumpy())
        finally:
            cursor.close()

    def keep(self, customer_ids: Any, labels: Any) -> str:
        """Keep labels as a table."""
        table = pa.table({"customer_id": pa.array(customer_ids, pa.string()), "segment": pa.array(labels, pa.string())})
        cursor = self._connection.cursor()
        name = self._register.new_name()
        try:
            cursor.register(f"incoming_{name}", table)
            cursor.execute(f"CREATE TABLE {name} AS SELECT * FROM incoming_{name}")
            cursor.unregister(f"incoming_{name}")
        finally:
            cursor.close()
        return name

    def close(self) -> None:
        """Close the database; what it held is gone."""
        self._connection.close()

    def _make_tables(self, dataset: Dataset, as_of: date, suffix: str) -> Tables:
        lines, customers, facts = f"lines_{suffix}", f"customers_{suffix}", f"facts_{suffix}"
        held = "TABLE" if dataset.manifest.order_lines <= IN_MEMORY_LINES else "VIEW"
        cursor = self._connection.cursor()
        try:
            cursor.execute(f"CREATE OR REPLACE {held} {lines} AS {lines_select(dataset, _source(dataset.orders))}")
            source = _source(dataset.customers)
            cursor.execute(f"CREATE OR REPLACE VIEW {customers} AS {customers_select(dataset, source)}")
            cursor.execute(f"CREATE OR REPLACE TABLE {facts} AS {facts_select(self.dialect, customers, lines, as_of)}")
        finally:
            cursor.close()
        return Tables(lines=lines, facts=facts)


def _source(file: Path | None) -> str:
    if file is None:
        return "(SELECT NULL AS customer_id WHERE FALSE)"
    quoted = str(file).replace("'", "''")
    return f"read_parquet('{quoted}')"
