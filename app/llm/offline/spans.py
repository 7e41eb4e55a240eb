"""Lengths of time, dates and number ranges in words."""
# ruff: noqa: E501, SIM905 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re
from datetime import date

UNIT_DAYS = {"day": 1, "week": 7, "wk": 7, "fortnight": 14, "month": 30, "mo": 30, "mth": 30, "quarter": 90, "year": 365,
             "yr": 365, "d": 1, "w": 7, "m": 30, "y": 365, "season": 90}  # fmt: skip
_UNIT = r"(?:days?|weeks?|wks?|fortnights?|months?|mths?|mos?|quarters?|years?|yrs?|seasons?|[dwmy](?!\w))"
DURATION = rf"(?:\d+(?:\.\d+)?\+?[- ]?{_UNIT}|(?:(?:a|an|one|the|full|whole|entire|calendar|single) )*(?:day|week|fortnight|month|quarter|year|season)\b)"
MONTHS = ("january february march april may june july august september october november december").split()
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
DATE = (
    rf"(?:\d{{4}}-\d\d-\d\d|(?:(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? )?{_MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?(?!\d))?(?: \d{{4}})?"
    r"|last (?:christmas|xmas|summer|winter|spring|autumn|easter|black friday|year|month|week)|christmas|xmas|easter|black friday|new year|valentine'?s(?: day)?"
    r"|(?:the )?(?:start|beginning) of (?:the |this )?(?:year|month|quarter|week)|\d{4}(?![\d-])|(?:last )?summer|winter|spring|autumn|yesterday|q[1-4])"
)
CMP_WORDS: tuple[tuple[str, str], ...] = (
    ("gte", r"at least|a minimum of|minimum(?: of)?|min\.?|no (?:less|fewer) than|not less than|>=|from at least|starting (?:at|from)"),
    ("lte", r"at most|up to|no more than|not more than|not over|maximum(?: of)?|a maximum of|max\.?|<="),
    ("gt", r"(?:strictly )?more than|over|above|greater than|exceeding|exceeds|exceed|upwards of|north of|in excess of|bigger than|higher than|larger than|beyond|>|older than|longer than|past|well over|at or above|better than"),
    ("lt", r"less than|under|below|fewer than|lower than|smaller than|<|younger than|south of|well under|shorter than"),
    ("eq", r"exactly|precisely|only|just|about|around|roughly|approximately|equal to|="),
)  # fmt: skip
CMP = "|".join(words for _, words in CMP_WORDS)
_POST = r" ?\+| plus| or (?:more|over|above|older|up|better|higher|longer)| and (?:over|above|up|older|more|upwards)| upwards| or (?:less|fewer|under|below|younger)| and (?:under|below|younger)| minimum| maximum| min| max"


def range_of(number: str) -> str:
    """Return a pattern with groups lo, hi, cmp, n, post for a range or a bound of ``number``."""
    return (
        rf"(?:between (?P<lo>{number}) (?:and|to|-) (?P<hi>{number})"
        rf"|(?:from )?(?P<lo2>{number}) ?(?:-|to|through|till|until|up to) ?(?P<hi2>{number})"
        rf"|(?:(?P<cmp>{CMP}) ?)?(?:a total of )?(?P<n>{number})(?P<post>{_POST})?)"
    )


def bounds(match: re.Match[str], default: str) -> list[tuple[str, str]]:
    """Read the groups of ``range_of``: one (op, number text) or two (gte and lte); ``default`` for a bare number."""
    groups = match.groupdict()
    low, high = groups.get("lo") or groups.get("lo2"), groups.get("hi") or groups.get("hi2")
    if low and high:
        return [("gte", low), ("lte", high)]
    number = groups["n"]
    post = groups.get("post") or ""
    if post:
        return [("lte" if re.search(r"less|fewer|under|below|younger|max", post) else "gte", number)]
    return [(_operator(groups.get("cmp"), default), number)]


def _operator(words: str | None, default: str) -> str:
    if words:
        for op, pattern in CMP_WORDS:
            if re.fullmatch(pattern, words):
                return (
                    default
                    if op == "eq" and default != "eq" and words in ("about", "around", "roughly", "approximately")
                    else op
                )
    return default


def days_of(text: str) -> int:
    """Return the days of a duration: a month is 30, a year 365."""
    number = re.search(r"\d+(?:\.\d+)?", text)
    unit = re.search(r"fortnight|quarter|season|month|mth|week|year|day|wk|yr|mo|[dwmy](?![a-z])", text)
    return (
        round(float(number[0] if number else 1) * UNIT_DAYS[unit[0]])
        if unit
        else round(float(number[0]))
        if number
        else 0
    )


def days_since(text: str, today: date) -> int | None:
    """Return the days from a past date in words to ``today``; None when the words are no date."""
    then = _date_of(text, today)
    return None if then is None else max((today - then).days, 0)


_FEASTS = {"christmas": (12, 25), "xmas": (12, 25), "new year": (1, 1), "valentine": (2, 14), "black friday": (11, 28),
           "easter": (4, 5), "summer": (6, 1), "winter": (12, 1), "spring": (3, 1), "autumn": (9, 1),
           "q1": (1, 1), "q2": (4, 1), "q3": (7, 1), "q4": (10, 1)}  # fmt: skip


def _date_of(text: str, today: date) -> date | None:
    if iso := re.search(r"(\d{4})-(\d\d)-(\d\d)", text):
        return _safe_date(int(iso[1]), int(iso[2]), int(iso[3]))
    relative = _relative_date(text, today)
    if relative:
        return relative
    year = re.search(r"\b(?:19|20)\d\d\b", text)
    month = next((i for i, name in enumerate(MONTHS, 1) if re.search(rf"\b{name[:3]}(?:{name[3:]})?t?\b", text)), None)
    if month is None:
        return date(int(year[0]), 1, 1) if year else None
    day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", text)
    found = _safe_date(int(year[0]) if year else today.year, month, int(day[1]) if day else 1)
    return found.replace(year=found.year - 1) if found and not year and found > today else found


def _relative_date(text: str, today: date) -> date | None:
    if "yesterday" in text:
        return date.fromordinal(today.toordinal() - 1)
    if re.search(r"(?:start|beginning) of (?:the |this )?year", text):
        return date(today.year, 1, 1)
    if re.search(r"(?:start|beginning) of (?:the |this )?month", text):
        return today.replace(day=1)
    for name, back in (("week", 7), ("month", 30), ("quarter", 90)):
        if re.search(rf"\b(?:last|of (?:the |this )?) ?{name}\b", text):
            return date.fromordinal(today.toordinal() - back)
    if re.search(r"last year", text):
        return date(today.year - 1, 1, 1)
    for word, (month, day) in _FEASTS.items():
        if re.search(rf"\b{word}", text):
            then = date(today.year, month, day)
            return then if then < today and "last summer" not in text else date(today.year - 1, month, day)
    return None


def _safe_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def current_period(text: str, today: date) -> int | None:
    """Return the days since the start of 'this week', 'this month', 'this quarter', 'this year' or 'today'."""
    if "today" in text:
        return 1
    for name, start in (
        ("week", date.fromordinal(today.toordinal() - today.weekday())),
        ("month", today.replace(day=1)),
        ("quarter", date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)),
        ("year", date(today.year, 1, 1)),
    ):
        if re.search(rf"this (?:calendar )?{name}", text):
            return max((today - start).days + 1, 1)
    return None
