"""The embedded content index: SQLite FTS5 in a file of its own, nothing to install and nothing to start.

One statement finds candidates: the match and the filter (approved, in date, locale, channel) stand in it together.
The candidates are then scored: the share of the query's weight (inverse document frequency) that a document holds, a
word in title or tags counting full, in the body a little less, a thesaurus word less again. So a score lies in 0..1,
means the same for a small and a large corpus, and a query about something we do not have stays below the threshold.
"""

from __future__ import annotations

import json
import math
import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from app.domain.content import ContentDocument, ContentFilter, ContentHit, DocumentType
from app.domain.errors import Unavailable
from plugins.retrieval.index import THRESHOLD, IngestReport
from plugins.retrieval.snippets import snippet_of
from plugins.retrieval.wordstems import Thesaurus, query_words, stem, stems_of

CHANNEL_BITS = {"email": 1, "sms": 2, "push": 4}
CANDIDATES = 80
SHORT_QUERY = 4
SHORTEST_SLIP, SIMILAR = 5, 0.8
"""A word of five letters or more that nothing has is read as one of which four in five letters agree."""
IN_TITLE, IN_BODY, NEAR = 1.0, 0.85, 0.7
SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
  rowid INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, status TEXT NOT NULL, locale TEXT NOT NULL,
  channels INTEGER NOT NULL, valid_from TEXT NOT NULL, valid_until TEXT NOT NULL, priority INTEGER NOT NULL,
  themes TEXT NOT NULL, content_hash TEXT NOT NULL, head TEXT NOT NULL, rest TEXT NOT NULL, document TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS usable ON documents (status, type, priority DESC, id);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (head, rest, tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE IF NOT EXISTS frequencies USING fts5vocab ('words', 'row');
"""
FILTER = (
    "d.status = 'approved' AND d.locale = :locale AND (d.channels & :channel) <> 0 "
    "AND d.valid_from <= :day AND d.valid_until >= :day"
)
ALWAYS, NEVER = "0000-01-01", "9999-12-31"


class EmbeddedIndex:
    """An index in the file ``path`` (or ``:memory:``). Safe for several threads: one connection behind a lock."""

    def __init__(self, path: Path | str, thesaurus: Thesaurus, *, threshold: float = THRESHOLD) -> None:
        if isinstance(path, Path):
            path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._thesaurus = thesaurus
        self._threshold = threshold
        self._written = 0
        self._vocabulary: tuple[tuple[int, int], Mapping[str, None]] | None = None
        try:
            self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.executescript(SCHEMA)
        except sqlite3.Error as error:
            raise Unavailable("content index", str(error), hint="SQLite with FTS5 is needed.") from error

    @property
    def engine(self) -> str:
        """The engine's name, shown with every answer."""
        return "embedded (SQLite FTS5)"

    @property
    def threshold(self) -> float:
        """The lowest score that is shown, 0..1."""
        return self._threshold

    def ingest(self, documents: Sequence[ContentDocument], *, replace: bool = False) -> IngestReport:
        """Take documents in within one transaction; the same content hash and approval are left alone."""
        added: list[str] = []
        changed: list[str] = []
        unchanged = 0
        with self._lock, self._connection as connection:
            connection.execute("BEGIN IMMEDIATE")
            known = {row[0]: row[1] for row in connection.execute("SELECT id, content_hash FROM documents")}
            for document in documents:
                if document.id in known and known[document.id] == document.content_hash:
                    unchanged += 1
                    continue
                (changed if document.id in known else added).append(document.id)
                self._store(connection, document)
            given = {d.id for d in documents}
            removed = sorted(set(known) - given) if replace else []
            for gone in removed:
                self._remove(connection, gone)
            self._written += 1
        return IngestReport(tuple(added), tuple(changed), tuple(removed), unchanged)

    def _store(self, connection: sqlite3.Connection, document: ContentDocument) -> None:
        self._remove(connection, document.id)
        head = sorted(stems_of(" ".join((document.title, *document.tags, *document.themes, document.id))))
        said = (phrase for phrases in document.say.values() for phrase in phrases)
        rest = sorted(stems_of(" ".join((document.body, *said, *document.audiences, document.type))))
        values = {
            "id": document.id, "type": document.type, "status": document.status, "locale": document.locale,
            "channels": sum(CHANNEL_BITS[c] for c in document.channels),
            "valid_from": document.valid_from.isoformat() if document.valid_from else ALWAYS,
            "valid_until": document.valid_until.isoformat() if document.valid_until else NEVER,
            "priority": document.priority, "themes": json.dumps(document.themes),
            "content_hash": document.content_hash, "head": " ".join(head), "rest": " ".join(rest),
            "document": document.model_dump_json(),
        }  # fmt: skip
        names = ", ".join(values)
        slots = ", ".join(f":{name}" for name in values)
        row = connection.execute(f"INSERT INTO documents ({names}) VALUES ({slots})", values).lastrowid
        connection.execute(
            "INSERT INTO words (rowid, head, rest) VALUES (?, ?, ?)", (row, values["head"], values["rest"])
        )

    @staticmethod
    def _remove(connection: sqlite3.Connection, document_id: str) -> None:
        row = connection.execute("SELECT rowid FROM documents WHERE id = ?", (document_id,)).fetchone()
        if row:
            connection.execute("DELETE FROM words WHERE rowid = ?", row)
            connection.execute("DELETE FROM documents WHERE rowid = ?", row)

    def search(
        self,
        query: str,
        where: ContentFilter,
        *,
        types: Sequence[DocumentType] = (),
        theme: str | None = None,
        limit: int = 5,
    ) -> list[ContentHit]:
        """Return the best approved documents at or above the threshold: by score, then priority, then id."""
        words = query_words(query)
        stems = list(dict.fromkeys(self._known(stem(word)) for word in words))
        near = self._thesaurus.near(stems)
        terms = list(dict.fromkeys([*stems, *sorted(s for found in near.values() for s in found)]))
        if not terms:
            return []
        narrow = _narrowing(types, theme)
        statement = (
            "SELECT d.id, d.priority, d.head, d.rest FROM words JOIN documents d ON d.rowid = words.rowid "
            f"WHERE words MATCH :match AND {FILTER}{narrow[0]} ORDER BY bm25(words, 3.0, 1.0), d.id LIMIT {CANDIDATES}"
        )
        match = " OR ".join('"' + term.replace('"', '""') + '"' for term in terms)
        rows = self._all(statement, {"match": match, **_slots(where), **narrow[1]})
        weights = self._weights(stems)
        total = _asked_for(weights.values())
        found: list[tuple[float, int, str]] = []
        for identifier, priority, head, rest in rows:
            score = min(1.0, _score(stems, near, weights, set(head.split()), set(rest.split())) / total)
            if score >= self._threshold:
                found.append((-score, -priority, identifier))
        best = [(self.get(identifier), -score) for score, _, identifier in sorted(found)[:limit]]
        return [_hit(document, score, words) for document, score in best if document is not None]

    def _weights(self, stems: Sequence[str]) -> dict[str, float]:
        total = self._all("SELECT count(*) FROM documents", {})[0][0]
        weights: dict[str, float] = {}
        for own in stems:
            found = self._all("SELECT doc FROM frequencies WHERE term = :term", {"term": own})
            weights[own] = math.log(1 + (total + 1) / ((found[0][0] if found else 0) + 1))
        return weights

    def _known(self, own: str) -> str:
        """Return a stem as it is where content or thesaurus have it, else the one it is most likely a slip of."""
        known = self._terms()
        if len(own) < SHORTEST_SLIP or own in known:
            return own
        likely = process.extractOne(
            own, list(known), scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=SIMILAR
        )
        return likely[0] if likely and likely[0][0] == own[0] else own

    def _terms(self) -> Mapping[str, None]:
        """Return every stem of content and thesaurus, in order; read again when a process has written to the file."""
        state = (self._written, self._all("PRAGMA data_version", {})[0][0])
        if self._vocabulary is None or self._vocabulary[0] != state:
            content = sorted(str(row[0]) for row in self._all("SELECT term FROM frequencies", {}))
            self._vocabulary = (state, dict.fromkeys([*content, *sorted(self._thesaurus.stems)]))
        return self._vocabulary[1]

    def usable(
        self, where: ContentFilter, types: Sequence[DocumentType], *, theme: str | None = None, limit: int = 50
    ) -> list[ContentDocument]:
        """Return approved documents of these types, highest priority first, then by id."""
        narrow = _narrowing(types, theme)
        statement = (
            f"SELECT d.document FROM documents d WHERE {FILTER}{narrow[0]} ORDER BY d.priority DESC, d.id LIMIT :limit"
        )
        rows = self._all(statement, {**_slots(where), **narrow[1], "limit": limit})
        return [ContentDocument.model_validate_json(row[0]) for row in rows]

    def upcoming(self, where: ContentFilter, *, theme: str) -> list[ContentDocument]:
        """Return approved offers of ``theme`` that start after ``where.on``, earliest first."""
        narrow = _narrowing(("offer",), theme)
        statement = (
            "SELECT d.document FROM documents d WHERE d.status = 'approved' AND d.locale = :locale "
            f"AND (d.channels & :channel) <> 0 AND d.valid_from > :day{narrow[0]} ORDER BY d.valid_from, d.id"
        )
        rows = self._all(statement, {**_slots(where), **narrow[1]})
        return [ContentDocument.model_validate_json(row[0]) for row in rows]

    def get(self, document_id: str) -> ContentDocument | None:
        """Return a document whatever its status, or None."""
        rows = self._all("SELECT document FROM documents WHERE id = :id", {"id": document_id})
        return ContentDocument.model_validate_json(rows[0][0]) if rows else None

    def count(self, where: ContentFilter | None = None) -> int:
        """Count all documents, or those that ``where`` lets through."""
        clause = f" WHERE {FILTER}" if where else ""
        return int(self._all(f"SELECT count(*) FROM documents d{clause}", _slots(where) if where else {})[0][0])

    def ids(self) -> list[str]:
        """Return the ids of all documents, sorted."""
        return [row[0] for row in self._all("SELECT id FROM documents ORDER BY id", {})]

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _all(self, statement: str, slots: dict[str, Any]) -> list[Any]:
        with self._lock:
            try:
                return self._connection.execute(statement, slots).fetchall()
            except sqlite3.Error as error:
                raise Unavailable("content index", str(error), retryable="locked" in str(error)) from error


def _slots(where: ContentFilter) -> dict[str, Any]:
    channel = CHANNEL_BITS[where.channel] if where.channel else sum(CHANNEL_BITS.values())
    return {"locale": where.locale, "channel": channel, "day": where.on.isoformat()}


def _narrowing(types: Sequence[DocumentType], theme: str | None) -> tuple[str, dict[str, Any]]:
    clause, slots = "", {f"type{i}": name for i, name in enumerate(types)}
    if types:
        clause += f" AND d.type IN ({', '.join(':' + name for name in slots)})"
    if theme:
        clause += " AND EXISTS (SELECT 1 FROM json_each(d.themes) WHERE value = :theme)"
        slots["theme"] = theme
    return clause, slots


def _asked_for(weights: Iterable[float]) -> float:
    """Return the weight a document must hold to answer in full: of all words of a short query, of a part of a long one.

    Nobody who writes three lines expects one document to hold every word of them: from the fourth word on, each adds a
    quarter of the mean weight.
    """
    each = list(weights)
    counted = min(len(each), SHORT_QUERY) + max(0, len(each) - SHORT_QUERY) / 4
    return counted * sum(each) / len(each)


def _score(
    stems: Sequence[str], near: dict[str, set[str]], weights: dict[str, float], head: set[str], rest: set[str]
) -> float:
    found = 0.0
    for own in stems:
        if own in head:
            found += weights[own] * IN_TITLE
        elif own in rest:
            found += weights[own] * IN_BODY
        elif near[own] & head:
            found += weights[own] * NEAR
        elif near[own] & rest:
            found += weights[own] * NEAR * IN_BODY
    return found


def _hit(document: ContentDocument, score: float, words: Sequence[str]) -> ContentHit:
    return ContentHit(
        document_id=document.id, title=document.title, type=document.type, snippet=snippet_of(document.body, words),
        score=round(min(1.0, score), 4), valid_until=document.valid_until,
    )  # fmt: skip
