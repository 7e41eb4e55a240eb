"""Rules about time and stock: an offer is running, and no pressure is made that the source does not bear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from plugins.generation.grounding.evidence import Evidence, Source, has
from plugins.generation.grounding.figures.matching import matches
from plugins.generation.grounding.reading.dates import Day, is_validity, last_days_of_months, relative_days, weekdays
from plugins.generation.grounding.reading.passages import Passage
from plugins.generation.grounding.reading.relative import relative_times

_OFFER = (
    r"\b(?:offer|sale|promo\w*|code|deal|discount|valid|expire[sd]?|ends?|ended|ran|available|bookings?|off|free|"
    r"voucher|redeem\w*|until|through|runs?|save|price|register|enrol|(?:pre-?)?order(?:ed)? by|book(?:ed)? by)\b"
)
_TODAY = r"\b(?:today only|only today|just today|(?:ends?|until|closes?|expires?|finishes|by|before) (?:today|tonight|midnight)|tonight|final hours|last hours|last day|final day\b|hours? left|one day only)"  # noqa: E501
_CLOSES_TODAY = (
    r"\b(?:clos\w+|ends?|ending|expires?|finishes|until|by|before) (?:at )?(?:midnight )?(?:tonight|today)\b"
)
_TOMORROW = r"\b(?:ends?|until|closes?|expires?|finishes|by|gone) tomorrow\b|\btomorrow,? (?:is the last|it ends|it's gone|it will be gone|(?:the |our )?prices? (?:goes?|jumps?|rises?|is|are|returns?)|it(?:'s| is) (?:over|back|too late|full price))"  # noqa: E501
_SOON = (
    r"\b(?:last chance|final chance|ends? soon|ending soon|expires? soon|nearly over|almost over|closing soon|final days|last days|"  # noqa: E501
    r"last few days|final week|time is running out|running out of time|won't last|will not last|for a limited time|limited[- ]time|"  # noqa: E501
    r"(?<!^)not for long|clock is ticking|last call|final call|days are numbered|before it(?:'s| is) (?:too late|over|gone)|"  # noqa: E501
    r"act (?:fast|now|quickly)|(?:^|[.!,;:-] ?|\bso )hurry|this week only|this weekend only|ends this (?:week|weekend))\b"  # noqa: E501
)
_WEEKDAY = (
    r"\b(?:ends?|ending|until|closes?|closing|expires?|by|before|gone) (?:this |next |on )?"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
)
_BOOK_BY = (
    r"\b(?:book|order|buy|sign up|reserve|claim|register|reply|call|act|apply|enrol|switch|renew|shop)\b[^.,;:]{0,40}?"
    r"\b(?:by|before) (?:this |next |on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b(?!,? (?:morning|noon|at \d|(?:the |[A-Z][a-z]+ )?\d))"  # noqa: E501
)
_STOCK = (
    r"\b(?:(?:only|just) (?:a few|few|a handful|\d+|two|three|four|five|six|seven|eight|nine|ten|a couple|limited)(?: \w+){0,4} (?:left|remain\w*|in stock|available|on (?:the|our) shel(?:f|ves)|to go (?:a?round))|while (?:stocks?|supplies) lasts?|"  # noqa: E501
    r"selling (?:out )?fast|almost (?:gone|sold out|empty)|nearly (?:gone|sold out)|limited (?:stock|supply|availability|edition|quantit\w+|places|spots|seats)|"  # noqa: E501
    r"(?:have|has|are|is) (?:already|nearly|almost|all but|practically) (?:all )?sold out|flying off|last (?:few )?(?:pairs|pieces|items|seats|tickets|places|spots|rooms|remaining)|going fast|down to (?:the|our) (?:last|final|only)|(?:the |our )last (?:few|ones|handful)|(?:nearly|almost) all (?:gone|taken|sold)|before (?:they|it)(?:'re| are|'s| is) (?:all )?gone|once (?:they|it)(?:'re| are|'s| is) gone|(?:stocks?|supplies|numbers) (?:is|are) (?:running )?(?:low|limited)|running low|almost out of|nearly out of|few (?:left|remain\w*)|(?:spots|places|seats|rooms) are (?:limited|filling))\b"  # noqa: E501
)
_STOCK_SOURCE = r"\b(?:(?:stocks?|supplies) (?:is|are|lasts?|limited|low|runs?)|limited|left|remain\w*|while .{0,12}last|sold out|(?:only|first) \d+)\b"  # noqa: E501


_TESTED = r"\b(?:test|survey|study|trial|poll|tasting|experiment) (?:run|carried out|conducted|held|done|made|commissioned) (?:by|in|with|among|at)\b|\b(?:in|for) (?:an?|our|the) (?:[\w-]+ ){0,3}(?:survey|study|poll|tasting|experiment|(?:taste|user|blind|home|consumer|feeding) (?:test|trial))\b"  # noqa: E501
"""What says that a day is that of a test whose outcome is told, which does not run out."""


def ends(source: Source) -> list[tuple[Day, Passage]]:
    """Return the last days of validity that the source states."""
    dated = [
        (d, p)
        for p in source.passages
        for d in p.days
        if d.role == "end" and is_validity(p.text) and not has(_TESTED, p.text)
    ]
    return dated + [
        (day, p)
        for p in source.passages
        if is_validity(p.text) and not has(_TESTED, p.text)
        for day in last_days_of_months(p.text)
    ]


def _concerns(sentence: Passage, passage: Passage, source: Source, aligned: list[Passage]) -> bool:
    if passage in aligned:
        return True
    others = [p for p in source.passages if p is not passage and p in aligned]
    generic = has(_OFFER, passage.text) and len(passage.concepts) <= 10
    return generic and bool(others)


def validity_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``expired_source`` or ``not_started`` when the cited offer does not run on the day of the copy."""
    sentence, today = evidence.sentence, evidence.case.as_of
    if has(r"\b(?:ended|has ended|is over|finished|expired|was|were)\b", sentence.text) and not sentence.figures:
        return
    for source in evidence.sources:
        if _only_compares(source, evidence):
            continue
        bounds = [(d, p) for d, p in ends(source) if _concerns(sentence, p, source, evidence.aligned)]
        bounds = [(d, p) for d, p in bounds if not _later_matter(p, source, evidence)]
        bounds = [(d, p) for d, p in bounds if not _outlasts(p, evidence) and not _running_since(d, source, evidence)]
        if (
            (bounds and max(d.day for d, _ in bounds) < today)
            or any(d.day < today and p is evidence.aligned[0] for d, p in bounds if evidence.aligned)
            or has(
                r"\b(?:no longer (?:available|valid|runs)|has (?:now )?ended|has expired|discontinued|is now closed|(?:is|are|has|have|now|currently|already|completely) sold out)\b",  # noqa: E501
                source.text,
            )
        ):
            yield "expired_source"
        elif _early(evidence, source, today):
            yield "not_started"


def _outlasts(bounded: Passage, evidence: Evidence) -> bool:
    """Return whether a sentence tells another passage, without a last day, and nothing of the one whose time is over.

    ``Oil changes take 45 minutes`` holds when ``Through April, one includes a free rotation`` is over.
    """
    best, said = evidence.aligned[:1], evidence.sentence
    if not best or bounded is best[0] or best[0].days or has(_OFFER_ITSELF, bounded.text) or has(_OFFER, best[0].text):
        return False
    told = said.concepts & bounded.concepts <= best[0].concepts
    figures = [q for q in said.figures if any(matches(q, f) for f in bounded.figures)]
    return told and len(said.concepts & best[0].concepts) >= _MANY and not figures


_OFFER_ITSELF = r"^\W*(?:(?:the|this|these|our) )?(?:\w+ )?(?:offers?|sale|discounts?|deals?|promotions?|codes?|it|they|both|prices?|tickets?|bookings?|valid|ends?|available|book|order)\b"  # noqa: E501
_MANY = 2


def _running_since(last: Day, source: Source, evidence: Evidence) -> bool:
    """Return whether the source has what followed a time that is over, and the sentence tells it: ``from 15 May £60``."""  # noqa: E501
    if _told_from_then_on(last, source, evidence):
        return True
    return any(
        last.day < day.day <= evidence.case.as_of and day.role == "start"
        for passage in source.passages
        for day in passage.days
        if any(matches(q, f) for q in evidence.sentence.figures for f in passage.figures)
    )


_FROM_THEN = r"\b(?:after that|afterwards?|thereafter|from then|then|after this|after)\b"


def _told_from_then_on(last: Day, source: Source, evidence: Evidence) -> bool:
    """Return whether the sentence has only the figures that follow a time that is over: ``£55 after that``."""
    for passage in source.passages:
        if last not in passage.days or not has(_FROM_THEN, passage.text[last.end :]):
            continue
        told = [f for f in passage.figures if any(matches(q, f) for q in evidence.sentence.figures)]
        if told and all(f.start > last.end for f in told):
            return True
    return False


_COMPARES = r"\b(?:less|cheaper|lower|more|dearer|higher) than\b|\b(?:down|up) from\b|\b(?:was|were|former\w*|previous\w*|old|last (?:year|month|week|season))\b"  # noqa: E501


_STILL = r"\b(?:today|still|yours|now only)\b"


def _only_compares(source: Source, evidence: Evidence) -> bool:
    """Return whether a source whose time is over is cited for what was, beside another that holds now."""
    return (
        len(evidence.sources) > 1
        and source is not evidence.sources[-1]
        and has(_COMPARES, evidence.sentence.text)
        and not has(_STILL, evidence.sentence.text)
    )


_INVITES = (
    r"(?:^|[.,;:!?] |\b(?:can|may|could|still|to|now|today) )"
    r"(?:pre-?order|order|book|buy|reserve|register|sign up|enrol|apply)\b"
    r"(?! (?:is|are|can|will|numbers?|confirmations?)\b)"
)
"""What asks the reader to order, which nobody can when the time for it is over: ``you can still preorder``."""


def _later_matter(bounded: Passage, source: Source, evidence: Evidence) -> bool:
    """Return whether the copy tells days to come of another sentence of the source than the one whose time is over.

    Orders were taken until the 12th, and they are collected on the 22nd.
    """
    ahead = {day.day for day in evidence.sentence.days if day.day >= evidence.case.as_of}
    repeats = any(matches(f, o) for f in evidence.sentence.figures for o in bounded.figures)
    return (
        bool(ahead)
        and not repeats
        and not has(_INVITES, evidence.sentence.text)
        and any(ahead <= {day.day for day in passage.days} for passage in source.passages if passage is not bounded)
    )


_NOW = r"\b(?:now|today|already|right away|is (?:on|here|live|open))\b"
_DONE_OR_NOW = _NOW + r"|\b(?:got|was|were|had|won|received|sold|drew|earned)\b"
_EVENT = (
    r"^[^.]*\b(?:runs?|takes? place|plays?|is (?:held|shown|staged|on view|on)|are (?:held|shown)|will be held|starts?|meets?) (?:\w+ ){0,5}?(?:from|between)\b"  # noqa: E501
    r"(?!.*\b(?:offer|sale|promotion|discount|price|code|deal|% ?off|off|reduced|rate|save|available|valid)\b)"
)
"""A date on which something takes place; tickets and places are sold before it."""


_SEASON_OPENS = r"\b(?:season|festival|exhibition|show|course|fair|run|play|term|series|tournament) (?:\w+ )?(?:opens|starts|begins) on\b"  # noqa: E501


def _of_other_passage(dated: Passage, evidence: Evidence) -> bool:
    """Return whether a sentence tells another passage than the one that has yet to begin: all its figures stand there."""  # noqa: E501
    best = evidence.aligned[:1]
    if not best or dated is best[0] or best[0].days or has(_OFFER_ITSELF, dated.text):
        return False
    figures = [q for q in evidence.sentence.figures if any(matches(q, f) for f in best[0].figures)]
    return bool(figures) and not any(matches(q, f) for q in evidence.sentence.figures for f in dated.figures)


def _early(evidence: Evidence, source: Source, today: date) -> bool:
    told_as_done = has(_DONE_OR_NOW, evidence.sentence.text)
    starts = [
        d.day for p in source.passages for d in p.days
        if d.role == "start" and is_validity(p.text) and _concerns(evidence.sentence, p, source, evidence.aligned)
        and (told_as_done or not (has(_EVENT, p.text) or has(_SEASON_OPENS, p.text)))
        and (told_as_done or not _of_other_passage(p, evidence))
    ]  # fmt: skip
    if not starts or min(starts) <= today:
        return False
    copy = evidence.case.sentences
    told = any(d.day in starts or d.day in _days_stated(evidence) for s in copy for d in s.days) or any(
        relative_days(s.text, today) & set(starts)
        or any(when.meets([(d, d) for d in starts]) for when in relative_times(s.text, today))
        for s in copy
    )
    first_month = {day.strftime("%B").lower() for day in starts}
    return (
        not told
        and not any(month in evidence.case.low for month in first_month)
        and not has(
            r"\b(?:from|soon|starts?|starting|begin\w*|coming|will|(?:re-?)?opens?|returns|upcoming|next|launch\w*|tomorrow|arriv\w*|save the date|on sale)\b",  # noqa: E501
            evidence.sentence.text,
        )
    ) or (has(_NOW, evidence.sentence.text) and not told)


def _last_days(evidence: Evidence) -> list[date]:
    sources = evidence.sources or list(evidence.case.sources.values())
    stated = [d.day for s in sources for d, _ in ends(s)]
    return stated or [d.day for s in sources for p in s.passages for d in p.days if is_validity(p.text)]


def deadline_problems(evidence: Evidence) -> Iterator[str]:
    """Yield ``invented_deadline`` or ``invented_scarcity``."""
    text, today = evidence.sentence.text, evidence.case.as_of
    last = _last_days(evidence)
    source_text = evidence.low or " ".join(s.text for s in evidence.case.sources.values()).lower()
    other = [w for w in relative_times(text, today) if not w.meets([(today, today)])]
    dated = any(day.day > today for day in evidence.sentence.days)
    left = _LEFT.search(text)
    counted = bool(left) and _days_left(left, last, today)
    if (
        has(_TODAY, text)
        and (not (_only_tonight(text) or evidence.sentence.raw.endswith("?")) or has(_OFFER, text))
        and (not (dated or counted or other) or has(_CLOSES_TODAY, text))
        and today not in last
        and today.weekday() not in weekdays(source_text)
        and not has(r"\b(?:tonight|today|24 hours|midnight|(?:last|final) day)\b", source_text)
    ):
        yield "invented_deadline"
    if has(_TOMORROW, text) and today + timedelta(days=1) not in last:
        yield "invented_deadline"
    if has(_SOON, re.sub(_LAST_OF_ALL, " ", text, flags=re.I)) and not any(
        0 <= (day - today).days <= 14 for day in last
    ):
        loose = has(r"\bfor a limited time|limited[- ]time|not for long|before it|hurry|act ", text) and bool(last)
        if not loose and not has(r"\blimited[- ]time|ends soon|last chance\b", source_text):
            yield "invented_deadline"
    booked = re.search(_BOOK_BY, text, re.I)
    if (
        ((has(_WEEKDAY, text) and last and not dated) or booked)
        and not relative_days(booked[0] if booked else text, today) & (set(last) | _days_stated(evidence))
        and not has(_WEEKDAY if not last else r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b", source_text)
    ):
        yield "invented_deadline"
    if left and not counted:
        yield "invented_deadline"
    asked = evidence.sentence.raw.endswith("?") and not evidence.sentence.figures
    if has(_STOCK, text) and not asked and not has(_STOCK_SOURCE, source_text):
        yield "invented_scarcity"


_LAST_OF_ALL = r"\b(?:final|last) (?:week|days) (?:is |are |falls? |fall )?(?:on|of|in|from) "
"""The last part of something that is dated, which presses nobody: ``its final week on | October 27``."""


def _only_tonight(text: str) -> bool:
    """Return whether ``tonight`` is the only word for today, which may say when to meet: ``See you tonight``."""
    pressed = has(r"\b(?:by|until|till|before|midnight|ends?|finish\w*|clos\w*|expir\w*|hurry|last|only)\b", text)
    return not pressed and not has(_TODAY, re.sub(r"\btonight\b", "", text, flags=re.IGNORECASE))


def _days_stated(evidence: Evidence) -> set[date]:
    return {d.day for s in evidence.sources or evidence.case.sources.values() for p in s.passages for d in p.days}


_LEFT = re.compile(r"\b(?:only |just )?(\w+) (day|week)s? (?:left|to go|remain)", re.I)


def _days_left(left: re.Match[str], last: list[date], today: date) -> bool:
    words = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    word = left[1].lower()
    number = int(word) if word.isdigit() else words.index(word) if word in words else -1
    number *= 7 if left[2].lower() == "week" else 1
    return any((day - today).days in (number, number - 1) for day in last) if number >= 0 else True


def computable_days_left(evidence: Evidence) -> bool:
    """Return whether ``N days left`` in the sentence follows from the source's last day."""
    left = _LEFT.search(evidence.sentence.text)
    return bool(left) and _days_left(left, _last_days(evidence), evidence.case.as_of)
