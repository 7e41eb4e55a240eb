"""A dataset on disk: customers, order lines and a manifest in one folder, written whole or not at all.

``customers.parquet`` (one row a customer) and ``orders.parquet`` (one row an order line) hold the canonical columns;
either may be missing, not both. Amounts are DECIMAL(18,2) in the manifest's currency, times are UTC without a zone.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, ValidationError

from app.domain.errors import UserFixable

CUSTOMER_COLUMNS = {
    "customer_id": "STRING", "first_name": "STRING", "last_name": "STRING", "email": "STRING", "phone": "STRING",
    "country": "STRING", "city": "STRING", "language": "STRING", "birth_date": "DATE", "gender": "STRING",
    "loyalty_tier": "STRING", "signup_date": "DATE", "consent_email": "BOOLEAN", "consent_sms": "BOOLEAN",
    "consent_push": "BOOLEAN", "suppressed": "BOOLEAN", "preferred_channel": "STRING", "last_open_at": "TIMESTAMP",
    "opens_90d": "BIGINT", "clicks_90d": "BIGINT", "sends_90d": "BIGINT", "sends_7d": "BIGINT",
}  # fmt: skip
ORDER_COLUMNS = {
    "order_id": "STRING", "customer_id": "STRING", "ordered_at": "TIMESTAMP", "amount": "DECIMAL(18,2)",
    "currency": "STRING", "quantity": "BIGINT", "category": "STRING", "product": "STRING", "is_return": "BOOLEAN",
}  # fmt: skip


class Manifest(BaseModel):
    """What the folder holds. ``as_of`` is the reference date: the day after the last order unless the shop is live.

    ``live`` says that the reference date is today. ``sources`` has one entry for each ingested file (its SHA-256,
    rows and counts).
    """

    model_config = ConfigDict(frozen=True)

    dataset_id: str
    name: str
    synthetic: bool = False
    live: bool = False
    as_of: date
    created_at: datetime
    currency: str | None = None
    customers: int = 0
    order_lines: int = 0
    sources: tuple[dict[str, Any], ...] = ()
    notes: dict[str, Any] = {}


@dataclass(frozen=True)
class Dataset:
    """An opened folder. ``customers`` and ``orders`` are paths DuckDB and Spark can read, None where absent."""

    path: Path
    manifest: Manifest
    customers: Path | None
    orders: Path | None
    customer_columns: frozenset[str]
    order_columns: frozenset[str]

    @property
    def dataset_id(self) -> str:
        """Return the id under which audiences name this dataset."""
        return self.manifest.dataset_id


def open_dataset(path: Path) -> Dataset:
    """Open a dataset folder; raise ``UserFixable`` when it is missing, unreadable or holds no table."""
    _finish_interrupted_replacement(path)
    manifest_file = path / "manifest.json"
    if not manifest_file.is_file():
        raise UserFixable(
            f"There is no dataset in {path.name!r}.", hint="Load one with `cpo ingest transactions FILE`."
        )
    try:
        manifest = Manifest.model_validate_json(manifest_file.read_bytes())
    except ValidationError as error:
        raise UserFixable(f"The manifest of dataset {path.name!r} cannot be read.", hint=str(error)) from error
    customers, orders = path / "customers.parquet", path / "orders.parquet"
    if not customers.is_file() and not orders.is_file():
        raise UserFixable(f"Dataset {path.name!r} holds neither customers nor orders.", hint="Ingest the files again.")
    return Dataset(
        path=path,
        manifest=manifest,
        customers=customers if customers.is_file() else None,
        orders=orders if orders.is_file() else None,
        customer_columns=_columns(customers),
        order_columns=_columns(orders),
    )


@contextmanager
def replacing(path: Path) -> Generator[Path]:
    """Yield an empty folder beside ``path`` that takes its place when the block ends well, and vanishes otherwise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _finish_interrupted_replacement(path)
    fresh = Path(tempfile.mkdtemp(prefix=f".{path.name}.new-", dir=path.parent))
    try:
        yield fresh
        old = _old(path)
        if path.exists():
            path.rename(old)
        fresh.rename(path)
        shutil.rmtree(old, ignore_errors=True)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write ``manifest.json`` into a folder made by ``replacing``."""
    (folder / "manifest.json").write_text(manifest.model_dump_json(indent=2), encoding="utf-8")


def _old(path: Path) -> Path:
    return path.parent / f".{path.name}.old"


def _finish_interrupted_replacement(path: Path) -> None:
    old = _old(path)
    if old.exists() and not path.exists():
        old.rename(path)
    elif old.exists():
        shutil.rmtree(old, ignore_errors=True)


def _columns(file: Path) -> frozenset[str]:
    return frozenset(pq.read_schema(file).names) if file.is_file() else frozenset()
