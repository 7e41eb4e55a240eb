"""How fast audiences and segments are, as ratios within one run: ``segmentation.py [CUSTOMERS ...]``, ten orders each.

Each measurement runs in a fresh process and reports CPU seconds (user and system, all threads) and peak memory. RFM
with named segments from a Parquet file of transactions is compared with pandas and polars doing the same, and with
reading the bytes.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

AS_OF = date(2026, 6, 15)
FIFTHS = [0.2, 0.4, 0.6, 0.8]


def write_dataset(folder: Path, customers: int) -> None:
    """Write a dataset of ``customers`` with ten order lines each."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    from plugins.segmentation.dataset import Manifest, write_manifest

    rng = np.random.default_rng(3)
    lines = customers * 10
    end = int(datetime(2026, 6, 15, tzinfo=UTC).timestamp())
    with pq.ParquetWriter(folder / "orders.parquet", _order_schema(pa), compression="zstd") as writer:
        for start in range(0, lines, 5_000_000):
            size = min(5_000_000, lines - start)
            who = (rng.beta(0.6, 2.5, size) * customers).astype(np.int64)
            cents = np.maximum(1, rng.lognormal(7.5, 0.9, size)).astype(np.int64)
            raw = np.zeros((size, 2), dtype="<i8")
            raw[:, 0] = cents
            columns = [
                pa.array(np.arange(start, start + size)).cast(pa.string()),
                pa.array(who).cast(pa.string()),
                pa.array((end - rng.exponential(200, size) * 86400).astype(np.int64) * 1_000_000, pa.timestamp("us")),
                pa.Array.from_buffers(pa.decimal128(18, 2), size, [None, pa.py_buffer(raw.tobytes())]),
            ]
            writer.write_table(pa.table(columns, schema=_order_schema(pa)))
    stamp = datetime(2026, 6, 15, tzinfo=UTC)
    write_manifest(folder, Manifest(dataset_id="bench", name="bench", as_of=AS_OF, created_at=stamp, order_lines=lines))


def _order_schema(pa: Any) -> Any:
    return pa.schema(
        [
            ("order_id", pa.string()),
            ("customer_id", pa.string()),
            ("ordered_at", pa.timestamp("us")),
            ("amount", pa.decimal128(18, 2)),
        ]
    )


def read_bytes(folder: Path) -> Any:
    """Read the file and do nothing with it."""
    total = 0
    with (folder / "orders.parquet").open("rb") as file:
        while chunk := file.read(1 << 22):
            total += len(chunk)
    return total


def ours(folder: Path) -> Any:
    """RFM from the file, as ``cpo segment`` does: every field of every customer, then scores, names and profiles."""
    from plugins.segmentation.dataset import open_dataset
    from plugins.segmentation.duckdb_engine import DuckDBEngine
    from plugins.segmentation.recency import rfm
    from plugins.segmentation.shop import LoadedShop

    engine = DuckDBEngine(memory_limit="1500MB", spill=folder / "spill")
    result = rfm(LoadedShop(engine, open_dataset(folder)))
    return {s.name: [s.customers, round(s.spend * 100)] for s in sorted(result.segments, key=lambda s: s.name)}


def counting(folder: Path) -> Any:
    """Load once, then count five new definitions; only the counts are timed."""
    from app.domain.audience import AudienceDefinition
    from plugins.segmentation.dataset import open_dataset
    from plugins.segmentation.duckdb_engine import DuckDBEngine
    from plugins.segmentation.shop import LoadedShop

    shop = LoadedShop(DuckDBEngine(memory_limit="3GB", spill=folder / "spill"), open_dataset(folder))
    first = shop.check(AudienceDefinition.model_validate([{"field": "lifecycle", "value": "lapsed"}]))
    shop.count(first)
    begun = time.process_time()
    for days in range(5):
        form = [
            {"field": "last_purchase_days", "op": "gte", "value": 90 + days},
            {"field": "value_tier", "value": "high"},
        ]
        shop.count(shop.check(AudienceDefinition.model_validate(form)))
    return {"cpu_seconds_a_count": round((time.process_time() - begun) / 5, 4)}


def kmeans(folder: Path) -> Any:
    """Group with k-means; loading is not timed."""
    from plugins.segmentation.clusters import cluster
    from plugins.segmentation.dataset import open_dataset
    from plugins.segmentation.duckdb_engine import DuckDBEngine
    from plugins.segmentation.shop import LoadedShop

    shop = LoadedShop(DuckDBEngine(memory_limit="3GB", spill=folder / "spill"), open_dataset(folder))
    shop.tables()
    begun = time.process_time()
    result = cluster(shop, "kmeans")
    return {"cpu_seconds_after_loading": round(time.process_time() - begun, 2), "k": result.definition["k"]}


def with_pandas(folder: Path) -> Any:
    """The same RFM in pandas."""
    import numpy as np
    import pandas as pd
    import pyarrow.parquet as pq

    table = pq.read_table(folder / "orders.parquet", columns=["customer_id", "order_id", "ordered_at", "amount"])
    frame = table.to_pandas(types_mapper=pd.ArrowDtype)
    frame["minor"] = (frame["amount"].astype("float64") * 100).round().astype("int64")
    grouped = frame.groupby("customer_id", sort=False).agg(
        last=("ordered_at", "max"), n=("order_id", "nunique"), m=("minor", "sum")
    )
    days = (pd.Timestamp(AS_OF) - grouped["last"].astype("datetime64[us]").dt.normalize()).dt.days.to_numpy()
    return _named(days, grouped["n"].to_numpy(dtype=np.int64), grouped["m"].to_numpy(dtype=np.int64))


def with_polars(folder: Path) -> Any:
    """The same RFM in polars."""
    import polars as pl

    found = (
        pl.scan_parquet(folder / "orders.parquet")
        .group_by("customer_id")
        .agg(
            pl.col("ordered_at").max().alias("last"),
            pl.col("order_id").n_unique().alias("n"),
            (pl.col("amount").cast(pl.Float64) * 100).round().cast(pl.Int64).sum().alias("m"),
        )
        .collect(engine="streaming")
    )
    days = (pl.lit(AS_OF) - pl.col("last").dt.date()).dt.total_days()
    recency = found.select(days).to_series().to_numpy()
    return _named(recency, found["n"].to_numpy().astype("int64"), found["m"].to_numpy())


def _named(days: Any, orders: Any, minor: Any) -> Any:
    import numpy as np

    from plugins.segmentation.recency import GRID

    def above(values: Any, within: Any, shares: list[float]) -> Any:
        cuts = np.quantile(within, shares, method="inverted_cdf")
        return (values[:, None] > cuts[None, :]).sum(axis=1)

    r = 5 - above(days, days, FIFTHS)
    f = np.where(orders == 1, 1, 2 + above(orders, orders[orders > 1], [0.25, 0.5, 0.75]))
    counts = {name: 0 for row in GRID.values() for name in row}
    spend = dict(counts)
    for recent, row in GRID.items():
        for often, name in enumerate(row, start=1):
            inside = (r == recent) & (f == often)
            counts[name] += int(inside.sum())
            spend[name] += int(minor[inside].sum())
    return {name: [counts[name], spend[name]] for name in sorted(counts) if counts[name]}


TASKS: dict[str, Callable[[Path], Any]] = {
    "read": read_bytes, "ours": ours, "pandas": with_pandas, "polars": with_polars, "count": counting, "kmeans": kmeans,
}  # fmt: skip


def measure(task: str, folder: Path) -> dict[str, Any]:
    """Run one task in a fresh process; return its answer, CPU seconds, wall seconds and peak memory in MB."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).resolve()), "--task", task, str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1:] or done.returncode}
    return json.loads(done.stdout.strip().splitlines()[-1])


def run_task(task: str, folder: Path) -> None:
    """Do one task and print what it cost."""
    begun = time.perf_counter()
    answer = TASKS[task](folder)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "answer": answer,
                "cpu_s": round(used.ru_utime + used.ru_stime, 2),
                "wall_s": round(time.perf_counter() - begun, 2),
                "peak_mb": _peak_mb(used.ru_maxrss),
            }
        )
    )


def _peak_mb(fallback_kb: int) -> int:
    """Return the peak memory of this program alone; getrusage also counts what its parent held when it forked."""
    status = Path("/proc/self/status")
    if status.exists():
        found = [
            line.split()[1] for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM")
        ]
        return int(found[0]) // 1024
    return fallback_kb // 1024


def report(customers: int, tasks: list[str]) -> float | None:
    """Measure one size, print a table with ratios to the best peer, and return our CPU seconds (None: failed)."""
    with tempfile.TemporaryDirectory(prefix="cpo-bench-") as name:
        folder = Path(name)
        write_dataset(folder, customers)
        size = (folder / "orders.parquet").stat().st_size // 2**20
        print(f"\n{customers:,} customers, {customers * 10:,} transactions, {size} MB of Parquet")
        found = {task: measure(task, folder) for task in tasks}
    peers = [found[task]["cpu_s"] for task in ("pandas", "polars") if "cpu_s" in found.get(task, {})]
    for task, result in found.items():
        if "failed" in result:
            print(f"  {task:<8} failed: {result['failed']}")
            continue
        ratio = f"{result['cpu_s'] / min(peers):5.2f} x the best peer" if peers and task == "ours" else ""
        extra = result["answer"] if task in ("count", "kmeans") else ""
        cost = f"{result['cpu_s']:7.2f} CPU s {result['wall_s']:7.2f} s {result['peak_mb']:6d} MB"
        print(f"  {task:<8} {cost}  {ratio}{extra}")
    answers = [found[task].get("answer") for task in ("ours", "pandas", "polars") if task in found]
    print(f"  the same segments: {'yes' if all(a == answers[0] is not None for a in answers) else 'NO'}")
    return found["ours"].get("cpu_s")


def main(arguments: list[str]) -> None:
    """Measure each size asked for; 100,000 and a million when none is. Ten million take some minutes."""
    if arguments[:1] == ["--task"]:
        run_task(arguments[1], Path(arguments[2]))
        return
    for customers in [int(a) for a in arguments] or [100_000, 1_000_000]:
        tasks = list(TASKS) if customers <= 1_000_000 else ["read", "ours", "polars"]
        spent = report(customers, tasks)
        if spent is not None:
            print(f"  {spent / customers * 1e6:.1f} CPU s for each million customers")


if __name__ == "__main__":
    main(sys.argv[1:])
