"""A send date as people say it: 2026-06-03, 3 June, June 3rd, tomorrow, next Friday, in 5 days."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

MONTHS = {
    name.lower(): i for names in (calendar.month_name, calendar.month_abbr) for i, name in enumerate(names) if name
}
DAYS = {name.lower(): i for i, name in enumerate(calendar.day_name)}
_DAY_MONTH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([a-z]{3,9})\.?(?:,?\s+(\d{4}))?\b")
_MONTH_DAY = re.compile(r"\b([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?\b")
_IN_DAYS = re.compile(r"\bin\s+(\d{1,3})\s+(day|week)s?\b")


def parse_day(text: str, today: date) -> date | None:
    """Return the day meant, or None. Without a year it is the next such day, today included."""
    said = text.strip().lower()
    iso = re.search(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", said)
    if iso:
        return _made(int(iso[1]), int(iso[2]), int(iso[3]))
    found = _DAY_MONTH.search(said)
    if found and found[2] in MONTHS:
        return _next(int(found[1]), MONTHS[found[2]], found[3], today)
    found = _MONTH_DAY.search(said)
    if found and found[1] in MONTHS:
        return _next(int(found[2]), MONTHS[found[1]], found[3], today)
    return _relative(said, today)


def _relative(said: str, today: date) -> date | None:
    if "tomorrow" in said:
        return today + timedelta(days=1)
    if "today" in said:
        return today
    span = _IN_DAYS.search(said)
    if span:
        return today + timedelta(days=int(span[1]) * (7 if span[2] == "week" else 1))
    weekday = next((i for name, i in DAYS.items() if name in said), None)
    return None if weekday is None else today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _next(day: int, month: int, year: str | None, today: date) -> date | None:
    if year:
        return _made(int(year), month, day)
    found = _made(today.year, month, day)
    return found if found is None or found >= today else _made(today.year + 1, month, day)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
