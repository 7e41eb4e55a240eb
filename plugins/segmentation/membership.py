"""Why somebody is in an audience, or why not: the facts, and the condition that decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.domain.audience import Audience, AudienceDefinition, Condition
from app.domain.errors import Refused
from plugins.segmentation.compiler import Compiler, product_words
from plugins.segmentation.fields import FIELDS
from plugins.segmentation.shop import LoadedShop
from plugins.segmentation.sql import Sql, day_literal
from plugins.segmentation.thresholds import Thresholds
from plugins.segmentation.wording import condition_in_words, in_words


@dataclass(frozen=True)
class Fact:
    """One condition for one customer: what the data say, and whether the condition holds."""

    condition: str
    value: str
    holds: bool


@dataclass(frozen=True)
class Membership:
    """``member``: the definition holds. ``excluded_by``: the funnel's reason why a member is not contacted."""

    customer_id: str
    member: bool
    excluded_by: str | None
    deciding: str
    facts: tuple[Fact, ...]


def explain(shop: LoadedShop, audience: Audience, customer_id: str) -> Membership:
    """Explain one customer; raise ``Refused`` when there is no such customer."""
    definition = shop.definition_of(audience)
    if shop.customer(customer_id) is None:
        raise Refused(f"There is no customer {customer_id!r}.", code="not_found", field="customer_id")
    facts = facts_of(shop, definition, customer_id, audience)
    failing = [fact for fact in facts if not fact.holds]
    contact = shop.contact_of(audience)
    judged = Sql.fill(
        "SELECT reason FROM ({}) judged WHERE customer_id = ?{}", contact.reasons(definition), Sql("", (customer_id,))
    )
    rows = shop.engine.rows(judged)
    member = bool(rows)
    reason = str(rows[0][0]) if rows and rows[0][0] is not None else None
    if reason is not None:
        deciding = f"meets every condition, but is not contacted: {contact.reason_words()[reason]}"
    elif member:
        deciding = f"meets every condition: {in_words(definition)}"
    elif failing:
        deciding = f"does not meet: {failing[0].condition} ({failing[0].value})"
    else:
        deciding = f"meets every condition, but is not among the {definition.limit} highest spenders"
    return Membership(customer_id, member, reason, deciding, tuple(facts))


def facts_of(
    shop: LoadedShop, definition: AudienceDefinition, customer_id: str, audience: Audience | None = None
) -> list[Fact]:
    """Return each top-level condition with the customer's own values."""
    as_of = audience.as_of if audience else shop.as_of
    compiler = shop.compiler(definition.thresholds, as_of)
    if not definition.all_of:
        return []
    holds = Sql.join(", ", [compiler.condition(c) for c in definition.all_of])
    query = Sql.fill(
        f"SELECT {{}} FROM {compiler.tables.facts} f WHERE f.customer_id = ?{{}}", holds, Sql("", (customer_id,))
    )
    row = shop.engine.rows(query)[0]
    return [
        Fact(condition_in_words(c), "; ".join(_values(shop, compiler, c, customer_id)), bool(holds))
        for c, holds in zip(definition.all_of, row, strict=True)
    ]


def reasons_of(shop: LoadedShop, definition: AudienceDefinition, customer_id: str) -> list[str]:
    """Return the facts of a member as short texts, without names or addresses."""
    return [_reason(fact.condition, fact.value) for fact in facts_of(shop, definition, customer_id)]


def _reason(condition: str, value: str) -> str:
    """Put a condition and its facts together, saying nothing twice, as in ``lifecycle is lapsed (last order ...)``."""
    repeated = condition.replace(" is ", " ")
    facts = value.removeprefix(f"{repeated}, ") if value != repeated else ""
    return f"{condition} ({facts})" if facts else condition


def leaves(conditions: Sequence[Condition]) -> Iterator[Condition]:
    """Yield every leaf under some conditions, in the order they are said."""
    for condition in conditions:
        form = condition.form()
        if form == "not" and condition.not_ is not None:
            yield from leaves([condition.not_])
        elif form in ("any_of", "all_of"):
            yield from leaves((condition.any_of if form == "any_of" else condition.all_of) or [])
        else:
            yield condition


def _values(shop: LoadedShop, compiler: Compiler, condition: Condition, customer_id: str) -> Iterator[str]:
    seen: set[str] = set()
    for leaf in leaves([condition]):
        text = _value(shop, compiler, leaf, customer_id)
        if text not in seen:
            seen.add(text)
            yield text


def _value(shop: LoadedShop, compiler: Compiler, leaf: Condition, customer_id: str) -> str:
    form = leaf.form()
    if form == "bought":
        return _purchases(shop, compiler, leaf, customer_id)
    if form == "audience":
        return f"audience {leaf.audience}"
    names = {"opened": ["last_open_days"], "clicked": ["clicks_90d"]}.get(form, [leaf.field or ""])
    if names == ["lifecycle"]:
        names = ["lifecycle", "last_purchase_days"]
    if names == ["value_tier"]:
        names = ["value_tier", "total_spend"]
    where = Sql("f.customer_id = ?", (customer_id,))
    settings = compiler.thresholds.resolved()
    row = next(iter(shop.select(names, where, compiler.as_of, settings)))
    return ", ".join(_said(name, row[name], compiler.thresholds, shop.currency) for name in names)


def _purchases(shop: LoadedShop, compiler: Compiler, leaf: Condition, customer_id: str) -> str:
    wanted = leaf.bought
    end = day_literal(compiler.as_of + timedelta(days=1))
    parts = [Sql("l.customer_id = ?", (customer_id,)), Sql(f"NOT l.is_return AND l.ordered_at < {end}")]
    if wanted and wanted.category:
        parts.append(Sql("lower(l.category) = ?", (wanted.category.lower(),)))
    if wanted and wanted.product:
        parts += [Sql("contains(lower(l.product), ?)", (word,)) for word in product_words(wanted.product)]
    query = Sql.fill(
        f"SELECT count(DISTINCT l.order_id), max(l.ordered_at) FROM {compiler.tables.lines} l WHERE {{}}",
        Sql.join(" AND ", parts),
    )
    count, last = shop.engine.rows(query)[0]
    return f"{count} such orders, last on {last.date().isoformat()}" if count else "no such order"


def _said(name: str, value: Any, thresholds: Thresholds, currency: str | None) -> str:
    words = FIELDS[name].words
    if value is None:
        return f"{words} is unknown"
    if FIELDS[name].kind == "money":
        low, high = thresholds.low_minor, thresholds.high_minor
        cuts = (
            f" (low under {low / 100:.2f}, high from {high / 100:.2f})" if low is not None and high is not None else ""
        )
        return f"{words} {value:.2f}{' ' + currency if currency else ''}{cuts if name == 'total_spend' else ''}"
    if FIELDS[name].kind == "rate":
        return f"{words} {value:.0%}"
    return f"{words} {value}"
