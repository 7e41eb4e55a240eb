"""Results coming back: a sender's CSV (one row a person) or a log of events, joined to the assignment.

What is stored per person is a set of keyed events, so loading the same file twice changes nothing. Rows whose person
was never assigned, and events outside the campaign's window, are listed and not counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from app import delimited
from app.domain.errors import UserFixable
from plugins.experiment.amounts import Style, amount, style_of
from plugins.experiment.assignment import canonical_id

Kind = str
SHOWN = 20
SHAPE = "\x00shape"
"""Under which a row says that it has not as many cells as the header."""

PERSON = ("customer_id", "customerid", "external_id", "externalid", "id", "user_id", "userid", "contact_id")
ADDRESS = ("email", "email_address", "e-mail", "recipient", "phone", "phone_number", "phonenumber", "mobile")
EVENT = ("event", "event_type", "event_name", "action", "type", "activity", "status")
TIME = ("at", "timestamp", "time", "date", "occurred_at", "created_at", "datetime", "event_time", "date_sent")
AMOUNT = ("amount", "value", "revenue", "price", "total", "order_value", "$value")
EVENT_ID = ("event_id", "eventid", "message_event_id", "uuid", "order_id")
FACT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "delivered": ("delivered", "received_email", "received", "delivery", "is_delivered"),
    "opened": ("opened", "opens", "open", "opened_email", "open_count", "is_read", "date_read", "unique_opens",
               "opened_at"),
    "clicked": ("clicked", "clicks", "click", "clicked_email", "click_count", "unique_clicks", "clicked_at"),
    "converted": ("converted", "conversion", "conversions", "placed_order", "ordered", "purchased", "orders",
                  "purchase"),
    "revenue": ("revenue", "spend", "amount", "order_value", "total_revenue", "placed_order_value"),
    "unsubscribed": ("unsubscribed", "unsubscribe", "unsubscribes", "unsub", "opted_out"),
    "complained": ("complained", "complaint", "complaints", "spam", "marked_as_spam", "spam_complaint"),
}  # fmt: skip
EVENT_KINDS: Mapping[str, str] = {
    "delivered": "delivered", "delivery": "delivered", "received": "delivered", "received email": "delivered",
    "open": "opened", "opened": "opened", "opened email": "opened", "read": "opened", "email opened": "opened",
    "click": "clicked", "clicked": "clicked", "clicked email": "clicked", "email clicked": "clicked",
    "converted": "converted", "conversion": "converted", "purchase": "converted", "order": "converted",
    "placed order": "converted", "order completed": "converted", "refund": "refund", "returned": "refund",
    "unsubscribe": "unsubscribed", "unsubscribed": "unsubscribed", "unsub": "unsubscribed", "optout": "unsubscribed",
    "complaint": "complained", "complained": "complained", "spam": "complained", "spamreport": "complained",
    "bounce": "bounced", "bounced": "bounced", "failed": "bounced", "dropped": "bounced", "sent": "sent",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """What a file is joined to. ``arm_of`` maps customer id to arm; ``id_of_address`` maps lower-case addresses to ids.

    ``starts`` and ``ends`` bound the window, both inclusive; None leaves a side open.
    """

    arm_of: Mapping[str, str]
    id_of_address: Mapping[str, str] = field(default_factory=dict[str, str])
    starts: datetime | None = None
    ends: datetime | None = None


@dataclass
class Ingested:
    """What was read. ``rows`` holds the whole stored body of each person touched: earlier events and new ones."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    mapping: dict[str, str] = field(default_factory=dict[str, str])
    read: int = 0
    added: int = 0
    repeated: int = 0
    unmatched: int = 0
    unmatched_shown: list[str] = field(default_factory=list[str])
    late: int = 0
    early: int = 0
    outside_shown: list[str] = field(default_factory=list[str])
    problems: list[str] = field(default_factory=list[str])
    read_as: str = ""
    """How a file was written: its encoding and separator; empty for rows from elsewhere."""

    def words(self) -> str:
        """Write the report in a sentence."""
        read_as = f" ({self.read_as})" if self.read_as else ""
        said = f"{self.read:,} rows read{read_as}: {self.added:,} new facts, {self.repeated:,} known already"
        said += f"; {self.unmatched:,} rows of people who were not assigned" if self.unmatched else ""
        said += f"; {self.late:,} after the window and {self.early:,} before it" if self.late or self.early else ""
        said += f"; {len(self.problems):,} rows could not be read" if self.problems else ""
        return said + "."

    def as_json(self) -> dict[str, Any]:
        """Return the report without the people's facts."""
        return {
            "mapping": self.mapping, "read_as": self.read_as, "read": self.read, "added": self.added,
            "repeated": self.repeated, "unmatched": self.unmatched, "unmatched_rows": self.unmatched_shown,
            "late": self.late, "early": self.early, "outside_rows": self.outside_shown,
            "problems": self.problems[:SHOWN],
        }  # fmt: skip


FIELD_NAMES: Mapping[str, tuple[str, ...]] = {
    "customer_id": PERSON, "address": ADDRESS, "event": EVENT, "at": TIME, "amount": AMOUNT, "event_id": EVENT_ID,
    **FACT_COLUMNS,
}  # fmt: skip
"""Every field of a results file with its usual column names."""
ONLY_IN_RESULTS = frozenset({"delivered", "converted"})
ONLY_IN_A_SENDERS_LOG = frozenset({"delivered", "opened", "clicked", "bounced", "sent"})
LOOKED_AT = 200


def outcomes_in(path: Path, stated: Mapping[str, str] | None = None) -> tuple[list[str], dict[str, str]] | None:
    """Return the named columns and the mapping of a file of what people did with a message; None for another file.

    Orders and customers name people as well: a file is results where something was delivered or converted, or where its
    events are a sender's.
    """
    try:
        written, _ = delimited.recognise(path)
    except UserFixable:
        return None  # what cannot be read as text is for others to say
    lines = delimited.rows(path, written)
    header = [name.strip() for name in next(lines, [])]
    named = [name for name in header if name]
    mapping = propose_mapping(named, stated or {})
    meant = set(mapping.values())
    if not meant & {"customer_id", "address"}:
        return None
    if "event" in meant:
        at = header.index(next(column for column, field in mapping.items() if field == "event"))
        said = {row[at].strip().lower().replace("_", " ") for row in islice(lines, LOOKED_AT) if len(row) > at}
        known = {EVENT_KINDS.get(word) for word in said} & ONLY_IN_A_SENDERS_LOG
        return (named, mapping) if known else None
    return (named, mapping) if meant & ONLY_IN_RESULTS else None


def read_outcomes(
    path: Path, context: Context, *, mapping: Mapping[str, str] | None = None, earlier: Mapping[str, Mapping[str, Any]]
) -> Ingested:
    """Read a results file. ``mapping`` is column -> field, over what was recognised. Raises UserFixable."""
    written, _ = delimited.recognise(path)
    lines = delimited.rows(path, written)
    header = [name.strip() for name in next(lines)]
    named = [name for name in header if name]
    if len(set(named)) < len(named):
        twice = sorted({name for name in named if named.count(name) > 1})
        raise UserFixable(
            f"{path.name} has more than one column {', '.join(twice)}.", hint="Name each column once in the first line."
        )
    found = read_rows(
        path.name, named, _as_mappings(header, lines), context, mapping=mapping, earlier=earlier,
        points_may_group=written.delimiter == ";",
    )  # fmt: skip
    found.read_as = written.words
    return found


def _as_mappings(header: Sequence[str], lines: Iterable[Sequence[str]]) -> Iterator[Mapping[str, str | None]]:
    """Give each row by column; one of the wrong width carries what is wrong with it under ``SHAPE``."""
    for cells in lines:
        row: dict[str, str | None] = dict(zip(header, cells, strict=False))
        if len(cells) < len(header) or any(cell.strip() for cell in cells[len(header) :]):
            row[SHAPE] = f"{len(cells)} cells instead of {len(header)}"
        yield row


def read_rows(
    name: str,
    header: Sequence[str],
    rows: Iterable[Mapping[str, str | None]],
    context: Context,
    *,
    mapping: Mapping[str, str] | None = None,
    earlier: Mapping[str, Mapping[str, Any]],
    points_may_group: bool = False,
) -> Ingested:
    """Read rows of named columns, from a file or from elsewhere; ``name`` is said in errors. Raises UserFixable."""
    report = Ingested(mapping=propose_mapping(header, mapping or {}))
    if not {"customer_id", "address"} & set(report.mapping.values()):
        raise UserFixable(
            f"{name} names no person.",
            hint=f"Map a column: --map COLUMN=customer_id. Columns: {', '.join(header)}.",
        )
    if not set(report.mapping.values()) & {"event", *FACT_COLUMNS}:
        raise UserFixable(
            f"{name} holds no outcome.",
            hint=f"Map one, e.g. --map COLUMN=converted. Columns: {', '.join(header)}.",
        )
    field_of = report.mapping
    taken = [
        ({field_of[k]: (v or "").strip() for k, v in raw.items() if k in field_of}, raw.get(SHAPE)) for raw in rows
    ]
    style = _style_of_amounts(report.mapping, [row for row, _ in taken], points_may_group)
    for number, (row, shape) in enumerate(taken, start=2):
        report.read += 1
        if shape:
            report.problems.append(f"row {number}: {shape}")
        else:
            _take(report, number, row, context, earlier, style)
    return report


def _style_of_amounts(mapping: Mapping[str, str], rows: Sequence[Mapping[str, str]], points_may_group: bool) -> Style:
    """Return how the one column of money is written; a point where there is none."""
    for column, name in mapping.items():
        if name in ("amount", "revenue"):
            return style_of(column, (row.get(name, "") for row in rows), points_may_group=points_may_group)
    return "point"


def propose_mapping(header: Sequence[str], stated: Mapping[str, str]) -> dict[str, str]:
    """Return column -> field for what is recognised; what was stated wins. An ``event`` column makes it a log."""
    names = {name: aliases for name, aliases in FIELD_NAMES.items() if name not in FACT_COLUMNS}
    found: dict[str, str] = {c: f for c, f in stated.items() if c in header}
    keys = {c: c.strip().lower().replace(" ", "_") for c in header}
    is_log = "event" in found.values() or any(k in EVENT for k in keys.values())
    wanted = (
        names
        if is_log
        else {k: v for k, v in names.items() if k not in ("event", "amount", "event_id")} | dict(FACT_COLUMNS)
    )
    for name, aliases in wanted.items():
        if name in found.values():
            continue
        column = next((c for a in aliases for c, k in keys.items() if k == a and c not in found), None)
        if column is not None:
            found[column] = name
    return found


def _take(
    report: Ingested,
    number: int,
    row: Mapping[str, str],
    context: Context,
    earlier: Mapping[str, Mapping[str, Any]],
    style: Style,
) -> None:
    person = _person(row, context)
    if person is None:
        report.unmatched += 1
        if len(report.unmatched_shown) < SHOWN:
            report.unmatched_shown.append(f"row {number}")
        return
    try:
        at = _moment(row.get("at", ""))
        events = _events(row, at, style)
    except ValueError as error:
        report.problems.append(f"row {number}: {error}")
        return
    if at is not None and _outside(report, number, at, context):
        return
    body = report.rows.get(person)
    if body is None:
        body = {"events": dict(earlier.get(person, {}).get("events", {}))}
        report.rows[person] = body
    for key, event in events.items():
        known = body["events"].get(key)
        report.repeated += known == event
        report.added += known != event
        body["events"][key] = event


def _person(row: Mapping[str, str], context: Context) -> str | None:
    given = row.get("customer_id", "")
    if given and canonical_id(given) in context.arm_of:
        return canonical_id(given)
    found = context.id_of_address.get(row.get("address", "").lower())
    return found if found is not None and found in context.arm_of else None


def _outside(report: Ingested, number: int, at: datetime, context: Context) -> bool:
    late = context.ends is not None and at > context.ends
    early = context.starts is not None and at < context.starts
    report.late += late
    report.early += early
    if (late or early) and len(report.outside_shown) < SHOWN:
        report.outside_shown.append(f"row {number}")
    return late or early


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00").replace("/", "-"))
    except ValueError:
        raise ValueError(f"{text!r} is not a date or time (use 2026-05-31T12:00)") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _events(row: Mapping[str, str], at: datetime | None, style: Style) -> dict[str, dict[str, Any]]:
    """Return keyed events of one row: one of a log, or one per fact of a person's row."""
    if "event" in row:
        kind = EVENT_KINDS.get(row["event"].lower().replace("_", " ").strip())
        if kind is None:
            raise ValueError(f"{row['event']!r} is not an event that is known")
        money = amount(row.get("amount", ""), style)
        when = at.isoformat() if at else ""
        key = row.get("event_id") or hashlib.sha256(f"{kind}|{when}|{money}".encode()).hexdigest()[:16]
        return {f"{kind}:{key}": {"kind": kind, "amount": money, "at": when}}
    found: dict[str, dict[str, Any]] = {}
    for fact in FACT_COLUMNS:
        if fact in row:
            value = amount(row[fact], style) if fact == "revenue" else float(_truth(row[fact], fact))
            found[fact] = {"kind": fact, "amount": value, "at": at.isoformat() if at else ""}
    return found


_NO = ("", "0", "no", "false", "n", "f", "never", "null", "none", "-", "nan", "na", "n/a")
_YES = ("yes", "true", "y", "t", "x", "ok", "\u2713")
_STEM = {"opened": "open", "clicked": "click", "delivered": "deliver", "converted": "convert"}


def _truth(text: str, fact: str) -> bool:
    """Read yes/no, a count, the fact's own name, or a time at which it happened; ``ValueError`` for other words."""
    lowered = text.lower()
    if lowered in _NO:
        return False
    if lowered in _YES or lowered == fact or lowered == _STEM.get(fact):
        return True
    try:
        return float(lowered.replace(",", ".")) > 0
    except ValueError:
        if any(letter.isdigit() for letter in lowered):
            return True
        raise ValueError(
            f"{text!r} says neither yes nor no for {fact} (use 1 or 0, yes or no, a count or a time)"
        ) from None


def facts_of(events: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """Fold a person's events into facts; a log's orders add up, refunds subtract, a bounce is not delivered."""
    found: dict[str, float] = {}
    for key, event in events.items():
        kind, amount = str(event["kind"]), float(event["amount"])
        if kind in FACT_COLUMNS and key == kind:
            found[kind] = max(found.get(kind, 0.0), amount) if kind != "revenue" else found.get("revenue", 0.0) + amount
        elif kind in ("converted", "refund"):
            found["converted"] = 1.0 if kind == "converted" else found.get("converted", 0.0)
            found["revenue"] = found.get("revenue", 0.0) + (amount if kind == "converted" else -amount)
        elif kind in FACT_COLUMNS:
            found[kind] = 1.0
    if found.get("clicked"):
        found["opened"] = max(found.get("opened", 0.0), 1.0) if "opened" in found else found.get("opened", 0.0)
    if any(e["kind"] == "bounced" for e in events.values()):
        found["delivered"] = 0.0
    return found
