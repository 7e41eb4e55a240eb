"""Numbers, clock times and days in words, said the one way the readers of figures and dates know."""

from __future__ import annotations

import re

MONTHS = "(?-i:January|February|March|April|May|June|July|August|September|October|November|December)"
ORDINALS = """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
    sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth
    twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first""".split()  # noqa: E501, SIM905
TO_TEN = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
TO_TWELVE = (*TO_TEN, "eleven", "twelve")
_HOUR = "|".join(TO_TWELVE)
_MEASURES = (
    r"second|minute|hour|day|night|week|month|year|mile|kilomet(?:re|er)|met(?:re|er)|foot|feet|inch(?:es)?|"
    r"lit(?:re|er)|pint|gallon|kilo(?:gram)?|kg|km|gram|tonne|stone|ounce|acre|hectare|cup|course|star"
)
"""Units that stand behind a half or a quarter."""
_NTH = sorted(enumerate(ORDINALS, start=1), key=lambda nth: -len(nth[1]))
"""Longest first, so that ``fourth`` is not found in ``twenty-fourth``."""
_MINUTES = "five|ten|fifteen|twenty|twenty-five|thirty-five|forty|forty-five|fifty|fifty-five|[1-5]?[05]"
_ENDS = r"(?=\s*(?:[.,;:!?)]|$)|\s+(?:or so|in all|in total|altogether|long|end to end|door to door|from)\b)"
"""What ends a length of time whose minutes are not called so: ``an hour and twenty.``"""
_AFTER_A_CLOCK = (
    r"(?=\s*(?:[.,;:!?)]|$)|\s+(?:[ap]\.?m\b|in the (?:morning|afternoon|evening)|at night|on|and|to|till|until|every|each|"  # noqa: E501
    r"daily|sharp|tonight|today|tomorrow|this|the next|the same|when|we|you|with|or)\b)"
)
"""What may follow a clock time, and no measure: ``half five on the next day``, not ``half five kilos``."""
SPOKEN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.I), to)
    for pattern, to in (
        (r"(?<=\d) ?\u00bd", ".5"),
        (r"(?<=\d) ?\u00bc", ".25"),
        (r"(?<=\d) ?\u00be", ".75"),
        (r"\u00bd", "0.5"),
        (r"\u00bc", "0.25"),
        (r"\u00be", "0.75"),
        (rf"(?<![\d/.])(\d+) 1/2(?= (?:{_MEASURES})s?\b)", r"\1.5"),
        (rf"(?<![\d/.])1/2(?= (?:{_MEASURES})s?\b)", "0.5"),
        (rf"\b(\w+)[- ]and[- ]an?[- ](half|quarter)[- ]({_MEASURES})s?\b", r"\1 and a \2 \3s"),
        (rf"\b({_MEASURES})-and-an?-(half|quarter)\b", r"\1 and a \2"),
        (
            rf"(?<!half )(?<!few )\ban? (hundred|thousand|million)\b(?= and [a-z]+\b| (?:pounds|euros|dollars|people|square|cubic|gig|{_MEASURES})s?\b)",  # noqa: E501
            r"one \1",
        ),
        (r"\b(?:an|one) hour and (?=(?:\d+|[a-z]+(?:-[a-z]+)?) minutes?\b)", "1 hour and "),
        (rf"\b(?:an|one) hour and ({_MINUTES}){_ENDS}", r"1 hour and \1 minutes"),
        (rf"\b({_HOUR}|\d) hours and ({_MINUTES}){_ENDS}", r"\1 hours and \2 minutes"),
        (r"\b(?:a|one) quarter[- ](kilo(?:gram)?|lit(?:re|er)|mile|pint|pound)\b", r"0.25 \1"),
        (
            r"\b(once|twice|[a-z]+ times|\d+ times) (?:an?|per|each|every|in a) (day|week|month|year) or more(?: often)?\b",  # noqa: E501
            r"at least \1 a \2",
        ),
        (r"\b(?:a|one) pound and a half\b", "1.5 pounds"),
        (r"\b(?:a |one )?quarter of a year\b", "3 months"),
        (r"\bthree[- ]quarters of a year\b", "9 months"),
        (r"\btwelve (noon|midday|midnight)\b", r"\1"),
        (
            rf"\b(?<!past )(?<!to )half[- ]({_HOUR}){_AFTER_A_CLOCK}",
            r"half past \1",
        ),
        *((rf"\b(?:the )?{word} of (?={MONTHS})", f"{at} ") for at, word in _NTH),
        *((rf"\b({MONTHS}) the {word}\b(?! \w+day\b)", rf"\1 {at}") for at, word in _NTH),
        *(
            (rf"\b({MONTHS}) {word}(?=\s*(?:[.,;:!?)]|$)| (?:at|from|to|through|until|and|we|you)\b)", rf"\1 {at}")
            for at, word in _NTH
        ),
        (rf"\b({MONTHS}) the (\d{{1,2}})(?:st|nd|rd|th)?\b", r"\1 \2"),
        *(
            (rf"\b(?:the )?{word}(?= (?:or|and|to|until|till|through) (?:the )?\d{{1,2}} {MONTHS})", f"{at}")
            for at, word in _NTH
        ),
    )
)
"""Patterns and what they become: ``two-and-a-half-hour`` is two and a half hours, ``half five`` is half past five."""
