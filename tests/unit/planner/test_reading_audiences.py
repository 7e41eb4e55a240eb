"""What marketers say becomes conditions, and only those."""

from __future__ import annotations

from datetime import date

import pytest

from app.llm.offline.audience import parse_audience

TODAY = date(2026, 6, 15)
CASES: list[tuple[str, list[tuple[str, str, object]]]] = [
    ("lapsed high-value customers", [("lifecycle", "eq", "lapsed"), ("value_tier", "eq", "high")]),
    ("people who haven't bought in 90 days", [("last_purchase_days", "gte", 90)]),
    ("women in their forties who like tea", [
        ("gender", "eq", "female"), ("age", "gte", 40), ("age", "lte", 49),
        ("favourite_category", "eq", "tea"),
    ]),
    ("everyone in DACH apart from Austria", [("country", "in", ("DE", "CH"))]),
    ("exclude anyone who has opted out of email", [("consent", "eq", "email")]),
    ("gold and above, at least 3 orders", [("loyalty_tier", "in", ("gold", "platinum")), ("orders_count", "gte", 3)]),
    ("customers who spent between 200 and 500 euros", [("total_spend", "gte", 200), ("total_spend", "lte", 500)]),
    ("not bought since April", [("last_purchase_days", "gte", 75)]),
    ("use SMS buyers from Germany instead of France", [("country", "eq", "DE")]),
    ("campaign for VIPs? no wait, for low spenders", [("value_tier", "eq", "low")]),
    ("leave the Germans out", [("country", "ne", "DE")]),
    ("bath bomb buyers", [("favourite_category", "eq", "bath bomb")]),
    ("top 10 % spenders in Germany", [("total_spend", "top_percent", 10), ("country", "eq", "DE")]),
    ("the best 2.5 percent of our customers by orders", [("orders_count", "top_percent", 2.5)]),
    ("highest quartile by average order value", [("avg_order_value", "top_percent", 25)]),
    ("how many lapsed in Leeds", [("lifecycle", "eq", "lapsed"), ("city", "eq", "Leeds")]),
    ("people in Leeds", [("city", "eq", "Leeds")]),
    ("women from Paris or New York", [("gender", "eq", "female"), ("city", "in", ("Paris", "New York"))]),
    ("VIPs in Berlin, not in Hamburg", [
        ("value_tier", "eq", "high"), ("city", "eq", "Berlin"), ("city", "ne", "Hamburg"),
    ]),
    ("lapsed customers in Germany", [("lifecycle", "eq", "lapsed"), ("country", "eq", "DE")]),
    ("a campaign in May for VIPs", [("value_tier", "eq", "high")]),
    ("customers in Klaviyo who like tea", [("favourite_category", "eq", "tea")]),
    ("the best 20% discount for lapsed customers", [("lifecycle", "eq", "lapsed")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_sentence_becomes_conditions(text: str, expected: list[tuple[str, str, object]]) -> None:
    found = [(c.field, c.op, c.value) for c in parse_audience(text, TODAY)[0]]
    assert sorted(map(str, found)) == sorted(map(str, expected))


def test_typing_mistakes_and_capitals_change_nothing() -> None:
    plain = parse_audience("lapsed customers in Germany", TODAY)
    assert parse_audience("LAPSED CUSTOMERS IN GERMANY", TODAY) == plain
    assert parse_audience("lapsed custoemrs in germnay", TODAY) == plain


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("target customers who own a dog", ("who own a dog",)),
        ("lapsed customers called Smith", ("called smith",)),
        ("top 100 customers", ("top 100 customers",)),
        ("a campaign for lapsed customers who have ordered twice", ()),
        ("summer campaign for women in France with 3 variants and a 10 % discount", ()),
    ],
)
def test_a_restriction_that_nothing_reads_is_named(text: str, unread: tuple[str, ...]) -> None:
    assert parse_audience(text, TODAY)[1] == unread
