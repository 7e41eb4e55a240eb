"""The port of the content index: two engines behind it, the embedded one and Azure AI Search.

Whatever a person or a model types is only ever a query. Status, dates, locale and channel are put into the search by
code, in the same statement, so that nothing unapproved can be fetched and filtered later, or forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.content import ContentDocument, ContentFilter, ContentLibrary

THRESHOLD = 0.5
"""Hits below this score are not shown: chosen on the project's own question set (``docs/content.md``)."""


@dataclass(frozen=True)
class IngestReport:
    """What one ingest did, by document id; ``unchanged`` have the content hash they had."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    warnings: tuple[str, ...] = ()

    def in_words(self) -> str:
        """Return one sentence with every count."""
        return (
            f"{len(self.added)} added, {len(self.changed)} changed, {len(self.removed)} removed, "
            f"{self.unchanged} unchanged"
        )


class ContentIndex(ContentLibrary, Protocol):
    """A library that can be filled. Raises ``Unavailable`` when the service behind it fails."""

    @property
    def threshold(self) -> float: ...

    def ingest(self, documents: Sequence[ContentDocument], *, replace: bool = False) -> IngestReport:
        """Take in documents whose content hash is new, all of them or none; ``replace`` removes those not given."""
        ...

    def count(self, where: ContentFilter | None = None) -> int:
        """Count the documents, or those that ``where`` lets through."""
        ...

    def ids(self) -> list[str]:
        """Return the ids of all documents, sorted, whatever their status."""
        ...

    def close(self) -> None:
        """Give back connections."""
        ...
