"""Into how many groups, and by which method, a message wants the customers divided."""

from __future__ import annotations

from typing import Any

import pytest

from app.llm.offline.divisions import division


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("segment my customers", {"method": "rfm"}),
        ("segment my customers into 12 groups", {"method": "kmeans", "k": 12}),
        ("cluster them into six segments", {"method": "kmeans", "k": 6}),
        ("make three different customer segments", {"method": "kmeans", "k": 3}),
        ("hierarchical with k=4", {"method": "hierarchical", "k": 4}),
        ("rfm in 5 segments", {"method": "rfm", "k": 5}),
        ("hdbscan please", {"method": "hdbscan"}),
        ("segments of customers who ordered 3 times", {"method": "rfm"}),
        ("segments as of 2026", {"method": "rfm"}),
    ],
)
def test_the_method_and_the_number_of_groups(text: str, expected: dict[str, Any]) -> None:
    assert division(text) == expected
