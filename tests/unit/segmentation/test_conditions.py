"""A definition is checked against what the data can tell; what they cannot is said another way where there is one."""

from __future__ import annotations

import pytest

from app.domain.audience import AudienceDefinition
from app.domain.errors import Refused
from plugins.segmentation.conditions import Vocabulary, check

PRODUCTS_ONLY = Vocabulary(fields={}, has_products=True)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"op": "eq", "value": "cakestands"}, [{"bought": {"product": "cakestands"}}]),
        ({"op": "ne", "value": "candles"}, [{"not": {"bought": {"product": "candles"}}}]),
        (
            {"op": "in", "value": ["mugs", "cups"]},
            [{"any_of": [{"bought": {"product": "mugs"}}, {"bought": {"product": "cups"}}]}],
        ),
    ],
)
def test_a_liking_is_read_from_product_names_where_there_are_no_categories(
    given: dict[str, object], meant: list[dict[str, object]]
) -> None:
    asked = AudienceDefinition.model_validate([{"field": "favourite_category", **given}])
    assert check(asked, PRODUCTS_ONLY).as_json()["all_of"] == meant


def test_without_products_it_stays_an_error() -> None:
    asked = AudienceDefinition.model_validate([{"field": "favourite_category", "op": "eq", "value": "mugs"}])
    with pytest.raises(Refused, match="favourite_category"):
        check(asked, Vocabulary(fields={}))
