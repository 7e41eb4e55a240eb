"""A person's acts on content: look at it, approve a draft, take a document out of use. Each act is in the audit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, cast, get_args

from app.domain.content import ContentDocument, DocumentStatus
from app.domain.errors import CpoError, UserFixable
from app.domain.people import Person, Right, name_to_record
from app.store import Store
from plugins.retrieval.index import ContentIndex
from plugins.retrieval.ingest import approve, retire


@dataclass(frozen=True)
class Decided:
    """What a person did to a document."""

    document: ContentDocument
    decision_id: str
    words: str

    def as_json(self) -> dict[str, Any]:
        """Return the fields as a JSON object."""
        return {
            "id": self.document.id,
            "status": self.document.status,
            "content_hash": self.document.content_hash,
            "decision_id": self.decision_id,
        }


class ContentDesk:
    """What changes something here is a person's act, never a planner's: no function of the kernel reaches it."""

    def __init__(
        self, *, index: ContentIndex, store: Store, now: Callable[[], datetime], today: Callable[[], date]
    ) -> None:
        self._index, self._store, self._now, self._today = index, store, now, today

    def documents(self, status: DocumentStatus | None = None) -> list[ContentDocument]:
        """Return the documents, or those of one status, by id."""
        found = (self._index.get(document_id) for document_id in self._index.ids())
        return [d for d in found if d is not None and (status is None or d.status == status)]

    def show(self, document_id: str) -> ContentDocument:
        """Return one document, whatever its status; ``UserFixable`` when there is none."""
        document = self._index.get(document_id)
        if document is None:
            raise UserFixable(f"There is no document {document_id!r}.", hint="`cpo content list` names them.")
        return document

    def words(self, document: ContentDocument) -> str:
        """Return a document as a person reads it before deciding."""
        return document_words(document, self._today())

    def approve(self, document_id: str, person: Person) -> Decided:
        """Approve a draft; ``UserFixable`` when it is none, or when it would be out of date at once.

        ``NotAllowed`` when the person may not publish content.
        """
        person.require(Right.PUBLISH)
        document = self.show(document_id)
        if document.valid_until is not None and document.valid_until < self._today():
            raise UserFixable(
                f"{document_id} ended on {document.valid_until.isoformat()}, so approving it would change nothing.",
                hint="Give it a new end date and load it again.",
            )
        who = name_to_record(person.name)
        act = partial(approve, self._index, document_id, person=who, now=self._now())
        return self._decide("content-approved", who, document, act)

    def retire(self, document_id: str, person: Person) -> Decided:
        """Take a document out of use at once; ``UserFixable`` when there is none or it is retired already."""
        person.require(Right.PUBLISH)
        document = self.show(document_id)
        if document.status == "retired":
            raise UserFixable(f"{document_id} is retired already.")
        return self._decide(
            "content-retired", name_to_record(person.name), document, partial(retire, self._index, document_id)
        )

    def _decide(self, event: str, person: str, before: ContentDocument, act: Callable[[], ContentDocument]) -> Decided:
        """Write the audit row, then do the act; when either fails the row is not kept and the document is as it was."""
        body = {
            "event": event, "document": before.id, "version": before.version, "was": before.status,
            "content_hash": before.content_hash, "actor": person,
        }  # fmt: skip
        try:
            with self._store.writing() as connection:
                (decision_id,) = self._store.record_decisions_in(connection, [body], self._now())
                after = act()
        except CpoError:
            self._index.ingest([before])
            raise
        words = f"{after.id} is {after.status} now ({after.title}); decided by {person}, recorded as {decision_id}."
        return Decided(after, decision_id, words)


def status_on(document: ContentDocument, day: date) -> str:
    """Return what stands against the use of a document on ``day``, or ``usable``."""
    if document.status != "approved":
        return document.status
    if document.valid_until is not None and document.valid_until < day:
        return f"ended {document.valid_until.isoformat()}"
    if document.valid_from is not None and day < document.valid_from:
        return f"starts {document.valid_from.isoformat()}"
    return "usable"


def list_body(documents: list[ContentDocument]) -> dict[str, Any]:
    """Return the list as a JSON object, without the texts."""
    return {"documents": [d.model_dump(mode="json", exclude={"body", "say", "facts"}) for d in documents]}


def list_words(documents: list[ContentDocument], day: date) -> str:
    """Return one line a document: id, title, type, and whether it can be used on ``day``."""
    lines = [f"- `{d.id}` {d.title} ({d.type}): {status_on(d, day)}" for d in documents]
    return "\n".join(lines) or "There is no such document."


def document_words(document: ContentDocument, day: date) -> str:
    """Return a document as a person reads it before approving it."""
    d = document
    who = f", approved by {d.approved_by} at {d.approved_at:%Y-%m-%d %H:%M}" if d.approved_by and d.approved_at else ""
    span = f"{d.valid_from or 'always'} to {d.valid_until or 'no end'}"
    facts = "".join(f"\n- {name}: {value}" for name, value in sorted(d.facts.items()))
    said = "".join(f"\n- {role}: {phrase}" for role, phrases in sorted(d.say.items()) for phrase in phrases)
    return (
        f"**{d.title}** (`{d.id}`, {d.type}, version {d.version}): {status_on(d, day)}{who}\n\n{d.body}\n\n"
        f"Valid {span}; {d.locale}; {', '.join(d.channels)}; for {', '.join(d.audiences) or 'everybody'}.\n\n"
        f"Facts:{facts or ' none'}\n\nApproved phrasings:{said or ' none'}\n\nContent hash: `{d.content_hash}`"
    )


def parse_status(name: str | None) -> DocumentStatus | None:
    """Return a status as typed by a person; ``UserFixable`` lists them."""
    known = get_args(DocumentStatus)
    if name is not None and name not in known:
        raise UserFixable(f"There is no status {name!r}.", hint=f"One of: {', '.join(known)}.")
    return cast("DocumentStatus | None", name)
