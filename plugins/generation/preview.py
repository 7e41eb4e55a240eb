"""What recipients will really see: one of them, and the worst cases over the whole audience, counted."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
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
    used = [name for name in merged_variables(fields) or ["first_name"] if name in known]
    return shop.eligible_rows(audience, ["customer_id", *used])


def _values(shop: Shop | None, rows: list[Mapping[str, Any]], customer_id: str | None) -> Mapping[str, Any] | None:
    if customer_id is not None:
        found = shop.customer(customer_id) if shop else None
        if found is None:
            raise Refused(f"There is no customer {customer_id!r}.", code="not_found", field="customer_id")
        return found
    named = [r for r in rows if r.get("first_name")]
    return next(iter([*named, *rows]), None)


Values = tuple[str, ...]
"""What one person has for each variable that the message uses, '' where there is nothing."""


def worst_cases(fields: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> tuple[list[WorstCase], int]:
    """Return the worst cases with counts, and the number of tags left over, over all ``rows``.

    Each different combination of the values that the message uses is merged once, so that a hundred thousand
    recipients cost as much as their names.
    """
    used = merged_variables(fields) or ["first_name"]
    people = Counter(tuple(str(row.get(name) or "") for name in used) for row in rows)
    merged = {
        values: render_fields(fields, dict(zip(used, (v or None for v in values), strict=True))) for values in people
    }
    left_over = sum(unresolved(text) * people[values] for values, done in merged.items() for text in done.values())
    cases: list[WorstCase] = []
    for at, variable in enumerate(used):
        word = _WORDS.get(variable, variable.replace("_", " "))
        for case, kinds in _groups({values[at] for values in people}, word).items():
            having = [values for values in people if values[at] in kinds]
            if having:
                effect = _effect(variable, not kinds - {""}, [merged[values] for values in having], fields)
                cases.append(WorstCase(case, sum(people[values] for values in having), effect))
    if "text" in fields:
        cases += _sms_cases(fields["text"], merged, people)
    return cases, left_over


_WORDS = {"first_name": "name"}


def merged_variables(fields: Mapping[str, str]) -> list[str]:
    """Return the variables of a customer that a message uses, in order; the sender fills in the unsubscribe link."""
    found = dict.fromkeys(name for text in fields.values() for name in USED.findall(text))
    return [name for name in found if name in VARIABLES and name != "unsubscribe_url"]


def _groups(values: set[str], word: str) -> dict[str, set[str]]:
    present = {value for value in values if value}
    longest = max(map(len, present), default=0)
    return {
        f"longest {word}": {v for v in present if len(v) == longest},
        f"missing {word}": {""} & values,
        f"non-Latin {word}": {v for v in present if not is_latin(v)},
        f"right-to-left {word}": {v for v in present if any(unicodedata.bidirectional(c) in RTL for c in v)},
        f"emoji in {word}": {v for v in present if any(unicodedata.category(c) == "So" for c in v)},
    }


def is_latin(text: str) -> bool:
    """Return whether every letter of a text is a Latin one."""
    return all("LATIN" in unicodedata.name(c, "") for c in text if c.isalpha())


def _effect(variable: str, missing: bool, merged: list[dict[str, str]], fields: Mapping[str, str]) -> str:
    if missing:
        first = next((text for text in fields.values() if variable in USED.findall(text)), "")
        if not first:
            return f"no {_WORDS.get(variable, variable)} is used in this message"
        return f"the default is used: {merge(first, {})[:60].splitlines()[0]!r}"
    if "subject" in fields:
        longest = max(len(done["subject"]) for done in merged)
        fits = "fits" if longest <= channels.SUBJECT_MAX else f"over the limit of {channels.SUBJECT_MAX}"
        return f"subject of {longest} characters, {fits}"
    if "text" in fields:
        return f"up to {max(channels.sms_size(done['text']).segments for done in merged)} SMS segments"
    return f"body of up to {max(len(done['body']) for done in merged)} characters"


def _sms_cases(text: str, merged: Mapping[Values, Mapping[str, str]], people: Mapping[Values, int]) -> list[WorstCase]:
    plain = channels.sms_size(merge(text, {}))
    sizes = {values: channels.sms_size(done["text"]) for values, done in merged.items()}
    flipped = [values for values, size in sizes.items() if size.encoding != plain.encoding]
    cases: list[WorstCase] = []
    if flipped and plain.encoding == "GSM-7":
        most = max(sizes[values].segments for values in flipped)
        cases.append(
            WorstCase("value flips the SMS to UCS-2", sum(people[v] for v in flipped), f"up to {most} segments each")
        )
    segments = sum(size.segments * people[values] for values, size in sizes.items())
    cases.append(WorstCase("all recipients", sum(people.values()), f"{segments} billed segments in all"))
    return cases
