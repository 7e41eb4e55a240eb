"""Days, clock times and periods of validity, as marketing texts write them."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = {
    name.lower(): at for names in (calendar.month_name, calendar.month_abbr) for at, name in enumerate(names) if name
} | {"sept": 9}
_MONTH = "(?P<{0}>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
WEEKDAYS = tuple(name.lower() for name in calendar.day_name)
_DAY = r"(?:(?P<wd>mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? (?:the )?)?"
_DATE = re.compile(
    rf"(?<![$\u00a3\u20ac\u00a5.,])(?<!\d for )(?<!two for )(?<!three for )(?<!price of )\b"
    rf"{_DAY}(?P<d1>[0-3]?\d)(?:st|nd|rd|th)?(?:\s?(?P<join>-|to|and|until|through|or)\s?(?P<d1b>\d{{1,2}})(?:st|nd|rd|th)?)?"
    rf"(?: of)? {_MONTH.format('m1')}(?:,? (?P<y1>\d{{4}}))?"
    rf"|\b{_DAY.replace('wd', 'wd2')}{_MONTH.format('m2')} (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?"
    r"(?:(?P<join2>\s?-\s?| (?:to|through|until|and|or|&) )(?P<d2b>[0-3]?\d)(?:st|nd|rd|th)?(?!\d|:|\.\d|%| ?(?:[ap]\.?m\b|[a-z]{3,}s\b)))?"  # noqa: E501
    r"(?:,? (?P<y2>\d{4}))?(?!\d|:|[.,]\d|%)"
    r"|\b(?P<y3>\d{4})-(?P<m3>\d{2})-(?P<d3>\d{2})\b"
    r"|\b(?P<a4>\d{1,2})[/.](?P<b4>\d{1,2})[/.](?P<y4>\d{4}|\d{2})\b"
    rf"|\b(?:the )?end of {_MONTH.format('m5')}(?! \d{{1,2}}\b)(?: (?P<y5>\d{{4}}))?",
    re.I,
)  # fmt: skip
_SLASHED = re.compile(
    r"\b(?:(?P<wd>mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? |"
    r"(?:from|through|thru|until|till|til|by|to|on|before|ends|end|starts|expires|valid|this|and) )"
    r"(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![/\d])",
    re.I,
)
"""``by 6/14``, ``Sat 5/23``: without such a word before it, ``4/5`` may be anything."""
_LISTED = re.compile(
    rf"(?:(?<=\s)|^)(?:{_DAY.replace('?P<wd>', '?:')}\d{{1,2}}(?:st|nd|rd|th)?\s?(?:,|&|and|or|-|to)\s?(?:and )?)+$",
    re.I,
)
"""Days before the last of a list that share its month: ``7, 14, 21 and`` before ``28 September``."""
_HOURS = ("twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
_CLOCK = re.compile(
    r"\b(?P<h>\d{1,2})(?:[:.](?P<mi>\d{2}))?\s?(?P<ap>[ap])\.?\s?m\b\.?|\b(?P<h2>[01]?\d|2[0-3]):(?P<mi2>[0-5]\d)\b"
    r"|\b(?P<part>half|(?:a )?quarter|twenty-five|twenty|(?:ten|five|25|20|10|5)(?= past)|(?<=at )(?:ten|five)) (?P<side>past|to) (?P<hw>"  # noqa: E501
    + "|".join(_HOURS)
    + r"|noon|midday|midnight|1[0-2]|[1-9])(?: ?(?P<hap>[ap])\.?m)?\b(?! (?:days?|weeks?|months?|years?|minutes?|hours?)\b)"  # noqa: E501
    r"|\b(?P<word>noon|midday|midnight)\b",
    re.I,
)
_FROM_BARE = re.compile(
    r"\b(?P<h>\d{1,2})(?:[:.](?P<mi>\d\d))?\s?(?:-|to|until|till|and)\s?(?=(?P<h3>\d{1,2})(?:[:.]\d\d)?\s?(?P<ap>[ap])\.?m)",
    re.I,
)
_DOTTED = r"(?:[01]?\d|2[0-3])\.[0-5]\d"
_DOTTED_ROW = re.compile(
    rf"(?:\b(?P<at>at|from|until|till|between|before|after|by|daily|doors|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)|[a-z]days?|[,;:(])[,:]?\s+(?P<row>{_DOTTED}"
    rf"(?:(?:\s?-\s?|,? (?:to|and(?: again)?(?: at)?|or|until|till) |, ){_DOTTED})*)"
    r"(?![\d%\u00b0]|\.\d| ?(?:%|\u20ac)|[ -]?(?:an?|per|each|[kcm]?g|[kcm]?m|m?l|kwh|k?w|[mgt]b|v|(?:lit|met)(?:re|er)s?|miles?|inch(?:es)?|feet|"  # noqa: E501
    r"stars?|points?|per ?cent|euros?|pounds?|dollars?|million|billion|times|out|of|hours?|minutes?|seconds?|days?|weeks?|x)\b)",  # noqa: E501
    re.I,
)
"""Clock times with a full stop: ``from 7.30 to 21.00``, ``daily at 9.15 and 16.45``; a price or a measure is none."""
_SCHEDULE = re.compile(
    r"days?\b|\b(?:open\w*|close[sd]?|hours|doors|daily|start\w*|begin\w*|depart\w*|sail\w*|leave[sd]?|runs?|served|weekends?|"
    r"arriv\w*|today|tonight|morning|afternoon|evening|noon|o'clock|film|curtain|until|till|screening|session|class\w*|course|"
    + _MONTH.format("sm")
    + ")",
    re.I,
)
"""What a text with such clock times speaks of."""
_END = re.compile(
    r"(?:\b(?:until|till|til|through|thru|ends?(?:ed|ing)?(?: at [\w: ]+?)?|expire[sd]?|closes?d?|by|before|to|valid for|last day(?: is)?|"  # noqa: E501
    r"deadline(?: is)?|up to and including|finish(?:es|ed)?|no later than|concludes?|runs out|and)\b"
    r"(?: (?:on|at|the end of|midnight(?: on)?|and including|of|close of business|11:59 pm|,|us|our))*|-)\s*$",
    re.I,
)
_START = re.compile(
    r"\b(?:from|starts?(?:ing)?|begins?(?:ning)?|opens?|launch(?:es|ing)?|available|on sale|between|arrives?|effective|as of|since|"  # noqa: E501
    r"go(?:es)? live|go(?:es)? on sale|doors open|returns)(?: (?:on|from|again on))*\s*$",
    re.I,
)
_NOT_VALIDITY = re.compile(r"\b(?:survey|survey\w*|reviews?|rated|tested|(?:clinical|consumer|home|field|user|our|week|month|controlled|\d{4}|pilot) trial|trials? (?:of|with|among|in|by|on|run|carried|conducted|found|showed)|study|founded|established|measured|asked|award|order(?:s|ed)? placed|born)\b|\b(?:last|previous|most recent) (?:purchase|order|visit|booking|stay|ride)\b|\b(?:joined|registered|signed up|ordered|bought|purchased) (?:\w+ ){0,3}before\b|"  # noqa: E501
                           r"\bas of\b|\bsince\b|\bon orders? by\b", re.I)  # fmt: skip


@dataclass(frozen=True)
class Day:
    """A calendar day of a text. ``role`` is ``start``, ``end`` or empty; ``dated`` says the year was written."""

    day: date
    text: str
    start: int
    end: int
    role: str
    dated: bool
    weekday: str = ""


def _year(month: int, day: int, as_of: date) -> int:
    """Return the year that puts a day without one closest to ``as_of``, within five months back."""
    try:
        if date(as_of.year, month, day) < as_of - timedelta(days=150):
            return as_of.year + 1
        if date(as_of.year, month, day) > as_of + timedelta(days=300):
            return as_of.year - 1
    except ValueError:
        return as_of.year
    return as_of.year


def _parts(match: re.Match[str], month_first: bool) -> list[tuple[str, str, str]]:
    """Return (day, month, year) triples; two for a range such as ``1-5 May``."""
    group = match.groupdict()
    for at in ("1", "2"):
        if group["m" + at]:
            month = str(_MONTHS[group["m" + at].lower()])
            days = [group["d" + at], group["d" + at + "b"]]
            return [(day, month, group["y" + at] or "") for day in days if day]
    if group["m3"]:
        return [(group["d3"], group["m3"], group["y3"])]
    if group["m5"]:
        month5 = _MONTHS[group["m5"].lower()]
        return [(str(calendar.monthrange(int(group["y5"] or 2024), month5)[1]), str(month5), group["y5"] or "")]
    year = group["y4"] if len(group["y4"]) == 4 else "20" + group["y4"]
    first, second = group["a4"], group["b4"]
    american = month_first and "/" in match[0] and int(first) <= _MONTHS_IN_YEAR
    return [(second, first, year)] if american or int(second) > _MONTHS_IN_YEAR else [(first, second, year)]


_MONTHS_IN_YEAR = 12
_MONTH_THEN_DAY = re.compile(rf"\b{_MONTH.format('m')} \d{{1,2}}(?!\d|:|\.\d)", re.I)
_DAY_THEN_MONTH = re.compile(rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH.format('m')}", re.I)


def writes_month_first(text: str) -> bool:
    """Return whether ``text`` is American, so that 3/4/2027 is the fourth of March.

    Days in words tell by their order ("March 4"); where there are none, prices in dollars only do.
    """
    american, european = len(_MONTH_THEN_DAY.findall(text)), len(_DAY_THEN_MONTH.findall(text))
    if american != european:
        return american > european
    return not american and "$" in text and not re.search(r"[\u00a3\u20ac]|\b[A-Z]{1,2}\$", text)


def _role(text: str, start: int) -> str:
    before = text[max(0, start - 40) : start]
    if _END.search(before):
        return "end"
    return "start" if _START.search(before) else ""


_BETWEEN = re.compile(r"\bbetween\s*$", re.I)
_FEASTS = {"christmas eve": (12, 24), "christmas day": (12, 25), "christmas": (12, 25), "new year's eve": (12, 31),
           "new year's day": (1, 1), "valentine's day": (2, 14), "halloween": (10, 31)}  # fmt: skip
_FEAST = re.compile(
    r"\b(?:(?<=until )|(?<=by )|(?<=on )|(?<=through )|(?<=from ))(?P<bare>christmas|halloween)\b(?! day| eve)"
    r"|\b(?P<full>" + "|".join(feast for feast in _FEASTS if "'" in feast or " " in feast) + r")\b",
    re.I,
)


def _feasts(text: str, as_of: date) -> list[Day]:
    out: list[Day] = []
    for match in _FEAST.finditer(text):
        month, day = _FEASTS[match[0].lower()]
        when = date(_year(month, day, as_of), month, day)
        out.append(Day(when, match[0], match.start(), match.end(), _role(text, match.start()), False))
    return out


def days(text: str, as_of: date, month_first: bool = False) -> list[Day]:
    """Return the calendar days of ``text`` in order; a day without a year gets the likely one.

    ``month_first`` says that 3/4/2027 is written the American way.
    """
    found: list[Day] = []
    for match in _DATE.finditer(text):
        if match["m1"] == "may":
            continue
        parts = _parts(match, month_first)
        for at, (day, month, year) in enumerate(parts):
            try:
                when = date(int(year) if year else _year(int(month), int(day), as_of), int(month), int(day))
            except ValueError:
                continue
            role = (
                _role(text, match.start())
                if len(parts) == 1
                else ""
                if (match["join"] or match["join2"] or "").strip().lower() in ("and", "or", "&")
                and not _BETWEEN.search(text[: match.start()])
                else ("start", "end")[at]
            )
            weekday = (match["wd"] or match["wd2"] or "").lower()[:3]
            if re.search(r"(?:-|\bto |\bthrough )$", text[: match.start()]) and not match[0][:1].isdigit():
                weekday = ""
            found.append(Day(when, match[0], match.start(), match.end(), role, bool(year), weekday))
    found += _listed(text, found, as_of) + _slashed(text, as_of, month_first)
    return sorted(found + _feasts(text, as_of), key=lambda day: day.start)


def _listed(text: str, found: list[Day], as_of: date) -> list[Day]:
    """Return the days that stand before another one and share its month: ``25 & 26 Dec``, ``Tue 26-Fri 29 May``."""
    out: list[Day] = []
    for last in found:
        before = _LISTED.search(text[: last.start]) if re.match(rf"{_DAY}\d", last.text, re.I) else None
        if before is None:
            continue
        through = before[0].rstrip().endswith(("-", "to"))
        for number in re.finditer(rf"{_DAY}(?P<d>\d{{1,2}})", before[0], re.I):
            try:
                when = last.day.replace(day=int(number["d"]))
            except ValueError:
                continue
            start = before.start() + number.start()
            out.append(Day(when, number[0], start, before.start() + number.end(), "start" if through else "",
                           last.dated, (number["wd"] or "").lower()[:3]))  # fmt: skip
    return out


def _slashed(text: str, as_of: date, month_first: bool) -> list[Day]:
    """Return days written ``6/14`` or ``14/6``; where both readings are days, the weekday decides, then the custom."""
    out: list[Day] = []
    for match in _SLASHED.finditer(text):
        weekday = (match["wd"] or "").lower()[:3]
        ways = [(int(match["a"]), int(match["b"])), (int(match["b"]), int(match["a"]))]
        ways = ways[::-1] if month_first else ways
        read = [when for day, month in ways if (when := _when(day, month, as_of))]
        named = [when for when in read if weekday and when.strftime("%a").lower() == weekday]
        for when in (named or read)[:1]:
            start = match.start("a")
            out.append(Day(when, text[start : match.end()], start, match.end(), _role(text, start), False, weekday))
    return out


def _when(day: int, month: int, as_of: date) -> date | None:
    try:
        return date(_year(month, day, as_of), month, day)
    except ValueError:
        return None


_RUNNING = re.compile(
    r"\b(?:runs?|running|valid|available|offer|promotion|sale|campaign)\b[^.;]*?\b(?:in|until|through|throughout|during) "  # noqa: E501
    rf"(?:[A-Z][a-z]+ (?:and|to|-) )?{_MONTH.format('m')} (?P<y>\d{{4}})",
    re.I,
)


def last_days_of_months(text: str) -> list[Day]:
    """Return the last day of the month up to which something runs: ``the promotion runs in April and May 2026``."""
    out: list[Day] = []
    for match in _RUNNING.finditer(text):
        year, month = int(match["y"]), _MONTHS[match["m"].lower()]
        last = date(year, month, calendar.monthrange(year, month)[1])
        out.append(Day(last, match[0], match.start("m"), match.end(), "end", True))
    return out


_ON_WEEKDAY = re.compile(
    r"\b(?:this|next|on|from|until|till|by|before|through|end(?:s|ing)?|clos(?:es|ing)|finish(?:es)?|expires?|opens?|"
    r"starts?|begins?) (" + "|".join(WEEKDAYS) + r")\b",
    re.I,
)


def relative_days(text: str, as_of: date) -> set[date]:
    """Return the days that ``today``, ``tomorrow`` and ``this Friday`` mean on ``as_of``."""
    out = {
        as_of + timedelta(days=at)
        for at, word in enumerate(("today", "tomorrow"))
        if re.search(rf"\b{word}\b", text, re.I)
    }
    for match in _ON_WEEKDAY.finditer(text):
        ahead = (WEEKDAYS.index(match[1].lower()) - as_of.weekday()) % 7 or 7
        out |= {as_of + timedelta(days=ahead), as_of + timedelta(days=ahead + 7)}
    return out


def clocks(text: str) -> list[tuple[int, int, int]]:
    """Return (minutes after midnight, start, end) for each clock time of ``text``."""
    found: list[tuple[int, int, int]] = []
    for match in (*_CLOCK.finditer(text), *_FROM_BARE.finditer(text)):
        group = match.groupdict()
        if group.get("word"):
            minutes = 0 if group["word"].lower() == "midnight" else 720
        elif group.get("hw"):
            past = _MINUTES[group["part"].lower().removeprefix("a ")]
            minutes = _hour_in_words(group["hw"].lower()) + (past if group["side"].lower() == "past" else -past)
            minutes += 720 if group["hap"] in ("p", "P") else 0
        elif group.get("h2"):
            minutes = int(group["h2"]) * 60 + int(group["mi2"])
        else:
            half = "a" if "h3" in group and _before_noon(group) else group["ap"].lower()
            minutes = (int(group["h"]) % 12 + (12 if half == "p" else 0)) * 60 + int(group.get("mi") or 0)
        found.append((minutes, match.start(), match.end()))
    found += _dotted(text, found)
    return found + (_opening_hours(text, found) if weekdays(text) or _SCHEDULE.search(text) else [])


_BARE_HOUR = r"1[0-2]|[1-9]|" + "|".join(_HOURS)
_BARE_SPAN = re.compile(
    rf"(?<![\w.:,$\u00a3\u20ac-])(?<!\d )(?P<h1>{_BARE_HOUR}|noon|midday)(?: ?- ?| to | until | till )(?P<h2>{_BARE_HOUR})"  # noqa: E501
    r"(?=\s*(?:[.;)!?]|,(?! \d)|$)| (?:on |every |each )?(?:mon|tues|wednes|thurs|fri|satur|sun|week|dai)[a-z]*| (?:and|or|with)\b)",  # noqa: E501
    re.I,
)
_BEFORE_HOURS = re.compile(
    r"(?:days?|weekends?|daily|open|hours|^)[:,]? (?:from |between )?$|\bfrom $|^(?:from )?$", re.I
)
"""What stands before opening hours without am and pm: ``Saturday | 10-8``, ``open from | ten to eight``."""


def _opening_hours(text: str, found: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return the hours of a span that leaves out am and pm: it begins in the morning or at noon and ends after that."""
    out: list[tuple[int, int, int]] = []
    for match in _BARE_SPAN.finditer(text):
        behind = re.match(r" (?:on |every |each )?[a-z]*da(?:y|ily)", text[match.end() :], re.I)
        noon = match["h1"].lower() in ("noon", "midday")
        first, last = _hour_in_words(match["h1"].lower()), _hour_in_words(match["h2"].lower())
        first = 720 if noon or not first else first
        if not (noon or behind or _BEFORE_HOURS.search(text[: match.start()])) or not (first == 720 or last < first):
            continue
        ends = ((first, "h1"), (last + 720, "h2"))
        out += [(at, *match.span(end)) for at, end in ends if not any(s <= match.start(end) < e for _, s, e in found)]
    return out


def _dotted(text: str, found: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return the clock times that are written with a full stop: two in a row, or one behind ``at``."""
    out: list[tuple[int, int, int]] = []
    scheduled = _SCHEDULE.search(text) is not None
    for row in _DOTTED_ROW.finditer(text):
        times = list(re.finditer(_DOTTED, row["row"]))
        spans = len(times) > 1 and (row["at"] or "").lower() in ("from", "between")
        if not spans and not (scheduled and (row["at"] or len(times) > 1)):
            continue
        for time in times:
            start = row.start("row") + time.start()
            hour, minute = time[0].split(".")
            if not any(first < start + len(time[0]) and start < last for _, first, last in found):
                out.append((int(hour) * 60 + int(minute), start, start + len(time[0])))
    return out


_HALF_SAID = re.compile(r"\b(?:[01]?\d|2[0-3]):[0-5]\d(?=\s?[ap]\.?\s?m\b)|\b(?:1[3-9]|2[0-3]|0\d):[0-5]\d", re.I)


def open_clocks(text: str) -> set[int]:
    """Return the clock times of ``text`` that leave open which half of the day they are in: ``doors at 7:30``."""
    said = {match.start() for match in _HALF_SAID.finditer(text)}
    return {
        minutes
        for minutes, start, end in clocks(text)
        if start not in said
        and re.fullmatch(r"[1-9][:.]\d\d|1[0-2][:.]\d\d", text[start:end])
        and not re.match(r"\s?(?:[ap]\.?\s?m\b)", text[end:], re.I)
    }


_MINUTES = {"half": 30, "quarter": 15, "twenty-five": 25, "twenty": 20, "ten": 10, "five": 5,
            "25": 25, "20": 20, "10": 10, "5": 5}  # fmt: skip


def _hour_in_words(word: str) -> int:
    """Return the minutes after midnight of ``seven``, ``7`` or ``noon``, before noon where it does not say."""
    if word in ("noon", "midday", "midnight"):
        return 0 if word == "midnight" else 720
    return (int(word) % 12 if word.isdigit() else _HOURS.index(word)) * 60


def _before_noon(group: dict[str, str | None]) -> bool:
    """Return whether the first hour of ``9 to 5 pm`` lies in the morning."""
    return int(group["h"] or 0) % 12 > int(group["h3"] or 0) % 12


def weekdays(text: str) -> set[int]:
    """Return the weekdays that are named in ``text``, Monday 0; ranges and weekend are spelled out."""
    low, out = text.lower(), set[int]()
    for match in re.finditer(
        r"\b(mon|tues|wednes|thurs|fri|satur|sun)days?(?:\s?(?:-|to|through|until)\s?(mon|tues|wednes|thurs|fri|satur|sun)days?)?",
        low,
    ):
        first = next(at for at, name in enumerate(WEEKDAYS) if name.startswith(match[1]))
        last = next(at for at, name in enumerate(WEEKDAYS) if name.startswith(match[2])) if match[2] else first
        out |= {(first + step) % 7 for step in range((last - first) % 7 + 1)}
    if "weekend" in low:
        out |= {5, 6}
    if "weekday" in low:
        out |= {0, 1, 2, 3, 4}
    return out


def months(text: str) -> set[int]:
    """Return the months named in full in ``text`` (``may`` and ``march`` only with a capital letter)."""
    return {
        _MONTHS[m[0].lower()]
        for m in re.finditer(
            r"\b(?:January|February|March|April|May(?! (?:help|be|not|also|reduce))|June|July|August|September|October|November|December)\b",  # noqa: E501
            text,
        )
    }


def months_in_order(text: str) -> list[tuple[int, int]]:
    """Return the first and the last month of each span of ``text``: ``from July to September``."""
    name = "|".join(calendar.month_name[1:])
    spans = re.findall(rf"\b({name})(?: \d{{4}})? (?:to|until|through|and|-) ({name})\b", text)
    return [(_MONTHS[first.lower()], _MONTHS[last.lower()]) for first, last in spans]


def is_validity(text: str) -> bool:
    """Return whether days of ``text`` bound an offer rather than a survey, a count or a foundation."""
    return not _NOT_VALIDITY.search(text)


def without(text: str, spans: list[tuple[int, int]]) -> str:
    """Return ``text`` with ``spans`` blanked, positions kept."""
    chars = list(text)
    for start, end in spans:
        chars[start:end] = " " * (end - start)
    return "".join(chars)
