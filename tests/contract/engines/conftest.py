"""Both engines over one small, awkward dataset, and a plain-Python oracle that shares no code with them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.util import find_spec
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from app.domain.audience import ThresholdSettings
from plugins.segmentation.dataset import Dataset, Manifest, open_dataset, replacing, write_manifest
from plugins.segmentation.duckdb_engine import DuckDBEngine
from plugins.segmentation.engine import Engine
from plugins.segmentation.shop import LoadedShop

AS_OF = date(2026, 6, 15)
CATEGORIES = ["shoes", "Garden", "toys", None]


@dataclass(frozen=True)
class Small:
    """A dataset of 150 customers and 600 lines, and the rows it was written from."""

    dataset: Dataset
    customers: list[dict[str, Any]]
    lines: list[dict[str, Any]]


@dataclass(frozen=True)
class Oracle:
    """Evaluates definitions on rows, the slow and obvious way."""

    customers: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    thresholds: dict[str, Any]

    def members(self, conditions: list[dict[str, Any]]) -> list[str]:
        facts = {row["customer_id"]: self._facts(row) for row in self.customers}
        return sorted(i for i, f in facts.items() if all(self.holds(c, f) for c in conditions))

    def holds(self, condition: dict[str, Any], facts: dict[str, Any]) -> bool:
        if "not" in condition:
            return not self.holds(condition["not"], facts)
        if "any_of" in condition:
            return any(self.holds(c, facts) for c in condition["any_of"])
        if "all_of" in condition:
            return all(self.holds(c, facts) for c in condition["all_of"])
        if "bought" in condition:
            return self._bought(condition, facts)
        op, value = condition["op"], condition["value"]
        if op in ("ne", "not_in"):
            return not self.holds({**condition, "op": "eq" if op == "ne" else "in"}, facts)
        return self._compare(op, facts[condition["field"]], value)

    def _compare(self, op: str, have: Any, value: Any) -> bool:
        if op == "is_null":
            return have is None
        if have is None:
            return False
        if isinstance(have, str):
            have = have.lower()
            value = [v.lower() for v in value] if isinstance(value, list) else value.lower()
        checks: dict[str, Any] = {
            "eq": lambda: have == value, "in": lambda: have in value, "gt": lambda: have > value,
            "gte": lambda: have >= value, "lt": lambda: have < value, "lte": lambda: have <= value,
            "between": lambda: value[0] <= have <= value[1], "contains": lambda: value in have,
        }  # fmt: skip
        return bool(checks[op]())

    def _bought(self, condition: dict[str, Any], facts: dict[str, Any]) -> bool:
        since = datetime.combine(AS_OF - timedelta(days=condition.get("within_days", 40_000)), datetime.min.time())
        wanted = condition["bought"].get("category")
        orders = {
            line["order_id"]
            for line in facts["lines"]
            if not line["is_return"] and line["ordered_at"] >= since
            and (wanted is None or (line["category"] or "").lower() == wanted.lower())
        }  # fmt: skip
        return len(orders) >= condition.get("at_least", 1)

    def _facts(self, row: dict[str, Any]) -> dict[str, Any]:
        end = datetime.combine(AS_OF + timedelta(days=1), datetime.min.time())
        lines = [x for x in self.lines if x["customer_id"] == row["customer_id"] and x["ordered_at"] < end]
        bought = [x for x in lines if not x["is_return"]]
        orders = {x["order_id"] for x in bought}
        days = [(AS_OF - x["ordered_at"].date()).days for x in bought]
        spend = sum((x["amount"] for x in bought), Decimal(0))
        born = row["birth_date"]
        return {
            "lines": lines, "country": row["country"], "city": row["city"], "gender": row["gender"],
            "orders_count": len(orders), "total_spend": float(spend),
            "last_purchase_days": min(days) if days else None,
            "age": None if born is None else AS_OF.year - born.year - (AS_OF.timetuple()[1:3] < born.timetuple()[1:3]),
            "lifecycle": self._lifecycle(days), "value_tier": self._tier(len(orders), float(spend)),
        }  # fmt: skip

    def _lifecycle(self, days: list[int]) -> str:
        if not days:
            return "never_ordered"
        if max(days) <= self.thresholds["new_days"]:
            return "new"
        if min(days) <= self.thresholds["active_days"]:
            return "active"
        return "lapsed" if min(days) > self.thresholds["lapsed_days"] else "at_risk"

    def _tier(self, orders: int, spend: float) -> str | None:
        if not orders:
            return None
        if spend >= self.thresholds["high_spend"]:
            return "high"
        return "low" if spend < self.thresholds["low_spend"] else "mid"


def _rows() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    rng = np.random.default_rng(11)

    def pick(values: list[Any]) -> Any:
        return values[int(rng.integers(len(values)))]

    customers = [
        {
            "customer_id": f"c{n:03d}",
            "country": pick(["GB", "DE", "FR", None]),
            "city": pick(["Köln", "Cork", "CORK", None]),
            "gender": pick(["female", "male", None]),
            "email": pick([f"p{n % 60}@example.com", f"P{n % 60}@Example.com ", None]),
            "phone": pick([f"+44 161 496 0{n % 70:03d}", None]),
            "birth_date": pick([date(1960 + n % 50, 6, 14 + n % 3), None]),
            "consent_email": pick([True, True, False, None]),
            "consent_sms": pick([True, None]),
            "suppressed": bool(rng.random() < 0.1),
            "sends_7d": int(rng.integers(0, 7)),
        }
        for n in range(150)
    ]
    lines: list[dict[str, Any]] = []
    for number in range(600):
        days = int(rng.choice([0, 1, 29, 30, 31, 89, 90, 91, 180, 365, 700, -2]))
        midnight = datetime.combine(AS_OF - timedelta(days=days), datetime.min.time())
        back = bool(rng.random() < 0.08)
        lines.append(
            {
                "order_id": f"o{number // 2}",
                "customer_id": f"c{(number // 2 * 7) % 131:03d}",
                "ordered_at": midnight + timedelta(seconds=int(rng.integers(0, 86400))),
                "amount": Decimal(int(rng.integers(1, 20_000))).scaleb(-2) * (-1 if back else 1),
                "category": pick(CATEGORIES),
                "product": pick(["Knitted fox", "Deck shoes", "Kite"]),
                "is_return": back,
            }
        )
    return customers, lines


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    customers, lines = _rows()
    path = tmp_path_factory.mktemp("small") / "small"
    with replacing(path) as folder:
        pq.write_table(pa.Table.from_pylist(customers), folder / "customers.parquet")
        pq.write_table(pa.Table.from_pylist(lines), folder / "orders.parquet")
        stamp = datetime(2026, 6, 15, tzinfo=UTC)
        manifest = Manifest(dataset_id="small", name="small", as_of=AS_OF, created_at=stamp, order_lines=len(lines))
        write_manifest(folder, manifest)
    return Small(open_dataset(path), customers, lines)


@pytest.fixture(scope="session")
def duckdb_engine() -> Iterator[Engine]:
    engine = DuckDBEngine(threads=1)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def spark_engine() -> Iterator[Engine]:
    if find_spec("pyspark") is None:
        pytest.skip("the extra spark is not installed")
    if shutil.which("java") is None:
        pytest.skip("there is no Java")
    from plugins.segmentation.spark_engine import SparkEngine

    engine = SparkEngine("local[2]", shuffle_partitions=2)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def duckdb_shop(duckdb_engine: Engine, small: Small) -> LoadedShop:
    return LoadedShop(duckdb_engine, small.dataset)


@pytest.fixture(scope="session")
def spark_shop(spark_engine: Engine, small: Small) -> LoadedShop:
    return LoadedShop(spark_engine, small.dataset)


@pytest.fixture(scope="session")
def oracle(duckdb_shop: LoadedShop, small: Small) -> Oracle:
    return Oracle(small.customers, small.lines, duckdb_shop.thresholds(ThresholdSettings()).as_data())
