"""Amounts of money as people write them: 1234.5, 1,234.50, 1.234,50 - one way for a whole column, or none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from app.domain.errors import UserFixable

Style = Literal["point", "comma"]

POINT = r"[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?(?:[eE][-+]?\d+)?"
COMMA = r"[-+]?(?:\d+|\d{1,3}(?:\.\d{3})+)?(?:,\d*)?(?:[eE][-+]?\d+)?"
_DRESS = re.compile(r"[\s\u00a0\u202f$€£]|\b(?:USD|EUR|GBP|CHF)\b")
_POINT, _COMMA = re.compile(POINT), re.compile(COMMA)


def bare(text: str) -> str:
    """Return an amount without currency and blanks; (12.50) is minus 12.50, and so is 12.50-."""
    stripped = _DRESS.sub("", text)
    if stripped.startswith("(") and stripped.endswith(")"):
        return f"-{stripped[1:-1]}"
    return f"-{stripped[:-1]}" if stripped.endswith("-") and stripped != "-" else stripped


def style_of(column: str, values: Iterable[str], *, points_may_group: bool = False) -> Style:
    """Return which sign stands before the decimals in a column; ``UserFixable`` where both readings fit and differ.

    1.234 alone is taken for about one, as programs write it, unless ``points_may_group``: where commas stand before
    decimals, files are cut at semicolons.
    """
    point = comma = True
    separated = False
    for value in map(bare, values):
        if not any(letter.isdigit() for letter in value):
            continue
        point = point and _POINT.fullmatch(value) is not None
        comma = comma and _COMMA.fullmatch(value) is not None
        separated = separated or "," in value or (points_may_group and "." in value)
    if point and comma and separated:
        raise ambiguous(column)
    return "comma" if comma and not point else "point"


def ambiguous(column: str) -> UserFixable:
    """Return the error for a column that can be read in two ways."""
    return UserFixable(
        f"Column {column} can be read in two ways: is 1,234 a thousand or about one?",
        hint="Write the amounts with a decimal point and without separators.",
    )


def amount(text: str, style: Style) -> float:
    """Read an amount; empty is 0. Raises ``ValueError`` for what is none in this style."""
    written = bare(text)
    if not written:
        return 0.0
    pattern = _POINT if style == "point" else _COMMA
    if pattern.fullmatch(written) is None or not any(letter.isdigit() for letter in written):
        raise ValueError(f"{text!r} is not an amount")
    if style == "point":
        return float(written.replace(",", ""))
    return float(written.replace(".", "").replace(",", "."))
