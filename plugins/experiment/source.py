"""A file of rows, one per customer, behind DuckDB: which columns there are and what kind of outcome each holds."""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from app import delimited
from app.delimited import Written
from app.domain.errors import UserFixable
from plugins.experiment.amounts import COMMA, POINT, ambiguous
from plugins.experiment.permutation import Sparse
from plugins.experiment.study import Kind

_YES = ("true", "t", "yes", "y", "1", "converted", "clicked", "opened")
MOST_NUMBERS = 20
"""A numeric breakdown with more values than this is cut into quarters."""
_NO = ("false", "f", "no", "n", "0")
_BLANK = ("", "na", "n/a", "nan", "null", "none", "-")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of the file mean what. ``kinds`` overrides what was recognised."""

    arm: str
    outcomes: tuple[str, ...]
    covariate: str | None = None
    by: tuple[str, ...] = ()
    strata: tuple[str, ...] = ()
    kinds: Mapping[str, Kind] = field(default_factory=dict[str, Kind])

    @property
    def all(self) -> tuple[str, ...]:
        wanted = [self.arm, *self.outcomes, *self.by, *self.strata]
        if self.covariate:
            wanted.append(self.covariate)
        return tuple(dict.fromkeys(wanted))


def quoted(name: str) -> str:
    """Return a column name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


class Source:
    """One file, opened once; the connection lives as long as somebody may still ask for values."""

    def __init__(self, path: Path, columns: Columns, threads: int | None) -> None:
        if not path.is_file():
            raise UserFixable(f"There is no file {path}.", hint="Give the path of a CSV, CSV.gz or Parquet file.")
        self.path, self.columns = path, columns
        self._written: dict[str, str] = {}
        self.read_as = ""
        """How the file is written, where it is not UTF-8 with commas."""
        self.db = duckdb.connect()
        self.db.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
        if threads is not None:
            self.db.execute(f"SET threads = {int(threads)}")
        try:
            self.types = self._open()
        except duckdb.Error as error:
            first = " ".join(str(error).splitlines()[:2]).replace("Invalid Input Error: ", "")
            raise UserFixable(
                f"{path.name} cannot be read: {first}", hint="Is it a table with a header row?"
            ) from error
        self._check_roles()

    def _open(self) -> dict[str, str]:
        literal = str(self.path).replace("'", "''")
        if self.path.suffix.lower() in (".parquet", ".pq"):
            return self._opened(f"read_parquet('{literal}')", "VIEW")
        try:
            found = self._opened(f"read_csv('{literal}', sample_size = 100000)", "TABLE")
            self.read_as = _unusual_separator(self.path)
            return found
        except (duckdb.Error, UserFixable):
            pass  # the first rows misled: look at all of them, as the header and the encoding of the file say
        written, header = header_of(self.path)
        self.read_as = "" if written.usual else written.words
        with _in_utf8(self.path, written.encoding) as readable:
            return self._as_written(str(readable).replace("'", "''"), header, written.delimiter)

    def _as_written(self, literal: str, header: Sequence[str], separator: str) -> dict[str, str]:
        shape = f"header = true, delim = '{separator}'"
        try:
            return self._opened(f"read_csv('{literal}', sample_size = -1, {shape})", "TABLE")
        except (duckdb.Error, UserFixable):  # as text, line by line, so that an odd line is named
            text = ", ".join(f"'{name.replace(chr(39), chr(39) * 2)}': 'VARCHAR'" for name in header)
            shape += f", auto_detect = false, quote = '\"', columns = {{{text}}}"
            return self._opened(f"read_csv('{literal}', {shape})", "TABLE")

    def _opened(self, source: str, keep: str) -> dict[str, str]:
        found = self.db.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        types = {str(row[0]): str(row[1]) for row in found}
        self._check_names(types)
        chosen = ", ".join(quoted(name) for name in self.columns.all)
        self.db.execute(f"CREATE OR REPLACE TEMP {keep} people AS SELECT {chosen} FROM {source}")
        return types

    def _check_names(self, types: Mapping[str, str]) -> None:
        missing = [name for name in self.columns.all if name not in types]
        if missing:
            raise UserFixable(
                f"{self.path.name} has no column {', '.join(missing)}.", hint=f"Its columns: {', '.join(types)}."
            )

    def _check_roles(self) -> None:
        if not self.columns.outcomes:
            raise UserFixable("No outcome was named.", hint="Name at least one column with --outcome.")
        if self.columns.covariate in self.columns.outcomes or self.columns.covariate == self.columns.arm:
            raise UserFixable(
                f"{self.columns.covariate} cannot be the covariate.",
                hint="A covariate was measured before people were assigned, e.g. the spend of the quarter before.",
            )

    def expression(self, name: str) -> str:
        """Return SQL for an outcome as DOUBLE; yes/no words become 1 and 0, other words fail."""
        kind = self.types[name].upper()
        if kind == "BOOLEAN":
            return f"{quoted(name)}::INT"
        if "VARCHAR" in kind:
            yes = ", ".join(f"'{w}'" for w in _YES)
            no = ", ".join(f"'{w}'" for w in _NO)
            blank = ", ".join(f"'{w}'" for w in _BLANK)
            text = f"lower(trim({quoted(name)}))"
            return (
                f"CASE WHEN {text} IN ({blank}) THEN NULL WHEN {text} IN ({yes}) THEN 1.0 "
                f"WHEN {text} IN ({no}) THEN 0.0 ELSE {self._written_number(name)}::DOUBLE END"
            )
        return f"{quoted(name)}::DOUBLE"

    def _written_number(self, name: str) -> str:
        """Return SQL for text as a number in the way the whole column is written: 1234.5, 1,234.50 or 1.234,50."""
        if name not in self._written:
            bare = f"regexp_replace({quoted(name)}, '[\\s\\x{{00A0}}$€£]', '', 'g')"
            row = self.db.execute(
                f"SELECT count(*) FILTER (NOT regexp_full_match(b, '{POINT}')), "
                f"count(*) FILTER (NOT regexp_full_match(b, '{COMMA}')) FROM (SELECT {bare} AS b FROM people "
                f"WHERE regexp_matches({quoted(name)}, '[0-9]'))"
            ).fetchone()
            point, comma = (row[0] == 0, row[1] == 0) if row else (False, False)
            if point and comma and self._grouped(bare, name):
                raise ambiguous(name)
            swapped = f"replace(replace({bare}, '.', ''), ',', '.')"
            self._written[name] = f"replace({bare}, ',', '')" if point else swapped if comma else quoted(name)
        return self._written[name]

    def _grouped(self, bare: str, name: str) -> bool:
        row = self.db.execute(
            f"SELECT count(*) FROM people WHERE regexp_matches({quoted(name)}, '[0-9].*[.,]') AND {bare} <> ''"
        ).fetchone()
        return row is not None and row[0] > 0

    def level(self, name: str) -> str:
        """Return SQL for a breakdown column as text; a number with many values is cut into its quarters."""
        column = quoted(name)
        kind = self.types[name].upper()
        if not any(word in kind for word in ("INT", "DOUBLE", "FLOAT", "DECIMAL")):
            return f"{column}::VARCHAR"
        row = self.db.execute(
            f"SELECT approx_count_distinct({column}), quantile_cont({column}::DOUBLE, [0.25, 0.5, 0.75]) FROM people"
        ).fetchone()
        if row is None or row[0] <= MOST_NUMBERS or row[1] is None:
            return f"{column}::VARCHAR"
        a, b, c = (f"{edge:.6g}" for edge in row[1])
        return (
            f"CASE WHEN {column} IS NULL THEN NULL WHEN {column} <= {a} THEN '1: up to {a}' "
            f"WHEN {column} <= {b} THEN '2: {a} to {b}' WHEN {column} <= {c} THEN '3: {b} to {c}' "
            f"ELSE '4: over {c}' END"
        )

    def kind_of(self, name: str) -> Kind:
        stated = self.columns.kinds.get(name)
        if stated:
            return stated
        if self.types[name].upper() == "BOOLEAN":
            return "binary"
        y = self.expression(name)
        try:
            row = self.db.execute(
                f"SELECT count(*) FILTER (y NOT IN (0, 1)) FROM (SELECT {y} AS y FROM people LIMIT 2048)"
            ).fetchone()
        except duckdb.Error as error:
            raise self._not_a_number(name, error) from error
        return "binary" if row is not None and row[0] == 0 else "money"

    def _not_a_number(self, name: str, error: duckdb.Error) -> UserFixable:
        return UserFixable(
            f"Column {name} holds values that are neither numbers nor yes/no: {str(error).splitlines()[0]}",
            hint="An outcome is an amount of money, a count, or yes/no (1/0, true/false).",
        )

    def sparse(self, name: str, arm_value: Any, n: int) -> Sparse:
        """Read the non-zero values of one arm, sorted, so that relabelling is repeatable."""
        y = self.expression(name)
        where = f"{quoted(self.columns.arm)} = ?"
        found = self.db.execute(f"SELECT {y} AS y FROM people WHERE {where} AND {y} <> 0", [arm_value]).fetchnumpy()
        return Sparse(n, np.sort(np.asarray(found["y"], dtype=float)))


def header_of(path: Path) -> tuple[Written, list[str]]:
    """Return how a text file is written and the names of its columns. Raises UserFixable without a header."""
    written, lines = delimited.recognise(path)
    names = delimited.cells(lines[0], written.delimiter)
    if not any(names) or len(set(names)) < len(names):
        raise UserFixable(
            f"The first line of {path.name} is not a header: {lines[0][:80]!r}.",
            hint="The first line names each column once.",
        )
    return written, names


def _unusual_separator(path: Path) -> str:
    """Say by what a UTF-8 file's columns are set apart, from its first lines; nothing for commas."""
    with delimited.binary(path) as file:
        start = file.read(1 << 14).decode("utf-8-sig", errors="replace").splitlines()[:-1]
    lines = [line for line in start if line.strip()][:20]
    if not lines:
        return ""
    found = Written("utf-8", delimited.delimiter_of(lines))
    return "" if found.usual else found.words


def names_in(path: Path) -> list[str]:
    """Return the names of a file's columns, none where they cannot be read."""
    try:
        if path.suffix.lower() in (".parquet", ".pq"):
            return list(column_types(path))
        return header_of(path)[1]
    except (UserFixable, duckdb.Error):
        return []


@contextlib.contextmanager
def _in_utf8(path: Path, encoding: str) -> Generator[Path]:
    """Give a file in UTF-8: itself, or a copy that is gone afterwards."""
    if encoding.startswith("utf-8"):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="cpo-rows-") as folder:
        copy = Path(folder) / "rows.csv"
        with (
            io.TextIOWrapper(delimited.binary(path), encoding=encoding, newline="") as text,
            copy.open("w", encoding="utf-8", newline="") as out,
        ):
            shutil.copyfileobj(text, out)
        yield copy


def column_types(path: Path) -> dict[str, str]:
    """Return the columns of a Parquet or CSV file with their types, without reading its rows."""
    if not path.is_file():
        raise UserFixable(f"There is no file {path.name}.", hint="Load the results again.")
    literal = str(path).replace("'", "''")
    reader = "read_parquet" if path.suffix.lower() in (".parquet", ".pq") else "read_csv"
    with duckdb.connect() as db:
        found = db.execute(f"DESCRIBE SELECT * FROM {reader}('{literal}')").fetchall()
    return {str(row[0]): str(row[1]) for row in found}
