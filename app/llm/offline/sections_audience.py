"""Reply sections on audiences and segments."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

from typing import Any

from app.llm.offline.figures import Row, number, percent, rows_of, table, text
from app.llm.offline.meaning import Context, Meaning
from app.llm.offline.state import Outcome


def _audience(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    words = text(data.get("words"))
    lines = [f"**Audience:** {words}"]
    if data.get("matched") == 0:
        return "\n".join([*lines, "Nobody matches.", str(outcome.result.get("summary", ""))])
    lines.append(_size_words(data))
    lines.append(_change_words(data))
    lines.append(_funnel(data))
    lines.append(_sensitivity(data))
    sample = [f"- `{text(row.get('customer_id'))}`: {text(row.get('reasons'))}" for row in rows_of(data, "sample")[:3]]
    if sample:
        lines += ["Members, for example:", "", *sample]
    return "\n".join(line for line in lines if line)


def _size_words(data: Row) -> str:
    share = (
        f" ({percent(data.get('share'))} of {number(data.get('total_customers'))})"
        if data.get("share") is not None
        else ""
    )
    eligible = data.get("eligible")
    reach = f", **{number(eligible)}** can be contacted" if eligible is not None else ""
    return f"**{number(data.get('matched'))}** customers match{share}{reach}." + (
        f" As of {text(data.get('as_of'))}." if data.get("as_of") else ""
    )


def _change_words(data: Row) -> str:
    if data.get("before") is None or data.get("after") is None:
        return ""
    moved = (
        f"; {number(data.get('joined'))} joined, {number(data.get('left'))} left"
        if data.get("joined") is not None
        else ""
    )
    return f"Before {number(data['before'])}, now {number(data['after'])}{moved}."


def _funnel(data: Row) -> str:
    rows = [
        [text(row.get("words") or row.get("reason")), number(row.get("removed")), number(row.get("remaining"))]
        for row in rows_of(data, "funnel")
    ]
    return (
        table(("Left out because", "Removed", "Remaining"), rows)
        and "\n" + table(("Left out because", "Removed", "Remaining"), rows) + "\n"
    )


def _sensitivity(data: Row) -> str:
    rows = [row for row in rows_of(data, "sensitivity") if not row.get("chosen")][:3]
    return (
        "Under another reading: "
        + "; ".join(
            f"{text(row.get('word'))} as {text(row.get('reading'))}: {number(row.get('matched'))}" for row in rows
        )
        + "."
        if rows
        else ""
    )


def _count(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    lines = [_size_words(data), f"Counted: {text(data.get('words'))}." if data.get("words") else "", _sensitivity(data)]
    return "\n".join(line for line in lines if line) or str(outcome.result.get("summary", ""))


def _base(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    lines = [
        f"**{number(data.get('customers'))}** customers and **{number(data.get('orders'))}** orders, as of {text(data.get('as_of'))}."
    ]
    for key, title in (("lifecycle", "Lifecycle"), ("value_tier", "Value tier"), ("consent", "Consent")):
        counts = data.get(key)
        if isinstance(counts, dict):
            lines.append(
                f"{title}: "
                + ", ".join(f"{text(name).replace('_', ' ')} {number(count)}" for name, count in counts.items())
                + "."
            )
    countries = [f"{text(row.get('country'))} {number(row.get('customers'))}" for row in rows_of(data, "countries")[:5]]
    if countries:
        lines.append("Largest countries: " + ", ".join(countries) + ".")
    if data.get("synthetic"):
        lines.append("These are synthetic sample data.")
    return "\n".join(lines)


def _segments(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    rows = [
        [
            text(row.get("number")),
            text(row.get("name")),
            number(row.get("customers")),
            percent(row.get("share")),
            percent(row.get("spend_share")),
            text(row.get("rule")),
        ]
        for row in rows_of(data, "segments")
    ]
    left = data.get("left_out")
    out = (
        ", ".join(f"{text(reason).replace('_', ' ')} {number(count)}" for reason, count in left.items())
        if isinstance(left, dict)
        else ""
    )
    head = f"Segments by {text(data.get('method'))}, as of {text(data.get('as_of'))}:"
    return "\n".join(
        [
            head,
            "",
            table(("No.", "Segment", "Customers", "Share", "Spend", "Rule"), rows),
            f"\nLeft out: {out}." if out else "",
        ]
    ).rstrip()


def _profile(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    lines = [
        f"**{number(data.get('customers'))}** customers"
        + (f", {percent(data.get('share'))} of all" if data.get("share") is not None else "")
        + "."
    ]
    if data.get("spend_share") is not None:
        lines.append(
            f"They made {percent(data.get('spend_share'))} of the spend; an order is worth {number(data.get('avg_order_value'))} on average."
        )
    if data.get("median_last_purchase_days") is not None:
        lines.append(f"The middle one last bought {number(data.get('median_last_purchase_days'))} days ago.")
    for key, title in (
        ("top_categories", "Categories"),
        ("countries", "Countries"),
        ("lifecycle", "Lifecycle"),
        ("value_tier", "Value tier"),
    ):
        if data.get(key):
            lines.append(f"{title}: {_pairs(data[key])}.")
    return "\n".join(lines)


def _pairs(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{text(name).replace('_', ' ')} {number(count)}" for name, count in list(value.items())[:5])
    if isinstance(value, list):
        return ", ".join(
            " ".join(number(item) if isinstance(item, int | float) else text(item) for item in row.values())
            if isinstance(row, dict)
            else text(row)
            for row in value[:5]
        )
    return text(value)


def _member(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    examples = rows_of(data, "examples")
    if examples:
        return "\n".join(_member_words(row) for row in examples[:3])
    return _member_words(data)


def _member_words(data: Row) -> str:
    verdict = "is in the audience" if data.get("member") else "is not in the audience"
    because = f" Left out by: {text(data.get('excluded_by')).replace('_', ' ')}." if data.get("excluded_by") else ""
    facts = "; ".join(
        f"{text(fact.get('condition'))}: {text(fact.get('value'))} ({'holds' if fact.get('holds') else 'does not hold'})"
        for fact in rows_of(data, "facts")
    )
    return (
        f"Customer `{text(data.get('customer_id'))}` {verdict}.{because}"
        + (f" {facts}." if facts else "")
        + (f" {text(data.get('deciding'))}" if data.get("deciding") else "")
    )


SECTIONS = {
    "audience": _audience,
    "count": _count,
    "base": _base,
    "segments": _segments,
    "profile": _profile,
    "member": _member,
}
