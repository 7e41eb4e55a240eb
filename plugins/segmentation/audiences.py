"""Finds an audience: counts, funnel, what ambiguous words would give otherwise, examples, and what empties it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.audience import (
    Audience,
    AudienceDefinition,
    Channel,
    Condition,
    ContactRules,
    SampleMember,
    Sensitivity,
)
from app.domain.entities import canonical_json, derived_id
from plugins.segmentation.fields import FIELDS
from plugins.segmentation.funnel import Funnel
from plugins.segmentation.membership import leaves, reasons_of
from plugins.segmentation.shop import LoadedShop
from plugins.segmentation.sql import Sql
from plugins.segmentation.thresholds import Thresholds, with_high_spend, with_lapsed_days
from plugins.segmentation.wording import condition_in_words, in_words

PRIVACY_FLOOR = 10
"""Below so many members no examples, profiles or shares are shown."""
LAPSED_READINGS = (60, 90, 180)
HIGH_READINGS = (10, 20, 30)
NEW_READINGS = (14, 30, 60)
ACTIVE_READINGS = (30, 60, 90)


@dataclass(frozen=True)
class EmptiedBy:
    """Which condition left nobody: how many it matches alone, and how many match everything else."""

    condition: str
    alone: int
    without_it: int


def find(
    shop: LoadedShop,
    definition: AudienceDefinition,
    channel: Channel,
    rules: ContactRules,
    *,
    name: str = "",
    parent_id: str | None = None,
    campaign_id: str | None = None,
) -> Audience:
    """Find the members of a definition; the same inputs give the same id."""
    checked = shop.check(definition)
    facts = _facts(shop, checked, channel, rules)
    words = in_words(checked)
    identity = {
        "definition": checked.as_json(), "channel": channel, "as_of": shop.as_of.isoformat(), "name": name,
        "dataset": shop.dataset_id, "rules": rules.model_dump(mode="json"), "campaign": campaign_id,
    }  # fmt: skip
    return Audience(
        id=derived_id("aud", identity),
        campaign_id=campaign_id,
        name=name or words,
        definition=checked.as_json(),
        words=words,
        channel=channel,
        as_of=shop.as_of,
        dataset_id=shop.dataset_id,
        total_customers=facts.total_customers,
        matched=facts.funnel.matched,
        eligible=facts.funnel.eligible,
        funnel=facts.funnel.steps,
        thresholds=facts.thresholds,
        sensitivity=facts.sensitivity,
        sample=facts.sample,
        ids_sha256=facts.ids_sha256,
        warnings=facts.warnings,
        parent_id=parent_id,
        rules=rules,
    )


@dataclass(frozen=True)
class _Facts:
    """What the data say of a checked definition over a channel under some rules."""

    total_customers: int
    funnel: Funnel
    thresholds: dict[str, Any]
    sensitivity: tuple[Sensitivity, ...]
    sample: tuple[SampleMember, ...]
    ids_sha256: str
    warnings: tuple[str, ...]


def _facts(shop: LoadedShop, checked: AudienceDefinition, channel: Channel, rules: ContactRules) -> _Facts:
    """Ask the data, or remember the answer: these data do not change while the shop is open."""
    if any(leaf.form() == "audience" for leaf in leaves(checked.all_of)):
        return _ask(shop, checked, channel, rules)  # another audience must be there for whoever asks
    asked = canonical_json(
        {"definition": checked.as_json(), "channel": channel, "rules": rules.model_dump(mode="json")}
    )
    return shop.remembered(("audience", shop.as_of, asked), lambda: _ask(shop, checked, channel, rules))


def _ask(shop: LoadedShop, checked: AudienceDefinition, channel: Channel, rules: ContactRules) -> _Facts:
    contact = shop.contact(checked.thresholds, channel, rules)
    removed = {row[0]: int(row[1]) for row in shop.engine.rows(contact.counts(checked))}
    funnel = contact.build(removed)
    thresholds = shop.thresholds(checked.thresholds)
    return _Facts(
        total_customers=shop.total_customers(),
        funnel=funnel,
        thresholds=thresholds.as_data(),
        sensitivity=tuple(sensitivity(shop, checked, thresholds)),
        sample=sample_members(shop, checked) if funnel.matched >= PRIVACY_FLOOR else (),
        ids_sha256=shop.ids_sha256(checked),
        warnings=(*funnel.warnings, *_warnings(shop, checked, funnel.matched)),
    )


def meaning(shop: LoadedShop, definition: AudienceDefinition) -> str:
    """Return what the ambiguous words of a definition mean here, in a sentence; empty when it has none."""
    said = _words_used(definition)
    thresholds = shop.thresholds(definition.thresholds)
    return thresholds.words_for(said.get("lifecycle", set()), said.get("value_tier", set()), shop.currency)


def sensitivity(shop: LoadedShop, definition: AudienceDefinition, chosen: Thresholds) -> Iterator[Sensitivity]:
    """Yield the count under each reading of an ambiguous word, the other words left as they are."""
    said = _words_used(definition)
    lifecycles, tiers = said.get("lifecycle", set[str]()), said.get("value_tier", set[str]())
    if "lapsed" in lifecycles:
        yield from _days(shop, definition, chosen, "lapsed", LAPSED_READINGS)
    if lifecycles & {"active", "at_risk"}:
        yield from _days(shop, definition, chosen, "active", ACTIVE_READINGS)
    if "new" in lifecycles:
        yield from _days(shop, definition, chosen, "new", NEW_READINGS)
    if "high" in tiers and chosen.high_minor is not None:
        yield from _top(shop, definition, chosen)


def emptied_by(shop: LoadedShop, definition: AudienceDefinition) -> EmptiedBy | None:
    """Return the condition that leaves nobody: the first one with which the count falls to nought."""
    parts = definition.all_of
    for end in range(1, len(parts) + 1):
        if shop.count(definition.model_copy(update={"all_of": parts[:end]})):
            continue
        guilty = parts[end - 1]
        others = tuple(c for c in parts if c is not guilty)
        return EmptiedBy(
            condition=condition_in_words(guilty),
            alone=shop.count(definition.model_copy(update={"all_of": (guilty,)})),
            without_it=shop.count(definition.model_copy(update={"all_of": others})),
        )
    return None


def unknown_values(shop: LoadedShop, definition: AudienceDefinition) -> dict[str, int]:
    """Return for each field named in a definition how many customers have no value there."""
    names = sorted({c.field for c in leaves(definition.all_of) if c.field and FIELDS[c.field].column})
    names = [n for n in names if n != "customer_id"]
    if not names:
        return {}
    tables = shop.tables()
    counted = ", ".join(f"count(*) - count({FIELDS[name].column})" for name in names)
    row = shop.engine.rows(Sql(f"SELECT {counted} FROM {tables.facts}"))[0]
    return {name: int(n) for name, n in zip(names, row, strict=True) if n}


def sample_members(shop: LoadedShop, definition: AudienceDefinition, count: int = 3) -> tuple[SampleMember, ...]:
    """Return some members with the facts that put them in, chosen by the hash of their id."""
    members = shop.compiler(definition.thresholds).members(definition)
    order = shop.engine.dialect.sha256_hex("customer_id")
    query = Sql.fill(f"SELECT customer_id FROM ({{}}) members ORDER BY {order} LIMIT {int(count)}", members)
    ids = [str(row[0]) for row in shop.engine.rows(query)]
    return tuple(SampleMember(customer_id=i, reasons=tuple(reasons_of(shop, definition, i))) for i in ids)


def joined_and_left(shop: LoadedShop, before: Audience, after: Audience) -> tuple[int, int]:
    """Return how many matched customers the second audience has gained and lost against the first."""
    old, new = (_members(shop, audience) for audience in (before, after))
    joined = Sql.fill("SELECT count(*) FROM (({}) EXCEPT ({})) gained", new, old)
    left = Sql.fill("SELECT count(*) FROM (({}) EXCEPT ({})) lost", old, new)
    return int(shop.engine.rows(joined)[0][0]), int(shop.engine.rows(left)[0][0])


def overlap(shop: LoadedShop, a: Audience, b: Audience) -> int:
    """Return how many matched customers two audiences share."""
    both = Sql.fill("SELECT count(*) FROM (({}) INTERSECT ({})) shared", _members(shop, a), _members(shop, b))
    return int(shop.engine.rows(both)[0][0])


def changed(
    conditions: Sequence[Condition], change: Sequence[Condition], mode: str, remove_fields: Sequence[str]
) -> list[Condition]:
    """Return the conditions after a change.

    ``replace_same_field``: what was said about a field or behaviour that the change names is replaced;
    ``add``: everything stays; ``remove_field``: what was said about the fields goes; ``replace_all``: only the change.
    """
    if mode == "replace_all":
        return list(change)
    gone = set(remove_fields)
    if mode == "remove_field":
        gone |= {s for c in change for s in subjects(c)}
        return [c for c in conditions if not subjects(c) & gone]
    kept = [c for c in conditions if not subjects(c) & gone]
    if mode == "replace_same_field":
        new = {s for c in change for s in subjects(c)}
        kept = [c for c in kept if not subjects(c) & new]
        if "last_purchase_days" in new:  # "make it 120 days" is another reading of lapsed
            kept = [c for c in kept if not (c.field == "lifecycle" and c.op in (None, "eq") and c.value == "lapsed")]
    return [*kept, *(c for c in change if c not in kept)]


def subjects(condition: Condition) -> set[str]:
    """Return what a condition is about: its fields, behaviours and audiences."""
    found: set[str] = set()
    for leaf in leaves([condition]):
        form = leaf.form()
        if form == "field":
            found.add(leaf.field or "")
        elif form == "bought":
            wanted = leaf.bought
            found.add(f"bought:{(wanted and (wanted.category or wanted.product)) or ''}".lower())
        else:
            found.add(f"{form}:{leaf.audience or ''}")
    return found


def _members(shop: LoadedShop, audience: Audience) -> Sql:
    definition = shop.definition_of(audience)
    return shop.compiler(definition.thresholds, audience.as_of).members(definition)


def _words_used(definition: AudienceDefinition) -> dict[str, set[str]]:
    used: dict[str, set[str]] = {}
    for leaf in leaves(definition.all_of):
        if leaf.field in ("lifecycle", "value_tier"):
            values: list[Any] = leaf.value if isinstance(leaf.value, list) else [leaf.value]
            used.setdefault(leaf.field, set()).update(str(v) for v in values)
    return used


def _days(
    shop: LoadedShop, definition: AudienceDefinition, chosen: Thresholds, word: str, readings: Sequence[int]
) -> Iterator[Sensitivity]:
    own = {"lapsed": chosen.lapsed_days, "active": chosen.active_days, "new": chosen.new_days}[word]
    for days in sorted({*readings, own}):
        if word == "lapsed":
            other = with_lapsed_days(chosen, days)
        elif word == "active":
            other = replace(chosen, active_days=min(days, chosen.lapsed_days))
        else:
            other = replace(chosen, new_days=days)
        matched = shop.count(definition, other)
        yield Sensitivity(word=word, reading=f"{days} days", matched=matched, chosen=days == own)


def _top(shop: LoadedShop, definition: AudienceDefinition, chosen: Thresholds) -> Iterator[Sensitivity]:
    shares = {percent: round(1 - percent / 100, 6) for percent in HIGH_READINGS}
    cuts = ", ".join(f"percentile_disc({s!r}) WITHIN GROUP (ORDER BY {chosen.spend_column})" for s in shares.values())
    row = shop.engine.rows(Sql(f"SELECT {cuts} FROM {shop.tables().facts} WHERE orders_count > 0"))[0]
    named = False
    for percent, minor in zip(shares, row, strict=True):
        is_chosen = int(minor) == chosen.high_minor
        named = named or is_chosen
        matched = shop.count(definition, with_high_spend(chosen, int(minor)))
        reading = f"top {percent} % (spend of at least {int(minor) / 100:.2f})"
        yield Sensitivity(word="high", reading=reading, matched=matched, chosen=is_chosen)
    if not named:
        reading = f"spend of at least {(chosen.high_minor or 0) / 100:.2f}"
        yield Sensitivity(word="high", reading=reading, matched=shop.count(definition), chosen=True)


def _warnings(shop: LoadedShop, definition: AudienceDefinition, matched: int) -> Iterator[str]:
    for name, count in unknown_values(shop, definition).items():
        yield f"{FIELDS[name].words} is unknown for {count:,} customers: they match only where it is negated."
    if matched == 0:
        guilty = emptied_by(shop, definition)
        if guilty:
            yield (
                f"Nobody matches. The condition that empties it: {guilty.condition} (alone it matches "
                f"{guilty.alone:,}; without it {guilty.without_it:,} match)."
            )
    elif matched < PRIVACY_FLOOR:
        yield f"Fewer than {PRIVACY_FLOOR} customers: too few to describe without pointing at a person."
