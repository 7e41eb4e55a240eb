"""What came of loading files: every row read is loaded or has a reason, and the sums say so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

REASONS = {
    "wrong_shape": "wrong number of cells",
    "no_customer": "no customer id",
    "no_date": "no date",
    "unreadable_date": "a date that cannot be read",
    "no_amount": "no amount",
    "unreadable_amount": "an amount that cannot be read",
    "other_currency": "another currency",
    "duplicate_row": "the same row again",
    "duplicate_customer": "a customer id that came before",
    "already_loaded": "an order loaded before",
}
UNREADABLE = ("wrong_shape", "unreadable_date", "unreadable_amount")


@dataclass(frozen=True)
class FileReport:
    """One file: ``rows_read`` = ``loaded`` + the sum of ``reasons``.

    ``overlap_orders`` stand in another file too, those without a customer included.
    """

    file: str
    read_as: str
    mapping: dict[str, str]
    assumptions: tuple[str, ...]
    rows_read: int
    loaded: int
    reasons: dict[str, int]
    overlap_orders: int = 0
    identical_lines: int = 0
    warnings: tuple[str, ...] = ()
    rejected_file: str | None = None


@dataclass(frozen=True)
class IngestReport:
    """All files of one call, and what the dataset holds now."""

    kind: str
    dataset_id: str
    files: tuple[FileReport, ...]
    customers: int
    orders: int
    order_lines: int
    as_of: str
    currency: str | None
    unchanged: bool = False
    extra: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def rows_read(self) -> int:
        """Rows of all files."""
        return sum(f.rows_read for f in self.files)

    @property
    def loaded(self) -> int:
        """Rows loaded from all files."""
        return sum(f.loaded for f in self.files)

    @property
    def reasons(self) -> dict[str, int]:
        """Rows not loaded, by reason."""
        total: dict[str, int] = {}
        for report in self.files:
            for reason, count in report.reasons.items():
                total[reason] = total.get(reason, 0) + count
        return total

    def as_json(self) -> dict[str, Any]:
        """Return the JSON of ``cpo ingest``."""
        return {
            "kind": self.kind,
            "dataset_id": self.dataset_id,
            "unchanged": self.unchanged,
            "rows_read": self.rows_read,
            "loaded": self.loaded,
            "not_loaded": self.reasons,
            "customers": self.customers,
            "orders": self.orders,
            "order_lines": self.order_lines,
            "as_of": self.as_of,
            "currency": self.currency,
            "files": [
                {
                    "file": f.file,
                    "read_as": f.read_as,
                    "mapping": f.mapping,
                    "assumptions": list(f.assumptions),
                    "rows_read": f.rows_read,
                    "loaded": f.loaded,
                    "not_loaded": f.reasons,
                    "overlap_orders": f.overlap_orders,
                    "identical_lines_kept": f.identical_lines,
                    "warnings": list(f.warnings),
                    "rejected_file": f.rejected_file,
                }
                for f in self.files
            ],
            **self.extra,
        }

    @property
    def words(self) -> str:
        """Say it for a person."""
        said: list[str] = []
        for f in self.files:
            mapping = ", ".join(f"{column} = {name}" for column, name in f.mapping.items())
            said += [f"{f.file}: {f.read_as}", f"  columns: {mapping}"]
            said += [f"  assumed: {text}" for text in f.assumptions]
            said.append(f"  {f.rows_read:,} rows read, {f.loaded:,} loaded")
            said += [f"  {count:,} not loaded: {REASONS[reason]}" for reason, count in f.reasons.items()]
            if f.overlap_orders:
                said.append(f"  {f.overlap_orders:,} orders were already there")
            if f.identical_lines:
                said.append(f"  {f.identical_lines:,} lines repeat another line of their order; kept")
            said += [f"  note: {text}" for text in f.warnings]
            if f.rejected_file:
                said.append(f"  rows not loaded: {f.rejected_file}")
        unchanged = " (nothing changed: these files were loaded before)" if self.unchanged else ""
        said.append(
            f"{self.dataset_id}: {self.customers:,} customers, {self.orders:,} orders, as of {self.as_of}{unchanged}"
        )
        return "\n".join(said)
