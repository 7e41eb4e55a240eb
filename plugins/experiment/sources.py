"""Whether what the messages say still stands: each cited document approved, unchanged and in date when it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from app.domain.content import Citation, ContentLibrary, Variant
from app.domain.errors import UserFixable


def source_problems(variants: Iterable[Variant], library: ContentLibrary, day: date) -> list[str]:
    """Return what stands against sending ``variants`` on ``day``, one sentence for each document, each document named.

    Raises ``Unavailable`` when the library cannot be read: nothing is launched on sources nobody could look at.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for variant in variants:
        for citation in variant.citations:
            for reason in _reasons(citation, library, day):
                labels = found.setdefault((f"{citation.title} ({citation.document_id})", reason), [])
                if variant.label not in labels:
                    labels.append(variant.label)
    return [f"{name} {reason}; it stands in {_listed(labels)}." for (name, reason), labels in found.items()]


def require_sources(variants: Iterable[Variant], library: ContentLibrary, day: date) -> None:
    """Raise ``UserFixable`` with every document that no longer stands."""
    problems = source_problems(variants, library, day)
    if problems:
        raise UserFixable(
            "What the messages say is no longer backed by approved content. " + " ".join(problems),
            hint="Draft the messages again from what is approved now, then ask for the approval again.",
        )


def _reasons(citation: Citation, library: ContentLibrary, day: date) -> Iterator[str]:
    document = library.get(citation.document_id)
    if document is None:
        yield "was removed"
    elif document.status != "approved":
        yield f"is {document.status} now"
    elif document.content_hash != citation.content_hash:
        yield "was changed since the copy was written"
    elif document.valid_until is not None and document.valid_until < day:
        yield f"ended on {document.valid_until.isoformat()}"
    elif document.valid_from is not None and day < document.valid_from:
        yield f"starts only on {document.valid_from.isoformat()}"


def _listed(labels: list[str]) -> str:
    return ("variant " if len(labels) == 1 else "variants ") + ", ".join(labels)
