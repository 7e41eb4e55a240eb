"""Rules about days, clock times and how often something happens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from plugins.generation.grounding.evidence import Evidence, has
from plugins.generation.grounding.figures.calendar_sums import WEEKLY, clock_follows, meetings, spans_of_days
from plugins.generation.grounding.figures.day_owners import (
    clock_of_another,
    day_of_another,
    ends_a_year,
    hours_of_another_day,
    starts_on_another_day,
)
from plugins.generation.grounding.reading.dates import clocks, is_validity, months, open_clocks, weekdays, without

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
    one_each = {_DAYS_IN[m["per"].lower()] for m in _ONE_A.finditer(evidence.sentence.text)}
    paced = {days for days in theirs if days != 1}
    if (theirs and mine - theirs - {1}) or (paced and one_each - theirs):
        yield "number_not_in_source"
    if _other_pace(_SHORT_EVERY, evidence):
        yield "number_not_in_source"
    if _other_pace(_TIMES_A, evidence):
        yield "per_unit_changed"


_ONE_A = re.compile(r", one (?:an?|per|each|every) (?P<per>week|month|year)\b", re.I)
"""How often one of several follows: ``four payments, | one a month``."""
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


_LATE = re.compile(r"\b(?P<h>\d{1,2})[:.](?P<mi>\d\d) (?:tonight|this evening)\b", re.I)
"""A clock time before noon by its figures, after noon by its words."""
_LATER = r"\b(?:evenings?|afternoons?|nights?|tonight|dinner|supper|dusk|sunset)\b"
"""What says that a clock time without ``pm`` is after noon."""
_ZONES = {"pt": -8, "pst": -8, "pdt": -8, "pacific": -8, "mt": -7, "mst": -7, "mdt": -7, "mountain": -7, "ct": -6, "cst": -6,  # noqa: E501
          "cdt": -6, "central": -6, "et": -5, "est": -5, "edt": -5, "eastern": -5, "gmt": 0, "uk": 0, "bst": 0, "cet": 1, "cest": 1}  # fmt: skip  # noqa: E501
_IN_A_ZONE = re.compile(
    r"\b(?P<h>\d{1,2})(?:[:.](?P<mi>\d\d))?(?: ?(?P<ap>[ap])\.?m\.?)?,? (?P<zone>" + "|".join(_ZONES) + r")\b", re.I
)
"""A clock time with its zone: ``2 p.m. Eastern``."""


def _zoned(text: str) -> set[tuple[int, int]]:
    """Return the clock times of ``text`` that name a zone, each with the hours of the zone from Greenwich."""
    out = set[tuple[int, int]]()
    for match in _IN_A_ZONE.finditer(text):
        hour = int(match["h"]) % 12 + 12 * (match["ap"].lower() == "p") if match["ap"] else int(match["h"])
        out.add((hour * 60 + int(match["mi"] or 0), _ZONES[match["zone"].lower()]))
    return out


def _in_another_zone(minutes: int, evidence: Evidence) -> bool:
    """Return whether a clock time is one of the source told for another zone: 11 a.m. Pacific for 2 p.m. Eastern."""
    mine = {zone for time, zone in _zoned(evidence.sentence.text) if time == minutes}
    return any(
        (time - minutes) % 1440 == (zone - here) * 60 % 1440 for time, zone in _zoned(evidence.text) for here in mine
    )


_AT_ONE_TIME = r"\b(?:at|around|even at|by) (?:say,? |about )?$"
_TURNS = r"\b(?:open\w*|clos\w*|start\w*|begin\w*|end\w*|finish\w*|leav\w*|depart\w*|arriv\w*|doors|entry|check-?(?:in|out)|until|till|from|served|kick|last|first)\b"  # noqa: E501


def within_hours(minutes: int, evidence: Evidence) -> bool:
    """Return whether a time at which the reader does something lies in the hours of the source: ``charge at 3am``."""
    text = evidence.sentence.text
    at = [start for time, start, _ in clocks(text) if time == minutes]
    if not at or not all(has(_AT_ONE_TIME, text[:start]) for start in at):
        return False
    if any(has(_TURNS, text[evidence.sentence.clause(start, start)[0] : start]) for start in at):
        return False
    spans = [
        (one[0], two[0])
        for p in evidence.aligned
        for one, two in pairwise(sorted(clocks(p.text), key=lambda clock: clock[1]))
        if p.text[one[2] : two[1]].strip() in ("to", "-", "and", "until", "till")
    ]
    return any(first <= minutes <= last if first < last else not last < minutes < first for first, last in spans)


_SPOKEN = re.compile(r"\b(?:half|quarter|twenty-five|twenty|ten|five) (?:past|to) (?:[a-z]|\d)", re.I)


def _date_problems(evidence: Evidence) -> Iterator[str]:
    """Yield the reasons against the calendar days of the sentence."""
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
            if not ends_a_year(day, evidence):
                yield "date_not_in_source"
        elif (not right and starts_on_another_day(day, evidence)) or (
            right and day.role and len(sentence.days) == 1 and day_of_another(day, evidence)
        ):
            yield "date_not_in_source"
        elif right and day.role and validity and all(d.role and d.role != day.role for d in right):
            yield "date_role_changed"
        if day.weekday and not day.day.strftime("%a").lower().startswith(day.weekday):
            yield "weekday_wrong"


def day_problems(evidence: Evidence) -> Iterator[str]:
    """Yield the reasons against the days, clock times and weekdays of the sentence."""
    sentence, known = evidence.sentence, [d for p in evidence.passages for d in p.days]
    yield from _date_problems(evidence)
    times = {c for p in evidence.passages for c in p.clocks}
    spoken = _SPOKEN.search(sentence.text) is not None or _LATE.search(sentence.text) is not None
    halved = has(_LATER, sentence.text) or has(r"\d ?p\.?m\b", evidence.low)
    left_open = open_clocks(sentence.text) if halved else set[int]()
    if any(
        c not in times
        and not ((spoken or c in left_open) and (c + 720) % 1440 in times)
        and not clock_follows(c, evidence)
        and not _in_another_zone(c, evidence)
        and not within_hours(c, evidence)
        for c in sentence.clocks
    ) and not (sentence.clocks == (0,) and known):
        yield "time_not_in_source"
    if hours_of_another_day(sentence.text, evidence) or (
        len(sentence.clocks) == 1 and clock_of_another(sentence.clocks[0], evidence)
    ):
        yield "time_not_in_source"
    ordinals = _ordinal_days(evidence.text)
    numbered = {day for _, day in ordinals}
    if _every_such_day(sentence.text, evidence, numbered):
        yield "day_not_in_source"
    if any(day in numbered and (n, day) not in ordinals for n, day in _ordinal_days(sentence.text)):
        yield "day_not_in_source"
    within = {m for first, last in spans_of_days(evidence) for m in range(first.month, last.month + 1)}
    yield from _loose_days(evidence, {d.day.weekday() for d in known}, {d.day.month for d in known} | within)


def _falls_on(day: date, evidence: Evidence) -> bool:
    """Return whether a rule of the source names a day: the first Friday of the month, one of four Mondays."""
    name = day.strftime("%A").lower().removesuffix("day")
    nth = _NTH[(day.day - 1) // 7]
    last = (day + timedelta(days=7)).month != day.month
    numbered = {n for n, weekday in _ordinal_days(evidence.text) if weekday == name}
    every = not numbered and has(rf"\b(?:every|each|on) {name}day\b|\b{name}days\b", evidence.text)
    dated = any(p.days for p in evidence.passages)
    if _so_long_from(day, evidence):
        return True
    return nth in numbered or (last and "last" in numbered) or (every and not dated) or _comes_round(day, evidence)


_FROM_A_DAY = r"^ (?:or more )?(?P<side>before|ahead of|prior to|in advance of|after|following|from)\b"


def _so_long_from(day: date, evidence: Evidence) -> bool:
    """Return whether a day lies as long before or after a stated day as the source says: 14 days before the course."""
    for passage in evidence.passages:
        for figure in passage.figures:
            found = re.match(_FROM_A_DAY, passage.text[figure.end :], re.I)
            if found is None or figure.kind != "time" or figure.value % 86_400:
                continue
            length = timedelta(days=int(figure.value // 86_400))
            back = found["side"].lower() not in ("after", "following", "from")
            if any(day == (d.day - length if back else d.day + length) for p in evidence.passages for d in p.days):
                return True
    return False


_NTH = ("first", "second", "third", "fourth", "fifth")


def _comes_round(day: date, evidence: Evidence) -> bool:
    """Return whether a day is one of a weekly row that starts on a day of the source: the second of four Mondays."""
    for passage in evidence.passages:
        if has(WEEKLY, passage.text) and any(
            (day - first.day).days in range(7, int(7 * times), 7)
            for first in passage.days
            for times in meetings(passage)
        ):
            return True
    return False


_EXCEPT_HOURS = re.compile(r"^(?:except|not|excluding)\b.*\b(?:before|after|between|from|until)\b", re.I)
"""What is kept out are hours, and no whole day: ``except before 10:00 on weekdays``."""


def _closed(text: str) -> set[int]:
    """Return the weekdays on which something is said not to be: Tuesday to Sunday follows from ``closed on Mondays``."""  # noqa: E501
    found = re.search(
        r"\b(?:closed|shut|(?:we|they|it|you|team|crew|staff|shop|kitchen) rests?|resting|day off|except|not (?:open|available|served|valid)|excluding)\b(?P<when>(?:(?!\bbut\b|\bopen\b)[^.;])*)",  # noqa: E501
        text,
        re.I,
    )
    if found and (_EXCEPT_HOURS.search(found[0]) or has(r"^ (?:again )?(?:until|till)\b", found["when"])):
        found = None
    ahead = re.search(
        r"(?:\b(?:on|at|over)|^|[.;!?]) ?(?P<when>(?:the )?\w*(?:days?|weekends?)(?:(?: and|,| to|-) (?:(?:public|bank) )?\w*days?)*),? (?:though,? |however,? )?(?:(?:because|since|as|when) )?(?:then )?(?:we|you|it|they|(?:the|our) \w+)\b[^,.;]*?"  # noqa: E501
        r"\b(?:closed|shut|not open|rests?|take the day off|(?:door|gate)s? (?:is |are )?(?:locked|bolted|barred)|do not open)\b",  # noqa: E501
        text,
        re.I,
    )
    spared = re.search(
        r"\b(?:every (?:day|night)|all week|daily|any (?:day|night))(?: of the week)? (?:but|bar|except|apart from|other than) (?P<when>[^,.;]*)",  # noqa: E501
        text,
        re.I,
    )
    off = re.search(
        rf"(?P<when>{_A_DAY}s?(?: and {_A_DAY}s?)?) (?:is|are) (?:our |the |a |your )?{_DAY_OFF}", text, re.I
    )
    only = re.search(
        rf"(?P<when>{_A_DAY}s?) (?:is|are) the (?:only|one) days? (?:of the week )?(?:that |when |on which )?"
        r"(?:(?:we|they|it|you|the \w+|our \w+) )?(?:\w+n't|(?:do|does|is|are|can) not|close[sd]?|shut|rests?)\b",
        text,
        re.I,
    )
    return weekdays(" ".join(m["when"] for m in (found, ahead, spared, off, only) if m))


_DAY_OFF = r"(?:\w+ )?(?:days? off|days? of rest|rest days?|closing days?|closed days?)\b"
"""What a day is called on which something is not: ``Monday is our day off``."""


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
        only_shut = bool(theirs) and weekdays(evidence.text) == theirs
        if (named - _closed(evidence.case.low)) & theirs or shut & (
            set(range(7)) if only_shut else weekdays(evidence.text)
        ) - theirs:
            yield "day_not_in_source"
            return
        known = weekdays(evidence.text) | dated_weekdays
        if not _closed(sentence.text) & known:
            named -= _closed(sentence.text)
        if has(_EVERY_DAY, evidence.text) and not has(r"\b(?:not|never|no)\b|n't\b", sentence.text):
            known |= set(range(7)) - theirs
        if has(r"\b(?:following|next) (?:one )?(?:working )?day\b|\bday (?:after|later)\b", evidence.text):
            known |= {(day + 1) % 7 for day in known}
        if (
            named
            and not named <= known
            and not (_all_week(evidence.text) and named - theirs == set(range(7)) - theirs)
            and not (has(_IDIOM, sentence.text) and not has(r"\b(?:only|until|ends|by|on) ", sentence.text))
        ):
            yield "day_not_in_source"
    bare = without(sentence.text, [(day.start, day.end) for day in sentence.days])
    said = re.sub(r"\b(?:your|happy) [A-Z][a-z]+", "", bare)
    if months(said) - months(evidence.text) - dated_months:
        yield "date_not_in_source"


def _all_week(text: str) -> bool:
    """Return whether a text says of all days, or of all but some, that something is on."""
    return bool(_closed(text)) or has(r"\b(?:daily|every day|any day|all week|24 hours a day|all days)\b", text)


_EVERY_DAY = (
    r"\b(?:(?:seven|7) (?:days|nights) (?:a|per|each|every) week|(?:every|any|each) (?:single )?(?:day|night|morning|evening)\b(?! (?:from|of|in))|"  # noqa: E501
    r"nightly|daily|24/7|365 days|(?:all|throughout the) week)\b"
)
"""How a source says that something is on all days of the week."""


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
    r"(?:weekend|sunday|monday|friday|saturday)|"
    r"^\W*(?:mon|tues|wednes|thurs|fri|satur|sun)day(?: \w+){1,2} (?:sorted|solved|covered|done|settled|made easy)\b"
)
