"""A definition and its words say the same, both ways, whatever is in it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.audience import AudienceDefinition, Condition
from app.domain.errors import UserFixable
from plugins.segmentation.wording import in_words, parse_words

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(
    lambda t: t.strip() == t
)
numbers = st.integers(-1000, 10**6) | st.floats(-1000, 10**6, allow_nan=False).map(lambda f: round(f, 2))
days = st.integers(1, 3650)
counted: Any = st.fixed_dictionaries({}, optional={"within_days": days, "at_least": st.integers(1, 50)})


def leaf() -> st.SearchStrategy[dict[str, Any]]:
    number_field = st.sampled_from(["age", "total_spend", "orders_count", "last_purchase_days", "email_open_rate"])
    text_field = st.sampled_from(["city", "country", "favourite_category", "lifecycle", "consent"])
    return st.one_of(
        st.builds(lambda f, o, v: {"field": f, "op": o, "value": v}, number_field,
                  st.sampled_from(["eq", "ne", "gt", "gte", "lt", "lte"]), numbers),
        st.builds(lambda f, a, b: {"field": f, "op": "between", "value": [a, b]}, number_field, numbers, numbers),
        st.builds(lambda f, o, v: {"field": f, "op": o, "value": v}, text_field,
                  st.sampled_from(["eq", "ne", "contains"]), texts),
        st.builds(lambda f, o, v: {"field": f, "op": o, "value": v}, text_field, st.sampled_from(["in", "not_in"]),
                  st.lists(texts, min_size=1, max_size=4)),
        st.builds(lambda f, v: {"field": f, "op": "is_null", "value": v}, text_field, st.booleans()),
        st.builds(lambda v: {"field": "total_spend", "op": "top_percent", "value": v}, st.integers(1, 99)),
        st.builds(lambda b, c: {"bought": b, **c},
                  st.fixed_dictionaries({}, optional={"category": texts, "product": texts}), counted),
        st.builds(lambda form, c: {form: True, **c}, st.sampled_from(["opened", "clicked"]), counted),
        st.builds(lambda i: {"audience": i}, texts),
    )  # fmt: skip


trees = st.recursive(
    leaf(),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda several: {"any_of": several}),
        st.lists(inner, min_size=2, max_size=3).map(lambda several: {"all_of": several}),
        inner.map(lambda one: {"not": one}),
    ),
    max_leaves=8,
)


@given(st.lists(trees, max_size=4), st.none() | st.integers(1, 10_000))
def test_words_and_definition_are_stable_both_ways(conditions: list[dict[str, Any]], limit: int | None) -> None:
    definition = AudienceDefinition.model_validate({"all_of": conditions, "limit": limit})
    words = in_words(definition)
    again = parse_words(words)
    assert again.all_of == definition.all_of
    assert again.limit == limit
    assert in_words(again) == words


def test_words_read_like_a_sentence() -> None:
    definition = AudienceDefinition.model_validate(
        [
            {"field": "lifecycle", "op": "eq", "value": "lapsed"},
            {"bought": {"category": "shoes"}, "within_days": 365},
            {"not": {"field": "country", "op": "in", "value": ["DE", "FR"]}},
        ]
    )
    assert in_words(definition) == (
        "lifecycle is lapsed and bought category shoes in the last 365 days and not (country is one of DE, FR)"
    )


def test_nobody_said_means_everybody() -> None:
    assert in_words(AudienceDefinition()) == "all customers"
    assert parse_words("all customers") == AudienceDefinition()


@pytest.mark.parametrize("words", ["the best people", "lifecycle is", "age is over 30 and", "(age is 3", "bought"])
def test_other_words_are_refused(words: str) -> None:
    with pytest.raises(UserFixable):
        parse_words(words)


@pytest.mark.parametrize(
    ("given_form", "problem"),
    [
        ({"field": "religion", "op": "eq", "value": "x"}, "sensitive"),
        ({"field": "total_spent", "op": "gt", "value": 1}, "nearest: total_spend"),
        ({}, "exactly one of"),
        ({"field": "age", "any_of": []}, "exactly one of"),
        ({"field": "age"}, "needs a value"),
        ({"bought": {}, "op": "eq"}, "op and value go with field"),
    ],
)
def test_a_condition_says_what_is_wrong_with_it(given_form: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Condition.model_validate(given_form)


def test_usual_other_names_of_fields_are_understood() -> None:
    assert Condition.model_validate({"field": "AOV", "op": "gt", "value": 80}).field == "avg_order_value"
    assert Condition.model_validate({"field": "favorite category", "value": "x"}).field == "favourite_category"
