"""Attacks on the audit by someone who can write the database file; each must be named with its first bad row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from app.audit import _row_hash as row_hash  # pyright: ignore[reportPrivateUsage] - the attacker knows the format
from app.keys import Keys
from app.store import Store

NOW = datetime(2026, 6, 15, tzinfo=UTC)
KEYS = Keys(b"k" * 32)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A store with 20 audit rows, a checkpoint, and its triggers gone (whoever owns the file can drop them)."""
    made = Store(f"sqlite:///{tmp_path / 'a.sqlite'}", KEYS, tmp_path / "checkpoints.txt")
    made.upgrade()
    made.record_decisions([{"decision": "allow", "n": n} for n in range(20)], NOW)
    made.checkpoint()
    with made.writing() as connection:
        for name in ("audit_no_update", "audit_no_delete", "audit_in_order"):
            connection.execute(text(f"DROP TRIGGER {name}"))
    return made


def edit(connection: Connection) -> None:
    connection.execute(text('UPDATE audit SET body = \'{"decision":"allow"}\' WHERE seq = 7'))


def delete_middle(connection: Connection) -> None:
    connection.execute(text("DELETE FROM audit WHERE seq = 7"))


def delete_newest(connection: Connection) -> None:
    connection.execute(text("DELETE FROM audit WHERE seq > 15"))


def delete_all(connection: Connection) -> None:
    connection.execute(text("DELETE FROM audit"))


def swap(connection: Connection) -> None:
    for old, new in ((7, 100), (8, 7), (100, 8)):
        connection.execute(text("UPDATE audit SET seq = :n WHERE seq = :o"), {"o": old, "n": new})


def recompute(connection: Connection, keys: Keys | None = None) -> None:
    prev = ""
    rows: list[Any] = list(connection.execute(text("SELECT * FROM audit ORDER BY seq")))
    for row in rows:
        body = row.body if row.seq != 7 else '{"decision":"forged"}'
        digest = row_hash(row.seq, prev, row.at, body)
        mac = keys.code("audit-row", (digest + row.decision_id).encode()) if keys else row.mac
        values = {"b": body, "p": prev, "h": digest, "m": mac, "s": row.seq}
        connection.execute(text("UPDATE audit SET body=:b, prev=:p, hash=:h, mac=:m WHERE seq=:s"), values)
        prev = digest


@pytest.mark.parametrize(
    ("attack", "first_bad"),
    [
        (edit, 7),
        (delete_middle, 7),
        (delete_newest, 16),
        (delete_all, 1),
        (swap, 7),
        (recompute, 7),
        (lambda c: recompute(c, KEYS), 20),
    ],
    ids=["edit", "delete middle", "delete newest", "delete all", "swap", "recompute", "recompute with the key"],
)
def test_s64_attacks_are_named(store: Store, attack: Callable[[Connection], None], first_bad: int) -> None:
    assert store.verify_audit() == (20, None)
    with store.writing() as connection:
        attack(connection)
    _, problem = store.verify_audit()
    assert problem is not None
    assert problem.seq == first_bad


def test_s64_a_forged_checkpoint_is_named(store: Store) -> None:
    assert store.checkpoints is not None
    line = store.checkpoints.read_text()
    store.checkpoints.write_text(line.replace(line.split(" ")[1], "0" * 64))
    _, problem = store.verify_audit()
    assert problem is not None
    assert "forged" in problem.problem


def test_s64_all_missing_rows_are_named_however_many_checkpoints_name_them(store: Store) -> None:
    store.record_decisions([{"decision": "allow"}] * 4, NOW)
    store.checkpoint()
    with store.writing() as connection:
        connection.execute(text("DELETE FROM audit WHERE seq > 15"))
    _, problem = store.verify_audit()
    assert problem is not None
    assert problem.problem == "rows 16..24 are gone"


@pytest.mark.parametrize("line", ["nonsense", "20 only-two", "x y z", "20 \u00e9 AAAA"])
def test_s64_a_checkpoint_line_that_cannot_be_read_is_named(store: Store, line: str) -> None:
    assert store.checkpoints is not None
    store.checkpoints.write_text(line + "\n", encoding="utf-8")
    _, problem = store.verify_audit()
    assert problem is not None
    assert "forged" in problem.problem
