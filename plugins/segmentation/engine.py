"""The port to what computes: DuckDB in process, Spark for what outgrows one machine.

An engine holds tables and answers statements; what the statements say is written once (facts, conditions, funnel,
recency), in the SQL that both understand, so that both give the same members, counts and hashes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from app.domain.entities import digest_of
from plugins.segmentation.dataset import Dataset
from plugins.segmentation.sql import DuckDBDialect, Sql

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Tables:
    """Names of the tables of one dataset as of one date: order lines, and facts with one row a customer."""

    lines: str
    facts: str


class Engine(Protocol):
    """What an engine does. Safe for two threads at once. Loading the same dataset and date twice is free."""

    @property
    def name(self) -> str: ...

    @property
    def dialect(self) -> DuckDBDialect: ...

    def load(self, dataset: Dataset, as_of: date) -> Tables:
        """Make the tables of a dataset as of a date and return their names."""
        ...

    def rows(self, query: Sql) -> list[Row]:
        """Return every row of a small result."""
        ...

    def stream(self, query: Sql) -> Iterator[Row]:
        """Yield the rows of a large result without holding it."""
        ...

    def arrays(self, query: Sql) -> dict[str, Any]:
        """Return a result as numpy arrays by column name; for the few columns that clustering needs."""
        ...

    def keep(self, customer_ids: Any, labels: Any) -> str:
        """Make a table (customer_id, segment) from two arrays and return its name."""
        ...

    def close(self) -> None:
        """Give back memory and files."""
        ...


def _table_suffix(dataset: Dataset, as_of: date) -> str:
    """Return a name part that is different for every dataset, content and date."""
    files = [file.stat() for file in (dataset.customers, dataset.orders) if file]
    contents = [[file.st_mtime_ns, file.st_size] for file in files]
    seen = [dataset.dataset_id, str(dataset.path), dataset.manifest.created_at.isoformat(), contents, as_of.isoformat()]
    return digest_of(seen)[:12]


class TableRegister:
    """What an engine has made: the tables of a dataset once for each date, whoever asks, and names for kept labels."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loaded: dict[str, Tables] = {}
        self._kept = 0

    def loaded(self, dataset: Dataset, as_of: date, make: Callable[[str], Tables]) -> Tables:
        """Return the tables of a dataset as of a date; the first to ask makes them, under the suffix ``make`` gets."""
        suffix = _table_suffix(dataset, as_of)
        with self._lock:
            if suffix not in self._loaded:
                self._loaded[suffix] = make(suffix)
            return self._loaded[suffix]

    def new_name(self) -> str:
        """Return a table name that was not given before."""
        with self._lock:
            self._kept += 1
            return f"kept_{self._kept}"
