"""Reply sections on audiences and segments."""
# ruff: noqa: E501 - patterns, word lists and sentences are tables here: one entry, one line

from __future__ import annotations

from typing import Any

from app.llm.offline.figures import Row, number, percent, rows_of, table, text
from app.llm.offline.meaning import Context, Meaning
from app.llm.offline.readback import FIELD_WORDS
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
    members = [row for row in rows_of(data, "sample") if row.get("reasons")]
    sample = [f"- `{text(row.get('customer_id'))}`: {text(row.get('reasons'))}" for row in members[:3]]
    if sample:
        lines += ["Members, for example:", "", *sample]
    return "\n".join(line for line in lines if line)


def _size_words(data: Row) -> str:
    share = (
        f" ({percent(data.get('share'))} of all {number(data.get('total_customers'))} customers)"
        if data.get("share") is not None
        else ""
    )
    eligible = data.get("eligible")
    unsure = any(row.get("checked") is False for row in rows_of(data, "funnel"))
    reach = f", **{number(eligible)}** can be contacted" if eligible is not None else ""
    reach += " as far as the data tell" * bool(reach and unsure)
    return f"**{number(data.get('matched'))}** customers match{share}{reach}." + (
        f" As of {text(data.get('as_of'))}." if data.get("as_of") else ""
    )


def _change_words(data: Row) -> str:
    if data.get("before") is None or data.get("after") is None:
        return ""
    moved = (
        f"; {number(data.get('joined'))} joined and {number(data.get('left'))} left"
        if data.get("joined") is not None
        else ""
    )
    return f"Before {number(data['before'])}, now {number(data['after'])}{moved}."


def _funnel(data: Row) -> str:
    steps = rows_of(data, "funnel")
    rows = [
        [text(row.get("words") or row.get("reason")), number(row.get("removed")), number(row.get("remaining"))]
        for row in steps
        if row.get("removed")
    ]
    nobody = [
        text(row.get("words") or row.get("reason"))
        for row in steps
        if not row.get("removed") and row.get("checked") is not False  # what was not checked, the notes say
    ]
    shown = table(("Left out because", "Removed", "Remaining"), rows)
    others = f"Also checked, nobody left out: {'; '.join(nobody)}." if nobody else ""
    return "\n".join(["", *(part for part in (shown and f"{shown}\n", others) if part)]) if shown or others else ""


def _sensitivity(data: Row) -> str:
    rows = [row for row in rows_of(data, "sensitivity") if not row.get("chosen")][:3]
    said = (
        f"'{plain(row.get('word'))}' as {_reading_words(row)} gives {number(row.get('matched'))} customers"
        for row in rows
    )
    return f"Read otherwise: {'; '.join(said)}." if rows else ""


def _reading_words(row: Row) -> str:
    reading = text(row.get("reading"))
    return f"{reading} without an order" if reading.endswith("days") else reading


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
                + ", ".join(
                    f"{text(name).replace('_', ' ')} {number(count) or 'unknown'}" for name, count in counts.items()
                )
                + "."
            )
    countries = [f"{text(row.get('country'))} {number(row.get('customers'))}" for row in rows_of(data, "countries")[:5]]
    if countries:
        lines.append("Largest countries: " + ", ".join(countries) + ".")
    if data.get("synthetic"):
        lines.append("These are synthetic sample data.")
    return "\n".join(lines)


_METHOD_WORDS = {
    "rfm": "recency, number of orders and spend (RFM)",
    "kmeans": "similar buying (k-means)",
    "hierarchical": "similar buying (hierarchical)",
    "hdbscan": "similar buying (HDBSCAN)",
    "dbscan": "similar buying (DBSCAN)",
}


def _segments(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    rows = [
        [
            text(row.get("number")),
            plain(row.get("name")),
            number(row.get("customers")),
            percent(row.get("share")),
            percent(row.get("spend_share")),
            rule_words(row.get("rule")) or text(row.get("words")),
        ]
        for row in rows_of(data, "segments")
    ]
    left = data.get("left_out")
    out = (
        ", ".join(f"{text(reason).replace('_', ' ')} {number(count)}" for reason, count in left.items())
        if isinstance(left, dict)
        else ""
    )
    method = _METHOD_WORDS.get(str(data.get("method")), text(data.get("method")))
    head = f"Segments by {method}, as of {text(data.get('as_of'))}:"
    return "\n".join(
        [
            head,
            "",
            table(("No.", "Segment", "Customers", "Share of customers", "Share of spend", "Who they are"), rows),
            f"\nLeft out: {out}." if out else "",
        ]
    ).rstrip()


def _profile(outcome: Outcome, meaning: Meaning, context: Context) -> str:
    data = outcome.data
    lines = [
        f"**{number(data.get('customers'))}** customers"
        + (f", {percent(data.get('share'))} of all customers" if data.get("share") is not None else "")
        + "."
    ]
    currency = text(data.get("currency"))
    if data.get("spend_share") is not None:
        lines.append(
            f"They made {percent(data.get('spend_share'))} of the spend; an order is worth {money(data.get('avg_order_value'), currency)} on average."
        )
    if data.get("median_last_purchase_days") is not None:
        lines.append(f"Half of them bought in the last {number(data.get('median_last_purchase_days'))} days.")
    if bought := rows_of(data, "top_categories")[:5]:
        rows = [
            [text(row.get("category")), number(row.get("customers")), money(row.get("spend"), currency)]
            for row in bought
        ]
        lines += ["", table(("They buy", "Customers", "Spend"), rows), ""]
    for key, title in (
        ("countries", "Countries"),
        ("lifecycle", "Lifecycle"),
        ("value_tier", "Value tier"),
    ):
        if data.get(key):
            lines.append(f"{title}: {_pairs(data[key])}.")
    return "\n".join(lines)


def money(value: Any, currency: str) -> str:
    """Write an amount with its currency."""
    return f"{number(value)} {currency}".strip() if isinstance(value, int | float) else "unknown"


_UNITS = {"last_purchase_days": "days ago", "orders_count": "orders"}
_BOUNDS = {"gt": "more than", "gte": "at least", "lt": "less than", "lte": "at most", "ne": "not"}


def rule_words(rule: Any) -> str:
    """Write the rule of a segment, a list of ``{field, op, value}``, in words; other rules as they are."""
    leaves = [leaf for leaf in rule if isinstance(leaf, dict)] if isinstance(rule, list) else []
    if not leaves:
        return text(rule)
    leaves.sort(key=lambda leaf: leaf.get("op") == "ne")  # what is not comes last
    fields = list(dict.fromkeys(str(leaf.get("field")) for leaf in leaves))
    return "; ".join(_field_words(field, [leaf for leaf in leaves if leaf.get("field") == field]) for field in fields)


def _field_words(field: str, leaves: list[Row]) -> str:
    leaves = sorted(leaves, key=lambda leaf: leaf["value"] if isinstance(leaf.get("value"), int | float) else 0)
    values = {leaf.get("value") for leaf in leaves}
    unit = _UNITS.get(field, "")
    if len(leaves) > 1 and len(values) == 1:
        bounds = text(next(iter(values)))
    else:
        bounds = " and ".join(
            f"{_BOUNDS.get(str(leaf.get('op')), '')} {text(leaf.get('value'))}".strip() for leaf in leaves
        )
    if field in _UNITS:
        lead = "last bought " if field == "last_purchase_days" else ""
        return f"{lead}{bounds} {unit if bounds != '1' else unit.rstrip('s')}"
    return f"{FIELD_WORDS.get(field, field.replace('_', ' '))} {bounds}"


def plain(value: Any) -> str:
    """Write a name without underscores."""
    return text(value).replace("_", " ")


def _pairs(value: Any) -> str:
    if isinstance(value, dict):
        counted = [(name, count) for name, count in value.items() if count]
        return ", ".join(f"{plain(name)} {number(count)}" for name, count in counted[:5])
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
    verdict = "is in the audience" if data.get("member") else "is **not** in the audience"
    because = f" Left out by: {plain(data.get('excluded_by'))}." if data.get("excluded_by") else ""
    facts = [
        f"- {text(fact.get('condition'))}: **{'yes' if fact.get('holds') else 'no'}** ({text(fact.get('value'))})"
        for fact in rows_of(data, "facts")
    ]
    deciding = [] if facts or not data.get("deciding") else [text(data["deciding"]).capitalize()]
    return "\n".join([f"Customer `{text(data.get('customer_id'))}` {verdict}.{because}", *deciding, *facts])


SECTIONS = {
    "audience": _audience,
    "count": _count,
    "base": _base,
    "segments": _segments,
    "profile": _profile,
    "member": _member,
}
