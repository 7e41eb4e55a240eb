"""Which column means what: proposed from names and from contents, confirmed or corrected by a person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import duckdb

from app.domain.errors import ColumnsUnclear, UserFixable
from plugins.segmentation.column_names import COLUMN_NAMES, SUFFIXES
from plugins.segmentation.sources import Source
from plugins.segmentation.values import ColumnFormat, detect_date, detect_number

Kind = Literal["customers", "transactions"]

REQUIRED: dict[str, tuple[str, ...]] = {"transactions": ("customer_id", "ordered_at"), "customers": ()}
_DATES = ("ordered_at", "birth_date", "signup_date", "last_open_at", "given_last_purchase_date")
_NUMBERS = (
    "amount", "unit_price", "quantity", "opens_90d", "clicks_90d", "sends_90d", "sends_7d", "given_last_purchase_days",
    "given_orders_count", "given_total_spend",
)  # fmt: skip
_ABOUT_A_PERSON = (
    "email",
    "phone",
    "last_name",
    "given_last_purchase_days",
    "given_last_purchase_date",
    "given_total_spend",
)
SAMPLE_ROWS = 2000
ENOUGH_WITH_NAME = 0.5
SUMMARY_NAMES = frozenset({
    "recency", "recencydays", "frequency", "monetary", "recencymonths", "history", "dayssincelastorder", "orderscount",
    "totalspend", "totalspent", "lastpurchasedays", "lastpurchasedate", "lastorderdate", "consentemail",
    "birthdate", "signupdate", "firstname", "lastname", "email",
})  # fmt: skip
"""Names that only a table with one row a customer has."""


@dataclass(frozen=True)
class MappedColumn:
    """One column as it will be read. ``format`` says how dates and numbers are written."""

    field: str
    column: str
    position: int
    format: ColumnFormat | None = None


@dataclass(frozen=True)
class ColumnMapping:
    """A proposed or confirmed mapping. ``assumptions`` are said to the person; ``unused`` columns are not read."""

    kind: Kind
    columns: tuple[MappedColumn, ...]
    unused: tuple[str, ...]
    assumptions: tuple[str, ...] = ()

    def get(self, field: str) -> MappedColumn | None:
        """Return the column of a field, or None."""
        return next((c for c in self.columns if c.field == field), None)

    def as_json(self) -> dict[str, str]:
        """Return ``{column: field}``, the form of ``--map``."""
        return {c.column: c.field for c in self.columns}


def propose(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    table: str,
    kind: Kind,
    chosen: Mapping[str, str] | None = None,
) -> ColumnMapping:
    """Propose what the staged columns mean; ``chosen`` ({column: field}) wins over every guess.

    Raises ``UserFixable`` when a chosen column or field does not exist, or a needed one cannot be found.
    """
    taken, ignored = _chosen(source, kind, chosen or {})
    free = [p for p in range(len(source.columns)) if p not in taken.values() and p not in ignored]
    samples = _samples(connection, table, len(source.columns))
    for field, names in COLUMN_NAMES[kind].items():
        if field in taken:
            continue
        position = _by_name(source.columns, free, names, samples, field)
        if position is not None:
            taken[field] = position
            free.remove(position)
    assumptions: list[str] = []
    if kind == "transactions":
        assumptions += _by_content(taken, free, samples, source.columns)
    missing = [field for field in REQUIRED[kind] if field not in taken]
    if kind == "customers" and "customer_id" not in taken and not set(taken) & set(_ABOUT_A_PERSON):
        missing = ["customer_id"]
    if missing:
        raise ColumnsUnclear(
            f"{source.path.name}: no column for {' and '.join(missing)} was found among {', '.join(source.columns)}.",
            hint="Name it: --map " + " --map ".join(f"COLUMN={field}" for field in missing),
        )
    if "customer_id" not in taken:
        assumptions.append(
            "no column numbers the customers: each row becomes a customer, and orders cannot find theirs"
        )
    columns = tuple(_mapped(field, position, source, samples, assumptions) for field, position in taken.items())
    unused = tuple(name for p, name in enumerate(source.columns) if p not in taken.values())
    return ColumnMapping(kind, columns, unused, tuple(assumptions))


def guess_kind(source: Source) -> Kind:
    """Say whether a file holds one row a purchase or one row a customer, from its column names."""
    names = {_plain(name) for name in source.columns}
    known = COLUMN_NAMES["transactions"]
    dated = names & set(known["ordered_at"])
    bought = names & {*known["amount"], *known["unit_price"], *known["order_id"]}
    summed = names & SUMMARY_NAMES
    if summed and not (dated and bought):
        return "customers"
    return "transactions" if dated or not source.has_header or bought else "customers"


def _chosen(source: Source, kind: Kind, chosen: Mapping[str, str]) -> tuple[dict[str, int], set[int]]:
    """Return the positions of the chosen fields, and of the columns that are not to be read."""
    taken: dict[str, int] = {}
    ignored: set[int] = set()
    by_name = {name.lower(): position for position, name in enumerate(source.columns)}
    for column, field in chosen.items():
        position = by_name.get(column.strip().lower())
        if position is None:
            raise UserFixable(
                f"{source.path.name} has no column {column!r}.", hint=f"Columns: {', '.join(source.columns)}"
            )
        name = field.strip()
        if name in ("", "-", "ignore"):
            ignored.add(position)
            continue
        if name not in COLUMN_NAMES[kind]:
            raise UserFixable(f"There is no field {name!r}.", hint=f"Fields: {', '.join(COLUMN_NAMES[kind])}")
        taken[name] = position
    return taken, ignored


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _samples(connection: duckdb.DuckDBPyConnection, table: str, width: int) -> list[list[str]]:
    rows = connection.execute(f"SELECT * FROM {table} USING SAMPLE {SAMPLE_ROWS} ROWS (reservoir, 1)").fetchall()
    return [[str(row[p + 2]).strip() for row in rows if row[p + 2] is not None and str(row[p + 2]).strip()]
            for p in range(width)]  # fmt: skip


def _by_name(
    columns: Sequence[str], free: Sequence[int], names: Sequence[str], samples: list[list[str]], field: str
) -> int | None:
    plain = {p: _plain(columns[p]) for p in free}
    for name in names:
        for position in free:
            if plain[position] == name and _fits(field, samples[position]):
                return position
    for name in names:
        for position in free:
            rest = plain[position].removeprefix(name)
            if rest != plain[position] and rest in SUFFIXES and _fits(field, samples[position]):
                return position
    return None


def _fits(field: str, values: list[str]) -> bool:
    """Say whether the contents can be what the name promises; an empty column fits anything."""
    return not values or field not in (*_DATES, *_NUMBERS) or _format(field, values) is not None


def _format(field: str, values: list[str]) -> ColumnFormat | None:
    """Find how a named column is written; half of it suffices, the rest is rejected row by row."""
    if field in _DATES:
        return detect_date(values, ENOUGH_WITH_NAME)
    return detect_number(values, ENOUGH_WITH_NAME) if field in _NUMBERS else None


def _by_content(taken: dict[str, int], free: list[int], samples: list[list[str]], columns: Sequence[str]) -> list[str]:
    """Fill what names did not give: a date column, a repeated id, a money column."""
    said: list[str] = []

    def take(field: str, position: int | None) -> None:
        if position is not None:
            taken[field] = position
            free.remove(position)
            said.append(f"{columns[position]!r} is read as {field}, from its contents")

    if "ordered_at" not in taken:
        dated = [p for p in free if samples[p] and detect_date(samples[p]) and not _small_integers(samples[p])]
        take("ordered_at", dated[0] if dated else None)
    if "amount" not in taken and "unit_price" not in taken:
        money = [p for p in free if samples[p] and detect_number(samples[p]) and _has_decimals(samples[p])]
        take("amount", money[0] if money else None)
    if "customer_id" not in taken:
        ids = [p for p in free if samples[p] and _repeats(samples[p]) and not _has_decimals(samples[p])]
        take("customer_id", ids[0] if ids else None)
    return said


def _small_integers(values: list[str]) -> bool:
    return all(v.isdigit() and len(v) < 8 for v in values)


def _has_decimals(values: list[str]) -> bool:
    return sum(bool(re.search(r"[.,]\d{1,2}\D*$", v)) for v in values) > len(values) * 0.3


def _repeats(values: list[str]) -> bool:
    return 1 < len(set(values)) <= len(values)


def _mapped(
    field: str, position: int, source: Source, samples: list[list[str]], assumptions: list[str]
) -> MappedColumn:
    values, column = samples[position], source.columns[position]
    form = _format(field, values)
    if form is None and field in (*_DATES, *_NUMBERS) and values:
        what = "dates" if field in _DATES else "numbers"
        raise ColumnsUnclear(
            f"{source.path.name}: {column!r} was to be read as {field}, but {values[0][:40]!r} is none of its {what}.",
            hint=f"Map another column, or none: --map {column}=ignore",
        )
    if form is not None and form.assumption:
        assumptions.append(f"{column!r}: {form.assumption}")
    return MappedColumn(field, column, position, _with_unit(field, column, form, values, assumptions))


def _with_unit(
    field: str, column: str, form: ColumnFormat | None, values: list[str], assumptions: list[str]
) -> ColumnFormat | None:
    """Recency in months: said by the name, or a bare ``recency`` of 1 to 12."""
    if field != "given_last_purchase_days" or form is None:
        return form
    bare = _plain(column) == "recency" and all(re.fullmatch(r"\d+(\.0+)?", v) and float(v) <= 12 for v in values)
    if "month" in column.lower() or (bare and values):
        assumptions.append(f"{column!r} counts months; a month is taken as 30 days")
        return replace(form, factor=30)
    return form
