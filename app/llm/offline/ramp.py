"""Ramp-up as it is said: 'start with 10 % of them', 'raise it to half', 'go to full', 'roll out the winner'.

All of it is asked for as an approval; nothing here reaches anybody.
"""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re

from app.llm.offline.conditions import whole
from app.llm.offline.continuation import as_said, word_count
from app.llm.offline.meaning import Context, Meaning
from app.llm.offline.reading import Reading

ROLLOUT = "rollout"
_FRACTIONS = {
    "half": 0.5, "halves": 0.5, "third": 1 / 3, "quarter": 0.25, "fifth": 0.2, "tenth": 0.1, "two thirds": 2 / 3,
    "three quarters": 0.75,
}  # fmt: skip
_EVERYBODY = r"(?:full(?: (?:audience|list|volume|scale|group|blast|send))?|fully|everybody|everyone|all(?: of (?:them|it)| the (?:people|customers|rest)| people| customers| in)?|the (?:whole|entire|full|complete) (?:audience|list|group|segment|lot|base)|the (?:rest|others|remainder|remaining (?:people|customers)?)|100%)"
_SHARE = rf"(?:(?P<pct>\d+(?:\.\d+)?)% ?|(?P<in>1 (?:in|out of) (?:every )?(?P<of>\d+))|(?:an? |one |1 )?(?P<part>two thirds|2 thirds|three quarters|3 quarters|half|halves|third|quarter|fifth|tenth)|(?P<all>{_EVERYBODY}))"
_IT = r"(?: (?:it|this|that|them|things|the (?:campaign|launch|send|mailing|test|experiment|audience|share|volume|roll-?out|ramp|traffic)|sending))?"
_RAISE = rf"(?:(?:ramp|raise|increase|bump|push|scale|step|expand|extend|widen|roll|open|turn|take|bring|move|go|get|move on|continue|up|release|send|enlarge|grow|lift)(?:ing|ed)?{_IT}(?: (?:up|out|on|wide|further|over|now))*{_IT}(?: (?:up )?(?:to|until|till|at|for))+ )(?:be )?(?:about |around )?{_SHARE}"
_BEGIN = rf"(?:(?:start|begin|launch|send|go|go live|kick off|try|pilot|ramp(?: up)?|roll (?:it )?out|test it|release)(?:ing|ed)?{_IT}(?: (?:off|out|small|slowly|first|now|only|just|live))*(?: (?:with|to|on|at|by|for|from|in))+ (?:only |just |about |first )*)(?:the first )?{_SHARE.replace('?P<', '?P<b_')}"
_FIRST = rf"(?:first|initially|to begin with|for (?:a |the )?start|for now)[\s,]+(?:only |just |to |send (?:it )?to )*{_SHARE.replace('?P<', '?P<c_')}|{_SHARE.replace('?P<', '?P<d_')} ?(?:of (?:them|the (?:people|audience|list|customers)|people|customers|everyone) )?(?:first|initially|to begin with|for (?:a |the )?start)"
_WORDS = whole(
    rf"{_RAISE}|{_BEGIN}|{_FIRST}|(?:go|roll out|send|ramp(?: up)?|launch)(?: it)? (?P<e_all>fully|all in|wide|to full)"
)
_RAMP = whole(
    r"ramp(?:ing|ed)?(?:[- ]?up)?|stagger(?:ed)?|phased?(?: in)?|gradual(?:ly)?|step by step|(?:start|begin)(?:ing)?(?: off)? small|(?:small|little) (?:part|share|group|portion|slice|bit)(?: of (?:them|people|the \w+))? (?:first|to (?:start|begin)(?: with)?)|(?:in|at) the (?:beginning|start)"
)
_ANY_SHARE = whole(_SHARE)
_OTHER = whole(
    r"control|hold-?out|discount|off|lift|uplift|power|alpha|confidence|significance|margin|budget|characters?|words|variants? [a-h]|cheaper|price|prices|coupon|voucher|reduction|spend|baseline|open rate|click rate|conversion|back|sale"
)
_WINNER = whole(r"(?:the )?winner|winning (?:variant|version|one|message|copy)|[a-h]|variant [a-h]|best one|the best")
_ROLL = whole(
    rf"(?:roll(?:ing)?(?: it)? ?out|deploy|send|mail|give|use|ship|push)(?: (?:out|with|the|of))* (?:{_WINNER.pattern}|it)(?: (?:out|to|for|with))* {_EVERYBODY}|(?:roll(?:ing)?(?: out)?|deploy|ship)(?: (?:out|the))* (?:the winner|winning \w+)(?: out)?"
)


def ramp_up(reading: Reading, context: Context) -> Meaning | None:
    """A share of the people to reach first, or next; the winner for everybody else."""
    text = reading.text
    if word_count(reading) > 14 or reading.audience.conditions or reading.wishes.theme:
        return None
    if (context.has_results or _concluded(context)) and _ROLL.search(text):
        return as_said(reading, "ramp_up", topic=ROLLOUT, variant_refs=())
    share = share_said(text)
    if share is None or _OTHER.search(text):
        return None
    if not (context.campaign or _RAMP.search(text) or context.spoken_of):
        return None
    if not _RAMP.search(text) and not _launchable(context, text, share):
        return None
    if _concluded(context) and share == 1.0:
        return as_said(reading, "ramp_up", topic=ROLLOUT, variant_refs=())
    return as_said(reading, "ramp_up", topic=f"ramp:{share:g}", variant_refs=())


def share_said(text: str) -> float | None:
    """Return the share of the people that a text wants to reach, 1 for everybody, or None."""
    found = _WORDS.search(text) or (_ANY_SHARE.search(text) if _RAMP.search(text) else None)
    if found is None:
        return None
    said = {name.split("_")[-1]: value for name, value in found.groupdict().items() if value}
    if "all" in said:
        return 1.0
    if "pct" in said:
        return float(said["pct"]) / 100
    if "of" in said:
        return 1 / int(said["of"]) if int(said["of"]) else None
    part = said.get("part", "").replace("2 ", "two ").replace("3 ", "three ")
    return _FRACTIONS.get(part)


def _concluded(context: Context) -> bool:
    """Say whether the campaign meant has its results: what is left is to roll the winner out."""
    state = str((context.campaign or {}).get("state", ""))
    return state == "analysed" or (bool(context.spoken_of) and not context.campaign)


_DRAFT_SAYS = whole(
    r"start|begin|launch|send|go live|kick off|pilot|roll(?: it)? out|release|first|initially|to begin with|go"
)


def _launchable(context: Context, text: str, share: float) -> bool:
    """Without the word 'ramp', a share is one of people only where something is launched or could be."""
    state = str((context.campaign or {}).get("state", ""))
    if state in ("running", "approved", "analysed"):
        return True
    ready = context.has_copy or context.pending == "launch"
    if context.acted in (("ramp_up",), ("launch_experiment",)):
        return ready
    return ready and share < 1.0 and bool(_DRAFT_SAYS.search(text)) and not re.search(r"\bsubject|\bemoji", text)


PATTERNS = tuple(
    pattern.pattern.replace("\\b", " ").replace("\\w", " ") for pattern in (_WORDS, _RAMP, _OTHER, _WINNER, _ROLL)
)
"""The patterns as written: their words are right as they stand (vocabulary.py)."""
