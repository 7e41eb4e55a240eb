"""Audiences: counts that add up, near misses mended, reasons given."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.audience import Audience, AudienceDefinition, Channel, Condition, ContactRules, ThresholdSettings
from app.domain.errors import Refused
from plugins.segmentation.audiences import changed, emptied_by, find, joined_and_left, overlap
from plugins.segmentation.describing import describe, profile
from plugins.segmentation.fields import LIFECYCLES
from plugins.segmentation.membership import explain
from plugins.segmentation.shop import LoadedShop
from plugins.segmentation.sql import Sql

LAPSED_HIGH = [
    {"field": "lifecycle", "op": "eq", "value": "lapsed"},
    {"field": "value_tier", "op": "eq", "value": "high"},
]


def definition(*conditions: dict[str, Any]) -> AudienceDefinition:
    return AudienceDefinition.model_validate(list(conditions))


def found(shop: LoadedShop, *conditions: dict[str, Any], channel: Channel = "email", **rules: Any) -> Audience:
    return find(shop, definition(*conditions), channel, ContactRules(**rules))


def test_the_same_question_is_asked_of_the_data_once_and_another_anew(
    shop: LoadedShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    rows = shop.engine.rows
    monkeypatch.setattr(shop.engine, "rows", lambda query: (asked.append(query.text), rows(query))[1])
    country = {"field": "country", "op": "eq", "value": "SE"}
    first = found(shop, country)
    n = len(asked)
    assert (found(shop.seeing(lambda _: first), country), len(asked)) == (first, n)
    others = [found(shop, country, channel="sms"), found(shop, country, cap=1), found(shop, country, country)]
    assert len(asked) > n and others[0].eligible != first.eligible


def test_what_rests_on_another_audience_is_not_remembered_for_who_cannot_see_it(shop: LoadedShop) -> None:
    mine = found(shop, {"field": "country", "op": "eq", "value": "SE"})
    seeing = shop.seeing(lambda audience_id: mine)
    found(seeing, {"audience": mine.id})
    with pytest.raises(Refused):
        found(shop, {"audience": mine.id})


simple = st.sampled_from(
    [
        {"field": "country", "op": "ne", "value": "GB"},
        {"field": "age", "op": "gt", "value": 40},
        {"field": "lifecycle", "op": "in", "value": ["lapsed", "at_risk"]},
        {"field": "total_spend", "op": "top_percent", "value": 10},
        {"bought": {"category": "shoes"}, "within_days": 365},
        {"not": {"opened": True, "within_days": 30}},
        {"field": "gender", "op": "is_null", "value": True},
        {"any_of": [{"field": "loyalty_tier", "op": "eq", "value": "gold"}, {"clicked": True}]},
    ]
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    conditions=st.lists(simple, max_size=3),
    channel=st.sampled_from(["email", "sms", "push"]),
    cap=st.integers(1, 6),
    holdout=st.sampled_from([0.0, 0.05, 0.5]),
)
def test_everybody_matched_is_eligible_or_excluded_for_one_reason(
    shop: LoadedShop, conditions: list[dict[str, Any]], channel: Channel, cap: int, holdout: float
) -> None:
    audience = found(shop, *conditions, channel=channel, cap=cap, holdout_share=holdout)
    assert audience.matched == audience.eligible + sum(step.removed for step in audience.funnel)
    remaining = audience.matched
    for step in audience.funnel:
        remaining -= step.removed
        assert step.remaining == remaining
    rows = list(shop.eligible_rows(audience, ["customer_id", "email", f"consent_{channel}"]))
    assert len(rows) == audience.eligible
    assert all(row[f"consent_{channel}"] for row in rows)


def test_the_ids_can_be_recomputed_by_anyone(shop: LoadedShop) -> None:
    audience = found(shop, {"field": "country", "op": "eq", "value": "GB"})
    ids = sorted(row["customer_id"] for row in _rows(shop, "country") if row["country"] == "GB")
    assert audience.matched == len(ids)
    assert audience.ids_sha256 == hashlib.sha256("\n".join(ids).encode()).hexdigest()


def test_the_same_inputs_give_the_same_audience(shop: LoadedShop) -> None:
    assert found(shop, *LAPSED_HIGH) == found(shop, *LAPSED_HIGH)


def test_a_stored_definition_gives_the_same_people_again(shop: LoadedShop) -> None:
    audience = found(shop, *LAPSED_HIGH)
    again = find(shop, AudienceDefinition.model_validate(audience.definition), "email", audience.rules)
    assert (again.ids_sha256, again.eligible) == (audience.ids_sha256, audience.eligible)


def test_the_lifecycle_states_divide_everybody(shop: LoadedShop) -> None:
    counts = [shop.count(shop.check(definition({"field": "lifecycle", "value": s}))) for s in LIFECYCLES]
    assert sum(counts) == shop.total_customers()


def test_ambiguous_words_come_with_their_other_readings(shop: LoadedShop) -> None:
    audience = found(shop, *LAPSED_HIGH)
    words = {(s.word, s.reading.split(" (")[0]) for s in audience.sensitivity}
    assert {("lapsed", "60 days"), ("lapsed", "90 days"), ("lapsed", "180 days")} <= words
    assert {("high", "top 10 %"), ("high", "top 20 %"), ("high", "top 30 %")} <= words
    assert {s.matched for s in audience.sensitivity if s.chosen} == {audience.matched}


@pytest.mark.parametrize(
    ("given_form", "value"),
    [
        ({"field": "country", "value": "uk"}, "GB"),
        ({"field": "country", "value": ["Germany", "FRA"]}, ["DE", "FR"]),
        ({"field": "email_open_rate", "op": "gt", "value": "40%"}, 0.4),
        ({"field": "total_spend", "op": "gte", "value": "$1,500"}, 1500),
        ({"field": "gender", "value": "women"}, "female"),
        ({"field": "favourite_category", "value": "Shoe"}, "shoes"),
        ({"field": "favourite_category", "value": "jewelery"}, "jewellery"),
        ({"field": "age", "op": "between", "value": [50, 30]}, [30, 50]),
    ],
)
def test_near_misses_are_mended(shop: LoadedShop, given_form: dict[str, Any], value: Any) -> None:
    assert shop.check(definition(given_form)).all_of[0].value == value


@pytest.mark.parametrize(
    ("given_form", "says"),
    [
        ({"field": "country", "value": "Atlantis"}, "Countries present: US"),
        ({"field": "loyalty_tier", "value": "diamond"}, "Present: "),
        ({"bought": {"category": "cars"}}, "Nearest: "),
        ({"field": "age", "op": "contains", "value": "4"}, "cannot be used with contains"),
        ({"field": "age", "op": "gt", "value": "old"}, "needs a number"),
        ({"field": "age", "op": "between", "value": 4}, "lowest, highest"),
        ({"opened": True, "at_least": 2, "within_days": 30}, "90"),
        ({"any_of": []}, "at least one"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_what_is_there(
    shop: LoadedShop, given_form: dict[str, Any], says: str
) -> None:
    with pytest.raises(Refused, match=says):
        shop.check(definition(given_form))


def test_nesting_has_an_end(shop: LoadedShop) -> None:
    form: dict[str, Any] = {"field": "age", "op": "gt", "value": 1}
    for _ in range(30):
        form = {"not": form}
    with pytest.raises(Refused, match="nested"):
        shop.check(definition(form))


def test_text_of_a_person_is_bound_and_never_run(shop: LoadedShop) -> None:
    hostile = "x'); DROP TABLE facts; --"
    for form in ({"field": "city", "op": "contains", "value": hostile}, {"bought": {"product": hostile}}):
        assert shop.count(shop.check(definition(form))) == 0
    assert shop.total_customers() == 2000


def test_an_empty_audience_says_what_empties_it(shop: LoadedShop) -> None:
    nobody = (
        {"field": "lifecycle", "op": "eq", "value": "new"},
        {"field": "total_spend", "op": "gt", "value": 10_000_000},
        {"field": "country", "op": "eq", "value": "US"},
    )
    guilty = emptied_by(shop, shop.check(definition(*nobody)))
    assert guilty is not None
    assert guilty.condition == "total spend is over 10000000"
    assert guilty.alone == 0
    assert guilty.without_it > 0
    assert any("empties" in warning for warning in found(shop, *nobody).warnings)


def test_few_people_are_not_described(shop: LoadedShop) -> None:
    some = [row["customer_id"] for row in shop.eligible_rows(found(shop, *LAPSED_HIGH), ["customer_id"])][:3]
    audience = found(shop, {"field": "customer_id", "op": "in", "value": some})
    assert audience.matched == 3
    assert audience.sample == ()
    assert any("too few" in warning for warning in audience.warnings)


def test_members_and_others_are_explained(shop: LoadedShop) -> None:
    audience = found(shop, *LAPSED_HIGH)
    member = explain(shop, audience, audience.sample[0].customer_id)
    assert member.member and all(fact.holds for fact in member.facts)
    other = next(row["customer_id"] for row in _rows(shop, "lifecycle") if row["lifecycle"] == "active")
    explained = explain(shop, audience, other)
    assert not explained.member
    assert explained.deciding.startswith("does not meet: lifecycle is lapsed")
    with pytest.raises(Refused):
        explain(shop, audience, "nobody")


def test_an_excluded_member_is_told_the_reason_of_the_funnel(shop: LoadedShop) -> None:
    audience = found(shop, *LAPSED_HIGH)
    contacted = {row["customer_id"] for row in shop.eligible_rows(audience, ["customer_id"])}
    members = [
        row["customer_id"]
        for row in _rows(shop, "lifecycle", "value_tier")
        if (row["lifecycle"], row["value_tier"]) == ("lapsed", "high")
    ]
    excluded = [explain(shop, audience, i) for i in members if i not in contacted][:5]
    assert excluded and all(e.member and e.excluded_by in {s.reason for s in audience.funnel} for e in excluded)


def test_changes_replace_add_and_remove() -> None:
    before = [Condition.model_validate(c) for c in (*LAPSED_HIGH, {"field": "country", "op": "eq", "value": "FR"})]
    germany = Condition.model_validate({"field": "country", "op": "eq", "value": "DE"})
    assert changed(before, [germany], "replace_same_field", [])[-1] == germany
    assert len(changed(before, [germany], "replace_same_field", [])) == 3
    assert len(changed(before, [germany], "add", [])) == 4
    assert [c.field for c in changed(before, [], "remove_field", ["country", "value_tier"])] == ["lifecycle"]
    assert changed(before, [germany], "replace_all", []) == [germany]


def test_a_number_of_days_replaces_the_word_lapsed() -> None:
    before = [Condition.model_validate(c) for c in LAPSED_HIGH]
    days = Condition.model_validate({"field": "last_purchase_days", "op": "gte", "value": 90})
    assert [c.field for c in changed(before, [days], "replace_same_field", [])] == ["value_tier", "last_purchase_days"]


def test_who_joined_and_left_and_the_overlap_agree(shop: LoadedShop) -> None:
    a = found(shop, *LAPSED_HIGH)
    b = found(shop, {"field": "value_tier", "op": "eq", "value": "high"})
    joined, left = joined_and_left(shop, a, b)
    assert (joined, left) == (b.matched - a.matched, 0)
    assert overlap(shop, a, b) == a.matched


def test_an_audience_can_stand_in_another(shop: LoadedShop) -> None:
    inner = found(shop, *LAPSED_HIGH)
    seeing = shop.seeing(lambda audience_id: {inner.id: inner}[audience_id])
    outer = found(seeing, {"field": "value_tier", "op": "eq", "value": "high"}, {"not": {"audience": inner.id}})
    everybody = found(shop, {"field": "value_tier", "op": "eq", "value": "high"})
    assert outer.matched == everybody.matched - inner.matched


def test_people_of_a_running_campaign_are_left_alone(shop: LoadedShop) -> None:
    live = found(shop, *LAPSED_HIGH)
    seeing = shop.seeing(lambda audience_id: {live.id: live}[audience_id])
    audience = found(seeing, {"field": "value_tier", "op": "eq", "value": "high"}, live_audiences=(live.id,))
    removed = {step.reason: step.removed for step in audience.funnel}
    assert removed["live_campaign"] == live.eligible


def test_a_limit_takes_the_highest_spenders(shop: LoadedShop) -> None:
    limited = shop.check(AudienceDefinition(limit=10))
    audience = find(shop, limited, "email", ContactRules())
    ranked = sorted(_rows(shop, "total_spend"), key=lambda row: (-row["total_spend"], row["customer_id"]))
    members = shop.engine.rows(shop.compiler(limited.thresholds).members(limited))
    assert audience.matched == 10
    assert {row[0] for row in members} == {row["customer_id"] for row in ranked[:10]}


def test_one_person_with_two_records_is_contacted_once(make_shop: Any) -> None:
    customers = [
        {"customer_id": "a", "email": "Jo@example.com", "consent_email": True, "suppressed": False},
        {"customer_id": "b", "email": "jo@example.com ", "consent_email": True, "suppressed": False},
        {"customer_id": "c", "email": "kim@example.com", "consent_email": True, "suppressed": False},
        {"customer_id": "d", "email": "kim@example.com", "consent_email": True, "suppressed": True},
        {"customer_id": "e", "email": None, "consent_email": True, "suppressed": False},
        {"customer_id": "f", "email": "f@example.com", "consent_email": None, "suppressed": False},
    ]
    orders = [_order("1", "a", 40), _order("2", "b", 10)]
    shop = make_shop(customers, orders)
    audience = find(shop, AudienceDefinition(), "email", ContactRules())
    removed = {step.reason: step.removed for step in audience.funnel if step.removed}
    assert removed == {"consent": 1, "no_address": 1, "suppressed": 2, "duplicate": 1}
    assert [row["customer_id"] for row in shop.eligible_rows(audience, ["customer_id"])] == ["b"]


def test_without_a_consent_column_the_funnel_says_that_it_is_unknown(make_shop: Any) -> None:
    shop = make_shop([], [_order("1", "a", 40), _order("2", "b", 10)])
    audience = find(shop, AudienceDefinition(), "email", ContactRules())
    assert audience.eligible == 2
    assert "unknown" in audience.funnel[0].note
    unchecked = [step.reason for step in audience.funnel if not step.checked]
    assert unchecked == ["consent", "no_address", "suppressed", "frequency_cap"]
    assert {step.note for step in audience.funnel if not step.checked} <= set(audience.warnings)
    with pytest.raises(Refused, match="birth_date"):
        shop.check(definition({"field": "age", "op": "gt", "value": 3}))


def test_windows_count_from_midnight_of_the_reference_date(make_shop: Any) -> None:
    shop = make_shop([], [_order("1", "edge", 30, hour=0), _order("2", "late", 31, hour=23), _order("3", "after", -1)])
    within = shop.check(definition({"bought": {}, "within_days": 30}))
    assert shop.count(within) == 1
    assert shop.count(shop.check(definition({"not": {"bought": {}, "within_days": 30}}))) == 2
    assert shop.customer("edge")["last_purchase_days"] == 30
    assert shop.customer("after")["lifecycle"] == "never_ordered"


def test_missing_values_match_only_negations(make_shop: Any) -> None:
    customers = [{"customer_id": "a", "city": "Cork"}, {"customer_id": "b", "city": None}]
    shop = make_shop(customers, [_order("1", "a", 3)])
    for form, count in (
        ({"field": "city", "op": "eq", "value": "Cork"}, 1),
        ({"field": "city", "op": "ne", "value": "Cork"}, 1),
        ({"not": {"field": "city", "op": "eq", "value": "Cork"}}, 1),
        ({"field": "city", "op": "is_null"}, 1),
        ({"field": "city", "op": "contains", "value": "or"}, 1),
        ({"not": {"field": "last_purchase_days", "op": "lte", "value": 100}}, 1),
    ):
        assert shop.count(shop.check(definition(form))) == count, form


def test_returns_are_left_out_or_netted(make_shop: Any) -> None:
    lines = [_order("1", "a", 30, amount=100.0), _order("2", "a", 20, amount=-40.0, is_return=True)]
    shop = make_shop([], lines)
    assert shop.customer("a")["total_spend"] == 100.0
    assert shop.customer("a")["orders_count"] == 1
    net = AudienceDefinition.model_validate(
        {"all_of": [{"field": "total_spend", "op": "eq", "value": 60}], "thresholds": {"net_of_returns": True}}
    )
    assert shop.count(shop.check(net)) == 1


def test_the_description_adds_up(shop: LoadedShop) -> None:
    data = describe(shop)
    assert sum(data["lifecycle"].values()) == sum(data["value_tier"].values()) == data["customers"] == 2000
    assert data["synthetic"] is True


def test_a_profile_of_everybody_is_the_whole(shop: LoadedShop) -> None:
    everybody = shop.check(AudienceDefinition())
    data = profile(shop, shop.compiler(everybody.thresholds).members(everybody), everybody)
    assert (data["share"], data["spend_share"]) == (1.0, 1.0)


def test_baselines_come_from_the_orders(shop: LoadedShop) -> None:
    rate = shop.baseline("conversion_rate", 30)
    assert rate is not None and 0 < rate[0] < 1 and "30 days" in rate[1]
    assert shop.baseline("open_rate", 30) is None


def test_eligible_members_with_a_further_condition(shop: LoadedShop) -> None:
    audience = found(shop, *LAPSED_HIGH)
    gold = shop.count_eligible(audience, {"field": "loyalty_tier", "op": "eq", "value": "gold"})
    rows = list(shop.eligible_rows(audience, ["loyalty_tier"]))
    assert gold == sum(row["loyalty_tier"] == "gold" for row in rows)


def _rows(shop: LoadedShop, *columns: str) -> list[Mapping[str, Any]]:
    return list(shop.select(["customer_id", *columns], Sql("TRUE"), shop.as_of, ThresholdSettings()))


def _order(
    order_id: str, customer_id: str, days: int, *, amount: float = 10.0, hour: int = 12, is_return: bool = False
) -> dict[str, Any]:
    day = date(2026, 6, 15) - timedelta(days=days)
    ordered = datetime(day.year, day.month, day.day, hour)  # noqa: DTZ001 - the dataset holds UTC without a zone
    return {
        "order_id": order_id,
        "customer_id": customer_id,
        "ordered_at": ordered,
        "amount": amount,
        "is_return": is_return,
    }
