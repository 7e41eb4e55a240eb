"""The kernel functions that find approved content."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from semantic_kernel.functions import kernel_function

from app.domain.audience import Channel
from app.domain.content import ContentFilter, Theme
from app.domain.conversation import ToolResult
from app.domain.errors import Refused
from app.workspace import Workspace
from plugins.retrieval.index import ContentIndex


class RetrievalPlugin:
    """Search approved content."""

    def __init__(self, workspace: Workspace, index: ContentIndex, *, locale: str = "en-US") -> None:
        self._workspace = workspace
        self._index = index
        self._locale = locale

    @kernel_function(
        name="search_content",
        description=(
            "Find approved, in-date content: offers, perks, product facts, reviews, return policy, terms, brand voice. "
            "Use when the person asks what content, offers or product texts there are. Not needed before "
            "generation-draft_variants, which selects content itself. Returns hits with id, title, type, snippet, "
            "score (0-1) and end date; an empty list means that nothing approved was found."
        ),
    )
    def search_content(
        self,
        query: Annotated[str, Field(min_length=1, max_length=500, description="What is looked for, in plain words")],
        channel: Annotated[Channel | None, "Only content allowed on this channel"] = None,
        theme: Annotated[Theme | None, "Only content of this theme, e.g. summer"] = None,
        limit: Annotated[int, Field(ge=1, le=20, description="Most hits wanted")] = 5,
    ) -> ToolResult:
        """Return hits at or above the index's threshold; none is an answer, not an error."""
        where = ContentFilter(on=self._workspace.today, locale=self._locale, channel=channel)
        hits = self._index.search(query, where, theme=theme, limit=limit)
        rows = [
            {
                "id": hit.document_id,
                "title": hit.title,
                "type": hit.type,
                "snippet": hit.snippet,
                "score": hit.score,
                "valid_until": hit.valid_until.isoformat() if hit.valid_until else None,
                "approved_by": self._approver(hit.document_id),
            }
            for hit in hits
        ]
        summary = (
            f"{len(hits)} approved document(s) found; best: {hits[0].title} ({hits[0].document_id})."
            if hits
            else "Nothing approved was found for this. Drafts, expired and future documents are never shown."
        )
        data = {"engine": self._index.engine, "query": query, "hits": rows, "threshold": self._index.threshold}
        return ToolResult(summary=summary, data=data, handle={"content_id": hits[0].document_id} if hits else {})

    @kernel_function(
        name="get_content",
        description=(
            "Read one approved document in full: its text, typed facts (per cent, minimum spend, code), validity and "
            "who approved it. Use after search_content, with an id from its hits."
        ),
    )
    def get_content(self, content_id: Annotated[str, "Document id, e.g. off-winback20"]) -> ToolResult:
        """Return a document that is approved; others are refused with their state, without their text."""
        document = self._index.get(content_id)
        if document is None:
            raise Refused(f"There is no document {content_id!r}; use ids from search_content.", code="not_found")
        if document.status != "approved":
            raise Refused(f"{content_id} is {document.status}: it is not approved for use.", code="not_approved")
        data = document.model_dump(
            mode="json", include={"id", "title", "type", "status", "body", "facts", "valid_from", "valid_until",
                                  "approved_by"},
        )  # fmt: skip
        current = document.valid_on(self._workspace.today)
        warnings = [] if current else ["This document is not valid today and is not used in copy sent today."]
        return ToolResult(
            summary=f"{document.title} ({document.type}), approved by {document.approved_by}.",
            data=data, handle={"content_id": document.id}, warnings=warnings,
        )  # fmt: skip

    def _approver(self, document_id: str) -> str | None:
        document = self._index.get(document_id)
        return document.approved_by if document else None
