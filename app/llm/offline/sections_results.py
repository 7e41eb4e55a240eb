"""Reply sections on test plans, results, approvals, exports and traces."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

from collections.abc import Callable

from app.llm.offline.figures import Row, interval, number, percent, rows_of, table, text
from app.llm.offline.meaning import Context, Meaning
from app.llm.offline.results_questions import LEAVE_OUT
from app.llm.offline.state import Outcome


def _summary(outcome: Outcome) -> str:
    return str(outcome.result.get("summary", ""))


def _plan(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    rows = [
        [text(row.get("name")), percent(row.get("share")), number(row.get("people"))] for row in rows_of(data, "arms")
    ]
    lines = ["**Test plan**", "", table(("Arm", "Share", "People"), rows), ""]
    lines.append(
        f"Measured by {text(data.get('primary_metric')).replace('_', ' ')} over {number(data.get('duration_days'))} days; guardrails: {text(data.get('guardrails')).replace('_', ' ')}."
    )
    power = data.get("power")
    if isinstance(power, dict) and power.get("words"):
        lines.append(text(power["words"]))
        lines += [f"- {text(item)}" for item in (power.get("alternatives") or [])[:3]]
    elif data.get("words"):
        lines.append(text(data["words"]))
    return "\n".join(lines)


def _power(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    lines = [text(data.get("words")) or _summary(outcome)]
    if data.get("n_per_arm_needed") is not None:
        lines.append(
            f"Needed per arm: **{number(data['n_per_arm_needed'])}**; there are {number(data.get('n_per_arm'))} in each of {number(data.get('arms'))} arms."
        )
    if data.get("mde_lift") is not None:
        lines.append(
            f"Smallest lift that can be found: {percent(data['mde_lift'])} over a baseline of {percent(data.get('baseline'))}, at {percent(data.get('power'))} power and alpha {text(data.get('alpha'))}."
        )
    if data.get("days_needed") is not None:
        lines.append(
            f"At {number(data.get('daily_volume'))} people a day it runs **{number(data['days_needed'])} days**."
        )
    if data.get("duration_days") is not None and data.get("days_needed") is None:
        lines.append(f"Planned duration: **{number(data['duration_days'])} days**.")
    lines += [f"- {text(item)}" for item in (data.get("alternatives") or [])[:3]]
    return "\n".join(lines)


def _launch(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    lines = [text(data.get("summary")) or _summary(outcome)]
    blockers = data.get("blockers") or []
    if blockers:
        lines.append("In the way: " + "; ".join(text(item) for item in blockers) + ".")
    approval = outcome.handle.get("approval_id")
    if approval:
        lines.append(
            f"**Nothing has been sent.** To launch, press the **Approve** button, or run `cpo approve {approval} --as NAME`."
        )
    return "\n".join(lines)


def _simulation(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    return "**Simulated, not observed.**\n" + _readout(outcome.data, _summary(outcome))


def _results(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    marks = [
        words
        for key, words in (
            ("simulated", "**Simulated, not observed.**"),
            ("synthetic", "These are synthetic sample results."),
        )
        if data.get(key)
    ]
    broken_down = data.get("breakdown")
    parts = [_breakdown(broken_down, meaning.topic.rpartition(":")[2])] if isinstance(broken_down, dict) else []
    return "\n".join([*marks, *parts, _readout(data, _summary(outcome))])


def _breakdown(data: Row, asked: str) -> str:
    """Write the effect of every variant at the level asked about, or at every level, with what that may mean."""
    levels = [row for row in rows_of(data, "levels") if row.get("arm") and row.get("level")]
    levels = [row for row in levels if text(row["level"]).lower() == asked.lower()] or levels
    rate = str(data.get("outcome", "")).endswith("rate")
    write, gap, bare = (percent, _points, _in_points) if rate else (number, number, number)
    rows = [
        [
            text(row.get("level")).replace("(blank)", "unknown"),
            text(row.get("arm")),
            write(row.get("value")),
            write(row.get("control_value")),
            f"{gap(row.get('difference'))}"
            + (f" ({interval(row['difference_ci'], bare)})" if row.get("difference_ci") else ""),
        ]
        for row in levels
    ]
    by = text(data.get("by")).replace("_", " ")
    heads = (
        by.capitalize(),
        "Variant",
        text(data.get("outcome")).replace("_", " ").capitalize(),
        "Control",
        "Difference",
    )
    return "\n".join([text(data.get("words")).replace("_", " "), "", table(heads, rows), ""])


_RATES = ("open_rate", "click_rate", "conversion_rate", "unsubscribe_rate", "rate")
_MEANS = ("revenue_per_recipient", "avg_order_value", "mean")


def _readout(data: Row, summary: str) -> str:
    winner = data.get("winner")
    lines = [f"**Winner: {text(winner)}.**" if winner else "**No winner.**", text(data.get("reason")) or summary, ""]
    arms = rows_of(data, "arms")
    shown = [key for key in (*_RATES, *_MEANS) if any(row.get(key) is not None for row in arms)][:5]
    rows = [
        [
            text(row.get("arm") or row.get("name")),
            number(row.get("n")),
            *(percent(row.get(key)) if key in _RATES else number(row.get(key)) for key in shown),
        ]
        for row in arms
    ]
    lines.append(table(("Arm", "People", *(key.replace("_", " ").capitalize() for key in shown)), rows))
    lines += ["", *(_comparison(row) for row in rows_of(data, "comparisons")[:5])]
    lines += [f"> {text(caveat)}" for caveat in (data.get("caveats") or [])[:3]]
    if data.get("calculation_id"):
        lines.append(f"Calculation `{text(data['calculation_id'])}`.")
    return "\n".join(lines).strip()


def _comparison(row: Row) -> str:
    parts = [
        f"- **{text(row.get('arm') or row.get('name'))}** {text(row.get('outcome') or row.get('metric') or '').replace('_', ' ')}".rstrip()
        + ":"
    ]
    if row.get("lift") is not None:
        parts.append(
            f"lift {percent(row['lift'])}" + (f" ({interval(row.get('lift_ci'))})" if row.get("lift_ci") else "") + ","
        )
    if row.get("difference") is not None:
        outcome = str(row.get("outcome") or row.get("metric") or "")
        shown = (
            f"{percent(row['difference']).rstrip('%')} percentage points"
            if outcome.endswith("rate")
            else text(row["difference"])
        )
        parts.append(f"difference {shown},")
    p = row.get("p_adjusted") if row.get("p_adjusted") is not None else row.get("p")
    if p is not None:
        parts.append(f"p = {p:.4g}" if isinstance(p, float) else f"p = {text(p)}")
    return " ".join(parts).rstrip(",")


def _compare(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    lines = [(text(data.get("words")) or _summary(outcome)).replace("_", " ")]
    if data.get("lift") is not None or data.get("difference") is not None:
        lines.append(
            _comparison(
                {
                    **data,
                    "arm": " against ".join(text(data.get(key)) for key in ("variant_a", "variant_b") if data.get(key))
                    or "Difference",
                }
            )
        )
    if data.get("calculation_id"):
        lines.append(f"Calculation `{text(data['calculation_id'])}`.")
    return "\n".join(lines)


def _campaigns(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    lines = [text(data.get("words")) or _summary(outcome)]
    if data.get("calculation_id"):
        lines.append(f"Calculation `{text(data['calculation_id'])}`.")
    return "\n".join(lines)


def _points(value: object) -> str:
    return f"{_in_points(value)} points"


def _in_points(value: object) -> str:
    return percent(value).rstrip("%")


def _drivers(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    in_points = str(data.get("metric", "")).endswith("rate") and not str(data.get("scale", "")).startswith("multipl")
    write, bare = (_points, _in_points) if in_points else (number, number)
    rows = [
        [
            f"{text(row.get('attribute')).replace('_', ' ')} {text(row.get('level')).replace('(blank)', 'unknown')}".strip(),
            write(row.get("effect")),
            interval(row.get("ci"), bare),
            text(row.get("p_adjusted") if row.get("p_adjusted") is not None else row.get("p")),
        ]
        for row in rows_of(data, "attributes")[:5]
    ]
    attributes = [
        (text(data.get("headline")) or _summary(outcome)).replace("_", " "),
        "",
        table(("Attribute", "Effect", "Interval", "p, adjusted"), rows),
    ]
    held_out = _held_out(data)
    if meaning.topic == LEAVE_OUT:
        worse = _did_worse(data, write)
        lines = [worse, *held_out, "", *attributes]
    else:
        lines = [*attributes, *(["", *held_out] if held_out else [])]
    if data.get("association_only"):
        lines.append("\nThese are associations, not causes.")
    if data.get("calculation_id"):
        lines.append(f"Calculation `{text(data['calculation_id'])}`.")
    return "\n".join(lines)


def _held_out(data: Row) -> list[str]:
    """Write what a ranking of people was worth on people it was not learned from, a line for each variant."""
    return [
        f"- **{text(row.get('arm'))}**, ranked by whom it moves"
        + (f" ({number(row['people_held_out'])} people held out)" if row.get("people_held_out") else "")
        + f": {text(row.get('words'))}"
        for row in rows_of(data, "uplift")
    ]


def _did_worse(data: Row, write: Callable[[object], str]) -> str:
    """Write which groups a message was shown to put off, or that none was."""
    worse = [
        f"{text(row.get('attribute')).replace('_', ' ')} {text(row.get('level')).replace('(blank)', 'unknown')} "
        f"({text(row.get('arm'))}: {write(row.get('effect'))})"
        for row in rows_of(data, "did_worse")
    ]
    if worse:
        return f"**Did worse when mailed:** {'; '.join(worse[:5])}."
    measured = text(data.get("metric")).replace("_", " ")
    return f"**No group is shown to do worse when mailed**, by {measured}."


def _export(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    approval = outcome.handle.get("approval_id")
    wait = (
        f" It waits for approval: press the **Approve** button, or run `cpo approve {approval} --as NAME`."
        if approval
        else ""
    )
    return _summary(outcome).removeprefix("Waiting for a person to approve. ") + wait


def _list(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    rows = [
        [
            text(row.get("number")),
            text(row.get("name")),
            text(row.get("state")),
            text(row.get("channel")),
            text(row.get("changed_at"))[:10],
            text(row.get("winner")),
        ]
        for row in rows_of(outcome.data, "campaigns")
    ]
    return "\n".join(
        [
            _summary(outcome).split(". ")[0].rstrip(".") + ".",
            "",
            table(("No.", "Campaign", "State", "Channel", "Changed", "Winner"), rows),
        ]
    ).rstrip()


def _trace(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    rows = [
        [
            text(row.get("function")),
            "yes" if row.get("ok") else "no",
            text(row.get("summary")),
            f"{row['milliseconds']:.0f}" if isinstance(row.get("milliseconds"), int | float) else "",
        ]
        for row in rows_of(data, "steps")[:20]
    ]
    asked = f'You asked: "{text(data["asked"])}".' if data.get("asked") else ""
    head = " ".join(part for part in (_summary(outcome), asked) if part)
    return "\n".join(
        part for part in (head, "", table(("Step", "Worked", "What came of it", "Milliseconds"), rows)) if part or rows
    )


SECTIONS = {
    "plan": _plan,
    "power": _power,
    "launch": _launch,
    "simulation": _simulation,
    "results": _results,
    "compare": _compare,
    "campaigns": _campaigns,
    "drivers": _drivers,
    "export": _export,
    "list": _list,
    "trace": _trace,
}
