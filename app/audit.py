"""The tamper-evident audit: one row for each decision, chained by hashes, coded by a key outside the database.

``hash = SHA-256("cpo-audit-v1" || seq || prev || at || body)`` and ``mac = HMAC-SHA-256(key, hash || decision id)``. A
chain alone does not show that its newest rows are gone, nor that everything was recomputed by someone with the key;
signed checkpoints (``origin, seq, hash``, Ed25519) kept outside the database do. Bodies are canonical JSON without any
screened text.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from sqlalchemy import Connection, insert, select, text

from app.domain.entities import canonical_json, fresh_id
from app.keys import Keys
from app.tables import audit

ORIGIN = "cpo-audit-v1"
ADVISORY_LOCK = 0x63706F


@dataclass(frozen=True)
class AuditProblem:
    """The first row that does not hold, and why."""

    seq: int
    problem: str


def append(
    connection: Connection, keys: Keys, bodies: Sequence[Mapping[str, Any]], at: datetime
) -> tuple[list[str], int]:
    """Append rows inside the caller's transaction; return their decision ids, in order, and the newest row's number.

    The transaction must already hold the write lock (SQLite: BEGIN IMMEDIATE); on PostgreSQL the lock is taken here.
    Raises whatever the database raises: the caller must then not release anything.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
    head = connection.execute(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    seq, prev = (head.seq, head.hash) if head else (0, "")
    code_key = "audit-row"
    moment = at.isoformat()
    decision_ids: list[str] = []
    rows: list[dict[str, Any]] = []
    for body in bodies:
        seq += 1
        text_body = canonical_json(dict(body))
        row_hash = _row_hash(seq, prev, moment, text_body)
        decision_id = fresh_id("dec")
        rows.append(
            {
                "seq": seq,
                "decision_id": decision_id,
                "at": moment,
                "body": text_body,
                "prev": prev,
                "hash": row_hash,
                "mac": keys.code(code_key, (row_hash + decision_id).encode()),
            }
        )
        decision_ids.append(decision_id)
        prev = row_hash
    for row in rows:  # one statement a row: the order trigger looks at the row before
        connection.execute(insert(audit), row)
    return decision_ids, seq


def _row_hash(seq: int, prev: str, at: str, body: str) -> str:
    return hashlib.sha256(f"{ORIGIN}\n{seq}\n{prev}\n{at}\n{body}".encode("utf-8", "surrogatepass")).hexdigest()


def rows(connection: Connection) -> Iterator[Any]:
    """Yield every audit row in order."""
    yield from connection.execute(select(audit).order_by(audit.c.seq))


def page(connection: Connection, after: int, limit: int) -> list[dict[str, Any]]:
    """Return the bodies of at most ``limit`` rows after row ``after``, with number, moment, decision id and hash."""
    statement = select(audit).where(audit.c.seq > after).order_by(audit.c.seq).limit(limit)
    return [
        {**json.loads(row.body), "seq": row.seq, "at": row.at, "decision_id": row.decision_id, "hash": row.hash}
        for row in connection.execute(statement)
    ]


def verify(connection: Connection, keys: Keys, checkpoints: Path | None = None) -> tuple[int, AuditProblem | None]:
    """Check every row, then every checkpoint; return (rows read, first problem or None)."""
    prev, count, hashes = "", 0, dict[int, str]()
    for row in rows(connection):
        count += 1
        if row.seq != count:
            return count, AuditProblem(count, f"row {count} is missing (found {row.seq})")
        if row.prev != prev or row.hash != _row_hash(row.seq, row.prev, row.at, row.body):
            return count, AuditProblem(row.seq, "the row was changed, or a row before it")
        if row.mac != keys.code("audit-row", (row.hash + row.decision_id).encode()):
            return count, AuditProblem(row.seq, "the row was recomputed without the key")
        prev = row.hash
        hashes[row.seq] = row.hash
    return count, _verify_checkpoints(hashes, keys, checkpoints) if checkpoints else None


def _verify_checkpoints(hashes: Mapping[int, str], keys: Keys, path: Path) -> AuditProblem | None:
    if not path.exists():
        return AuditProblem(0, f"the checkpoint file {path.name} is missing") if hashes else None
    signed: list[tuple[int, str]] = []
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        try:
            seq, row_hash, signature = line.split(" ")
            keys.signing_key().public_key().verify(base64.b64decode(signature), _note(int(seq), row_hash))
        except (InvalidSignature, ValueError):
            first = line.partition(" ")[0]
            return AuditProblem(int(first) if first.isdecimal() else 0, "the checkpoint was forged")
        signed.append((int(seq), row_hash))
    for number, row_hash in signed:
        if hashes.get(number, row_hash) != row_hash:
            return AuditProblem(number, "the chain was recomputed after the checkpoint")
    newest = max((number for number, _ in signed), default=0)
    if newest > len(hashes):
        return AuditProblem(len(hashes) + 1, f"rows {len(hashes) + 1}..{newest} are gone")
    return None


def write_checkpoint(connection: Connection, keys: Keys, path: Path) -> int:
    """Append a signed line ``seq hash signature`` for the newest row to ``path``; return its seq (0: empty audit)."""
    head = connection.execute(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1)).first()
    if head is None:
        return 0
    signature = base64.b64encode(keys.signing_key().sign(_note(head.seq, head.hash))).decode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write(f"{head.seq} {head.hash} {signature}\n")
    return int(head.seq)


def _note(seq: int, row_hash: str) -> bytes:
    return f"{ORIGIN}\n{seq}\n{row_hash}\n".encode()


def find(connection: Connection, decision_id: str) -> dict[str, Any] | None:
    """Return the body of one decision with its ``seq``, ``at`` and ``decision_id``, or None."""
    row = connection.execute(select(audit).where(audit.c.decision_id == decision_id)).first()
    if row is None:
        return None
    return {**json.loads(row.body), "seq": row.seq, "at": row.at, "decision_id": row.decision_id}
