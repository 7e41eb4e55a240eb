"""The one grouped pass, folded into statistics per arm, per level of a breakdown and per stratum."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import numpy as np

from app.domain.errors import UserFixable
from plugins.experiment.means import compare_welch
from plugins.experiment.source import Source, quoted
from plugins.experiment.study import Kind, Level, Outcome
from plugins.experiment.sufficient import Mean, Pair, Proportion

MOST_ARMS = 50
MOST_LEVELS = 60


class Tally:
    """The grouped result, folded into statistics per arm, per level and per stratum."""

    def __init__(self, reader: Source, kinds: dict[str, Kind]) -> None:
        self.reader, self.kinds = reader, kinds
        self.sizes: dict[str, int] = {}
        self.keys: dict[str, Any] = {}
        self.no_arm = 0
        self.cells: dict[tuple[str, ...], dict[str, dict[str, float]]] = {}
        """Grouping key (column, level), () for the whole, or ('', stratum) -> arm -> sums."""

    def read(self) -> Tally:
        try:
            self._query()
        except duckdb.Error as error:
            message = str(error).splitlines()[0]
            raise UserFixable(
                f"The outcomes cannot be added up: {message}", hint="Outcomes are numbers or yes/no."
            ) from error
        if len(self.sizes) < 2:
            raise UserFixable(
                f"Column {self.reader.columns.arm} has fewer than two arms.",
                hint="Is it the column that says who got what?",
            )
        if len(self.sizes) > MOST_ARMS:
            raise UserFixable(
                f"Column {self.reader.columns.arm} has {len(self.sizes)} values; at most {MOST_ARMS} can be compared.",
                hint="Is it the column that says who got what?",
            )
        self._check_finite()
        if any(self._not_binary(name) for name, kind in self.kinds.items() if kind == "binary"):
            return self._again_as_money()
        return self

    def _again_as_money(self) -> Tally:
        wrong = [name for name, kind in self.kinds.items() if kind == "binary" and self._not_binary(name)]
        stated = [name for name in wrong if name in self.reader.columns.kinds]
        if stated:
            raise UserFixable(
                f"{', '.join(stated)} is not yes/no: it has values other than 0 and 1.", hint="Leave the kind out."
            )
        return Tally(self.reader, {**self.kinds, **dict.fromkeys(wrong, "money")}).read()

    def _not_binary(self, name: str) -> bool:
        return any(
            cell[f"{name}|min"] < 0 or cell[f"{name}|max"] > 1 or cell[f"{name}|odd"] > 0
            for cell in self.cells[()].values()
        )

    def _check_finite(self) -> None:
        for name in self.kinds:
            sums = [cell.get(f"{name}|{power}", 0.0) for cell in self.cells[()].values() for power in ("sum", "sum2")]
            if not all(map(math.isfinite, sums)):
                raise UserFixable(
                    f"Column {name} holds values that are not finite, or too large to be squared.",
                    hint="Remove NaN and infinity first, or give amounts in a larger unit.",
                )

    def _query(self) -> None:
        columns = self.reader.columns
        groups = [*columns.by]
        sums, labels = self._sums()
        arm = quoted(columns.arm)
        strata = (
            [f"concat_ws(' | ', {', '.join(quoted(s) + '::VARCHAR' for s in columns.strata)})"]
            if columns.strata
            else []
        )
        keys = [self.reader.level(g) for g in groups] + strata
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
            wanted = {"sum": f"sum({y})", "count": f"count({y})"}
            if kind == "binary":
                wanted |= {"min": f"min({y})", "max": f"max({y})", "odd": self._odd(name, y)}
            else:
                wanted |= {"sum2": f"sum({y} * {y})", "sum3": f"sum({y} * {y} * {y})", "some": f"count(nullif({y}, 0))"}
            if x and kind == "money":
                wanted["xy"] = f"sum({self.reader.expression(x)} * {y})"
            sums += list(wanted.values())
            labels += [f"{name}|{key}" for key in wanted]
        if x:
            before = self.reader.expression(x)
            sums += [f"sum({before})", f"sum({before} * {before})", f"count({before})"]
            labels += ["<x>|sum", "<x>|sum2", "<x>|count"]
        return sums, labels

    def _odd(self, name: str, y: str) -> str:
        whole = "INT" in self.reader.types[name].upper() or self.reader.types[name].upper() == "BOOLEAN"
        return "0" if whole else f"count(*) FILTER ({y} NOT IN (0, 1))"

    def _stat(self, name: str, cell: Mapping[str, float]) -> Proportion | Mean:
        n = int(cell["n"])
        if self.kinds[name] == "binary":
            return Proportion(n, round(cell[f"{name}|sum"]))
        cubes = cell[f"{name}|sum3"]
        return Mean.from_sums(n, cell[f"{name}|sum"], cell[f"{name}|sum2"], cubes if math.isfinite(cubes) else None)

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
                    f"{column} has {len(found)} levels, too many to compare.",
                    hint="Group it into at most 60 levels first.",
                )
        paired = kind == "money" and self.reader.columns.covariate is not None
        return Outcome(
            name, kind, {a: self._stat(name, c) for a, c in whole.items()},
            pairs={a: self._pair(name, c) for a, c in whole.items()} if paired else {},
            strata=strata, levels=levels,
            buyers={a: int(c[f"{name}|some"]) for a, c in whole.items()} if kind == "money" else {},
            missing=sum(int(c["n"] - c[f"{name}|count"]) for c in whole.values()),
        )  # fmt: skip

    def _pair(self, name: str, cell: Mapping[str, float]) -> Pair:
        return Pair.from_sums(
            int(cell["n"]),
            cell[f"{name}|sum"],
            cell[f"{name}|sum2"],
            cell["<x>|sum"],
            cell["<x>|sum2"],
            cell[f"{name}|xy"],
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
    pairs = [(a, b) for i, a in enumerate(arms) for b in arms[i + 1 :]]
    found = [compare_welch(a, b, alpha=0.05).p for a, b in pairs]
    return any(p is not None and p.value * len(pairs) < 0.001 for p in found)


def _as_mean(stat: Proportion | Mean) -> Mean:
    if isinstance(stat, Mean):
        return stat
    return Mean.from_sums(stat.n, stat.events, stat.events, stat.events)
