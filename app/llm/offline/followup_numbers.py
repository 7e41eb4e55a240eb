"""Short messages that bring a number or a setting: 'make that 120', 'and with 4?', 'at 90% power?'."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

import re
from dataclasses import replace

from app.llm.offline.conditions import Condition
from app.llm.offline.continuation import COPY, LEAD, RESULT, as_said, one_of, word_count
from app.llm.offline.frames import frame_scores
from app.llm.offline.meaning import Context, Meaning
from app.llm.offline.reading import Reading
from app.llm.offline.wishes import Wishes

_NUMBER = re.compile(
    r"^(?:and |no |ok |actually |sorry |i mean(?:t)? |wait |what about |how about |what if |let us say |try |now |with |make (?:it|that|them) |[<>]=? ?|at least |more than |less than |change (?:it|that) to |say |go with |set (?:it|that) to |only |up (?:it|that) to |bump (?:it|that) (?:up )?to |raise (?:it|that) to |lower (?:it|that) to |drop (?:it|that) to |(?:it |that )?should be |at |for |we (?:use|take|do|had|have|ran|run) |if |use |it is |was |to |a |over |under |more like |about |rather |if it (?:is|was|were) |we (?:wanted|want) )*[£$€]?(?P<n>\d+(?:\.\d+)?)(?P<pct> ?%)?(?: ?(?P<unit>days?|weeks?|months?|years?|variants?|versions?|arms?|orders?|purchases?|people|euros?|pounds?|dollars?|eur|gbp|usd|£|\$|€|per ?cent|points?|messages?|options?|groups?|characters?|chars?|weeks?|lift|power|control|holdout))?(?: (?:instead|then|please|rather|max|or more|now|of them|lift|uplift|power|control|not \d+))*[\s?.!]*$"
)


def number_only(reading: Reading, context: Context) -> Meaning | None:
    """'make that 120', 'and with 4?', 'make it 3 weeks', 'what about 5%?'."""
    match = _NUMBER.match(re.sub(r",(?=\s)", "", reading.text))
    if not match or not (context.acted or (match["unit"] and context.conditions)):
        return None
    number, unit, last = float(match["n"]), match["unit"] or "", set(context.acted)
    if unit.startswith(("day", "week", "month", "year")) and "simulate_results" in last:
        return as_said(reading, "simulate_results", n_variants=None)
    if unit.startswith(("day", "week", "month", "year")) and not (
        last & {"power_analysis", "simulate_results", "design_experiment"}
    ):
        return _new_window(reading, context, unit, number)
    if unit.startswith(("variant", "version", "arm", "option", "message", "group")):
        return as_said(
            reading,
            one_of(last, "power_analysis", "design_experiment", "draft_copy", "build_campaign") or "draft_copy",
            n_variants=int(number),
        )
    if unit.startswith("char"):
        return as_said(reading, "revise_copy", max_length=int(number))
    found = _bare_number(reading, context, number, bool(match["pct"]) or unit.startswith("per"), unit)
    if (
        found is None
        and not unit
        and re.match(r"(?:no |actually |ok )*(?:make|change|set) (?:it|that)\b", reading.text)
    ):
        return as_said(reading, "ambiguous", topic="number")
    return found


def _new_window(reading: Reading, context: Context, unit: str, number: float) -> Meaning | None:
    days = int(number * {"d": 1, "w": 7, "m": 30, "y": 365}[unit[0]])
    found = _renumbered(reading, context, days, ("last_purchase_days", "last_open_days", "signup_days"))
    return found or _days_of_lapsed(context, days)


def _days_of_lapsed(context: Context, days: int) -> Meaning | None:
    """'make that 90 days' where the audience is 'lapsed': the days of silence are given instead of the word."""
    quiet = [
        c for c in context.conditions if c.field == "lifecycle" and c.op == "eq" and c.value in ("lapsed", "at_risk")
    ]
    if not quiet:
        return None
    silence = Condition("last_purchase_days", "gte", days)
    changed = tuple(silence if c is quiet[-1] else c for c in context.conditions)
    intent = "size_audience" if "size_audience" in context.acted else "set_audience"
    return Meaning((intent,), Wishes(), conditions=changed, said=True, changed=True)


def _renumbered(reading: Reading, context: Context, number: float, fields: tuple[str, ...]) -> Meaning | None:
    found = [c for c in context.conditions if c.field in fields and c.op != "raw"]
    if not found:
        return None
    target = found[-1]
    value = int(number) if number == int(number) else number
    changed = tuple(replace(c, value=value) if c is target else c for c in context.conditions)
    intent = one_of(set(context.acted), "size_audience", "set_audience", "build_campaign", "describe_segments")
    intent = "set_audience" if intent in (None, "build_campaign", "describe_segments") else intent
    wishes = Wishes()
    return Meaning((intent,), wishes, conditions=changed, said=True, changed=True)


_BLANK = {
    "n_variants": None,
    "control_share": None,
    "mde": None,
    "baseline_rate": None,
    "power": None,
    "alpha": None,
    "discount_pct": None,
}
_EVERY = (
    "last_purchase_days",
    "total_spend",
    "orders_count",
    "avg_order_value",
    "age",
    "last_open_days",
    "signup_days",
)


def _bare_number(reading: Reading, context: Context, number: float, percent: bool, unit: str) -> Meaning | None:
    last = set(context.acted)
    share = number / 100 if percent or number >= 1 else number
    if intent := one_of(last, "power_analysis", "design_experiment"):
        return _test_number(reading, context, intent, number, share, unit if not percent else unit or "percent")
    if percent and last & COPY:
        return as_said(reading, "revise_copy", discount_pct=number, control_share=None, edits=())
    if percent:
        return _renumbered(reading, context, share, ("email_open_rate",))
    if "draft_copy" in last and number <= 12:
        return as_said(reading, "draft_copy", n_variants=int(number))
    if "simulate_results" in last and not context.conditions:
        return as_said(reading, "simulate_results", duration_days=int(number))
    return _renumbered(reading, context, number, _EVERY)


def _test_number(reading: Reading, context: Context, intent: str, number: float, share: float, unit: str) -> Meaning:
    """Read a number after a question about the test: a share, a count of arms, or people."""
    if unit in ("control", "holdout"):
        return Meaning(("design_experiment",), replace(reading.wishes, **{**_BLANK, "control_share": round(share, 4)}))  # type: ignore[arg-type]
    if unit.startswith(("percent", "per c", "point")) or unit in ("lift", "power"):
        lift = unit == "lift" or unit.startswith("point")
        name = "power" if unit == "power" else "mde" if lift else _last_share(context.acted_wishes, intent)
        return Meaning((intent,), replace(reading.wishes, **{**_BLANK, name: round(share, 4)}))  # type: ignore[arg-type]
    if number <= 12:
        return as_said(reading, intent, n_variants=int(number))
    return as_said(reading, intent, people=int(number))


def _last_share(before: Wishes, intent: str) -> str:
    if intent == "design_experiment":
        return "control_share"
    for name in ("mde", "baseline_rate", "power", "alpha", "control_share"):
        if getattr(before, name) is not None:
            return name
    return "mde"


_TEST_SETTINGS = ("control_share", "power", "alpha", "mde", "baseline_rate", "n_variants", "duration_days")
_TESTS = ("power_analysis", "design_experiment", "simulate_results")
_MEASURED = ("read_results", "compare_variants", "compare_campaigns", "explain_driver", *_TESTS)
_CHANGES = re.compile(r"\b(?:change|set|use|optimi[sz]e|judge|make)\b")


def setting_only(reading: Reading, context: Context) -> Meaning | None:
    """'at 90% power?', 'with a 5 point lift?', 'for three weeks' - one more setting for the last question."""
    if _metric_alone(reading, context):
        return as_said(reading, "compare_campaigns" if "compare_campaigns" in context.acted else "read_results")
    if not LEAD.match(reading.text) or word_count(reading) > 9 or reading.audience.conditions:
        return None
    wishes, last = reading.wishes, set(context.acted)
    scores = frame_scores(reading.shape, reading.text)
    strong = max((value for intent, value in scores.items() if intent not in _TESTS), default=0)
    test = any(getattr(wishes, name) is not None for name in _TEST_SETTINGS)
    if test and strong < 5 and (intent := one_of(last, *_TESTS)):
        return as_said(reading, intent)
    if wishes.metric and strong < 7 and (intent := one_of(last, *_MEASURED)):
        return as_said(reading, "read_results" if intent == "simulate_results" else intent)
    return None


def _metric_alone(reading: Reading, context: Context) -> bool:
    asked = bool(set(context.acted) & RESULT) or (context.has_results and not context.acted)
    return bool(reading.wishes.metric) and asked and word_count(reading) <= 4 and not _CHANGES.search(reading.text)


def duration_only(reading: Reading, context: Context) -> Meaning | None:
    """'and with a month?' after a simulation or a test."""
    if reading.wishes.duration_days and word_count(reading) <= 5 and not reading.audience.conditions:
        intent = one_of(set(context.acted), "simulate_results", "power_analysis", "design_experiment")
        return as_said(reading, intent, n_variants=None) if intent and LEAD.match(reading.text) else None
    return None
