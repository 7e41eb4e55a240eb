"""Times told from the day of sending: ``tomorrow``, ``next month``, ``in ten days``, ``last year``.

Also the times that a source states, so that the two can be held against each other.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from plugins.generation.grounding.reading.dates import WEEKDAYS, Day

Range = tuple[date, date]
"""A first and a last day."""
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNT = r"(?:\d{1,3}|an?|" + "|".join(_NUMBERS[1:]) + ")"
_WEEKDAY = "|".join(WEEKDAYS)
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 14)}
_RELATIVE = re.compile(
    r"\b(?P<after>the day after tomorrow)\b|\b(?P<day>tomorrow|yesterday|today|tonight|this (?:very )?(?:morning|afternoon|evening))\b"  # noqa: E501
    rf"|\b(?P<side>this(?: coming)?|next|last|coming|(?:open|start|begin|launch|arrive|end|close|finishe|expire)s|(?:opening|starting|launching|ending|closing)|(?:opens|starts|begins|ends) on) (?P<wd>{_WEEKDAY})\b(?!,? (?:the )?\d|,? (?:to|through|until|-))"  # noqa: E501
    r"|\b(?:(?P<part>later|earlier) )?(?P<rel>this(?: coming)?|next|last|the coming) (?P<unit>weekend|week|month|year)\b(?!'s? \w+ (?:model|price))"  # noqa: E501
    rf"|\b(?:in )?(?P<n1>{_COUNT})(?: short| more)? (?P<u1>day|week|month|year)s?(?:' time| from (?:today|now)|,? (?:today|hence))\b"  # noqa: E501
    rf"|\bin (?:just |only )?(?P<n2>{_COUNT}) (?P<u2>day|week|month|year)s?(?:'|')? time\b"
    rf"|\b(?P<n3>{_COUNT}) (?P<u3>day|week|month|year)s? ago\b"
    rf"|\ba week (?P<on>today|tomorrow)\b",
    re.I,
)


@dataclass(frozen=True)
class When:
    """What a relative word means: one or more ranges of days, and where it stands in the text."""

    ranges: tuple[Range, ...]
    start: int
    end: int
    unit: str
    ahead: bool
    exact: bool = False

    def meets(self, others: list[Range]) -> bool:
        """Return whether a day of these lies in one of ``others``."""
        return any(first <= last2 and first2 <= last for first, last in self.ranges for first2, last2 in others)


def relative_times(text: str, as_of: date) -> list[When]:
    """Return what the relative words of ``text`` mean on ``as_of``: ``tomorrow``, ``later this month``."""
    out: list[When] = []
    for found in _RELATIVE.finditer(text):
        ranges, unit = _ranges(found, as_of)
        if ranges:
            exact = unit in ("day", "week") and any(found["n" + at] for at in "123")
            out.append(When(tuple(ranges), *found.span(), unit, ranges[0][1] > as_of, exact))
    return out


def _ranges(found: re.Match[str], as_of: date) -> tuple[list[Range], str]:
    if found["after"] or found["day"]:
        word = (found["day"] or "").lower()
        step = 2 if found["after"] else {"tomorrow": 1, "yesterday": -1}.get(word, 0)
        return [_one(as_of + timedelta(days=step))], "day"
    if found["on"]:
        return [_one(as_of + timedelta(days=7 + (found["on"].lower() == "tomorrow")))], "day"
    if found["wd"]:
        return _weekday(found["side"].lower(), WEEKDAYS.index(found["wd"].lower()), as_of), "weekday"
    if found["rel"]:
        step = {"next": 1, "last": -1}.get(found["rel"].lower().split()[0], 0)
        ranges = _period(found["unit"].lower(), step, as_of)
        part = (found["part"] or "").lower()
        if part and not step:
            ranges = [(as_of, last) if part == "later" else (first, as_of) for first, last in ranges]
        return ranges, found["unit"].lower()
    number, unit = next((found["n" + at], found["u" + at]) for at in "123" if found["n" + at])
    count = _counted(number.lower()) * (-1 if found["n3"] else 1)
    return _so_far(count, unit.lower(), as_of), unit.lower()


def _one(day: date) -> Range:
    return day, day


def _counted(word: str) -> int:
    return int(word) if word.isdigit() else 1 if word in ("a", "an") else _NUMBERS.index(word)


def _so_far(count: int, unit: str, as_of: date) -> list[Range]:
    """Return the day so far from ``as_of``; days and weeks to the day, months to within three days."""
    if unit in ("day", "week"):
        return [_one(as_of + timedelta(days=count * (7 if unit == "week" else 1)))]
    months = as_of.year * 12 + as_of.month - 1 + count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    day = date(year, month + 1, min(as_of.day, calendar.monthrange(year, month + 1)[1]))
    loose = timedelta(days=3 if unit == "month" else 31)
    return [(day - loose, day + loose)]


def _weekday(side: str, weekday: int, as_of: date) -> list[Range]:
    """Return ``this Friday`` as the coming one, ``next Friday`` as that or the one after."""
    ahead = (weekday - as_of.weekday()) % 7
    if side == "last":
        return [_one(as_of - timedelta(days=(as_of.weekday() - weekday) % 7 or 7))]
    steps = [ahead] if ahead else [0, 7]
    if side == "next":
        steps = [ahead or 7, ahead + 7]
    return [_one(as_of + timedelta(days=step)) for step in steps]


def _period(unit: str, step: int, as_of: date) -> list[Range]:
    """Return the days of this, the next or the last week, weekend, month or year."""
    monday = as_of - timedelta(days=as_of.weekday())
    if unit == "week":
        first = monday + timedelta(days=7 * step)
        sunday = first - timedelta(days=1)
        return [(sunday if step > 0 else first, first + timedelta(days=6))]
    if unit == "weekend":
        first = monday + timedelta(days=4)
        weekends = {0: [0], 1: [0, 7], -1: [-7]}[step]
        return [(first + timedelta(days=at), first + timedelta(days=at + 3)) for at in weekends]
    if unit == "year":
        return [(date(as_of.year + step, 1, 1), date(as_of.year + step, 12, 31))]
    year, month = divmod(as_of.year * 12 + as_of.month - 1 + step, 12)
    return [month_of(year, month + 1)]


def month_of(year: int, month: int) -> Range:
    """Return the first and the last day of a month; 13 is January of the next year."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


_MONTH_NAMES = "|".join(calendar.month_name[1:])
_STATED = re.compile(
    rf"\b(?P<m>{_MONTH_NAMES})(?: (?P<my>(?:19|20)\d\d))?\b|"
    rf"\b(?P<s>spring|summer|autumn|fall|winter)(?: of)? (?P<sy>(?:19|20)\d\d)\b|"
    r"(?<![\d.,$\u00a3\u20ac/-])\b(?P<y>(?:19|20)\d\d)(?:[/-](?P<y2>\d\d))?\b(?![\d,.]\d|%)"
)
_OPEN_END = re.compile(r"\b(?:since|from|as of|starting|onwards? from|effective)(?: the)?(?: start of)? $", re.I)
_OPEN_START = re.compile(r"\b(?:until|till|by|before|through|up to|to)(?: the)?(?: end of)? $", re.I)


def stated_times(text: str, days: tuple[Day, ...], as_of: date) -> list[Range]:
    """Return the times that a text of a source states: days, spans, months, seasons and years.

    What only begins goes on, what only ends has begun.
    """
    out = _of_days(days)
    taken = [(d.start, d.end) for d in days]
    for found in _STATED.finditer(text):
        if any(start <= found.start() < end for start, end in taken):
            continue
        if found["m"]:
            month = list(calendar.month_name).index(found["m"])
            year = int(found["my"]) if found["my"] else as_of.year + (month < as_of.month - 5)
            span = month_of(year, month)
        elif found["s"]:
            first, last = _SEASONS[found["s"].lower()]
            span = month_of(int(found["sy"]), first)[0], month_of(int(found["sy"]), last)[1]
        else:
            year = int(found["y"])
            span = (date(year, 8, 1), date(year + 1, 7, 31)) if found["y2"] else (date(year, 1, 1), date(year, 12, 31))
        before = text[: found.start()]
        if _OPEN_END.search(before):
            span = (span[0], date.max)
        elif _OPEN_START.search(before):
            span = (date.min, span[1])
        out.append(span)
    return out


def _of_days(days: tuple[Day, ...]) -> list[Range]:
    out: list[Range] = []
    rest = list(days)
    while rest:
        day = rest.pop(0)
        if day.role == "start" and rest and rest[0].role == "end" and rest[0].day >= day.day:
            out.append((day.day, rest.pop(0).day))
        elif day.role == "start":
            out.append((day.day, date.max))
        elif day.role == "end":
            out.append((date.min, day.day))
        else:
            out.append(_one(day.day))
    return out
