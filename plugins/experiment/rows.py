"""Rows to sufficient statistics: one grouped pass of DuckDB over a CSV or Parquet file, one row per customer.

Blank outcomes count as zero (intention to treat: everybody assigned is in) and are counted in a note; rows without an
arm are left out and counted. Text outcomes must be yes/no words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from app.domain.errors import UserFixable
from plugins.experiment.source import Columns, Source, quoted
from plugins.experiment.study import Kind, Outcome, Study
from plugins.experiment.sufficient import Mean
from plugins.experiment.tally import Tally

__all__ = ["Columns", "file_sha256", "pick_control", "read_rows"]

WINSOR = 0.999


def read_rows(path: Path, columns: Columns, *, control: str | None, threads: int | None = None) -> Study:
    """Read a file into a study. Raises UserFixable naming the columns there are, or the values that do not fit.

    The study keeps the file open for as long as somebody may ask it for values (relabelling).
    """
    source = Source(path, columns, threads)
    kinds: dict[str, Kind] = {name: source.kind_of(name) for name in columns.outcomes}
    tally = Tally(source, kinds).read()
    arms = sorted(tally.sizes)
    chosen = pick_control(arms, control)
    return Study(
        chosen,
        (chosen, *(arm for arm in arms if arm != chosen)),
        tally.sizes,
        tuple(_with_extras(o, source, tally) for o in tally.outcomes()),
        file_sha256(path),
        path.name,
        (*([f"Read as {source.read_as}."] if source.read_as else []), *tally.notes()),
    )


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of the file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _loosely(name: str) -> str:
    """Return a name without case and outer blanks; ``1.0`` is ``1``, as a column with gaps writes it."""
    text = name.strip().casefold()
    head, point, tail = text.partition(".")
    return head if point and head.lstrip("-").isdigit() and not tail.strip("0") else text


def _with_extras(outcome: Outcome, source: Source, table: Tally) -> Outcome:
    if outcome.kind != "money":
        return outcome
    name = outcome.name
    cap, capped = _capped(outcome, source, table)
    return replace(
        outcome, cap=cap, capped=capped,
        sparse=lambda arm: source.sparse(name, table.keys[arm], table.sizes[arm]),
    )  # fmt: skip


def _capped(outcome: Outcome, source: Source, table: Tally) -> tuple[float | None, dict[str, Mean]]:
    """Winsorise at the pooled 99.9 % quantile by reading only the tail above a first guess."""
    n = sum(table.sizes.values())
    above = int(n * (1 - WINSOR))
    y, name = source.expression(outcome.name), outcome.name
    nothing: tuple[float | None, dict[str, Mean]] = (None, {})
    if above < 1:
        return nothing
    guess = source.db.execute(
        f"SELECT quantile_cont(y, 0.99) FROM (SELECT {y} AS y FROM people LIMIT 20000)"
    ).fetchone()
    floor = float(guess[0] or 0.0) if guess else 0.0
    arm = quoted(source.columns.arm)
    found: dict[str, Any] = {}
    for limit in (floor, 0.0):
        query = f"SELECT {arm} AS arm, {y} AS y FROM people WHERE {y} > {limit!r} AND {arm} IS NOT NULL"
        found = source.db.execute(query).fetchnumpy()
        if len(found["y"]) > above:
            break
    tail = np.asarray(found["y"], dtype=float)
    if len(tail) <= above or len(tail) == 0:
        return nothing
    cap = float(np.partition(tail, len(tail) - above - 1)[len(tail) - above - 1])
    return cap, {a: table.capped(name, a, found["arm"], tail, cap) for a in table.sizes}


def pick_control(arms: Sequence[str], control: str | None) -> str:
    """Return the control's exact name: as given, ignoring case, or by its usual names; refuses to guess further."""
    if control is not None:
        if control in arms:
            return control
        wanted = _loosely(control)
        loose = [arm for arm in arms if _loosely(arm) == wanted]
        if len(loose) == 1:
            return loose[0]
        raise UserFixable(f"There is no arm {control!r}.", hint=f"Arms: {', '.join(arms)}.")
    usual = [
        arm for arm in arms if arm.strip().casefold() in ("control", "holdout", "no send", "no e-mail", "no email")
    ]
    if len(usual) == 1:
        return usual[0]
    raise UserFixable("Which arm is the control?", hint=f"Name it with --control. Arms: {', '.join(arms)}.")
