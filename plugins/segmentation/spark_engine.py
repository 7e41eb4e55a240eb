"""The engine for what outgrows one machine: Spark SQL over the same Parquet files. The optional extra ``spark``.

``master`` is a Spark master (``local[2]``, ``spark://...``, ``yarn``); ``session`` takes the session that is there, as
on Synapse and Databricks, where the dataset's path must be readable from the cluster.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from app.domain.errors import UserFixable
from plugins.segmentation.dataset import Dataset
from plugins.segmentation.engine import Row, TableRegister, Tables
from plugins.segmentation.facts import customers_select, facts_select, lines_select
from plugins.segmentation.sql import SparkDialect, Sql

SESSION = "session"


class SparkEngine:
    """One Spark session. Starting it takes most of a minute."""

    name = "spark"

    def __init__(self, master: str = SESSION, *, shuffle_partitions: int | None = None) -> None:
        try:
            from pyspark.sql import SparkSession
        except ImportError as error:
            raise UserFixable("Spark is not installed.", hint="Install the extra: pip install '.[spark]'") from error
        builder: Any = SparkSession.builder
        builder = builder.appName("cpo").config("spark.sql.session.timeZone", "UTC")
        builder = builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
        if master != SESSION:
            builder = builder.master(master)
        if master.startswith("local"):
            builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
        if shuffle_partitions:
            builder = builder.config("spark.sql.shuffle.partitions", str(shuffle_partitions))
        self._session: Any = builder.getOrCreate()
        self._register = TableRegister()
        self.dialect = SparkDialect()

    def load(self, dataset: Dataset, as_of: date) -> Tables:
        """Make the views ``lines_*`` and ``facts_*``; the facts are cached."""
        return self._register.loaded(dataset, as_of, lambda suffix: self._make_tables(dataset, as_of, suffix))

    def rows(self, query: Sql) -> list[Row]:
        """Return every row."""
        return [tuple(row) for row in self._run(query).collect()]

    def stream(self, query: Sql) -> Iterator[Row]:
        """Yield rows a partition at a time."""
        for row in self._run(query).toLocalIterator():
            yield tuple(row)

    def arrays(self, query: Sql) -> dict[str, Any]:
        """Return a result as numpy arrays."""
        table = self._run(query).toArrow()
        return {name: table.column(name).to_numpy(zero_copy_only=False) for name in table.column_names}

    def keep(self, customer_ids: Any, labels: Any) -> str:
        """Keep labels as a cached view."""
        name = self._register.new_name()
        table = pa.table({"customer_id": pa.array(customer_ids, pa.string()), "segment": pa.array(labels, pa.string())})
        self._session.createDataFrame(table).cache().createOrReplaceTempView(name)
        return name

    def close(self) -> None:
        """Stop the session."""
        self._session.stop()

    def _run(self, query: Sql) -> Any:
        return self._session.sql(query.text, args=list(query.values)) if query.values else self._session.sql(query.text)

    def _make_tables(self, dataset: Dataset, as_of: date, suffix: str) -> Tables:
        lines, customers, facts = f"lines_{suffix}", f"customers_{suffix}", f"facts_{suffix}"
        source = self._source(dataset.orders, f"order_file_{suffix}")
        self._session.sql(lines_select(dataset, source)).createOrReplaceTempView(lines)
        source = self._source(dataset.customers, f"customer_file_{suffix}")
        self._session.sql(customers_select(dataset, source)).createOrReplaceTempView(customers)
        query = facts_select(self.dialect, customers, lines, as_of)
        self._session.sql(query).cache().createOrReplaceTempView(facts)
        return Tables(lines=lines, facts=facts)

    def _source(self, file: Path | None, view: str) -> str:
        if file is None:
            return "(SELECT CAST(NULL AS STRING) AS customer_id WHERE FALSE)"
        self._session.read.parquet(str(file)).createOrReplaceTempView(view)
        return view
