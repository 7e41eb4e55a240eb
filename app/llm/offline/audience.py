"""The audience in a message: every matcher in order, then negation, then one list of conditions."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from app.llm.offline.amounts import (
    read_ages,
    read_amounts,
    read_bare_ages,
    read_top_shares,
    read_window_of_category,
)
from app.llm.offline.behaviour import read_behaviour
from app.llm.offline.conditions import Condition, Hit, Scan, merged
from app.llm.offline.negation import resolve
from app.llm.offline.normalise import Normal, normalise
from app.llm.offline.people import read_categories, read_cities, read_consent, read_places, read_tiers
from app.llm.offline.unread import unread_restrictions


@dataclass(frozen=True)
class AudienceReading:
    """The conditions of a message in order of mention, and where each was read."""

    conditions: tuple[Condition, ...]
    hits: tuple[Hit, ...]


def read_audience(normal: Normal, today: date) -> tuple[Scan, AudienceReading]:
    """Read the audience; the scan comes back with the matched parts blanked, for the matchers that follow."""
    scan = Scan(normal.text)
    _protect(scan)
    read_behaviour(scan, today)
    read_top_shares(scan)
    read_amounts(scan)
    read_ages(scan)
    read_consent(scan)
    read_places(scan, normal.original)
    read_categories(scan, listed=True)
    read_window_of_category(scan)
    read_tiers(scan)
    read_cities(scan, normal.original)
    read_bare_ages(scan)
    read_categories(scan, listed=False)
    hits = tuple(resolve(normal.text, scan.hits))
    return scan, AudienceReading(merged([hit.condition for hit in hits]), hits)


_PROTECTED: tuple[tuple[str, str], ...] = (
    (r"(?:international )?(?:mother|father|men|women|valentine|mum|dad|mom)'?s?'? day|women's (?:world cup|month)", "theme_"),
    (r"welcome back|win(?:ning)? back|new (?:arrivals?|range|collection|line|season|styles|stock|year(?:'s)?(?: eve| day)?)", "theme_"),
    (r"vip (?:preview|early access|access|event|night|sale|evening)", "theme_"),
    (r"control group|hold-?out group|test group|push notifications? campaign", "test_"),
    (r"active (?:campaigns?|tests?|experiments?)|(?:current|past|previous|old|new|active|running) (?:campaigns?|tests?|experiments?|variants?|copy|versions?|ones?(?= (?:win|won|do|did)))", "campaign_"),
    (r"new (?:variants?|options?|versions?|copy|subject lines?|ideas?|messages?|drafts?|emails?|sms|wording|texts?|test|experiment|campaign|brief|push)", "new_"),
    (r"(?:black|good) friday|cyber monday", "theme_"),
    (r"free (?:shipping|delivery|returns?)|gift cards?|gift vouchers?", "offer_"),
    (r"best (?:variant|version|one|performing|subject|option|channel|time|tone|message|email|copy|result|arm|practice)s?|top (?:variant|performing|version|performer)s?", "best_"),
    (r"(?:re-?open|open|load|switch to|go back to) (?:up )?(?:\S+ ){1,6}(?:campaign|draft)", "open_"),
    (r"gold standard|silver lining|golden", "idiom_"),
)  # fmt: skip
_PROTECTORS = tuple((re.compile(rf"(?<!\w)(?:{words})(?!\w)"), tag) for words, tag in _PROTECTED)


def _protect(scan: Scan) -> None:
    """Hide phrases that only look like conditions from the audience matchers."""
    for pattern, _ in _PROTECTORS:
        for match in scan.each(pattern):
            scan.rest = scan.rest[: match.start()] + "\x01" * (match.end() - match.start()) + scan.rest[match.end() :]


def parse_audience(text: str, today: date) -> tuple[list[Condition], tuple[str, ...]]:
    """Read an audience from plain words: the conditions in order of mention, and the restrictions nothing could read."""
    scan, reading = read_audience(normalise(text), today)
    return list(reading.conditions), unread_restrictions(scan)
