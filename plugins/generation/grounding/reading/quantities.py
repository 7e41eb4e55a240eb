"""Figures in a text, typed: what is counted, in which unit, per what, and with which hedge."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from plugins.generation.grounding.reading.lexicon import STOP

_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALE = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1e9, "k": 1_000, "m": 1_000_000}
_UNITS: dict[str, tuple[str, float]] = {}
for _dimension, _names in {
    "time": {"second": 1, "sec": 1, "minute": 60, "min": 60, "hour": 3600, "hr": 3600, "day": 86400, "week": 604800},
    "months": {"month": 1, "year": 12, "yr": 12},
    "mass": {"g": 1, "gram": 1, "gramme": 1, "kg": 1000, "kilo": 1000, "kilogram": 1000, "mg": 0.001, "milligram": 0.001, "oz": 28.35,  # noqa: E501
             "ounce": 28.35, "lb": 453.6, "pound-mass": 453.6, "tonne": 1e6, "stone": 6350},
    "length": {"mm": 1, "millimetre": 1, "millimeter": 1, "cm": 10, "centimetre": 10, "centimeter": 10, "m": 1000, "metre": 1000, "meter": 1000,  # noqa: E501
               "km": 1e6, "kilometre": 1e6, "kilometer": 1e6, "inch": 25.4, "inches": 25.4, "ft": 304.8, "foot": 304.8,
               "feet": 304.8, "mile": 1609344, "yard": 914.4},
    "area": {"sqm": 1, "sqft": 0.0929, "hectare": 10000, "acre": 4047},
    "volume": {"ml": 1, "millilitre": 1, "milliliter": 1, "cl": 10, "centilitre": 10, "l": 1000, "litre": 1000, "liter": 1000, "gallon": 3785, "pint": 568,  # noqa: E501
               "quart": 946.4, "floz": 29.57, "hl": 1e5, "hectolitre": 1e5, "cubicmetre": 1e6, "cubicfoot": 28317,
             "cubicfeet": 28317, "cubicinch": 16.39, "cubicinches": 16.39, "cubiccentimetre": 1},
    "data": {"kb": 0.001, "mb": 1, "gb": 1024, "tb": 1048576, "kilobyte": 0.001, "megabyte": 1, "gigabyte": 1024,
             "terabyte": 1048576, "gig": 1024},
    "rate": {"kbps": 0.001, "mbps": 1, "gbps": 1000, "kbit/s": 0.001, "mbit/s": 1, "gbit/s": 1000, "mb/s": 8, "gb/s": 8000,  # noqa: E501
             "megabit": 1, "gigabit": 1000},
    "speed": {"km/h": 1, "kph": 1, "kmh": 1, "mph": 1.609, "knot": 1.852},
    "power": {"w": 1, "watt": 1, "kw": 1000, "kilowatt": 1000}, "charge": {"mah": 1}, "sound": {"db": 1, "decibel": 1},
    "pixels": {"mp": 1, "megapixel": 1}, "energy": {"kwh": 1, "kcal": 1, "calorie": 1},
    "pressure": {"psi": 0.0689, "kpa": 0.01, "mbar": 0.001, "hpa": 0.001}, "voltage": {"volt": 1},
    "frequency": {"hz": 1, "khz": 1e3, "mhz": 1e6, "ghz": 1e9}, "light": {"lumen": 1, "lm": 1, "lux": 1}, "torque": {"nm": 1},  # noqa: E501
    "turns": {"rpm": 1},
}.items():  # fmt: skip
    for _name, _factor in _names.items():
        _UNITS[_name] = (_dimension, float(_factor))
_CURRENCY = {
    "$": "usd", "\u00a3": "gbp", "\u20ac": "eur", "usd": "usd", "dollar": "usd", "eur": "eur", "euro": "eur",
    "gbp": "gbp", "pound": "gbp", "chf": "chf", "buck": "usd", "quid": "gbp", "\u00a5": "jpy", "yen": "jpy",
    "us$": "usd", "a$": "aud", "c$": "cad", "aud": "aud", "cad": "cad", "franc": "chf", "fr": "chf", "sfr": "chf",
    "kr": "kr", "kronor": "kr", "kroner": "kr", "krona": "kr", "krone": "kr", "sek": "sek", "nok": "nok", "dkk": "dkk",
    "isk": "isk", "pln": "pln", "z\u0142": "pln", "zloty": "pln", "z\u0142oty": "pln", "zlotych": "pln",
    "czk": "czk", "k\u010d": "czk", "huf": "huf", "forint": "huf", "jpy": "jpy", "inr": "inr", "\u20b9": "inr",
    "rupee": "inr", "zar": "zar", "rand": "zar",
    "nz$": "nzd", "nzd": "nzd", "hk$": "hkd", "hkd": "hkd", "sgd": "sgd", "s$": "sgd", "aed": "aed", "dirham": "aed",
}  # fmt: skip
_SIGN = (
    r"(?:us|a|c|nz|hk|s)\$|[$\u00a3\u20ac\u00a5\u20b9]|"
    r"(?:usd|eur|gbp|chf|aud|cad|nzd|hkd|sgd|sek|nok|dkk|isk|pln|czk|huf|jpy|inr|zar|aed) ?|"
    r"(?:kr|fr|sfr)\.? ?(?=\d)"
)
"""What stands before a price: a sign or the letters of a currency."""
_COIN = (
    r"usd|eur|gbp|chf|aud|cad|nzd|hkd|sgd|sek|nok|dkk|isk|pln|czk|huf|jpy|inr|zar|aed|kr|k\u010d|z\u0142|dollars?|euros?|pounds?|bucks|quid|"
    r"francs?|kron(?:or|er|a|e)|z[l\u0142]oty(?:s|ch)?|forints?|rupees?|rand|dirhams?|yen"
)
"""What stands behind a price."""
_NUMBER = (
    r"(?P<num>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"[- ](?:one|two|three|four|five|six|seven|eight|nine)(?![- ](?:hour|minute|day|night|week|month|way)\b)|(?:"
    + "|".join(sorted(_WORDS, key=len, reverse=True))
    + r"))(?:[ -]?(?P<scale>hundred|thousand|million|billion)|"
    r"(?P<short>[km])(?=\b)(?! ?\d))?"
)
_UNIT_ALT = "|".join(sorted((re.escape(u) for u in _UNITS if u != "pound-mass"), key=len, reverse=True))
_ONE_OF_THEM = r"(?!(?:one|1) of (?:the|our|its|your|all)\b)"
"""What picks one of so many and is no share of them: ``book one of the 12 places``."""
_PATTERN = re.compile(
    r"(?P<bogo>\b(?:buy|bring|order|book|pay for) (?:one|1)(?: [a-z]+)?,? (?:and )?(?:you )?get (?:one|1|another|(?:a|the) second)\b|\b(?:2|two)[- ]for[- ](?:1|one)\b|\bbogo\b|\b(?:2|two) (?:\w+ )?for the price of (?:1|one)\b|\b(?:2|two) (?:[\w-]+ ){0,3}?(?:and|but) (?:[a-z']+ ){0,3}?(?:pay|charged) (?:only |just )?for (?:only |just )?(?:1|one)\b)"  # noqa: E501
    r"|(?P<multibuy>\b(?:3|three)[- ]for[- ](?:2|two)\b|\b(?:3|three) (?:[\w-]+ ){0,3}?(?:for the price of|(?:and|but) (?:[a-z']+ ){0,3}?(?:pay|charged) (?:only |just )?for) (?:only |just )?(?:2|two)\b)"  # noqa: E501
    r"|(?P<ratio>(?<![\w.,])(?P<rn>\d+) (?:out )?of (?:the |our )?(?P<rm>\d+)(?![\w/%.,]\d|\w|%| (?:minutes?|hours?|days?|weeks?|months?|years?))|(?<![\w.])" + _ONE_OF_THEM + r"(?P<rx>\d+(?:\.\d+)?|one|two|three|four|five|six|seven|eight|nine)"  # noqa: E501
    r"(?:(?: (?!(?:points?|stars?|" + _UNIT_ALT + r")s?\b)[a-z]+)? (?:out of|in every|of every) | in |/| of (?:the |our |its |your |all )?)(?P<ry>5|10|100|3|4|6|7|8|9|1[125]|20|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty)"  # noqa: E501
    r"(?![\w/%]| (?:(?:business|working|full|short) )?(?:minutes?|hours?|days?|weeks?|months?|years?|seconds?)))"
    r"|(?P<stars>(?<![\w.])(?:\d(?:\.\d)?|one|two|three|four|five))[- ]stars?\b(?: (?:out )?of (?:a possible )?(?P<most>5|10|five|ten|six|6)\b)?"  # noqa: E501
    r"|(?P<factor>\btwice\b|\bdoubles?d?\b|\btwofold\b|\bthrice\b|\btriples?d?\b|\bquadruples?d?\b|(?<![\w.])\d+(?:\.\d+)?(?:x\b| times\b(?= (?:the|as|more|your|our|[a-z]+er)\b))|\b(?:two|three|four|five|ten) times(?= (?:the|as|more|your|our|[a-z]+er)\b))"  # noqa: E501
    r"|(?<![\w.,$#\u00a3\u20ac])(?:(?P<cur>" + _SIGN + r")\s?)?" + _NUMBER +
    r"(?:\s?(?P<pct>%|per ?cent(?:age)?[- ]points?\b|per ?cent\b|percent\b|pct\b)|[\s-]?"
    r"(?P<curafter>\u20ac|\u00a3|(?:" + _COIN +
    r")\b)|\s?(?P<cents>p(?!\.p)|pence|cents?|cts?\.?|c)(?![\w])|[ -]?(?:(?:consecutive|straight|full|whole|entire|calendar|extra|more|additional|further) )?(?P<work>(?:business|working) )?"  # noqa: E501
    r"(?P<sq>sq(?:uare)? ?)?(?P<unit>" + _UNIT_ALT + r"|\u00b0 ?[cf]|degrees (?:celsius|fahrenheit|c|f)\b)(?P<plural>e?s)?\b(?!'s(?! (?:wear|notice|use|time|walk|drive|ride|work|pay|supply|cover|stay|sleep)\b))|(?P<ord>st|nd|rd|th)\b|(?P<plus>\+))?"  # noqa: E501
    r"(?!(?!(?:pp|pcm|pw|ea)\b)\w)",
    re.I,
)  # fmt: skip
_FACTORS = {"thri": 3.0, "trip": 3.0, "quad": 4.0, "thre": 3.0, "four": 4.0, "five": 5.0, "ten ": 10.0}
"""The first letters of a word that multiplies by more than two."""
_NOT_COUNTED = frozenset(("times", "costs", "cost", "comes", "starts", "runs", "lasts", "takes", "works", "old"))
"""Words behind a bare count that are not what is counted: ``a block of eight costs``, ``three times a day``."""
_CODE = re.compile(r"\b(?=[A-Z0-9]*[A-Z])(?=[A-Z0-9]*\d)[A-Z][A-Z0-9]{3,}\b|(?<=\bcode )[A-Z]{3,}[A-Z0-9]*\b")
_PER = re.compile(
    r"^\s*(?:,\s*(?=per\b))?(?:per|an?|each|every|/|for (?:one|a))\s?(?P<per>month|mo\b|year|yr|annum|week|day|night|hour|minute|person|head|guest|"  # noqa: E501
    r"user|seat|kg|kilo(?:gram(?:me)?)?|km|kilomet(?:re|er)|kwh|litre|liter|100 ?g|bottle|line|ticket|trip|ride|mile|device|adult|"  # noqa: E501
    r"child|order|item|visit|class)(?![a-z])|"
    r"^\s*(?P<adv>monthly|yearly|annually|weekly|daily|nightly|hourly)\b|^\s?(?P<abbr>(?:p/?m|pcm|pp)\b|p\.p\.|p\.m\.)",
    re.I,
)
_PER_NAME = {"mo": "month", "yr": "year", "annum": "year", "monthly": "month", "yearly": "year", "annually": "year",
             "weekly": "week", "daily": "day", "nightly": "night", "hourly": "hour", "pm": "month", "pcm": "month",
             "pp": "person", "p.p.": "person", "p.m.": "month", "kilo": "kg", "kilogram": "kg", "kilogramme": "kg", "kilometre": "km", "kilometer": "km", "guest": "person", "head": "person", "liter": "litre", "seat": "user"}  # fmt: skip  # noqa: E501
_BEFORE = (
    ("max", r"(?:up to|at (?:the )?most|never more than|(?:no|not) over|(?:a )?maximum(?: of)?|max\.?|no more than|not more than|anything up to|as much as|(?:capped|tops out|maxes out|limited) at|as many as|limited to|(?:an? |the )?(?:limit|cap) of)"),  # noqa: E501
    ("from", r"(?:(?<!back )from(?: just| only)?|start(?:s|ing)? (?:at|from)|as little as|priced from)"),
    ("min", r"(?:over|at least|more than|above|(?:a )?(?:shade|touch|whisker|little|bit|fraction) (?:over|above|more than)|just over|well over|(?:a )?minimum(?:(?: [a-z-]+){1,5} (?:of|is|are|was)|(?: \w+)?(?: of| is)?)|(?:no|not|never)(?: (?:drops?|falls?|goes|dips?|sinks?))? (?:(?:fewer|less|lower) than|below|under)|upwards of|exceeding|beyond)"),  # noqa: E501
    ("approx", r"(?:about|around|roughly|approximately|approx\.?|some|circa|on average|an average of|averaging|typically|usually)"),  # noqa: E501
    ("under", r"(?:under|less than|below|fewer than)"),
    ("nearly", r"(?:nearly|almost|just (?:under|shy of|short of)|close to|(?:a )?(?:shade|touch|whisker|little|bit|fraction|hair) (?:under|below|less than|short of)|not quite|shy of|the best part of)"),  # noqa: E501
)  # fmt: skip
_TO_AN_AGE = r"(?: and including)?(?: (?:the )?ages?(?: of)?)?"
"""What may stand between a bound and an age: ``up to | and including age | 74``."""
_BEFORE_RE = tuple(
    (
        name,
        re.compile(
            r"\b" + pattern + _TO_AN_AGE + r"(?: (?:the|a|an|your|only|just|full|about|around|roughly))?\s*$", re.I
        ),
    )
    for name, pattern in _BEFORE
)
_AFTER_RE = (
    (
        "min",
        re.compile(
            r"^\s*(?:\w+\s)?(?:or more|or above|or (?:larger|bigger|longer|higher|wider|taller|heavier|upwards)|(?:and|or) (?:up|over|above|taller|longer|larger|bigger|heavier|wider)|minimum|plus\b(?!\s+(?:(?:an?|the|your|our|free|one|two|three|vat|tax|p&p|postage|delivery|shipping|breakfast|lunch|dinner|drinks?|half)\b|[$\u00a3\u20ac\d]))|or older|at (?:the )?(?:very )?minimum|\+(?!\s+[A-Za-z$\u00a3\u20ac\d]))",  # noqa: E501
            re.I,
        ),
    ),
    (
        "max",
        re.compile(
            r"^\s*(?:\w+\s){0,2}(?:limit\b|cap\b)|^\s*(?:\w+\s)?(?:or less|or fewer|(?:and|or) (?:under|younger|below)|max\b|maximum|at (?:the )?(?:very )?(?:most|hottest|longest|latest|heaviest|highest|warmest|largest|outside|max(?:imum)?)\b)",  # noqa: E501
            re.I,
        ),
    ),
    ("approx", re.compile(r"^\s*(?:or so|on average)", re.I)),
)


@dataclass(frozen=True)
class Quantity:
    """One figure. ``value`` is in the unit of its dimension; ``noun`` is the word after a bare count.

    ``per`` is the period or thing a price is for, ``apiece`` the thing where a person, room or serving is named.
    """

    kind: str
    value: float
    text: str
    start: int
    end: int
    unit: str = ""
    per: str = ""
    hedge: str = ""
    noun: str = ""
    spelled: bool = False
    apiece: str = ""


def _value(match: re.Match[str]) -> float:
    raw = match["num"].lower().replace(",", "")
    number = float(raw) if raw[0].isdigit() else float(sum(_WORDS.get(part, 0) for part in re.split(r"[- ]", raw)))
    scale = (match["scale"] or match["short"] or "").lower()
    return number * _SCALE.get(scale, 1)


_DENIED = re.compile(
    r"\b(?:no|none|not|never|rarely|seldom|hardly|nothing(?! (?:on|for|to pay|extra)\b)|nobody)\b[^,.;]*$", re.I
)


_NEVER_LESS = re.compile(
    r"(?:\bnever|\bnot|n't|\bno)\b (?:[a-z]+ ){0,2}(?:less|fewer|lower) than \W*$|\bnever (?:[a-z]+ ){0,2}below \W*$",
    re.I,
)
"""What makes a least value of what is said not to be less: ``you never get fewer than | 60``."""


def _hedge(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - 60) : start], text[end : end + 24]
    for name, pattern in _BEFORE_RE:
        found = pattern.search(before)
        if name == "min" and found and _DENIED.search(before[: found.start()]):
            return "max"
        if name == "under" and found and _NEVER_LESS.search(before):
            return "min"
        if found and not (name == "from" and _no_least_price(text[start], before, after)):
            return name
    for name, pattern in _AFTER_RE:
        if pattern.search(after):
            return name
    return ""


FORMER = re.compile(
    r"\b(?:down|(?<!made )(?<!pick )(?<!start )up|raised|increased|ris(?:es?|en|ing)|rose|reduced|cut|drop(?:s|ped)?|lowered|slashed|discounted|marked down|fallen|falls?|fell|goes|gone)(?: in price)? from(?: just| only)?\s*$",  # noqa: E501
    re.I,
)
"""What stands before a price that is no longer asked."""


def _no_least_price(sign: str, before: str, after: str) -> bool:
    """Return whether ``from`` opens a range, a former price or a distance rather than naming the least price."""
    if re.match(r"\s*(?:\w{3} )?(?:to|-)\b", after) or FORMER.search(before):
        return True
    return sign not in _CURRENCY and re.search(r"\baway from\s*$", before, re.I) is not None


_PER_THING = re.compile(
    r"^\s*(?:per|each|/|an?)\s?[a-z-]+ (?=(?:per|an?|each|every|/)\s?(?:month|year|annum|week|day|night|hour)\b)", re.I
)
"""What a price is for before its period: ``£96 per machine per year``."""
_PERIODIC = re.compile(r"\b(monthly|weekly|yearly|annual|daily) (?:[a-z]+ )?(?:of |is )?(?:just |only )?$", re.I)


def _per(text: str, start: int, end: int) -> str:
    before = _PERIODIC.search(text[:start])
    if before:
        return _PER_NAME.get(before[1].lower(), "year")
    measured = re.match(r"\s*(?:per|/) ?\d+ ?\w+", text[end : end + 24])
    end += measured.end() if measured else 0
    thing = _PER_THING.match(text[end : end + 40])
    end += thing.end() if thing else 0
    found = _PER.match(text[end : end + 24])
    if not found:
        return ""
    later = _PER.match(text[end + found.end() : end + found.end() + 24])
    if (
        later
        and found["per"]
        and found["per"].lower() in ("user", "person", "guest", "seat", "line", "device", "adult", "child")
    ):
        found = later
    name = (found["per"] or found["adv"] or found["abbr"]).lower().strip()
    return _PER_NAME.get(name, name)


_APIECE = re.compile(
    r"^\s*(?:(?:per|each|/) ?(?P<what>[a-z]{3,})|"
    r"an? (?P<one>box|bag|pack|tin|jar|bottle|case|crate|tray|pair|set|roll|bunch)\b)",
    re.I,
)
PERIODS = frozenset(("month", "year", "annum", "week", "day", "night", "hour", "minute"))


def _apiece(text: str, end: int) -> str:
    """Return the thing a price is per (``serving``), where it is not a period."""
    found = _APIECE.match(text[end : end + 24])
    if found and _thing(found) in STOP:
        return ""
    if found and _thing(found) in PERIODS:
        found = _APIECE.match(text[end + found.end() : end + found.end() + 24])
    return _thing(found) if found and _thing(found) not in PERIODS else ""


def _thing(found: re.Match[str]) -> str:
    return (found["what"] or found["one"]).lower()


def _ratio(match: re.Match[str], text: str) -> Quantity:
    top, bottom = _number(match["rx"] or match["rn"]), _number(match["ry"] or match["rm"])
    return Quantity("ratio", top / bottom, match[0], match.start(), match.end(), hedge=_hedge(text, *match.span()))


def _number(word: str) -> float:
    """Return the value of a number up to ninety in digits or in one word."""
    return float(word) if word[0].isdigit() else float(_WORDS[word.lower()])


def _special(match: re.Match[str], text: str) -> Quantity | None:
    span = match.span()
    if match["bogo"] or match["multibuy"]:
        return Quantity("multibuy", 2.0 if match["bogo"] else 3.0, match[0], *span)
    if match["ratio"]:
        return _ratio(match, text)
    if match["stars"]:
        stars = match["stars"].lower()
        most = (match["most"] or "5").lower()
        return Quantity("ratio", _number(stars) / _number(most), match[0], *span)
    if match["factor"]:
        word = match["factor"].lower()
        number = re.match(r"[\d.]+", word)
        value = float(number[0]) if number else _FACTORS.get(word[:4], 2.0)
        return Quantity("factor", value, match[0], *span)
    return None


def _celsius(degrees: float, unit: str) -> float:
    return degrees if "c" in unit.removeprefix("degrees") else (degrees - 32) * 5 / 9


def _signed(value: float, text: str, start: int) -> float:
    """Return a temperature with the minus that stands before it."""
    return -value if re.search(r"(?<![\w\u00b0])-$|\bminus $", text[:start], re.I) else value


def _measure(match: re.Match[str], value: float) -> tuple[str, float, str]:
    unit = match["unit"].lower()
    if unit[0] == "\u00b0" or unit.startswith("degrees"):
        return "celsius", _celsius(value, unit), unit
    if match["sq"]:
        unit = "sqft" if unit in ("ft", "foot", "feet") else "sqm"
    dimension, factor = _UNITS[unit]
    if match["work"]:
        return "workdays", value, unit
    return dimension, value * factor, unit


_DAY_PASSES = re.compile(
    r"^(?!1\b|one\b)[\w-]+ (?:day|night|week|month|year|hour) (?:pass|ticket|card|permit|rate|visitor|guest|trip)"
    r"(?:e?s)\b",
    re.I,
)
"""A number of things whose name opens with a time, no length of time: ``ten day passes``."""


def _plain(match: re.Match[str], text: str) -> Quantity | None:
    value, span = _value(match), match.span()
    if (match["short"] or "").lower() == "m" and not (match["cur"] or match["curafter"]):
        return Quantity(
            "length", value / _SCALE["m"] * unit_size("m"), match[0].strip(), *span, "m", "", _hedge(text, *span)
        )
    currency = (match["cur"] or match["curafter"] or "").lower().strip().rstrip("s.")
    spelled = not match["num"][0].isdigit()
    kind, unit, noun = "count", "", ""
    if currency:
        kind, unit = "money", _CURRENCY.get(currency, currency)
    elif match["pct"]:
        kind = "percent"
    elif match["cents"] and (not spelled or len(match["cents"]) > 1):
        kind, unit, value = "money", "gbp" if match["cents"].lower() in ("p", "pence") else "usd", value / 100
    elif match["unit"] and not _DAY_PASSES.search(text[span[0] : span[1] + 16]):
        degrees = match["unit"][0] == "\u00b0" or match["unit"].lower().startswith("degrees")
        kind, value, unit = _measure(match, _signed(value, text, span[0]) if degrees else value)
    elif match["ord"]:
        kind = "ordinal"
    elif re.fullmatch(r"(?:19|20)\d\d", match["num"]):
        kind = "year"
    else:
        follow = re.match(
            r"[\s-]+(?:(?:verified|happy|free|new|different|more|extra|additional|further|of|our|the)\s+)*([A-Za-z]+)",
            text[match.end() :],
        )
        noun = follow[1].lower() if follow and follow[1].lower() not in STOP | _NOT_COUNTED else ""
    hedge = "min" if match["plus"] else _hedge(text, *span)
    return Quantity(kind, value, match[0].strip(), *span, unit, _per(text, span[0], span[1]), hedge, noun, spelled,
                    _apiece(text, span[1]))  # fmt: skip


def numeral(word: str) -> str:
    """Return a number in words from four up in digits, any other word as it is."""
    return str(_WORDS[word]) if _WORDS.get(word, 0) > 3 else word


def whole_number(word: str) -> int:
    """Return the value of a number in digits or in one word, one for ``a``; nothing for any other word."""
    low = word.lower()
    return int(low) if low.isdigit() else 1 if low in ("a", "an") else _WORDS.get(low, 0)


def unit_size(unit: str) -> float:
    """Return how much one of ``unit`` is, in the unit of its dimension."""
    return _UNITS[unit][1] if unit in _UNITS else 1.0


def quantities(text: str) -> list[Quantity]:
    """Return the figures of ``text`` in order; dates and clock times must have been cut out of it before."""
    found: list[Quantity] = [Quantity("code", 0.0, match[0].upper(), *match.span()) for match in _CODE.finditer(text)]
    taken = [(item.start, item.end) for item in found]
    for match in _PATTERN.finditer(text):
        if any(start <= match.start() < end for start, end in taken):
            continue
        item = _special(match, text)
        if item is None and match["num"]:
            item = _plain(match, text)
        if item is not None:
            found.append(item)
    return _ranges(_joined(sorted(found, key=lambda item: item.start), text), text)


def _joined(found: list[Quantity], text: str) -> list[Quantity]:
    """Make one figure of ``4 hours 45 minutes``, ``two hundred and forty`` and ``nine pounds fifty``."""
    out: list[Quantity] = []
    for item in found:
        last = out[-1] if out else None
        whole = _spelled_on(last, item, text) if last else None
        if whole:
            out[-1] = whole
        elif (
            last
            and last.kind == item.kind
            and item.kind in ("time", "months", "length", "mass")
            and unit_size(last.unit) > max(unit_size(item.unit), item.value)
            and _goes_on(last, item, text[last.end : item.start].strip())
        ):
            both = replace(last, value=last.value + item.value, text=text[last.start : item.end], end=item.end)
            out[-1] = replace(both, unit=item.unit, per=item.per)
        else:
            out.append(item)
    return out


def _goes_on(last: Quantity, item: Quantity, between: str) -> bool:
    """Return whether a smaller unit goes on the larger: ``1 day and 4 hours``, but not ``six weeks, nine hours``."""
    if last.kind in ("length", "mass"):
        return not between
    return between in ("", "and") or (
        between == "," and unit_size(last.unit) / unit_size(item.unit) == _MINUTES_IN_HOUR
    )


_MINUTES_IN_HOUR = 60
_SPOKEN_POINT = re.compile(
    r"(?:(?:" + "|".join(list(_WORDS)[1:]) + r")|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-[a-z]+) "
    r"(?:ten|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-[a-z]+)?", re.I
)  # fmt: skip
"""Two numbers in words that are a price or a clock time: ``four fifty``, ``nineteen ninety-nine``."""
_POUNDS = re.compile(r"(?:pounds?|dollars?|euros?)$", re.I)
_LEAST_PENCE = 5
"""Fewer pence are not said behind pounds, so that ``fourteen dollars one way`` is no $14.01."""
_HUNDREDS = {"hundred": 100, "thousand": 1_000}


def _spelled_on(last: Quantity, item: Quantity, text: str) -> Quantity | None:
    """Return the number that goes on after ``two hundred (and)`` or ``nine pounds``, if it does."""
    if not item.spelled or text[last.end : item.start].strip() not in ("", "and"):
        return None
    whole = {"text": text[last.start : item.end], "start": last.start, "hedge": last.hedge}
    size = unit_size(item.unit) if item.unit and item.kind != "money" else 1.0
    below = next((n for word, n in _HUNDREDS.items() if last.text.lower().endswith(word)), 0)
    if last.kind == "count" and last.spelled and item.value / size < below:
        return replace(item, value=item.value + last.value * size, **whole)
    if _SPOKEN_POINT.fullmatch(text[last.start : item.end]) and (last.kind, item.kind) == ("count", "count"):
        return None if item.noun else replace(item, value=last.value + item.value / 100, **whole)
    if (
        last.kind == "money"
        and item.kind == "count"
        and not item.noun
        and item.value < 100
        and item.value >= _LEAST_PENCE
        and _POUNDS.search(last.text)
    ):
        return replace(last, value=last.value + item.value / 100, text=str(whole["text"]), end=item.end)
    return None


_BOUGHT_FOR = re.compile(r"[$\u00a3\u20ac]\d[\d.,]* for $")
"""What stands before a number of things that has a price: ``| £35 for 250 and £80 for 1,000``."""


def _ranges(found: list[Quantity], text: str) -> list[Quantity]:
    """Give the first figure of ``2-3 days`` or ``5 to 7 days`` the unit of the second."""
    out = _hung(list(found), text)
    for at in range(len(out) - 1):
        one, two = out[at], out[at + 1]
        between = text[one.end : two.start].lower().strip()
        if (
            one.kind == "count"
            and two.kind not in ("count", "code")
            and between in ("-", "to", "or", "and", "by", "x", "\u00d7")
            and not (between == "and" and one.spelled != two.spelled)
            and not (two.kind == "money" and _BOUGHT_FOR.search(text[: one.start]))
        ):
            factor = _UNITS[two.unit][1] if two.unit in _UNITS and two.kind != "workdays" else 1.0
            side = between in ("by", "x", "\u00d7")
            value = (
                _celsius(_signed(one.value, text, one.start), two.unit) if two.kind == "celsius" else one.value * factor
            )
            out[at] = Quantity(two.kind, value, one.text, one.start, one.end, two.unit, two.per,
                               one.hedge if side else "range")  # fmt: skip
            spanned = between in ("-", "to") or re.search(r"\bbetween $", text[: one.start], re.I)
            if spanned and not two.hedge:
                out[at + 1] = replace(two, hedge="range")
        elif _from_one_to_another(one, two, text):
            out[at], out[at + 1] = replace(one, hedge="range"), replace(two, hedge="range")
    return out


_HUNG = re.compile(r"-,? ?(?:or|and|to)? ?")
"""What stands between numbers that wait for their unit: ``three-, six- or twelve-month``."""


def _hung(found: list[Quantity], text: str) -> list[Quantity]:
    """Give each number of ``three-, six- or twelve-month`` the unit of the last."""
    for at in range(len(found) - 2, -1, -1):
        one, two = found[at], found[at + 1]
        between = text[one.end : two.start]
        listed = between == ", " and two.hedge == "range"
        waits = listed or (between[:2] in ("-,", "- ") and _HUNG.fullmatch(between)) or between == " or "
        if one.kind == "count" and not one.noun and two.kind in ("time", "months") and waits:
            value = one.value * unit_size(two.unit)
            found[at] = replace(one, kind=two.kind, unit=two.unit, value=value, hedge="range")
    return found


_ROSE = re.compile(
    r"\b(?:r[oi]se|rises|risen|went|go(?:es)?|grew|grow[ns]?|up|increas\w+|rais\w+|climb\w*|jump\w*|improv\w+) [^.;,]*$",  # noqa: E501
    re.I,
)
"""What makes two figures a former and a present one, and no range: ``rose from 20% to 30%``."""


def _from_one_to_another(one: Quantity, two: Quantity, text: str) -> bool:
    """Return whether two figures with their units are a range: ``save 15% to 40%``, ``€28 to €84``."""
    between = text[one.end : two.start].lower().strip()
    return (
        one.kind == two.kind
        and one.kind in ("percent", "money")
        and (one.unit, one.per) == (two.unit, two.per)
        and between in ("to", "-")
        and not (one.hedge and one.hedge != "from")
        and not two.hedge
        and one.value < two.value
        and not _ROSE.search(text[: one.start])
    )
