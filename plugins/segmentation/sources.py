"""Files as they come: found, unpacked, decoded and cut into columns of text, every row with its number.

Reads CSV, TSV, semicolon or bar or whitespace separated text and Parquet, plain or gzipped, one file or a folder, in
UTF-8, UTF-16, Windows-1252 or Latin-1. Nothing is interpreted here; a row of the wrong shape keeps its number and says
so.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from app import delimited
from app.delimited import Written
from app.domain.errors import UserFixable

SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".parquet", ".pq")
BATCH_ROWS = 50_000


@dataclass(frozen=True)
class Source:
    """One file, recognised. ``delimiter`` is a blank for columns set apart by white space; None for Parquet."""

    path: Path
    sha256: str
    encoding: str | None
    delimiter: str | None
    has_header: bool
    columns: tuple[str, ...]

    @property
    def words(self) -> str:
        """Say how the file is read."""
        if self.delimiter is None:
            return "Parquet"
        head = "with a header" if self.has_header else "without a header"
        return f"{Written(self.encoding or 'utf-8', self.delimiter).words}, {head}"


def find_files(path: Path) -> list[Path]:
    """Return the readable files at a path, a folder's in order of name; raise ``UserFixable`` when there are none."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise UserFixable(f"There is no file or folder {path.name!r}.", hint="Check the path.")
    found = sorted(file for file in path.rglob("*") if file.is_file() and _is_table(file))
    if not found:
        raise UserFixable(f"The folder {path.name!r} holds no CSV, TSV, text or Parquet file.", hint="Check the path.")
    return found


def recognise(path: Path) -> Source:
    """Find out how a file is written; raise ``UserFixable`` for one that is empty or no table."""
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise UserFixable(f"{path.name} is empty.", hint="Export it again.")
    digest = _sha256(path)
    if start == b"PAR1":
        return Source(path, digest, None, None, True, _parquet_columns(path))
    written, lines = delimited.recognise(path)
    delimiter = written.delimiter
    first = delimited.cells(lines[0], delimiter)
    has_header = _is_header(first, [delimited.cells(line, delimiter) for line in lines[1:20]])
    columns = first if has_header else [f"column_{number}" for number in range(1, len(first) + 1)]
    if len(columns) < 2:
        raise UserFixable(
            f"{path.name} has one column: {columns[0][:60]!r}.", hint="Columns are set apart by , ; | tab or blanks."
        )
    return Source(path, digest, written.encoding, delimiter, has_header, _unique(columns))


def stage(connection: duckdb.DuckDBPyConnection, source: Source, table: str) -> int:
    """Fill ``table`` with (row, shape, c0, c1, ...), all text; return the number of rows.

    ``row`` counts data rows from 1 in the file's order; ``shape`` is NULL for a row with the right number of cells.
    """
    names = [f"c{number}" for number in range(len(source.columns))]
    columns = ", ".join(f"{name} VARCHAR" for name in names)
    connection.execute(f"CREATE OR REPLACE TABLE {table} (row BIGINT, shape VARCHAR, {columns})")
    if source.delimiter is None:
        _stage_parquet(connection, source, table)
    else:
        for batch in _batches(source):
            connection.register("incoming_batch", batch)
            connection.execute(f"INSERT INTO {table} SELECT * FROM incoming_batch")
            connection.unregister("incoming_batch")
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def _stage_parquet(connection: duckdb.DuckDBPyConnection, source: Source, table: str) -> None:
    chosen = ", ".join(f"CAST({_quoted(name)} AS VARCHAR)" for name in source.columns)
    path = str(source.path).replace("'", "''")
    query = f"INSERT INTO {table} SELECT row_number() OVER (), NULL, {chosen} FROM read_parquet('{path}')"
    try:
        connection.execute(query)
    except duckdb.Error as error:
        raise UserFixable(f"{source.path.name} cannot be read as Parquet.", hint=str(error)[:200]) from error


def _batches(source: Source) -> Iterator[Any]:
    width = len(source.columns)
    names = ["row", "shape", *(f"c{number}" for number in range(width))]
    kinds = [pa.int64(), *[pa.string()] * (width + 1)]
    rows: list[list[str]] = []
    numbers: list[int] = []
    shapes: list[str | None] = []
    for number, cells in enumerate(_rows(source), start=1):
        problem = None
        if len(cells) != width:
            blank_end = len(cells) > width and not any(cell.strip() for cell in cells[width:])
            problem = None if blank_end else f"{len(cells)} cells instead of {width}"
            cells = [*cells, *[""] * width][:width]
        rows.append(cells)
        numbers.append(number)
        shapes.append(problem)
        if len(rows) == BATCH_ROWS:
            yield _batch(names, kinds, numbers, shapes, rows)
            rows, numbers, shapes = [], [], []
    if rows:
        yield _batch(names, kinds, numbers, shapes, rows)


def _batch(names: list[str], kinds: list[Any], numbers: list[int], shapes: Any, rows: Any) -> Any:
    columns = [numbers, shapes, *zip(*rows, strict=True)]
    return pa.table([pa.array(c, kind) for c, kind in zip(columns, kinds, strict=True)], names=names)


def _rows(source: Source) -> Iterator[list[str]]:
    found = delimited.rows(source.path, Written(source.encoding or "utf-8", source.delimiter or ","))
    if source.has_header:
        next(found, None)
    return found


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_VALUE = re.compile(r"[-+(]?[$£€]?\s*\d[\d.,:/\s-]*(?:[TZ ]?[\d:.+Z]*)\)?%?$")


def _is_header(first: list[str], others: list[list[str]]) -> bool:
    looks_like_value = [bool(_VALUE.match(cell.strip())) for cell in first]
    if any(looks_like_value):
        return False
    if not others:
        return True
    below = [bool(_VALUE.match(cell.strip())) for row in others for cell in row if cell.strip()]
    return any(below) or len(set(first)) == len(first)


def _unique(names: list[str]) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    unique: list[str] = []
    for position, name in enumerate(names, start=1):
        clean = name.strip().lstrip("\ufeff") or f"column_{position}"
        seen[clean] = seen.get(clean, 0) + 1
        unique.append(clean if seen[clean] == 1 else f"{clean}_{seen[clean]}")
    return tuple(unique)


def _parquet_columns(path: Path) -> tuple[str, ...]:
    import pyarrow.parquet as pq

    try:
        return tuple(pq.read_schema(path).names)
    except (pa.ArrowInvalid, OSError) as error:
        raise UserFixable(f"{path.name} cannot be read as Parquet.", hint=str(error)[:200]) from error


def _is_table(file: Path) -> bool:
    name = file.name.lower().removesuffix(".gz")
    return name.endswith(SUFFIXES) and not name.startswith(".")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
