"""One door to every way of dividing customers."""

from __future__ import annotations

from typing import Literal

from plugins.segmentation.recency import TieRule, rfm
from plugins.segmentation.segments import Segmentation
from plugins.segmentation.shop import LoadedShop
from plugins.segmentation.sql import Sql

MethodName = Literal["rfm", "kmeans", "hdbscan", "dbscan", "hierarchical"]


class Segmenter:
    """Divides the customers of one shop."""

    def __init__(self, shop: LoadedShop) -> None:
        self._shop = shop

    def segment(
        self,
        method: MethodName,
        *,
        k: int | None = None,
        members: Sql | None = None,
        tie_rule: TieRule = "cut_repeat",
    ) -> Segmentation:
        """Segment everybody, or the customers of a SELECT of ids."""
        within = None if members is None else Sql.fill("f.customer_id IN ({})", members)
        if method == "rfm":
            return rfm(self._shop, tie_rule=tie_rule, within=within)
        from plugins.segmentation.clusters import cluster  # scikit-learn takes a second to import

        return cluster(self._shop, method, k=k, within=within)
