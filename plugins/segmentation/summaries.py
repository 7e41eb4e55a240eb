"""What the kernel functions return: named figures, at most 20 rows, and one or two sentences."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.domain.audience import Audience, AudienceDefinition
from app.domain.errors import Refused
from plugins.segmentation.audiences import PRIVACY_FLOOR, EmptiedBy
from plugins.segmentation.membership import Membership
from plugins.segmentation.segments import Segmentation
from plugins.segmentation.wording import in_words

SHOWN_SEGMENTS = 20


def counted(found: Audience, *, with_eligible: bool) -> dict[str, Any]:
    """Return the data of a count."""
    return {
        "matched": found.matched,
        "eligible": found.eligible if with_eligible else None,
        "channel": found.channel if with_eligible else None,
        "share": round(found.matched / found.total_customers, 4) if found.total_customers else 0.0,
        "total_customers": found.total_customers,
        "words": found.words,
        "as_of": found.as_of.isoformat(),
        "thresholds": dict(found.thresholds),
        "sensitivity": [s.model_dump(mode="json") for s in found.sensitivity],
    }


def found(audience: Audience, meaning: str, before: int | None) -> dict[str, Any]:
    """Return the data of a found audience."""
    return {
        **counted(audience, with_eligible=True),
        "name": audience.name,
        "meaning": meaning,
        "funnel": [step.model_dump(mode="json") for step in audience.funnel],
        "sample": [member.model_dump(mode="json") for member in audience.sample],
        "ids_sha256": audience.ids_sha256,
        "before": before,
    }


def emptied(guilty: EmptiedBy) -> dict[str, Any]:
    """Return which condition left nobody."""
    return {"condition": guilty.condition, "alone": guilty.alone, "without_it": guilty.without_it}


def base(data: dict[str, Any]) -> str:
    """Describe the base in two sentences."""
    synthetic = " (a synthetic sample shop)" if data["synthetic"] else ""
    life = data["lifecycle"]
    return (
        f"{data['customers']:,} customers with {data['orders']:,} orders as of {data['as_of']}{synthetic}. "
        f"{life['new']:,} new, {life['active']:,} active, {life['at_risk']:,} at risk, {life['lapsed']:,} lapsed, "
        f"{life['never_ordered']:,} never ordered."
    )


def count(data: dict[str, Any]) -> str:
    """Say the count."""
    reach = f", {data['eligible']:,} of them can be contacted" if data["eligible"] is not None else ""
    return f"{data['matched']:,} of {data['total_customers']:,} customers match: {data['words']}{reach}."


def audience(data: dict[str, Any]) -> str:
    """Say who was found."""
    if not data["matched"]:
        guilty = data.get("emptied_by")
        return f"Nobody matches: {data['words']}." + (f" It is emptied by: {guilty['condition']}." if guilty else "")
    return (
        f"{data['matched']:,} of {data['total_customers']:,} customers match ({data['words']}); "
        f"{data['eligible']:,} can be contacted by {data['channel']}."
    )


def refined(data: dict[str, Any]) -> str:
    """Say what the change did."""
    return f"{audience(data)} Before it was {data['before']:,}: {data['joined']:,} joined, {data['left']:,} left."


def segmented(result: Segmentation, as_of: date) -> dict[str, Any]:
    """Return the data of a segmentation; groups below the privacy floor keep only their size."""
    shown: list[dict[str, Any]] = []
    for segment in result.segments[:SHOWN_SEGMENTS]:
        data = segment.as_data()
        if segment.customers < PRIVACY_FLOOR:
            data = {key: data[key] for key in ("number", "name", "customers", "share")}
        shown.append(data)
    return {
        "method": result.method,
        "as_of": as_of.isoformat(),
        "customers": result.customers,
        "total": result.total,
        "segments": shown,
        "left_out": result.left_out,
        "definition": result.definition,
    }


def segments(data: dict[str, Any]) -> str:
    """Name the segments with their sizes."""
    named = ", ".join(f"{s['name']} {s['customers']:,}" for s in data["segments"])
    out = sum(data["left_out"].values())
    return f"{data['customers']:,} customers in {len(data['segments'])} groups: {named}." + (
        f" {out:,} left out ({', '.join(f'{k} {v:,}' for k, v in data['left_out'].items())})." if out else ""
    )


def pick(result: Segmentation, asked: str) -> tuple[str, str]:
    """Return key and name of the segment meant by a name or a number."""
    wanted = asked.strip().lower().replace(" ", "_").replace("-", "_")
    for segment in result.segments:
        names = {segment.name.lower().replace(" ", "_").replace("-", "_"), str(segment.number)}
        if wanted in names or wanted.removesuffix("s") in {n.removesuffix("s") for n in names}:
            return segment.key, segment.name
    names = [s.name for s in result.segments]
    raise Refused(f"There is no segment {asked!r}.", code="not_found", field="segment", allowed=names)


def profiled(data: dict[str, Any]) -> str:
    """Say the profile in a sentence."""
    top = data["top_categories"][0]["category"] if data["top_categories"] else None
    recency = data["median_last_purchase_days"]
    return (
        f"{data['name']}: {data['customers']:,} customers ({data['share']:.1%}) with {data['spend_share']:.1%} of spend"
        + (f", median last order {recency} days ago" if recency is not None else "")
        + (f", most buy {top}" if top else "")
        + "."
    )


def membership(explained: Membership) -> dict[str, Any]:
    """Return an explanation as data."""
    return {
        "customer_id": explained.customer_id,
        "member": explained.member,
        "excluded_by": explained.excluded_by,
        "deciding": explained.deciding,
        "facts": [{"condition": f.condition, "value": f.value, "holds": f.holds} for f in explained.facts],
    }


def explained(data: dict[str, Any]) -> str:
    """Say why."""
    return f"{data['customer_id']} is {'' if data['member'] else 'not '}in the audience: {data['deciding']}."


def examples(data: dict[str, Any]) -> str:
    """Say who the examples are."""
    ids = ", ".join(e["customer_id"] for e in data["examples"])
    return f"Three members and why: {ids}." if ids else "Too few members to show examples."


def compared(data: dict[str, Any]) -> str:
    """Say the overlap."""
    return (
        f"{data['both']:,} customers are in both; {data['only_a']:,} only in the first, {data['only_b']:,} only in the "
        "second."
    )


def named(definition: AudienceDefinition) -> str:
    """Return the words of a definition as a name."""
    return in_words(definition)
