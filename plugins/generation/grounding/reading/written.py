"""Figures as signs and abbreviations write them, said the one way the readers of figures and dates know."""

from __future__ import annotations

import calendar
import re

from plugins.generation.grounding.reading.spoken import TO_TWELVE

_MONTH = (
    "(?-i:"
    + "|".join(sorted((*calendar.month_name[1:], *calendar.month_abbr[1:], "Sept"), key=len, reverse=True))
    + ")"
)
_WEEKDAY = r"(?-i:Mon|Tue(?:s)?|Wed(?:nes|s)?|Thu(?:rs|r)?|Fri|Sat(?:ur)?|Sun)(?:day)?s?"
_TH = r"(?:st|nd|rd|th)?"
_TO = r"(?:-|to|until|till|through|thru)"
_NUMBER = r"\d{1,3}(?:,\d{3})*(?:\.\d+)?"
_BEHIND_A_PRICE = r"(?=\s*(?:[.,;:!?)]|$)|\s+(?:an?|per|each|for|at|in|on|and|or|of)\b)"
"""What may follow the pence of ``24 pounds 50``, where they are not called so."""
_SPELLED = (
    r"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[- ])?(?:one|two|three|four|five|six|seven|eight|nine|ten|"  # noqa: E501
    r"eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety)"
)
_HALF = r"(?:[ap]\.?m\b|in the|at night)"
_UNITS = (
    ("hour", "hrs?"),
    ("minute", "mins?"),
    ("second", "secs?"),
    ("week", "wks?"),
    ("month", "(?:mths?|mo)"),
    ("year", "yrs?"),
    ("mile", "mi"),
    ("litre", "ltrs?"),
    ("piece", "pcs?"),
)
WRITTEN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.I), to)
    for pattern, to in (
        (rf"(?<![\d/])(\d{{1,2}}/\d{{1,2}})\s?{_TO}\s?(\d{{1,2}}/\d{{1,2}}/(\d{{4}}|\d\d))\b", r"\1/\3 to \2"),
        (r"\b(\d{1,2}/\d{1,2}/(?:\d{4}|\d\d))-(?=\d{1,2}/)", r"\1 to "),
        (rf"\b(?:the )?(\d{{1,2}}){_TH} ({_TO}|and|or) (?:the )?(\d{{1,2}}){_TH} of (?={_MONTH}\b)", r"\1 \2 \3 "),
        (
            rf"\b({_MONTH})\.? (\d{{1,2}}){_TH} {_TO} (?:the )?(\d{{1,2}}){_TH}(?!\d|[:./]\d|%| ?[a-z]{{3}}| ?[ap]\.?m\b)",  # noqa: E501
            r"\1 \2-\3",
        ),
        (rf"\b({_WEEKDAY} {_TO} {_WEEKDAY}), (?=\d{{1,2}}{_TH} {_MONTH} {_TO} \d)", r"\1, from "),
        (r"\b(AUD|USD|GBP|EUR|CAD|NZD|CHF) ?\$?(?=\d)", r"\1 "),
        (r"\bAU\$", "A$"),
        (r"(?<=\d)-by-(?=\d)", " x "),
        (r"\bavg\b\.?", "average"),
        *(
            (rf"\b(?-i:{month[:3]})t?\b\.? ?{_TO} ?(?={_MONTH}\b\.?(?! ?\d))", f"{month} to ")
            for month in calendar.month_name[1:]
        ),
        *((rf"(?<=[a-z] to )(?-i:{month[:3]})t?\b\.?(?! ?\d)", month) for month in calendar.month_name[1:]),
        (r"\bBlvd\b\.?", "Boulevard"),
        *(
            (rf"\b{land} dollars?\b", coin)
            for land, coin in (("Australian", "AUD"), ("US", "USD"), ("Canadian", "CAD"), ("New Zealand", "NZD"))
        ),
        (r"(\d),(\d\d)(?= ?\u20ac)|(?<=\u20ac)(\d+),(\d\d)(?!\d)", r"\1\3.\2\4"),
        (r"(?<=\u00a3)(\d+\.\d\d)p\b", r"\1"),
        (r"\b(\d+) (pound|dollar|euro)(s?) (?:and )?(\d\d) (?:pence|cents?|p)\b", r"\1.\4 \2\3"),
        (rf"\b(\d+) (pound|dollar|euro)(s?) (\d\d){_BEHIND_A_PRICE}", r"\1.\4 \2\3"),
        (rf"([$\u00a3\u20ac])({_NUMBER}) ?- ?({_NUMBER})(?![\d%]|[-/.,]\d)", r"\1\2-\1\3"),
        (r"\b33(?: 1/3|\.3+|\u2153) ?%", "33%"),
        (r"(?<=\d) ?pc(?= (?:off|discount|cheaper|less|more)\b)", "%"),
        (r"\b(reduc\w+|cut|lowered) by half\b", r"\1 by 50%"),
        (r"(?<=\d) / (?=\d)", "/"),
        (r"(?<=\d) ?(?:/|p/) ?hr?\b", " per hour"),
        *((rf"(?<=\d) ?/ ?{short}\b", f" per {name}") for name, short in (("minute", "min"), ("week", "wk"))),
        (r"(?<=\d)(?:\s?[x\u00d7]\s?| by )(?=\d)", " x "),
        (r"(?<![\w.'])(\d{1,3}(?:\.\d+)?)['\u2032](?=(?: ?\d{1,2}(?:\.\d)?[\"\u2033])|[\s.,;)x\u00d7]|$)", r"\1 feet "),
        (r"^([^\"]*\d)[\"\u2033](?=[\s.,;)x\u00d7]|$)", r"\1 inch"),
        (r"(?<=\d) ?ft[2\u00b2](?!\w)| ?\bsq(?:uare|\.)? ?(?:ft|feet|foot)\b\.?(?=[ ,;.)]|$)", " square feet"),
        (r" ?\bsq\.? ?m(?:et(?:re|er)s?|\b\.?(?=[ ,;.)]|$))", " square metres"),
        (r"(?<=\d) ?(ft|feet|foot)\.? (\d{1,2}) ?in\b\.?(?!\w)", r" feet \2 inch"),
        (r"(?<=\d) ?in\b(?:\.(?= ?[a-z(,])|(?= (?:tall|long|wide|high|deep|x|by)\b)|\.?$)", " inch"),
        (r"(?<=\d) ?min\b\.? (\d{1,2}) ?s(?:ec)?\b\.?(?!\w)", r" minutes \1 seconds"),
        (r"(?<=\d) s\b(?!')", " seconds"),
        (
            r"\b(\d{1,2}) ?h(?:(?:ou)?rs?\b\.?)?,? ?([0-5]\d)(?: ?m(?:in(?:ute)?s?)?\b\.?)?(?! ?[a-z%]|\d)",
            r"\1 hours \2 minutes",
        ),
        (r"\b(\d{1,2}) ?h ?(\d{1,2}) ?m(?:in(?:ute)?s?)?\b", r"\1 hours \2 minutes"),
        (r"(?<=\d) ?h\b", " hours"),
        (r"\b(\d+) pounds? (\d+) (?:ounces?|oz)\b", r"\1 lb \2 oz"),
        (r"\b(?:a )?(?:minimum of|no less than) (?=[$\u00a3\u20ac\d])", "at least "),
        *((rf"\b{hour}(?=[- ](?:fifteen|thirty|forty-five) {_HALF})", str(at)) for at, hour in enumerate(TO_TWELVE, 1)),
        *(
            (rf"(?<=\d)[- ]{part}(?= {_HALF})", f":{at}")
            for part, at in (("fifteen", 15), ("thirty", 30), ("forty-five", 45))
        ),
        (r"(?<=\d) 1/4(?= hours?\b)", ".25"),
        (r"(?<=\d) 3/4(?= hours?\b)", ".75"),
        (r"\b(\w+) hours and a (half|quarter)\b", r"\1 and a \2 hours"),
        (r"\b(?:a )?half[- ](?:an?[- ])?hour\b(?!-)", "30 minutes"),
        *((rf"(?:(?<=\d)|\b({_SPELLED}))( ?|-){short}\b\.?(?=[ ,;.)]|$)", rf"\1\2{name}s") for name, short in _UNITS),
        (r"(?<=\d) ?(ft|lbs?|oz|kgs?)\.(?= [a-z(x\u00d7\d])", r" \1"),
        (
            r"\b(?:at )?any (?:hour|time)(?:,| of)? (?:any day|(?:the )?day (?:or|and) night)\b|\ball day and all night\b|\bat all hours\b",  # noqa: E501
            "24 hours a day",
        ),
    )
)
"""Patterns and what they become: ``2h15`` is 2 hours 15 minutes, ``10' x 10'`` is 10 feet x 10 feet."""
_NAMES = {name[:3]: name for name in calendar.day_name}
_SHORT_DAY = re.compile(r"\b(?P<day>Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:s|r|rs)?\b\.?")
_BEFORE_A_DAY = re.compile(rf"(?:{_WEEKDAY}\.?(?: ?[-&/,] ?| (?:to|and|or|through|until) )|\d )$", re.I)
_BEHIND_A_DAY = re.compile(
    rf"(?:[:,]? ?{_TO}? ?(?:\d|noon\b|midday\b)|,? (?:from|between|the) |(?: ?[-&/,] ?| (?:to|and|or|through|until) )"
    rf"{_WEEKDAY}\b|, (?:{_MONTH}))",
    re.I,
)


def days_in_full(text: str) -> str:
    """Return ``text`` with weekdays in short written out beside another or a figure: ``Mon-Sat``, ``Sun noon-6``."""
    return _SHORT_DAY.sub(
        lambda m: (
            _NAMES[m["day"]] if _BEHIND_A_DAY.match(text, m.end()) or _BEFORE_A_DAY.search(text[: m.start()]) else m[0]
        ),
        text,
    )
