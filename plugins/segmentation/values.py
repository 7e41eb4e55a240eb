"""How dates, numbers and yes/no are written in a column, and the SQL that reads them; what cannot be read is NULL."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

ENOUGH = 0.9
DISTINCT_DATES = 500
MISSING = ("", "nan", "null", "none", "n/a", "na", "nat", "-", "#n/a", "unknown", "undefined")
YES = ("true", "t", "yes", "y", "1", "1.0", "opted in", "opted-in", "subscribed", "granted", "ja", "oui", "si")
NO = ("false", "f", "no", "n", "0", "0.0", "opted out", "opted-out", "unsubscribed", "denied", "nein", "non")

_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_DAY_FIRST = ("%d/%m/%y", "%d.%m.%y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
_MONTH_FIRST = ("%m/%d/%y", "%m.%d.%y", "%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y")
_NAMED = ("%d-%b-%y", "%d-%b-%Y", "%d %b %Y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y", "%Y/%m/%d", "%Y.%m.%d")
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


def detect_number(values: Sequence[str], enough: float = ENOUGH) -> ColumnFormat | None:
    """Return how numbers are written in a sample, None when fewer than a share ``enough`` of it are numbers."""
    present = [v for v in values if v.lower() not in MISSING]
    if not present or sum(bool(_NUMBER.fullmatch(v)) for v in present) < enough * len(present):
        return None
    comma = sum(bool(_COMMA_DECIMAL.match(v)) for v in present)
    point = sum(bool(_POINT_DECIMAL.match(v)) for v in present)
    symbol = next((_SYMBOLS[mark] for mark in _SYMBOLS if any(mark in v for v in present)), None)
    code = next((found[1] for found in map(_CODE.search, present) if found), None)
    by_comma = comma > point
    said = "decimal comma" if by_comma else ""
    return ColumnFormat("number", decimal="," if by_comma else ".", symbol=code or symbol, assumption=said)


def detect_date(values: Sequence[str], enough: float = ENOUGH) -> ColumnFormat | None:
    """Return how dates are written in a sample, None when fewer than a share ``enough`` of it are dates."""
    counted = Counter(v for v in values if v.lower() not in MISSING)
    present = dict(counted.most_common(DISTINCT_DATES))
    if not present:
        return None
    digits = {v: n for v, n in present.items() if re.fullmatch(r"\d+(?:\.0+)?", v)}
    if sum(digits.values()) >= enough * sum(present.values()):
        return _numeric_date(digits, enough)
    day, month, named = (
        tuple(d + clock for d in days for clock in _CLOCKS) for days in (_DAY_FIRST, _MONTH_FIRST, _NAMED)
    )
    forms = [ColumnFormat("iso"), *(ColumnFormat("pattern", patterns) for patterns in (named, day, month))]
    shares = _shares(present, forms)
    best = max(range(len(forms)), key=lambda index: (shares[index], -index))
    if shares[best] < enough:
        return None
    if best == 2 and shares[3] == shares[2]:
        return replace(forms[2], assumption="day and month cannot be told apart; day first is taken")
    return replace(forms[best], assumption=("", "", "day first", "month first")[best])


def _numeric_date(digits: Mapping[str, int], enough: float) -> ColumnFormat | None:
    lengths = {len(v.split(".")[0]) for v in digits}
    if lengths <= {8, 14}:
        form = ColumnFormat("pattern", _COMPACT)
        return form if _shares(digits, [form])[0] >= enough else None
    if lengths <= {9, 10} and all(300_000_000 < float(v) < 4_000_000_000 for v in digits):
        return ColumnFormat("epoch", assumption="seconds since 1970")
    if lengths <= {12, 13}:
        return ColumnFormat("epoch_ms", assumption="milliseconds since 1970")
    return None


def _shares(counted: Mapping[str, int], forms: Sequence[ColumnFormat]) -> list[float]:
    """Return for each way of writing dates the share of values that it reads."""
    connection = duckdb.connect(":memory:", config={"threads": 1})
    try:
        connection.execute("SET TimeZone = 'UTC'")
        sums = ", ".join(f"coalesce(sum(n) FILTER ({form.date_sql('v')} IS NOT NULL), 0)" for form in forms)
        query = f"SELECT {sums} FROM (SELECT unnest(?) AS v, unnest(?) AS n)"
        row = connection.execute(query, [list(counted), list(counted.values())]).fetchall()[0]
        return [int(found) / sum(counted.values()) for found in row]
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
