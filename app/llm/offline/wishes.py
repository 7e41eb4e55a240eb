"""Everything but the audience: theme, channel, tone, variants, test settings, edits, references, formats."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any

from app.llm.offline.conditions import whole
from app.llm.offline.spans import DURATION, days_of


@dataclass(frozen=True)
class Wishes:
    """What one message says, beyond the audience. Shares and rates are fractions; ``None`` and ``()`` mean not said."""

    theme: str | None = None
    channels: tuple[str, ...] = ()
    tone: str | None = None
    n_variants: int | None = None
    control_share: float | None = None
    metric: str | None = None
    campaign_refs: tuple[str, ...] = ()
    variant_refs: tuple[str, ...] = ()
    segment_ref: int | None = None
    discount_pct: float | None = None
    edits: tuple[str, ...] = ()
    baseline_rate: float | None = None
    mde: float | None = None
    power: float | None = None
    alpha: float | None = None
    duration_days: int | None = None
    max_length: int | None = None
    export_format: str | None = None
    export_what: str | None = None
    product: str | None = None
    text: str | None = None
    launch_date: str | None = None
    customer_id: str | None = None
    people: int | None = None

    def said(self) -> dict[str, Any]:
        """Return what was said, as plain JSON values."""
        out: dict[str, Any] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if value is not None and value != ():
                out[item.name] = list(value) if isinstance(value, tuple) else value
        return out


_NOUN = r"(?:variants?|versions?|options?|variations?|arms?|groups?|cells?|subject lines?|headlines?|emails?|e-mails?|sms(?:es)?|texts?|text messages?|push(?: notifications?| messages?|es)?|notifications?|messages?|drafts?|ideas?|copies|alternatives?|taglines?|treatments?|ways?|candidates?|takes|pieces of copy|subjects|lines|creatives|different (?:ones|versions|options))"
_COUNT = whole(
    rf"(?P<n>\d{{1,2}})(?: (?:different|new|short|alternative|more|other|message|email|copy|sms|push|catchy|fresh|punchy|friendly|playful|urgent|test|treatment|possible|quick|separate|distinct|nice|good|great|draft|creative|ad|equal|abandoned cart|[a-z]+))? (?P<what>{_NOUN})(?! ago)"
)
_AB = whole(
    r"a ?/ ?b(?: ?/ ?(?P<more>[c-h](?: ?/ ?[d-h])*))?(?:[- ](?:test(?:ing)?|split|experiment))?|ab test|split test"
)
_WAY = whole(
    r"(?P<n>\d)[- ]way(?:s)?(?: (?:test|split|experiment))?|split (?:it |them |the audience |evenly |equally )*(?:in|into|across|between|by) (?P<n2>\d)|(?:test|with|across|try) (?P<n3>[2-8])(?= |$)(?! ?%| (?:days?|weeks?|months?|orders?|hours?))"
)
_CONTROL = [
    whole(r"(?P<p>\d+(?:\.\d+)?)% (?:of (?:them|the audience|people|customers|the list|everyone|users) )?(?:as (?:an? )?|for (?:an? |the )?|in (?:an? |the )?|into (?:an? |the )?|go(?:es)? to )?(?:\w+ )?(?:control|hold-?out|hold-?back|held (?:out|back)|untouched|unsent)(?: ?group)?"),
    whole(r"(?:control|hold-?out|hold-?back)(?: group| share| size| cell| arm)?(?: (?:of|at|is|to|be|=|should be|set to|around|about|with))* ?(?P<p>\d+(?:\.\d+)?)(?P<pct>%?)(?! (?:days|weeks|variants))"),
    whole(r"(?:hold|keep|set|leave|put|withhold|reserve|save|exclude)(?:ing)?(?: (?:back|out|aside|away|off|behind))? (?:a |an |about |around |just )*(?P<p>\d+(?:\.\d+)?)%(?: (?:back|out|aside|away|behind|off|untouched|unsent|for control))?(?! off)"),
    whole(r"(?:hold|keep|set|leave|put|withhold|reserve)?(?:ing)?(?: (?:back|out|aside))? ?1 (?:in|out of) (?:every )?(?P<d>\d+)(?: people| customers| users)?(?: (?:as|back|out|aside|for|in))?(?: (?:an?|the))?(?: (?:control|hold-?out))?(?: group)?"),
    whole(r"(?:no|without(?: an?)?|skip the|drop the|remove the) (?P<none>control|hold-?out)(?: group)?"),
    whole(r"(?:control|hold-?out)(?: group)?(?: of| to| at)? (?:a )?(?P<frac>half|third|quarter|fifth|tenth)|(?P<frac2>half|a third|a quarter|a fifth|a tenth) (?:of (?:them|people|the audience) )?(?:as (?:a )?|in (?:the )?|for )?(?:control|hold-?out)"),
]  # fmt: skip
_FRACTIONS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "fifth": 0.2, "tenth": 0.1}
_DISCOUNT = [
    whole(r"(?P<p>\d+(?:\.\d+)?)(?:%| percent)[- ]?(?:off|discount|reduction|price cut|saving|voucher|coupon|code|promo|deal|rebate|offer|cheaper|money off)"),
    whole(r"(?:discount|offer|promo|save|saving|reduction|reduce prices?|coupon|voucher|code|off|deal)(?: (?:of|is|at|to|be|by|them|for|worth|from|\w+ to))* (?P<p>\d+(?:\.\d+)?)%"),
    whole(r"(?:give|offer|offering|giving|get|take)(?: (?:them|people|customers|everyone|away|a))* (?P<p>\d+(?:\.\d+)?)%(?! (?:of|control|hold|lift|uplift|power|confidence))"),
    whole(r"half[- ]price(?P<half>)"),
]  # fmt: skip
_POWER = whole(
    r"(?:power(?: (?:of|at|is|to|=))* ?(?P<p>\d+(?:\.\d+)?)%?|(?P<p2>\d+(?:\.\d+)?)% (?:statistical )?power)"
)
_ALPHA = whole(
    r"(?:alpha|significance(?: level)?|p(?:-value)?|false positive rate)(?: (?:of|at|is|to|=|<|level|below|under))* ?(?:=|<)? ?(?P<a>0?\.\d+|\d+(?:\.\d+)?%)|(?P<conf>\d\d(?:\.\d+)?)% (?:confidence|confident|significance|sure|certain(?:ty)?|ci\b)|confidence(?: (?:level|of|at|is))* (?P<conf2>\d\d)%|(?P<a3>\d+(?:\.\d+)?)% (?:alpha|significance level)"
)
_BASELINE = [
    whole(r"(?:baseline|base rate|base|currently|current(?:ly)?(?: (?:conversion|click|open)(?: rate)?)?|existing|usual(?:ly)?|today'?s?|normal(?:ly)?|historic(?:al(?:ly)?)?|starting (?:from|at|point))(?: (?:conversion|click|open|cr|ctr|cvr|rates?|is|of|at|around|about|the|we|convert|get|=|converts?|our|sits?|ctr|through|response|being|roughly|running|buying|order|purchase|are|on))* ?(?:=|:)? ?(?P<b>\d+(?:\.\d+)?)(?P<pct>%?)(?! (?:power|confidence))"),
    whole(r"(?:converts?|converting|conversion(?: rate)?|click rate|open rate|ctr|cvr|cr|response rate|order rate)(?: (?:is|of|at|around|about|currently|rate|we|usually|normally|sits|=|today|roughly|are|get))* (?:at |around |about )?(?P<b>\d+(?:\.\d+)?)(?P<pct>%)(?! (?:lift|uplift|increase|improvement|power|points?|pp|relative|higher|better))"),
    whole(r"(?P<b>\d+(?:\.\d+)?)(?P<pct>%) (?:baseline|base rate|base(?:line)? (?:conversion|click|open)|(?:conversion|click|open)(?: rate)? (?:baseline|today|now|currently|base))"),
    whole(r"from (?P<b>\d+(?:\.\d+)?)(?P<pct>%?) to (?P<to>\d+(?:\.\d+)?)%"),
]  # fmt: skip
_MDE = [
    whole(r"(?P<m>\d+(?:\.\d+)?)[- ]?(?P<pt>pp|ppts?|p\.p\.|percentage[- ]points?|%[- ]?points?|points?|%-?pts?|pts?)(?: (?:lift|uplift|increase|difference|change|improvement|gain|effect))?"),
    whole(r"(?P<m>\d+(?:\.\d+)?)%(?: (?:relative|absolute|minimum|detectable|improvement))* (?:lift|uplift|increase|improvement|gain|effect|difference|bump|boost|change|mde|jump|rise|better)"),
    whole(r"(?:detect|mde|lift|uplift|effect(?: size)?|improvement|difference|increase|see|spot|pick up|find|minimum detectable effect|gain|measure)(?: (?:a|an|of|is|as small as|at least|the|change|lift|uplift|effect|difference|=|around|about|small|minimum))* ?(?P<m>\d+(?:\.\d+)?)%(?! (?:power|control|hold|confidence|off|discount|open|of))"),
]  # fmt: skip
_LENGTH = whole(
    r"(?:under|below|less than|max(?:imum)?(?: of)?|at most|within|no (?:more|longer) than|up to|not (?:more|longer) than|fewer than|limit(?: it| them)?(?: to)?|to|in|shorter than|keep (?:it|them) (?:to|at)|<=?|fit(?:s)? (?:in|into)?|over|about|around)? ?(?P<n>\d{2,4})[- ]?(?:chars?|characters?|letters|char)(?: (?:max|limit|or (?:less|fewer|under)))?"
)
_RUN = whole(
    r"(?:for|over|run(?:s|ning)?(?: (?:it|the test|this|them))?(?: for)?|duration(?: (?:of|is|to))*|last(?:s|ing)?|simulate|in|of|within|it|to|after|through|lasting|test(?: (?:for|of))?|period(?: of)?|length(?: of)?|takes?|forecast|make (?:it|that)|a|the|next)? ?(?P<d>(?:\d+(?:\.\d+)?[- ]?(?:days?|weeks?|wks?|months?|fortnights?)|a (?:week|month|fortnight)|(?:a|the) full (?:week|month)|fortnight))(?:[- ](?:test|run|experiment|period|duration|window|simulation))?(?! ago)"
)
_PEOPLE = whole(
    r"(?P<n>\d{3,9}) (?:people|customers?|users?|recipients?|contacts?|subscribers?|per arm|shoppers?|visitors?|sends?|members|in total|each|buyers|ppl)|(?:with|audience of|list of|n ?= ?|sample of|population of|have|only have|base of|got) (?P<n2>\d{3,9})(?! ?(?:%|days|weeks|char|orders|£|\$|€|euros|pounds|dollars))"
)


def first(patterns: list[re.Pattern[str]], text: str) -> re.Match[str] | None:
    """Return the first match of the first pattern that matches."""
    return next((match for pattern in patterns if (match := pattern.search(text))), None)


def read_settings(rest: str) -> tuple[dict[str, Any], str]:
    """Read numbers of the test and the offer; return them and the text with the matched parts blanked."""
    out: dict[str, Any] = {}
    for name, patterns, read in _READERS:
        match = first(patterns, rest)
        if match and (value := read(match)) is not None:
            out[name] = value
            if match.groupdict().get("to") and out.get("baseline_rate") is not None:
                out["mde"] = round(float(match["to"]) / 100 - value, 6)
            rest = rest[: match.start()] + " " * (match.end() - match.start()) + rest[match.end() :]
    return out, rest


def _share(match: re.Match[str]) -> float | None:
    groups = match.groupdict()
    if groups.get("none"):
        return 0.0
    if groups.get("d"):
        return round(1 / int(groups["d"]), 4) if int(groups["d"]) > 1 else None
    word = (groups.get("frac") or groups.get("frac2") or "").replace("a ", "")
    if word:
        return round(_FRACTIONS[word], 4)
    value = float(groups["p"])
    if groups.get("pct") == "" and value >= 1:
        return round(value / 100, 4)
    return value if value < 1 and "%" not in match[0] else round(value / 100, 4)


def _fraction(text: str, *, percent: bool) -> float:
    return (
        round(float(text.rstrip("%")) / 100, 6) if percent or float(text.rstrip("%")) >= 1 else float(text.rstrip("%"))
    )


def _alpha(match: re.Match[str]) -> float:
    if confidence := match["conf"] or match["conf2"]:
        return round(1 - float(confidence) / 100, 4)
    words = match["a"] or match["a3"] + "%"
    return _fraction(words, percent="%" in words)


def _count(match: re.Match[str]) -> int | None:
    number = int(match["n"])
    return number if 1 <= number <= 12 else None


_READERS: list[tuple[str, list[re.Pattern[str]], Any]] = [
    ("max_length", [_LENGTH], lambda m: int(m["n"])),
    ("power", [_POWER], lambda m: _fraction(m["p"] or m["p2"], percent="%" in m[0])),
    ("alpha", [_ALPHA], _alpha),
    ("control_share", _CONTROL, _share),
    ("discount_pct", _DISCOUNT, lambda m: 50.0 if "half" in m.groupdict() else float(m["p"])),
    ("baseline_rate", _BASELINE, lambda m: _fraction(m["b"], percent=bool(m["pct"]) or bool(m.groupdict().get("to")))),
    ("mde", _MDE, lambda m: round(float(m["m"]) / 100, 6)),
    ("n_variants", [_COUNT], _count),
    ("people", [_PEOPLE], lambda m: int(m["n"] or m["n2"])),
    ("duration_days", [_RUN], lambda m: days_of(m["d"])),
]  # fmt: skip


def n_from_test(text: str) -> int | None:
    """Return the number of arms that 'A/B/C test' or '3-way split' names."""
    if match := _WAY.search(text):
        return int(match["n"] or match["n2"] or match["n3"])
    if match := _AB.search(text):
        more = match["more"]
        return 2 + len(re.findall(r"[c-h]", more)) if more else 2
    return None


DURATION_PATTERN = DURATION
_EMAIL_NOUN = {
    "email": whole(r"e-?mails?|subject lines?|newsletters?|inbox"),
    "sms": whole(r"sms(?:es)?|texts?(?! (?:that|about|is|says|of|for variant))|text messages?|txts?|text"),
    "push": whole(r"push(?:es)?(?: (?:notifications?|messages?|alerts?|campaign))?|(?:app |mobile )?notifications?|in-app messages?"),
}  # fmt: skip
_REPLACED = re.compile(
    r"(?:instead of|rather than|not|in place of|without|no|drop(?: the)?|over) (?:an? |the |by |via )?(e-?mails?|sms|texts?|push(?: notifications?)?)\b"
)


def read_channels(text: str) -> tuple[str, ...]:
    """Return the channels wished for, in order of mention; what stands after 'instead of' does not count."""
    text = _REPLACED.sub(" ", text)
    found = [(match.start(), name) for name, pattern in _EMAIL_NOUN.items() if (match := pattern.search(text))]
    if whole(r"all (?:the |3 )?channels|every channel|multi-?channel|omni-?channel").search(text):
        return ("email", "sms", "push")
    return tuple(name for _, name in sorted(found))
