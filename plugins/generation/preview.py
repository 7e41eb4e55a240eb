"""What recipients will really see: one of them, and the worst cases over the whole audience, counted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.audience import Audience, Shop
from app.domain.campaign import Campaign
from app.domain.content import Variant
from app.domain.errors import Refused
from app.workspace import Workspace
from plugins.generation import channels
from plugins.generation.merge_tags import VARIABLES, merge, unresolved
from plugins.generation.rendering import render_fields

RTL = ("R", "AL")
USED = re.compile(r"\{\{\s*(\w+)")


@dataclass(frozen=True)
class WorstCase:
    """A kind of value that stretches the message: how many people have it, and what it does."""

    case: str
    customers: int
    effect: str

    def as_row(self) -> dict[str, Any]:
        """Return the row as the planner sees it."""
        return {"case": self.case, "customers": self.customers, "effect": self.effect}


@dataclass(frozen=True)
class Preview:
    """A rendered variant, the worst cases, and the tags left over anywhere in the audience (always to be 0)."""

    variant: Variant
    customer_id: str | None
    rendered: dict[str, str]
    worst_cases: tuple[WorstCase, ...]
    unresolved: int
    recipients: int
    inbox: dict[str, str] = field(default_factory=dict[str, str])


def preview(
    workspace: Workspace, shop: Shop | None, campaign: Campaign, wanted: str | None, customer_id: str | None
) -> Preview:
    """Render a released variant for a customer and count the worst cases of the campaign's audience."""
    variant = _variant(workspace, campaign, wanted)
    audience = workspace.get(Audience, campaign.audience_id) if campaign.audience_id else None
    rows = list(_rows(shop, audience, variant.fields))
    values = _values(shop, rows, customer_id)
    rendered = render_fields(variant.fields, values or {})
    cases, left_over = worst_cases(variant.fields, rows)
    inbox = channels.inbox_preview(rendered["subject"], rendered["preheader"]) if "subject" in rendered else {}
    shown = str(values["customer_id"]) if values else None
    return Preview(variant, shown, rendered, tuple(cases), left_over, len(rows), inbox)


def _variant(workspace: Workspace, campaign: Campaign, wanted: str | None) -> Variant:
    if not campaign.variants:
        raise Refused("There are no variants yet. Call generation-draft_variants first.", code="no_variants")
    if wanted is None:
        all_of_them = [workspace.get(Variant, i) for i in campaign.variants.values()]
        variant = next((v for v in all_of_them if v.fields), all_of_them[0])
    else:
        variant = workspace.get(Variant, variant_id(campaign, wanted))
    if not variant.fields:
        raise Refused(
            f"Variant {variant.label} is {variant.decision.value}ed by the checks and is not shown. Ask "
            "safety-explain_verdict why, or generation-revise_variant with fix_block.".replace("holded", "held"),
            code="not_released",
        )
    return variant


def variant_id(campaign: Campaign, wanted: str) -> str:
    """Return the id of the variant that a label, an id, or words such as ``variant b`` mean."""
    label = re.sub(r"^(?:variant|option|version)\s+", "", wanted.strip(), flags=re.IGNORECASE).upper()
    if label in campaign.variants:
        return campaign.variants[label]
    if wanted in campaign.variants.values() or wanted.startswith("var-"):
        return wanted
    raise Refused(f"There is no variant {wanted!r}.", code="not_found", allowed=list(campaign.variants))


def _rows(shop: Shop | None, audience: Audience | None, fields: Mapping[str, str]) -> Iterable[Mapping[str, Any]]:
    if shop is None or audience is None:
        return []
    known = shop.columns()
    used = sorted({name for text in fields.values() for name in USED.findall(text)} & VARIABLES & known)
    return shop.eligible_rows(audience, ["customer_id", *used])


def _values(shop: Shop | None, rows: list[Mapping[str, Any]], customer_id: str | None) -> Mapping[str, Any] | None:
    if customer_id is not None:
        found = shop.customer(customer_id) if shop else None
        if found is None:
            raise Refused(f"There is no customer {customer_id!r}.", code="not_found", field="customer_id")
        return found
    named = [r for r in rows if r.get("first_name")]
    return next(iter([*named, *rows]), None)


def worst_cases(fields: Mapping[str, str], rows: list[Mapping[str, Any]]) -> tuple[list[WorstCase], int]:
    """Return the worst cases with counts, and the number of tags left over, over all ``rows``.

    Every different value is merged once, so that a hundred thousand recipients cost as much as their names.
    """
    values = {str(r.get("first_name") or "") for r in rows}
    counts: dict[str, int] = {}
    for row in rows:
        name = str(row.get("first_name") or "")
        counts[name] = counts.get(name, 0) + 1
    merged = {name: render_fields(fields, {"first_name": name or None}) for name in values}
    left_over = sum(unresolved(text) * counts[name] for name, done in merged.items() for text in done.values())
    groups = _groups(values)
    cases = [
        WorstCase(case, sum(counts[n] for n in names), _effect(case, names, fields, merged))
        for case, names in groups.items() if names
    ]  # fmt: skip
    if "text" in fields:
        cases += _sms_cases(fields["text"], merged, counts)
    return cases, left_over


def _groups(names: set[str]) -> dict[str, list[str]]:
    present = sorted(n for n in names if n)
    longest = max((len(n) for n in present), default=0)
    return {
        "longest name": [n for n in present if len(n) == longest],
        "missing name": [""] if "" in names else [],
        "non-Latin name": [n for n in present if not is_latin(n)],
        "right-to-left name": [n for n in present if any(unicodedata.bidirectional(c) in RTL for c in n)],
        "emoji in name": [n for n in present if any(unicodedata.category(c) == "So" for c in n)],
    }


def is_latin(text: str) -> bool:
    """Return whether every letter of a text is a Latin one."""
    return all("LATIN" in unicodedata.name(c, "") for c in text if c.isalpha())


def _effect(case: str, names: list[str], fields: Mapping[str, str], merged: Mapping[str, Mapping[str, str]]) -> str:
    if case == "missing name":
        first = next((t for t in fields.values() if "first_name" in t), "")
        return (
            f"the default is used: {merge(first, {})[:60].splitlines()[0]!r}"
            if first
            else "no name is used in this message"
        )
    if "subject" in fields:
        longest = max(len(merged[n]["subject"]) for n in names)
        fits = "fits" if longest <= channels.SUBJECT_MAX else f"over the limit of {channels.SUBJECT_MAX}"
        return f"subject of {longest} characters, {fits}"
    if "text" in fields:
        return f"up to {max(channels.sms_size(merged[n]['text']).segments for n in names)} SMS segments"
    return f"body of up to {max(len(merged[n]['body']) for n in names)} characters"


def _sms_cases(text: str, merged: Mapping[str, Mapping[str, str]], counts: Mapping[str, int]) -> list[WorstCase]:
    plain = channels.sms_size(merge(text, {}))
    flipped = [n for n, done in merged.items() if channels.sms_size(done["text"]).encoding != plain.encoding]
    cases: list[WorstCase] = []
    if flipped and plain.encoding == "GSM-7":
        most = max(channels.sms_size(merged[n]["text"]).segments for n in flipped)
        cases.append(
            WorstCase("name flips the SMS to UCS-2", sum(counts[n] for n in flipped), f"up to {most} segments each")
        )
    segments = sum(channels.sms_size(done["text"]).segments * counts[n] for n, done in merged.items())
    cases.append(WorstCase("all recipients", sum(counts.values()), f"{segments} billed segments in all"))
    return cases
