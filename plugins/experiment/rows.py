"""Rows to sufficient statistics: one grouped pass of DuckDB over a CSV or Parquet file, one row per customer.

Blank outcomes count as zero (intention to treat: everybody assigned is in) and are counted in a note; rows without an
arm are left out and counted. Text outcomes must be yes/no words.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from app.domain.errors import UserFixable
from plugins.experiment.permutation import Sparse
from plugins.experiment.study import Kind, Level, Outcome, Study
from plugins.experiment.sufficient import Mean, Pair, Proportion

MOST_ARMS = 50
MOST_LEVELS = 60
WINSOR = 0.999
_YES = ("true", "t", "yes", "y", "1", "converted", "clicked", "opened")
_NO = ("false", "f", "no", "n", "0", "")


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


def read_rows(path: Path, columns: Columns, *, control: str | None, threads: int | None = None) -> Study:
    """Read a file into a study. Raises UserFixable naming the columns there are, or the values that do not fit."""
    return _Reader(path, columns, threads).study(control)


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of the file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _q(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class _Reader:
    """One file, opened once; the connection lives as long as somebody may still ask for values."""

    def __init__(self, path: Path, columns: Columns, threads: int | None) -> None:
        if not path.is_file():
            raise UserFixable(f"There is no file {path}.", hint="Give the path of a CSV, CSV.gz or Parquet file.")
        self.path, self.columns = path, columns
        self.db = duckdb.connect()
        self.db.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
        if threads is not None:
            self.db.execute(f"SET threads = {int(threads)}")
        self.types = self._open()
        self._check_roles()

    def _open(self) -> dict[str, str]:
        parquet = self.path.suffix.lower() in (".parquet", ".pq")
        reader = "read_parquet" if parquet else "read_csv"
        literal = str(self.path).replace("'", "''")
        options = "" if parquet else ", sample_size = 100000"
        source = f"{reader}('{literal}'{options})"
        try:
            found = self.db.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
            types = {str(row[0]): str(row[1]) for row in found}
            self._check_names(types)
            chosen = ", ".join(_q(name) for name in self.columns.all)
            keep = "VIEW" if parquet else "TABLE"
            self.db.execute(f"CREATE TEMP {keep} people AS SELECT {chosen} FROM {source}")
        except duckdb.Error as error:
            first = str(error).splitlines()[0]
            raise UserFixable(f"{self.path.name} cannot be read: {first}", hint="Is it a table with a header row?") from error
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

    def study(self, control: str | None) -> Study:
        kinds = {name: self._kind(name) for name in self.columns.outcomes}
        table = _Table(self, kinds).read()
        arms = sorted(table.sizes)
        chosen = pick_control(arms, control)
        outcomes = tuple(self._with_extras(o, table) for o in table.outcomes())
        return Study(
            chosen,
            (chosen, *(arm for arm in arms if arm != chosen)),
            table.sizes,
            outcomes,
            file_sha256(self.path),
            str(self.path.name),
            table.notes(),
        )

    def expression(self, name: str) -> str:
        """Return SQL for an outcome as DOUBLE; yes/no words become 1 and 0, other words fail."""
        kind = self.types[name].upper()
        if kind == "BOOLEAN":
            return f"{_q(name)}::INT"
        if "VARCHAR" in kind:
            yes = ", ".join(f"'{w}'" for w in _YES)
            no = ", ".join(f"'{w}'" for w in _NO)
            text = f"lower(trim({_q(name)}))"
            return f"CASE WHEN {text} IN ({yes}) THEN 1.0 WHEN {text} IN ({no}) THEN 0.0 ELSE {_q(name)}::DOUBLE END"
        return f"{_q(name)}::DOUBLE"

    def _kind(self, name: str) -> Kind:
        stated = self.columns.kinds.get(name)
        if stated:
            return stated
        if self.types[name].upper() == "BOOLEAN":
            return "binary"
        y = self.expression(name)
        try:
            row = self.db.execute(
                f"SELECT count(*) FILTER (y NOT IN (0, 1)) FROM (SELECT {y} AS y FROM people LIMIT 50000)"
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
        where = f"{_q(self.columns.arm)} = ?"
        found = self.db.execute(f"SELECT {y} AS y FROM people WHERE {where} AND {y} <> 0", [arm_value]).fetchnumpy()
        return Sparse(n, np.sort(np.asarray(found["y"], dtype=float)))

    def _with_extras(self, outcome: Outcome, table: _Table) -> Outcome:
        if outcome.kind != "money":
            return outcome
        name = outcome.name
        cap, capped = self._capped(outcome, table)
        return replace(
            outcome, cap=cap, capped=capped,
            sparse=lambda arm: self.sparse(name, table.keys[arm], table.sizes[arm]),
        )  # fmt: skip

    def _capped(self, outcome: Outcome, table: _Table) -> tuple[float | None, dict[str, Mean]]:
        """Winsorise at the pooled 99.9 % quantile by reading only the tail above a first guess."""
        n = sum(table.sizes.values())
        above = int(n * (1 - WINSOR))
        y, name = self.expression(outcome.name), outcome.name
        nothing: tuple[float | None, dict[str, Mean]] = (None, {})
        if above < 1:
            return nothing
        guess = self.db.execute(f"SELECT quantile_cont(y, 0.99) FROM (SELECT {y} AS y FROM people LIMIT 50000)").fetchone()
        floor = float(guess[0] or 0.0) if guess else 0.0
        arm = _q(self.columns.arm)
        found: dict[str, Any] = {}
        for limit in (floor, 0.0):
            query = f"SELECT {arm} AS arm, {y} AS y FROM people WHERE {y} > {limit!r} AND {arm} IS NOT NULL"
            found = self.db.execute(query).fetchnumpy()
            if len(found["y"]) > above:
                break
        tail = np.asarray(found["y"], dtype=float)
        if len(tail) <= above or len(tail) == 0:
            return nothing
        cap = float(np.partition(tail, len(tail) - above - 1)[len(tail) - above - 1])
        return cap, {a: table.capped(name, a, found["arm"], tail, cap) for a in table.sizes}


def pick_control(arms: Sequence[str], control: str | None) -> str:
    """Return the control's exact name: as given, ignoring case, or by its usual names; refuses to guess further."""
    if control is not None:
        if control in arms:
            return control
        loose = [arm for arm in arms if arm.strip().casefold() == control.strip().casefold()]
        if len(loose) == 1:
            return loose[0]
        raise UserFixable(f"There is no arm {control!r}.", hint=f"Arms: {', '.join(arms)}.")
    usual = [arm for arm in arms if arm.strip().casefold() in ("control", "holdout", "no send", "no e-mail", "no email")]
    if len(usual) == 1:
        return usual[0]
    raise UserFixable("Which arm is the control?", hint=f"Name it with --control. Arms: {', '.join(arms)}.")


class _Table:
    """The grouped result, folded into statistics per arm, per level and per stratum."""

    def __init__(self, reader: _Reader, kinds: dict[str, Kind]) -> None:
        self.reader, self.kinds = reader, kinds
        self.sizes: dict[str, int] = {}
        self.keys: dict[str, Any] = {}
        self.no_arm = 0
        self.cells: dict[tuple[str, ...], dict[str, dict[str, float]]] = {}
        """Grouping key (column, level), () for the whole, or ('', stratum) -> arm -> sums."""

    def read(self) -> _Table:
        try:
            self._query()
        except duckdb.Error as error:
            message = str(error).splitlines()[0]
            raise UserFixable(f"The outcomes cannot be added up: {message}", hint="Outcomes are numbers or yes/no.") from error
        if len(self.sizes) < 2:
            raise UserFixable(
                f"Column {self.reader.columns.arm} has fewer than two arms.", hint="Is it the column that says who got what?"
            )
        if len(self.sizes) > MOST_ARMS:
            raise UserFixable(
                f"Column {self.reader.columns.arm} has {len(self.sizes)} values; at most {MOST_ARMS} arms can be compared.",
                hint="Is it the column that says who got what?",
            )
        self._check_finite()
        if any(self._not_binary(name) for name, kind in self.kinds.items() if kind == "binary"):
            return self._again_as_money()
        return self

    def _again_as_money(self) -> _Table:
        wrong = [name for name, kind in self.kinds.items() if kind == "binary" and self._not_binary(name)]
        stated = [name for name in wrong if name in self.reader.columns.kinds]
        if stated:
            raise UserFixable(f"{', '.join(stated)} is not yes/no: it has values other than 0 and 1.", hint="Leave the kind out.")
        return _Table(self.reader, {**self.kinds, **dict.fromkeys(wrong, "money")}).read()

    def _not_binary(self, name: str) -> bool:
        return any(
            cell[f"{name}|min"] < 0 or cell[f"{name}|max"] > 1 or cell[f"{name}|odd"] > 0 for cell in self.cells[()].values()
        )

    def _check_finite(self) -> None:
        for name in self.kinds:
            if any(not math.isfinite(cell[f"{name}|sum"]) for cell in self.cells[()].values()):
                raise UserFixable(f"Column {name} holds values that are not finite.", hint="Remove NaN and infinity first.")

    def _query(self) -> None:
        columns = self.reader.columns
        groups = [*columns.by]
        sums, labels = self._sums()
        arm = _q(columns.arm)
        strata = [f"concat_ws(' | ', {', '.join(_q(s) + '::VARCHAR' for s in columns.strata)})"] if columns.strata else []
        keys = [f"{_q(g)}::VARCHAR" for g in groups] + strata
        named = ["", *groups, *(["<strata>"] if strata else [])]
        inner = ", ".join(f"{k} AS k{i}" for i, k in enumerate(keys))
        table = f"(SELECT *, {inner} FROM people)" if keys else "people"
        sets = ", ".join(["(" + arm + ")", *(f"({arm}, k{i})" for i in range(len(keys)))])
        grouping = f"GROUPING SETS ({sets})" if keys else arm
        flags = [f"grouping(k{i}), k{i}" for i in range(len(keys))]
        query = f"SELECT {arm}, {', '.join([*flags, *sums])} FROM {table} GROUP BY {grouping}"
        for row in self.reader.db.execute(query).fetchall():
            self._take(row, named, labels)

    def _take(self, row: tuple[Any, ...], named: Sequence[str], labels: Sequence[str]) -> None:
        width = 1 + 2 * (len(named) - 1)
        sums = {label: float(v) if v is not None else 0.0 for label, v in zip(labels, row[width:], strict=True)}
        key: tuple[str, ...] = ()
        for i, column in enumerate(named[1:]):
            if row[1 + 2 * i] == 0:
                level = row[2 + 2 * i]
                key = (column, "(blank)" if level is None else str(level))
        if row[0] is None:
            self.no_arm += int(sums["n"]) if key == () else 0
            return
        arm = str(row[0]).lower() if isinstance(row[0], bool) else str(row[0])
        if key == ():
            self.sizes[arm] = int(sums["n"])
            self.keys[arm] = row[0]
        self.cells.setdefault(key, {})[arm] = sums

    def _sums(self) -> tuple[list[str], list[str]]:
        """Return the SQL sums and their labels, none that the kinds do not need."""
        sums, labels = ["count(*)"], ["n"]
        x = self.reader.columns.covariate
        for name, kind in self.kinds.items():
            y = self.reader.expression(name)
            wanted = {"sum": f"sum({y})", "count": f"count({_q(name)})"}
            if kind == "binary":
                wanted |= {"min": f"min({y})", "max": f"max({y})", "odd": self._odd(name, y)}
            else:
                wanted |= {"sum2": f"sum({y} * {y})", "sum3": f"sum({y} * {y} * {y})", "some": f"count(nullif({y}, 0))"}
            if x and kind == "money":
                wanted["xy"] = f"sum({_q(x)}::DOUBLE * {y})"
            sums += list(wanted.values())
            labels += [f"{name}|{key}" for key in wanted]
        if x:
            sums += [f"sum({_q(x)}::DOUBLE)", f"sum({_q(x)}::DOUBLE * {_q(x)}::DOUBLE)", f"count({_q(x)})"]
            labels += ["<x>|sum", "<x>|sum2", "<x>|count"]
        return sums, labels

    def _odd(self, name: str, y: str) -> str:
        whole = "INT" in self.reader.types[name].upper() or self.reader.types[name].upper() == "BOOLEAN"
        return "0" if whole else f"count(*) FILTER ({y} NOT IN (0, 1))"

    def _stat(self, name: str, cell: Mapping[str, float]) -> Proportion | Mean:
        n = int(cell["n"])
        if self.kinds[name] == "binary":
            return Proportion(n, round(cell[f"{name}|sum"]))
        return Mean.from_sums(n, cell[f"{name}|sum"], cell[f"{name}|sum2"], cell[f"{name}|sum3"])

    def capped(self, name: str, arm: str, tail_arms: Any, tail: Any, cap: float) -> Mean:
        """Return an arm's statistics with everything above ``cap`` set to it."""
        cell = self.cells[()][arm]
        mine = tail[(np.asarray(tail_arms) == self.keys[arm]) & (tail > cap)]
        total = cell[f"{name}|sum"] - float((mine - cap).sum())
        total2 = cell[f"{name}|sum2"] - float((mine * mine - cap * cap).sum())
        return Mean.from_sums(int(cell["n"]), total, max(total2, total * total / cell["n"]))

    def outcomes(self) -> list[Outcome]:
        return [self._outcome(name, kind) for name, kind in self.kinds.items()]

    def _outcome(self, name: str, kind: Kind) -> Outcome:
        whole = self.cells[()]
        strata: dict[str, dict[str, Mean]] = {}
        levels: dict[str, list[Level]] = {column: [] for column in self.reader.columns.by}
        for key, arms in sorted(self.cells.items()):
            if key and key[0] == "<strata>":
                strata[key[1]] = {a: _as_mean(self._stat(name, c)) for a, c in arms.items()}
            elif key:
                levels[key[0]].append(Level(key[1], {a: self._stat(name, c) for a, c in arms.items()}))
        for column, found in levels.items():
            if len(found) > MOST_LEVELS:
                raise UserFixable(
                    f"{column} has {len(found)} levels, too many to compare.", hint="Group it into at most 60 levels first."
                )
        return Outcome(
            name, kind, {a: self._stat(name, c) for a, c in whole.items()},
            pairs={a: self._pair(name, c) for a, c in whole.items()} if kind == "money" and self.reader.columns.covariate else {},
            strata=strata, levels=levels,
            buyers={a: int(c[f"{name}|some"]) for a, c in whole.items()} if kind == "money" else {},
            missing=sum(int(c["n"] - c[f"{name}|count"]) for c in whole.values()),
        )  # fmt: skip

    def _pair(self, name: str, cell: Mapping[str, float]) -> Pair:
        return Pair.from_sums(
            int(cell["n"]), cell[f"{name}|sum"], cell[f"{name}|sum2"], cell["<x>|sum"], cell["<x>|sum2"], cell[f"{name}|xy"]
        )

    def notes(self) -> tuple[str, ...]:
        said: list[str] = []
        if self.no_arm:
            said.append(f"{self.no_arm:,} rows have no arm and were left out.")
        x = self.reader.columns.covariate
        if x:
            blank = sum(int(c["n"] - c["<x>|count"]) for c in self.cells[()].values())
            said += [f"{blank:,} rows have no {x}; they count as zero in the adjustment."] if blank else []
            if _unbalanced([_covariate(c) for c in self.cells[()].values()]):
                said.append(f"{x} differs between the arms; was it really measured before people were assigned?")
        return tuple(said)


def _covariate(cell: Mapping[str, float]) -> Mean:
    return Mean.from_sums(int(cell["n"]), cell["<x>|sum"], cell["<x>|sum2"])


def _unbalanced(arms: Sequence[Mean]) -> bool:
    """Say whether any two arms differ on the covariate with p < 0.001 after Bonferroni."""
    from plugins.experiment.means import compare_welch

    pairs = [(a, b) for i, a in enumerate(arms) for b in arms[i + 1 :]]
    found = [compare_welch(a, b, alpha=0.05).p for a, b in pairs]
    return any(p is not None and p.value * len(pairs) < 0.001 for p in found)


def _as_mean(stat: Proportion | Mean) -> Mean:
    if isinstance(stat, Mean):
        return stat
    return Mean.from_sums(stat.n, stat.events, stat.events, stat.events)
