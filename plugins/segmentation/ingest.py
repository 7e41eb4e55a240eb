"""Loads files into a dataset: every row is loaded or written to a file of rejected rows with its reason.

The whole dataset is written anew and takes the old one's place at the end, so a failure leaves the old one untouched.
Loading the same files again changes nothing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from app.domain.errors import UserFixable
from plugins.segmentation import loading_customers, loading_orders
from plugins.segmentation.column_names import COLUMN_NAMES
from plugins.segmentation.dataset import Manifest, open_dataset, replacing, write_manifest
from plugins.segmentation.ingest_report import FileReport, IngestReport
from plugins.segmentation.mapping import ColumnMapping, Kind, guess_kind, propose
from plugins.segmentation.sources import Source, find_files, recognise, stage

STAGED = "staged_rows"
UNATTRIBUTED = "unattributed.parquet"
"""Ids and days of orders without a customer: not loaded, but needed to see that two files overlap."""
MEMORY_LIMIT = "3GB"


@dataclass
class _Load:
    """The state of one call: a scratch database that holds what the dataset will hold."""

    connection: duckdb.DuckDBPyConnection
    manifest: Manifest | None
    folder: Path
    rejected: Path
    reports: list[FileReport] = field(default_factory=list[FileReport])
    sources: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    currency: str | None = None


def propose_mapping(path: Path, kind: Kind | None = None, chosen: Mapping[str, str] | None = None) -> ColumnMapping:
    """Propose what the columns of a file (the first of a folder) mean; ``kind`` None = found out."""
    source = recognise(find_files(path)[0])
    with _scratch() as (connection, _):
        stage(connection, source, STAGED)
        return propose(connection, source, STAGED, kind or guess_kind(source), chosen)


def columns_of(path: Path) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Return the columns of a file (the first of a folder), and the fields they may be with their usual names."""
    source = recognise(find_files(path)[0])
    return tuple(source.columns), COLUMN_NAMES[guess_kind(source)]


def ingest(
    kind: Kind | None,
    path: Path,
    into: Path,
    *,
    now: datetime,
    mapping: Mapping[str, str] | None = None,
    name: str | None = None,
) -> IngestReport:
    """Load a file or folder into the dataset folder ``into`` (made if new); ``mapping`` is {column: field}.

    Raises ``UserFixable`` with row numbers when the files cannot be what they are said to be; nothing is loaded then.
    """
    sources = [recognise(file) for file in find_files(path)]
    with _scratch() as (connection, scratch):
        load = _begin(connection, scratch, into)
        for source in sources:
            _load_file(load, source, kind, mapping)
        changed = any(r.loaded for r in load.reports)
        if not changed and load.manifest is None:
            raise UserFixable(f"{path.name}: no row could be loaded.", hint=load.reports[0].read_as)
        manifest = _manifest(load, into, now, name)
        if changed:
            _write(load, into, manifest)
        return _report(load, manifest, kind or guess_kind(sources[0]), into, unchanged=not changed)


@contextmanager
def _scratch() -> Generator[tuple[duckdb.DuckDBPyConnection, Path]]:
    with tempfile.TemporaryDirectory(prefix="cpo-ingest-") as folder:
        connection = duckdb.connect(str(Path(folder) / "scratch.duckdb"))
        try:
            connection.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
            connection.execute("SET TimeZone = 'UTC'")
            yield connection, Path(folder)
        finally:
            connection.close()


def _begin(connection: duckdb.DuckDBPyConnection, scratch: Path, into: Path) -> _Load:
    """Bring what the dataset holds into the scratch database."""
    loading_customers.register_countries(connection)
    connection.execute("CREATE TABLE unattributed (order_id VARCHAR, day DATE, source VARCHAR)")
    rejected = scratch / "rejected"
    rejected.mkdir()
    if not (into / "manifest.json").is_file():
        return _Load(connection, None, into, rejected)
    dataset = open_dataset(into)
    for table, file in (("orders", dataset.orders), ("customers", dataset.customers)):
        if file:
            quoted = str(file).replace("'", "''")
            connection.execute(f"CREATE TABLE {table} AS SELECT * FROM read_parquet('{quoted}')")
    if (into / UNATTRIBUTED).is_file():
        quoted = str(into / UNATTRIBUTED).replace("'", "''")
        connection.execute(f"INSERT INTO unattributed SELECT * FROM read_parquet('{quoted}')")
    return _Load(
        connection,
        dataset.manifest,
        into,
        rejected,
        sources=[dict(s) for s in dataset.manifest.sources],
        currency=dataset.manifest.currency,
    )


def _load_file(load: _Load, source: Source, kind: Kind | None, mapping: Mapping[str, str] | None) -> None:
    wanted = kind or guess_kind(source)
    rows = stage(load.connection, source, STAGED)
    meant = propose(load.connection, source, STAGED, wanted, mapping)
    done = next((s for s in load.sources if s["sha256"] == source.sha256), None)
    if done and done["kind"] == wanted and done["mapping"] == meant.as_json():
        reasons = {"already_loaded": rows}
        load.reports.append(_file_report(source, meant, rows, reasons, warnings=("this file was loaded before",)))
        return
    if done:
        _forget_source(load, source)
    report = (
        _load_lines(load, source, meant, rows) if wanted == "transactions" else _load_people(load, source, meant, rows)
    )
    load.reports.append(report)
    load.sources.append(
        {"file": source.path.name, "sha256": source.sha256, "kind": wanted, "mapping": meant.as_json(),
         "rows_read": report.rows_read, "loaded": report.loaded, "not_loaded": report.reasons}
    )  # fmt: skip


def _forget_source(load: _Load, source: Source) -> None:
    """Take back what an earlier loading of this file, under another mapping, brought."""
    if _exists(load, "orders"):
        load.connection.execute("DELETE FROM orders WHERE source = ?", [source.sha256[:12]])
        load.connection.execute("DELETE FROM unattributed WHERE source = ?", [source.sha256[:12]])
    load.sources = [s for s in load.sources if s["sha256"] != source.sha256]


def _load_lines(load: _Load, source: Source, mapping: ColumnMapping, rows: int) -> FileReport:
    connection = load.connection
    typed = loading_orders.type_lines(connection, STAGED, mapping, source.sha256[:12])
    if load.currency and typed.currency and load.currency != typed.currency:
        raise UserFixable(
            f"{source.path.name} is in {typed.currency}, the dataset in {load.currency}.",
            hint="Load it into a dataset of its own, or convert it first.",
        )
    load.currency = load.currency or typed.currency
    overlap = loading_orders.mark_loaded_before(connection) if _exists(load, "orders") else 0
    connection.execute(
        "INSERT INTO unattributed SELECT DISTINCT order_id, CAST(ordered_at AS DATE), source "
        f"FROM {loading_orders.LINES} WHERE reason = 'no_customer' AND order_id IS NOT NULL AND ordered_at IS NOT NULL"
    )
    counts = _reasons(connection, loading_orders.LINES)
    loading_orders.refuse_unreadable(connection, source.path.name, counts, rows)
    rejected = _write_rejected(load, source, loading_orders.LINES)
    if "country" in typed.columns:
        loading_customers.code_countries(connection, loading_orders.LINES)
        _add_countries(load)
    kept = [c for c in typed.columns if c != "country"]
    _append(load, "orders", f"SELECT {', '.join(kept)}, source FROM {loading_orders.LINES} WHERE reason IS NULL")
    return _file_report(
        source, mapping, rows, counts, overlap=overlap, identical=typed.identical_lines, rejected=rejected
    )


def _load_people(load: _Load, source: Source, mapping: ColumnMapping, rows: int) -> FileReport:
    connection = load.connection
    typed = loading_customers.type_customers(connection, STAGED, mapping)
    table = loading_customers.CUSTOMERS
    counts = _reasons(connection, table)
    if sum(counts.values()) == rows:
        first = connection.execute(f"SELECT row, reason FROM {table} ORDER BY row LIMIT 5").fetchall()
        listed = ", ".join(f"row {row}: {str(reason).replace('_', ' ')}" for row, reason in first)
        raise UserFixable(f"{source.path.name}: no row can be loaded ({listed}).", hint="Set --map column=field.")
    rejected = _write_rejected(load, source, table)
    if _exists(load, "customers"):
        connection.execute(
            f"DELETE FROM customers WHERE customer_id IN (SELECT customer_id FROM {table} WHERE reason IS NULL)"
        )
    _append(load, "customers", f"SELECT {', '.join(typed.columns)} FROM {table} WHERE reason IS NULL")
    return _file_report(source, mapping, rows, counts, warnings=typed.warnings, rejected=rejected)


def _add_countries(load: _Load) -> None:
    """Keep the country of each buyer's last line as a customer record, where no record names one."""
    latest = (
        f"SELECT customer_id, arg_max(country, ordered_at) AS country FROM {loading_orders.LINES} "
        "WHERE reason IS NULL AND country IS NOT NULL GROUP BY customer_id"
    )
    if _exists(load, "customers"):
        latest = f"SELECT * FROM ({latest}) WHERE customer_id NOT IN (SELECT customer_id FROM customers)"
    _append(load, "customers", latest)


def _append(load: _Load, table: str, select: str) -> None:
    """Add rows to a table of the dataset by name; columns that only one side has are NULL on the other."""
    if _exists(load, table):
        select = f"SELECT * FROM {table} UNION ALL BY NAME {select}"
    load.connection.execute(f"CREATE OR REPLACE TABLE {table} AS {select}")


def _exists(load: _Load, table: str) -> bool:
    query = "SELECT count(*) FROM information_schema.tables WHERE table_name = ?"
    return bool(load.connection.execute(query, [table]).fetchall()[0][0])


def _reasons(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, int]:
    rows = connection.execute(
        f"SELECT reason, count(*) AS n FROM {table} WHERE reason IS NOT NULL GROUP BY reason ORDER BY n DESC, reason"
    ).fetchall()
    return {str(reason): int(count) for reason, count in rows}


def _write_rejected(load: _Load, source: Source, table: str) -> str | None:
    """Write the rows that are not loaded, as they came, with their number and reason."""
    names = ", ".join(f's.c{p} AS "{name.replace(chr(34), chr(34) * 2)}"' for p, name in enumerate(source.columns))
    file = load.rejected / f"{source.path.name.split('.')[0]}-{source.sha256[:8]}.csv"
    quoted = str(file).replace("'", "''")
    load.connection.execute(
        f"COPY (SELECT s.row, t.reason, {names} FROM {STAGED} s JOIN {table} t ON t.row = s.row "
        f"WHERE t.reason IS NOT NULL ORDER BY s.row) TO '{quoted}' (HEADER)"
    )
    count = load.connection.execute(f"SELECT count(*) FROM {table} WHERE reason IS NOT NULL").fetchall()[0][0]
    if not count:
        file.unlink()
        return None
    return f"rejected/{file.name}"


def _file_report(
    source: Source,
    mapping: ColumnMapping,
    rows: int,
    reasons: dict[str, int],
    *,
    overlap: int = 0,
    identical: int = 0,
    warnings: tuple[str, ...] = (),
    rejected: str | None = None,
) -> FileReport:
    return FileReport(
        file=source.path.name,
        read_as=source.words,
        mapping=mapping.as_json(),
        assumptions=mapping.assumptions,
        rows_read=rows,
        loaded=rows - sum(reasons.values()),
        reasons=reasons,
        overlap_orders=overlap,
        identical_lines=identical,
        warnings=warnings,
        rejected_file=rejected,
    )


def _manifest(load: _Load, into: Path, now: datetime, name: str | None) -> Manifest:
    last: date | None = None
    if _exists(load, "orders"):
        found = load.connection.execute("SELECT CAST(max(ordered_at) AS DATE) FROM orders").fetchall()[0][0]
        last = found
    elif _has_column(load, "customers", "given_last_purchase_date"):
        last = load.connection.execute("SELECT max(given_last_purchase_date) FROM customers").fetchall()[0][0]
    before = load.manifest
    return Manifest(
        dataset_id=into.name,
        name=name or (before.name if before else load.reports[0].file.split(".")[0]),
        as_of=last + timedelta(days=1) if last else now.date(),
        created_at=now,
        currency=load.currency,
        customers=_count(load, "customers"),
        order_lines=_count(load, "orders"),
        sources=tuple(load.sources),
        notes=before.notes if before else {},
    )


def _has_column(load: _Load, table: str, column: str) -> bool:
    query = "SELECT count(*) FROM information_schema.columns WHERE table_name = ? AND column_name = ?"
    return bool(load.connection.execute(query, [table, column]).fetchall()[0][0])


def _count(load: _Load, table: str) -> int:
    if not _exists(load, table):
        return 0
    return int(load.connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _write(load: _Load, into: Path, manifest: Manifest) -> None:
    order = {"orders": "ordered_at, order_id, customer_id", "customers": "customer_id"}
    with replacing(into) as folder:
        for table, by in order.items():
            if _count(load, table):
                quoted = str(folder / f"{table}.parquet").replace("'", "''")
                load.connection.execute(
                    f"COPY (SELECT * FROM {table} ORDER BY {by}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd)"
                )
        if _count(load, "unattributed"):
            quoted = str(folder / UNATTRIBUTED).replace("'", "''")
            load.connection.execute(f"COPY unattributed TO '{quoted}' (FORMAT parquet, COMPRESSION zstd)")
        _keep_rejected(load, into, folder)
        write_manifest(folder, manifest)


def _keep_rejected(load: _Load, into: Path, folder: Path) -> None:
    kept = [*(into / "rejected").glob("*.csv"), *load.rejected.glob("*.csv")]
    if kept:
        (folder / "rejected").mkdir()
    for file in kept:
        (folder / "rejected" / file.name).write_bytes(file.read_bytes())


def _report(load: _Load, manifest: Manifest, kind: str, into: Path, *, unchanged: bool) -> IngestReport:
    orders, buyers = 0, 0
    if _exists(load, "orders"):
        orders, buyers = load.connection.execute(
            "SELECT count(DISTINCT CASE WHEN NOT is_return THEN order_id END), count(DISTINCT customer_id) FROM orders"
        ).fetchall()[0]
    return IngestReport(
        kind=kind,
        dataset_id=into.name,
        files=tuple(load.reports),
        customers=max(_count(load, "customers"), int(buyers)),
        orders=int(orders),
        order_lines=manifest.order_lines,
        as_of=manifest.as_of.isoformat(),
        currency=manifest.currency,
        unchanged=unchanged,
    )
