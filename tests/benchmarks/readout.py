"""Time a readout and an assignment against one pass of the engine over the same columns. Prints ratios.

    python tests/benchmarks/readout.py [ROWS ...]        (default 1000000 10000000)

gbstats (numpy < 2) and spotify-confidence (pandas < 3) cannot be installed beside this project's numpy and pandas, so
they are not timed here; run them in an environment of their own on the file this command leaves with --keep.
"""

from __future__ import annotations

import hashlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb

from plugins.experiment.assignment import deal, unit_hashes
from plugins.experiment.counts import study_from_json
from plugins.experiment.readout import read
from plugins.experiment.rows import Columns, read_rows
from plugins.experiment.study import Rules

OUTCOMES = ("clicked", "converted", "revenue")


def timed(work: Callable[[], object], runs: int = 5) -> float:
    """Return the median seconds of some runs, after one that warms up."""
    work()
    found: list[float] = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return statistics.median(found)


def write_rows(path: Path, rows: int) -> None:
    """Write people in 3 arms with two rates, money and its pre-period, and a breakdown of 4 levels."""
    duckdb.execute("SELECT setseed(0.5)")
    duckdb.execute(
        f"""COPY (SELECT ['control', 'A', 'B'][1 + (i % 3)] AS arm, r1 < 0.08 AS clicked, r2 < 0.02 AS converted,
            CASE WHEN r2 < 0.02 THEN round(20 + 60 * r3 * r3, 2) ELSE 0 END AS revenue,
            round(100 * r4 * r3, 2) AS spend_before, ['new', 'active', 'lapsed', 'lost'][1 + (i // 3) % 4] AS lifecycle
            FROM (SELECT range AS i, random() AS r1, random() AS r2, random() AS r3, random() AS r4 FROM range({rows})))
            TO '{path}' (FORMAT parquet, COMPRESSION zstd)"""
    )


def engine_pass(path: Path) -> Callable[[], object]:
    """Return the engine's own single group-by over the same columns: counts, sums and squares."""
    query = f"""SELECT arm, lifecycle, count(*), sum(clicked::INT), sum(converted::INT), sum(revenue),
        sum(revenue * revenue), sum(spend_before), sum(spend_before * spend_before), sum(spend_before * revenue)
        FROM read_parquet('{path}') GROUP BY ALL"""

    def run() -> object:
        with duckdb.connect() as db:
            return db.execute(query).fetchall()

    return run


def readout_of(path: Path) -> object:
    """Make the complete readout: 3 arms, 3 metrics, covariate, one breakdown, decision and words."""
    columns = Columns("arm", OUTCOMES, covariate="spend_before", by=("lifecycle",))
    return read(read_rows(path, columns, control="control"), Rules())


def report_readout(rows: int, folder: Path) -> None:
    path = folder / f"people-{rows}.parquet"
    write_rows(path, rows)
    once, whole = timed(engine_pass(path)), timed(lambda: readout_of(path))
    print(f"readout  {rows:>11,} rows  engine pass {once:7.3f} s  readout {whole:7.3f} s  ratio {whole / once:5.2f}")


def report_assignment(people: int) -> None:
    ids = [f"C{i:09}" for i in range(people)]
    plain = timed(lambda: [hashlib.sha256(f"s:{i}".encode()).digest() for i in ids], runs=1)
    hashed = timed(lambda: unit_hashes("s", ids), runs=1)
    dealt = timed(lambda: deal(ids, {"control": 1.0, "A": 1.0, "B": 1.0}, salt="s"), runs=1)
    print(
        f"assign   {people:>11,} ids   hashing {plain:7.3f} s  (ours {hashed:.3f} s)  dealt {dealt:7.3f} s"
        f"  ratio {dealt / plain:5.2f}"
    )


def report_statistics() -> None:
    for n in (1_000, 1_000_000_000):
        arms = [{"name": name, "n": n, "events": n // 20 + i * n // 900} for i, name in enumerate(("c", "A", "B", "C"))]
        study, rules = study_from_json({"control": "c", "arms": arms})
        print(f"statistics from counts, 4 arms of {n:>13,}: {1000 * timed(partial(read, study, rules), 20):.2f} ms")


def main() -> None:
    sizes = [int(a) for a in sys.argv[1:] if a.isdigit()] or [1_000_000, 10_000_000]
    with tempfile.TemporaryDirectory() as folder:
        kept = Path.cwd() / "bench-data" if "--keep" in sys.argv else Path(folder)
        kept.mkdir(exist_ok=True)
        report_statistics()
        for rows in sizes:
            report_readout(rows, kept)
            report_assignment(rows)


if __name__ == "__main__":
    main()
