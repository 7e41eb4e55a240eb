"""How dates, numbers and yes/no are written in a column, and the SQL that reads them; what cannot be read is NULL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

ENOUGH = 0.9
MISSING = ("", "nan", "null", "none", "n/a", "na", "nat", "-", "#n/a", "unknown", "undefined")
YES = ("true", "t", "yes", "y", "1", "1.0", "opted in", "opted-in", "subscribed", "granted", "ja", "oui", "si")
NO = ("false", "f", "no", "n", "0", "0.0", "opted out", "opted-out", "unsubscribed", "denied", "nein", "non")

_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d.%m.%y")
_MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%y", "%m.%d.%y")
_NAMED = ("%d-%b-%Y", "%d %b %Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y", "%d-%b-%y", "%Y/%m/%d", "%Y.%m.%d")
_COMPACT = ("%Y%m%d", "%Y%m%d%H%M%S")


@dataclass(frozen=True)
class ColumnFormat:
    """How a column is written. ``style``: iso, epoch, epoch_ms, pattern (dates) or number.

    ``decimal`` is the decimal mark of numbers; ``factor`` multiplies them (months to days).
    """

    style: str
    patterns: tuple[str, ...] = ()
    decimal: str = "."
    factor: int = 1
    symbol: str | None = None
    assumption: str = ""

    @property
    def words(self) -> str:
        """Say how the column is read."""
        if self.style == "number":
            return f"number, decimal {'comma' if self.decimal == ',' else 'point'}" + (
                f", times {self.factor}" if self.factor != 1 else ""
            )
        return {"iso": "date, ISO", "epoch": "seconds since 1970", "epoch_ms": "milliseconds since 1970"}.get(
            self.style, f"date, {self.patterns[0] if self.patterns else ''}"
        )

    def date_sql(self, text: str) -> str:
        """Return the expression of a UTC timestamp, NULL where the text is no date."""
        if self.style == "iso":
            read = f"CAST(try_cast({text} AS TIMESTAMPTZ) AS TIMESTAMP)"
        elif self.style in ("epoch", "epoch_ms"):
            scale = 1_000_000 if self.style == "epoch" else 1000
            read = f"make_timestamp(CAST(try_cast({text} AS DOUBLE) * {scale} AS BIGINT))"
        else:
            quoted = ", ".join("'" + p.replace("'", "''") + "'" for p in self.patterns)
            read = f"try_strptime({text}, [{quoted}])"
        return f"CASE WHEN year({read}) BETWEEN 1900 AND 2200 THEN {read} END"

    def number_sql(self, text: str) -> str:
        """Return the expression of a DECIMAL(18,4), NULL where the text is no number."""
        bare = f"regexp_replace({text}, '[^0-9,.()eE+-]', '', 'g')"
        bare = f"replace({bare}, '.', '')" if self.decimal == "," else f"replace({bare}, ',', '')"
        bare = f"replace({bare}, ',', '.')" if self.decimal == "," else bare
        bare = f"regexp_replace({bare}, '^\\((.*)\\)$', '-\\1')"
        bare = f"regexp_replace({bare}, '^([0-9.]+)-$', '-\\1')"
        times = f" * {self.factor}" if self.factor != 1 else ""
        looks = f"regexp_full_match({text}, '{_NUMBER_SQL}')"
        return f"CASE WHEN {looks} THEN try_cast({bare} AS DECIMAL(18,4)){times} END"


_MONEY_MARK = r"(?:[$£€¥]|USD|GBP|EUR|CHF|SEK|NOK|DKK|PLN|CAD|AUD|US\$)"
_NUMBER = re.compile(
    rf"\s*{_MONEY_MARK}?\s*\(?[-+]?\s*{_MONEY_MARK}?\s*"
    rf"(?:\d[\d.,' \u00a0]*\d|\d|[.,]\d+)(?:[eE][-+]?\d+)?\)?-?\s*{_MONEY_MARK}?\s*"
)
_NUMBER_SQL = (
    r"\s*(?:[$£€¥]|[A-Z]{3})?\s*\(?[-+]?\s*(?:[$£€¥]|[A-Z]{3})?\s*"
    r"(?:[0-9][0-9., ]*[0-9]|[0-9]|[.,][0-9]+)(?:[eE][-+]?[0-9]+)?\)?-?\s*(?:[$£€¥]|[A-Z]{3})?\s*"
)
_COMMA_DECIMAL = re.compile(r"^[^\d]*\d{1,3}(?:[.\s']\d{3})*,\d{1,2}[^\d]*$|^[^\d]*\d+,\d{1,2}[^\d]*$")
_POINT_DECIMAL = re.compile(r"^[^\d]*[\d,\s']*\.\d+[^\d]*$|\d[eE][-+]?\d")
_SYMBOLS = {"$": "USD", "£": "GBP", "€": "EUR", "¥": "JPY"}
_CODE = re.compile(r"\b(USD|GBP|EUR|CHF|SEK|NOK|DKK|PLN|CAD|AUD|JPY)\b")


def detect_number(values: Sequence[str]) -> ColumnFormat | None:
    """Return how numbers are written in a sample, None when it holds something else."""
    present = [v for v in values if v.lower() not in MISSING]
    if not present or sum(bool(_NUMBER.fullmatch(v)) for v in present) < ENOUGH * len(present):
        return None
    comma = sum(bool(_COMMA_DECIMAL.match(v)) for v in present)
    point = sum(bool(_POINT_DECIMAL.match(v)) for v in present)
    symbol = next((_SYMBOLS[mark] for mark in _SYMBOLS if any(mark in v for v in present)), None)
    code = next((found[1] for found in map(_CODE.search, present) if found), None)
    by_comma = comma > point
    said = "decimal comma" if by_comma else ""
    return ColumnFormat("number", decimal="," if by_comma else ".", symbol=code or symbol, assumption=said)


def detect_date(values: Sequence[str]) -> ColumnFormat | None:
    """Return how dates are written in a sample, None when it holds no dates."""
    present = list(dict.fromkeys(v for v in values if v.lower() not in MISSING))[:500]
    if not present:
        return None
    digits = [v for v in present if re.fullmatch(r"\d+(?:\.0+)?", v)]
    if len(digits) >= ENOUGH * len(present):
        return _numeric_date(digits)
    if _share(present, ColumnFormat("iso")) >= ENOUGH:
        return ColumnFormat("iso")
    day = _patterns(present, _DAY_FIRST)
    month = _patterns(present, _MONTH_FIRST)
    named = _patterns(present, _NAMED)
    best = max((day, month, named), key=lambda found: found[1])
    if best[1] < ENOUGH:
        return None
    if day[1] == month[1] and best in (day, month):
        return ColumnFormat("pattern", day[0], assumption="day and month cannot be told apart; day first is taken")
    said = "" if best is named else ("day first" if best is day else "month first")
    return ColumnFormat("pattern", best[0], assumption=said)


def _numeric_date(digits: list[str]) -> ColumnFormat | None:
    lengths = {len(v.split(".")[0]) for v in digits}
    if lengths <= {8, 14}:
        form = ColumnFormat("pattern", _COMPACT)
        return form if _share(digits, form) >= ENOUGH else None
    if lengths <= {9, 10} and all(300_000_000 < float(v) < 4_000_000_000 for v in digits):
        return ColumnFormat("epoch", assumption="seconds since 1970")
    if lengths <= {12, 13}:
        return ColumnFormat("epoch_ms", assumption="milliseconds since 1970")
    return None


def _patterns(values: Sequence[str], days: Sequence[str]) -> tuple[tuple[str, ...], float]:
    patterns = tuple(day + clock for day in days for clock in _CLOCKS)
    return patterns, _share(values, ColumnFormat("pattern", patterns))


def _share(values: Sequence[str], form: ColumnFormat) -> float:
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("SET TimeZone = 'UTC'")
        query = f"SELECT count({form.date_sql('v')}) FROM (SELECT unnest(?) AS v)"
        return int(connection.execute(query, [list(values)]).fetchall()[0][0]) / len(values)
    finally:
        connection.close()


def text_sql(column: str) -> str:
    """Return the trimmed text of a staged column, NULL where it says that nothing is known."""
    missing = ", ".join(f"'{word}'" for word in MISSING)
    return f"CASE WHEN lower(trim({column})) IN ({missing}) THEN NULL ELSE trim({column}) END"


def identifier_sql(column: str) -> str:
    """Return an id as text; 17850.0, as spreadsheets and data frames write it, is 17850."""
    return f"regexp_replace({text_sql(column)}, '^([0-9]+)\\.0+$', '\\1')"


def flag_sql(column: str) -> str:
    """Return a yes/no column as BOOLEAN, NULL where it says neither."""
    yes, no = (", ".join(f"'{word}'" for word in words) for words in (YES, NO))
    bare = f"lower(trim({column}))"
    return f"CASE WHEN {bare} IN ({yes}) THEN TRUE WHEN {bare} IN ({no}) THEN FALSE END"
