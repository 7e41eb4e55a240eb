"""Figures and rows of tool results as Markdown; nothing is computed, only written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

Row = Mapping[str, Any]


def number(value: Any) -> str:
    """Write a number with thousands separators; at most two decimals."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).lower()
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() else _decimal(value)
    return str(value)


def _decimal(value: float) -> str:
    """Write two decimals, or four digits of what is small: a small effect is never shown as nothing."""
    if abs(value) < 0.1:
        return f"{value:.4f}".rstrip("0").rstrip(".") if abs(value) >= 0.00005 else f"{value:.2g}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def percent(value: Any) -> str:
    """Write a fraction as a percentage with one decimal (two below one percent)."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return "" if value is None else str(value)
    shown = value * 100
    places = 2 if 0 < abs(shown) < 1 else 1
    return f"{shown:.{places}f}".rstrip("0").rstrip(".") + "%"


def text(value: Any) -> str:
    """Write any value for a table cell: no line breaks, no cell borders."""
    if isinstance(value, list | tuple):
        return ", ".join(text(item) for item in cast("Sequence[Any]", value))
    if isinstance(value, int | float):
        return number(value)
    return " ".join(str(value).replace("|", "/").split()) if value is not None else ""


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table, or an empty text without rows."""
    if not rows:
        return ""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(cell or "-" for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def rows_of(data: Row, key: str) -> list[Row]:
    """Return a list of mappings from a result, or nothing."""
    value = data.get(key)
    return (
        [cast("Row", row) for row in cast("list[Any]", value) if isinstance(row, dict)]
        if isinstance(value, list)
        else []
    )


def interval(value: Any, write: Any = percent) -> str:
    """Write a confidence interval ``[low, high]``."""
    pair = cast("Sequence[Any]", value)
    return f"{write(pair[0])} to {write(pair[1])}" if isinstance(value, list | tuple) and len(pair) == 2 else ""
