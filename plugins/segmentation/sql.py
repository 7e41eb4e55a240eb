"""Pieces of SQL with their bound values, and where the engines' dialects differ.

Text of a person never enters a statement: values are bound, names come from the field catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Sql:
    """A piece of SQL with ``?`` marks and the values for them, in order."""

    text: str
    values: tuple[Any, ...] = ()

    @staticmethod
    def join(separator: str, parts: Iterable[Sql]) -> Sql:
        """Join pieces with a separator, keeping the values in order."""
        listed = list(parts)
        return Sql(separator.join(p.text for p in listed), tuple(v for p in listed for v in p.values))

    @staticmethod
    def fill(template: str, *parts: Sql | str) -> Sql:
        """Put pieces where the template has ``{}``; plain strings must be names or literals of our own."""
        pieces = [part if isinstance(part, Sql) else Sql(part) for part in parts]
        return Sql(template.format(*(p.text for p in pieces)), tuple(v for p in pieces for v in p.values))


class DuckDBDialect:
    """How DuckDB writes what the engines write differently."""

    def days_between(self, earlier: str, later: str) -> str:
        """Return whole days from one date to another."""
        return f"date_diff('day', {earlier}, {later})"

    def sha256_hex(self, text: str) -> str:
        """Return the 64 hex digits of the SHA-256 of the UTF-8 bytes."""
        return f"sha256({text})"

    def whole_division(self, numerator: str, denominator: str) -> str:
        """Return the quotient of two integers, rounded towards zero."""
        return f"({numerator} // {denominator})"

    def digits_of(self, text: str) -> str:
        """Return only the digits of a text."""
        return f"regexp_replace({text}, '[^0-9]', '', 'g')"


class SparkDialect(DuckDBDialect):
    """The same for Spark SQL."""

    def days_between(self, earlier: str, later: str) -> str:
        return f"datediff({later}, {earlier})"

    def sha256_hex(self, text: str) -> str:
        return f"sha2({text}, 256)"

    def whole_division(self, numerator: str, denominator: str) -> str:
        return f"({numerator} div {denominator})"

    def digits_of(self, text: str) -> str:
        return f"regexp_replace({text}, '[^0-9]', '')"


def day_literal(day: date) -> str:
    """Return a date as an SQL literal."""
    return f"DATE '{day.isoformat()}'"


def marks(values: Sequence[Any]) -> str:
    """Return as many ``?`` marks as there are values."""
    return ", ".join("?" for _ in values)
