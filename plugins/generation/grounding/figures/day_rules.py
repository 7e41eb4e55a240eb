"""Rules about days, clock times and how often something happens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.calendar_sums import clock_follows
from plugins.generation.grounding.reading.dates import clocks, is_validity, months, weekdays, without

_EVERY = re.compile(
    r"\bevery (?:(?P<n>\d+|two|three|four|five|six|other|second) )?(?P<unit>day|week|month|year)s?\b"
    r"|\b(?P<adv>daily|weekly|fortnightly|monthly|quarterly|yearly|annually)\b|\b(?:a|per) (?P<per>day|week|month|year)\b",  # noqa: E501
    re.I,
)


_DAYS_IN = {"day": 1, "week": 7, "month": 30, "year": 365, "daily": 1, "weekly": 7, "fortnightly": 14, "monthly": 30,
            "quarterly": 91, "yearly": 365, "annually": 365}  # fmt: skip


_TIMES = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "other": 2, "second": 2}


def _rhythms(text: str) -> set[int]:
    """Return how often things happen in ``text``, in days from one time to the next."""
    out = set[int]()
    for match in _EVERY.finditer(text):
        word = (match["unit"] or match["adv"] or match["per"]).lower()
        times = match["n"] or "1"
        out.add(_DAYS_IN[word] * (int(times) if times.isdigit() else _TIMES[times.lower()]))
    return out


def rhythm_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``number_not_in_source`` when something happens more or less often than the source says."""
    theirs = set[int]().union(*(_rhythms(p.text) for p in evidence.aligned[:2]))
    mine = {days for m in _EVERY.finditer(evidence.sentence.text) if not m["per"] for days in _rhythms(m[0])}
    if theirs and mine - theirs - {1}:
        yield "number_not_in_source"
    if _other_pace(_SHORT_EVERY, evidence):
        yield "number_not_in_source"
    if _other_pace(_TIMES_A, evidence):
        yield "per_unit_changed"


_SHORT_EVERY = re.compile(r"\b(?P<same>every) (?P<pace>\d+ (?:minute|hour))s?\b", re.I)
_TIMES_A = re.compile(r"\b(?P<same>once|twice|\w+ times) (?:an?|per|each|every) (?P<pace>day|week|month|year)\b", re.I)


def _other_pace(pattern: re.Pattern[str], evidence: Evidence) -> bool:
    """Return whether what happens ``once a year`` now happens once a month."""
    theirs = {(m["same"].lower(), m["pace"].lower()) for m in pattern.finditer(evidence.low)}
    return any(
        (said, pace) not in theirs and any(same == said for same, _ in theirs)
        for m in pattern.finditer(evidence.sentence.text)
        for said, pace in [(m["same"].lower(), m["pace"].lower())]
    )


_HALF_A_DAY = 720
_LATE = re.compile(r"\b(?P<h>\d{1,2})[:.](?P<mi>\d\d) (?:tonight|this evening)\b", re.I)
"""A clock time before noon by its figures, after noon by its words."""
_SPOKEN = re.compile(r"\b(?:half|quarter|twenty-five|twenty|ten|five) (?:past|to) (?:[a-z]|\d)", re.I)


def day_problems(evidence: Evidence) -> Iterator[str]:
    """Yield the reasons against the days, clock times and weekdays of the sentence."""
    sentence, known = evidence.sentence, [d for p in evidence.passages for d in p.days]
    validity = any(p.days and is_validity(p.text) for p in evidence.passages)
    for day in sentence.days:
        right = [
            d
            for d in known
            if (d.day.month, d.day.day) == (day.day.month, day.day.day)
            and (not (d.dated and day.dated) or d.day.year == day.day.year)
        ]
        if not right and day.day != evidence.case.as_of and not _falls_on(day.day, evidence):
            yield "date_not_in_source"
        elif right and day.role and validity and all(d.role and d.role != day.role for d in right):
            yield "date_role_changed"
        if day.weekday and not day.day.strftime("%a").lower().startswith(day.weekday):
            yield "weekday_wrong"
    times = {c for p in evidence.passages for c in p.clocks}
    spoken = _SPOKEN.search(sentence.text) is not None or _LATE.search(sentence.text) is not None
    if any(
        c not in times and not (spoken and (c + 720) % 1440 in times) and not clock_follows(c, evidence)
        for c in sentence.clocks
    ) and not (sentence.clocks == (0,) and known):
        yield "time_not_in_source"
    if _hours_of_another_day(sentence.text, evidence):
        yield "time_not_in_source"
    ordinals = _ordinal_days(evidence.text)
    numbered = {day for _, day in ordinals}
    if _every_such_day(sentence.text, evidence, numbered):
        yield "day_not_in_source"
    if any(day in numbered and (n, day) not in ordinals for n, day in _ordinal_days(sentence.text)):
        yield "day_not_in_source"
    yield from _loose_days(evidence, {d.day.weekday() for d in known}, {d.day.month for d in known})


def _falls_on(day: date, evidence: Evidence) -> bool:
    """Return whether a rule of the source names a day: the first Friday of the month, one of four Mondays."""
    name = day.strftime("%A").lower().removesuffix("day")
    nth = _NTH[(day.day - 1) // 7]
    last = (day + timedelta(days=7)).month != day.month
    numbered = {n for n, weekday in _ordinal_days(evidence.text) if weekday == name}
    every = not numbered and has(rf"\b(?:every|each|on) {name}day\b|\b{name}days\b", evidence.text)
    dated = any(p.days for p in evidence.passages)
    return nth in numbered or (last and "last" in numbered) or (every and not dated) or _comes_round(day, evidence)


_NTH = ("first", "second", "third", "fourth", "fifth")


def _comes_round(day: date, evidence: Evidence) -> bool:
    """Return whether a day is one of a weekly row that starts on a day of the source: the second of four Mondays."""
    for passage in evidence.passages:
        if not has(r"\b(?:consecutive|weekly|every week|(?:mon|tues|wednes|thurs|fri|satur|sun)days)\b", passage.text):
            continue
        times = max((f.value for f in passage.figures if f.kind == "count"), default=0)
        if any((day - first.day).days in range(7, int(7 * times), 7) for first in passage.days):
            return True
    return False


def _closed(text: str) -> set[int]:
    """Return the weekdays on which something is said not to be: Tuesday to Sunday follows from ``closed on Mondays``."""  # noqa: E501
    found = re.search(
        r"\b(?:closed|shut|rest(?:s|ing)?|day off|except|not (?:open|available|served|valid)|excluding)\b(?P<when>(?:(?!\bbut\b|\bopen\b)[^.;])*)",  # noqa: E501
        text,
        re.I,
    )
    ahead = re.search(
        r"(?:\b(?:on|at|over)|^|[.;!?]) ?(?P<when>(?:the )?\w*(?:days?|weekends?)(?:(?: and|,| to|-) \w*days?)*),? (?:we|it|they|(?:the|our) \w+)\b[^,.;]*?"  # noqa: E501
        r"\b(?:closed|shut|not open|rests?|take the day off)\b",
        text,
        re.I,
    )
    spared = re.search(
        r"\b(?:every day|all week|daily|any day) (?:but|bar|apart from|other than) (?P<when>[^,.;]*)", text, re.I
    )
    return weekdays(" ".join(m["when"] for m in (found, ahead, spared) if m))


_APART = re.compile(
    r"[,;:]| (?:and|but) (?=(?:at|on|from|until|till|by|also|weekends?|weekdays?|\d|(?:mon|tues|wednes|thurs|fri|satur|sun)days?)\b)",  # noqa: E501
    re.I,
)


def _hours(text: str) -> dict[int, set[int]]:
    """Return the clock times that stand with each weekday, clause by clause."""
    out: dict[int, set[int]] = {}
    for clause in _APART.split(text):
        times = {minutes for minutes, _, _ in clocks(clause)}
        for day in weekdays(clause) if times else ():
            out.setdefault(day, set()).update(times)
    return out


def _hours_of_another_day(text: str, evidence: Evidence) -> bool:
    """Return whether a weekday is told with the times that the source gives to other days."""
    theirs: dict[int, set[int]] = {}
    for passage in evidence.passages:
        for day, times in _hours(passage.text).items():
            theirs.setdefault(day, set()).update(times)
    return any(
        day in theirs and not {c % _HALF_A_DAY for c in times} & {c % _HALF_A_DAY for c in theirs[day]}
        for day, times in _hours(text).items()
    )


def _ordinal_days(text: str) -> set[tuple[str, str]]:
    """Return ``first Saturday`` and the like."""
    return set(re.findall(r"\b(first|second|third|fourth|last) (mon|tues|wednes|thurs|fri|satur|sun)day", text.lower()))


def _loose_days(evidence: Evidence, dated_weekdays: set[int], dated_months: set[int]) -> Iterator[str]:
    sentence = evidence.sentence
    if not sentence.cited:
        return
    if not sentence.days:
        named = weekdays(sentence.text)
        if _weekdays_apart(evidence) or not (weekdays(evidence.text) or dated_weekdays or _scheduled(sentence.text)):
            named = set[int]()
        shut, theirs = _closed(sentence.text), _closed(evidence.text)
        if (named - _closed(evidence.case.low)) & theirs or shut & (weekdays(evidence.text) - theirs):
            yield "day_not_in_source"
            return
        known = weekdays(evidence.text) | dated_weekdays
        if not _closed(sentence.text) & known:
            named -= _closed(sentence.text)
        if has(r"\b(?:following|next) (?:one )?(?:working )?day\b|\bday (?:after|later)\b", evidence.text):
            known |= {(day + 1) % 7 for day in known}
        if (
            named
            and not named <= known
            and named - _closed(evidence.text) != set(range(7)) - _closed(evidence.text)
            and not (has(_IDIOM, sentence.text) and not has(r"\b(?:only|until|ends|by|on) ", sentence.text))
        ):
            yield "day_not_in_source"
    bare = without(sentence.text, [(day.start, day.end) for day in sentence.days])
    said = re.sub(r"\b(?:your|happy) [A-Z][a-z]+", "", bare)
    if months(said) - months(evidence.text) - dated_months:
        yield "date_not_in_source"


def _scheduled(text: str) -> bool:
    """Return whether a weekday says when something is; ``ready for Sunday`` does not."""
    return has(
        r"\b(?:on|every|each|by|until|till|from|before|this|next|through|to|only|ends?|closes?|opens?)[, -]+(?:the )?"
        r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days\b|\bweek(?:end|day)s?\b|"
        r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day (?:only|delivery|to|through|-|deliveries|opening)",
        text,
    )


def _weekdays_apart(evidence: Evidence) -> bool:
    """Return whether two weekdays only show how long the stated days are: opened on a Monday, gone by Saturday."""
    named = [at for day in re.findall(_A_DAY, evidence.sentence.text.lower()) for at in weekdays(day)]
    lasting = {round(f.value / 86_400) for p in evidence.passages for f in p.figures if f.kind == "time"}
    return len(named) == 2 and not weekdays(evidence.text) and (named[1] - named[0]) % 7 in lasting


_A_DAY = r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"


def _every_such_day(text: str, evidence: Evidence, numbered: set[str]) -> bool:
    """Return whether the first Sunday of the month has become ``Sundays``."""
    if _ordinal_days(text):
        return False
    plural = set(re.findall(r"\b(?:(?:every|each) )?(mon|tues|wednes|thurs|fri|satur|sun)days\b", text.lower()))
    plural |= set(re.findall(r"\b(?:every|each) (mon|tues|wednes|thurs|fri|satur|sun)day\b", text.lower()))
    loose = re.sub(
        r"\b(?:first|second|third|fourth|last) (?:mon|tues|wednes|thurs|fri|satur|sun)days?", "", evidence.low
    )
    return any(f"{day}day" not in loose for day in plural & numbered)


_IDIOM = (
    r"\b(?:happy|long|lazy|your|the|weekend|black|cyber|good|easter|next|this|of a|any) (?:\w+ )?"
    r"(?:weekend|sunday|monday|friday|saturday)"
)
