"""The right to be forgotten: a customer leaves the data, the assignments, the outcomes and the exports.

The audit holds no text and no id in clear, so its chain is not touched; one row records the act under a keyed hash.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.datasets import Datasets
from app.domain.errors import UserFixable
from app.keys import Keys
from app.linefiles import whole_file
from app.store import Store
from plugins.segmentation.forgetting import without_customer


def forget_customer(
    customer_id: str, *, datasets: Datasets, store: Store, keys: Keys, exports: Path, now: Callable[[], datetime]
) -> str:
    """Remove a customer everywhere and say what was removed; raise ``UserFixable`` when nothing holds them."""
    counts = without_customer(datasets.shop().dataset, customer_id)
    datasets.reopen()
    files = sum(_without_rows(path, customer_id) for path in exports.rglob("*.csv")) if exports.is_dir() else 0
    body = {"event": "forget", "customer": keys.hashed_id(customer_id), **counts, "export_rows": files}
    with store.writing() as connection:
        removed = store.forget(connection, customer_id)
        if not any([*counts.values(), removed, files]):
            raise UserFixable(f"Nobody is called {customer_id} here.", hint="Give the customer id as it was loaded.")
        store.record_decisions_in(connection, [body], now())
    return (
        f"Forgotten: {counts['customers']} customer record, {counts['order_lines']} order lines, {removed} assignments "
        f"and outcomes, {files} rows of exports. The audit keeps a keyed hash only."
    )


def _without_rows(path: Path, customer_id: str) -> int:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    kept = [row for row in rows if customer_id not in row]
    if len(kept) < len(rows):
        with whole_file(path) as target:
            target.write("\ufeff")
            csv.writer(target, lineterminator="\r\n").writerows(kept)
    return len(rows) - len(kept)
