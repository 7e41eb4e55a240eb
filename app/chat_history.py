"""Earlier conversations in the chat: listed, opened again, renamed, shared and deleted.

Chainlit asks a data layer for its threads. Ours keeps nothing of Chainlit's: a thread is rebuilt from the turns that
the agent committed, so that it cannot differ from what happened, and shows approvals as they stand now.
What is handed over was screened when it was stored and passes the gate again, under today's policy.
"""

# pyright: basic

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chainlit.data.base import BaseDataLayer
from chainlit.types import Feedback, PageInfo, PaginatedResponse, Pagination, ThreadDict, ThreadFilter
from chainlit.user import PersistedUser, User

from app.chat_cards import TRACE, call_facts, cards_of, trace_title
from app.chat_sink import ChatSink
from app.domain.conversation import Turn
from app.domain.safety import Surface
from app.wiring import Application

TITLE_CHARS = 80
AUTHOR = "Campaign desk"


class ChatHistory(BaseDataLayer):
    """Chainlit's data layer over the store. What Chainlit wants to persist itself (steps, elements) is not kept."""

    def __init__(self, application: Application, sink: ChatSink) -> None:
        self._app = application
        self._store = application.store
        self._gate = application.gate
        self._sink = sink

    # --- people: who they are stands in the signed cookie
    async def get_user(self, identifier: str) -> PersistedUser | None:
        """Return None: nobody is stored, ``create_user`` gives the person of the cookie."""
        return None

    async def create_user(self, user: User) -> PersistedUser:
        """Return the person as Chainlit wants stored ones; their name is their id."""
        return PersistedUser(
            id=user.identifier, createdAt="", identifier=user.identifier, display_name=user.display_name,
            metadata=user.metadata,
        )  # fmt: skip

    # --- threads
    async def list_threads(self, pagination: Pagination, filters: ThreadFilter) -> PaginatedResponse[ThreadDict]:
        """Return one page of a person's conversations, latest first; nobody's without a person."""
        return await asyncio.to_thread(self._page, pagination, filters)

    def _page(self, pagination: Pagination, filters: ThreadFilter) -> PaginatedResponse[ThreadDict]:
        if not filters.userId:
            return PaginatedResponse(PageInfo(False, None, None), [])
        changed_at, _, identifier = (pagination.cursor or "").partition(" ")
        rows = self._store.conversations_of(
            filters.userId,
            search=filters.search or "",
            before=(changed_at, identifier) if identifier else None,
            limit=pagination.first + 1,
        )
        shown = rows[: pagination.first]
        titles = self._released([row["title"] or "Conversation" for row in shown])
        threads = [_thread(row, title) for row, title in zip(shown, titles, strict=False)]
        end = f"{shown[-1]['changed_at']} {shown[-1]['id']}" if shown else None
        return PaginatedResponse(PageInfo(len(rows) > len(shown), pagination.cursor, end), threads)

    async def get_thread(self, thread_id: str) -> ThreadDict | None:
        """Return a conversation with its steps and cards, screened anew; None when there is none."""
        return await asyncio.to_thread(self._rebuilt, thread_id)

    def _rebuilt(self, thread_id: str) -> ThreadDict | None:
        row = self._store.conversation(thread_id)
        if row is None:
            return None
        (title,) = self._released([row["title"] or "Conversation"])
        thread = _thread(row, title)
        thread["elements"] = []
        said: list[tuple[str, list[dict[str, Any]]]] = []
        for turn in self._store.turns(thread_id):
            steps = list(self._steps(turn, row["owner"]))
            thread["elements"] += self._elements(turn)
            said.append((turn.started_at.isoformat(), steps))
        for number, (at, words) in enumerate(self._store.notices(thread_id)):
            screened = self._released([words])[0]
            said.append((at, [_message(thread_id, f"{thread_id}-notice-{number}", at, screened)]))
        thread["steps"] = [step for _, steps in sorted(said, key=lambda part: part[0]) for step in steps]
        return thread

    def _elements(self, turn: Turn) -> list[dict[str, Any]]:
        cards = cards_of(self._app, turn)
        released = self._sink.let_props_through([card.props for card in cards])
        return [
            _element(turn, number, card.element, props)
            for number, (card, props) in enumerate(zip(cards, released, strict=True))
            if props is not None
        ]

    async def update_thread(
        self,
        thread_id: str,
        name: str | None = None,
        user_id: str | None = None,
        metadata: dict[str, Any] | None = None,
        tags: list[str] | None = None,
    ) -> None:
        """Begin a conversation, rename it, or share it; of the session's own metadata nothing is kept."""
        await asyncio.to_thread(self._update, thread_id, name, user_id, metadata or {})

    def _update(self, thread_id: str, name: str | None, user_id: str | None, metadata: Mapping[str, Any]) -> None:
        known = self._store.conversation(thread_id) is not None
        if name and user_id and not known:
            self._begin(thread_id, name, user_id)
        elif name and not user_id and known:
            self._store.change_conversation(thread_id, title=self._title(name))
        if known and "is_shared" in metadata:
            self._store.change_conversation(thread_id, shared=bool(metadata["is_shared"]))

    def _begin(self, thread_id: str, first_message: str, owner: str) -> None:
        workspace = self._app.open_workspace(thread_id, owner, self._app.now())
        workspace.title = self._title(first_message)
        workspace.commit()

    def _title(self, text: str) -> str:
        passage = self._gate.release_text(text, Surface.UNTRUSTED, subject="thread-name")
        return self._gate.egress(passage.released)[:TITLE_CHARS]

    async def delete_thread(self, thread_id: str) -> None:
        """Delete what was said; campaigns, approvals and the audit stay."""
        await asyncio.to_thread(self._store.delete_conversation, thread_id)

    async def get_thread_author(self, thread_id: str) -> str:
        """Return who may open the conversation, an empty text when there is none."""
        row = await asyncio.to_thread(self._store.conversation, thread_id)
        return str(row["owner"]) if row else ""

    async def is_shared(self, thread_id: str) -> bool:
        """Return whether its owner lets every logged-in person read the conversation."""
        row = await asyncio.to_thread(self._store.conversation, thread_id)
        return bool(row and row["shared"])

    def _steps(self, turn: Turn, owner: str) -> Iterator[dict[str, Any]]:
        at, conversation = turn.started_at.isoformat(), turn.conversation_id
        made = [part for call in turn.calls for part in (call.arguments, call_facts(call))]
        asked, title, reply = self._released([turn.user_text, trace_title(turn), turn.reply])
        drawn = self._serialised(made)
        yield {**_message(conversation, f"{turn.id}-asked", at, asked), "type": "user_message", "name": owner}
        yield {**_step(turn, f"{turn.id}-trace", "run", TRACE), "output": title}
        for number, call in enumerate(turn.calls):
            step = _step(turn, f"{turn.id}-call-{number}", "tool", f"{call.plugin}-{call.function}")
            given, facts = drawn[2 * number : 2 * number + 2]
            shown = {"input": given, "output": facts, "showInput": "json", "language": "json"}
            yield {**step, "parentId": f"{turn.id}-trace", **shown}
        yield _message(conversation, f"{turn.id}-reply", at, reply)

    def _serialised(self, items: Sequence[Any]) -> list[str]:
        """Screen each item again, and return it as released JSON."""
        passages = self._gate.release_json_values(items, Surface.CHAT, subject="history")
        return [self._sink.let_through(passage.released) for passage in passages]

    def _released(self, items: Sequence[Any]) -> list[Any]:
        """Screen each item again, and tell the sink that its strings may pass."""
        passages = self._gate.release_json_values(items, Surface.CHAT, subject="history")
        return [self._sink.let_through_json(passage) for passage in passages]

    async def get_element(self, thread_id: str, element_id: str) -> Any:
        """Return one card of a conversation, screened anew."""
        thread = await self.get_thread(thread_id)
        found = (thread or {}).get("elements") or []
        return next((element for element in found if element.get("id") == element_id), None)

    # --- what Chainlit would keep, and the turns hold already
    async def create_element(self, element: Any) -> None:
        """Keep nothing: cards are rebuilt."""

    async def delete_element(self, element_id: str, thread_id: str | None = None) -> None:
        """Delete nothing: nothing is kept."""

    async def create_step(self, step_dict: Any) -> None:
        """Keep nothing: steps are rebuilt from the committed turn."""

    async def update_step(self, step_dict: Any) -> None:
        """Keep nothing: steps are rebuilt from the committed turn."""

    async def delete_step(self, step_id: str) -> None:
        """Delete nothing: nothing is kept."""

    async def upsert_feedback(self, feedback: Feedback) -> str:
        """Keep nothing: the chat asks for no feedback."""
        return ""

    async def delete_feedback(self, feedback_id: str) -> bool:
        """Delete nothing: nothing is kept."""
        return False

    async def get_favorite_steps(self, user_id: str) -> list[Any]:
        """Return none: the chat offers no favourites."""
        return []

    async def build_debug_url(self) -> str:
        """Return no address: `cpo trace` is where a turn is looked into."""
        return ""

    async def close(self) -> None:
        """Close nothing: the store belongs to the application."""


# --- a turn as Chainlit draws it


def _thread(row: Mapping[str, Any], title: str) -> Any:
    return ThreadDict(
        id=row["id"], createdAt=row["changed_at"] or row["created_at"], name=title, userId=row["owner"],
        userIdentifier=row["owner"], tags=[], metadata={}, steps=[], elements=None,
    )  # fmt: skip


def _step(turn: Turn, identifier: str, kind: str, name: str) -> dict[str, Any]:
    at = turn.started_at.isoformat()
    return {
        "id": identifier, "threadId": turn.conversation_id, "parentId": None, "type": kind, "name": name,
        "streaming": False, "isError": False, "input": "", "output": "", "createdAt": at, "start": at, "end": at,
        "metadata": {},
    }  # fmt: skip


def _message(thread_id: str, identifier: str, at: str, text: str) -> dict[str, Any]:
    return {
        "id": identifier, "threadId": thread_id, "parentId": None, "type": "assistant_message", "name": AUTHOR,
        "streaming": False, "isError": False, "input": "", "output": text, "createdAt": at, "metadata": {},
    }  # fmt: skip


def _element(turn: Turn, number: int, name: str, props: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": f"{turn.id}-card-{number}", "threadId": turn.conversation_id, "type": "custom", "name": name,
        "display": "inline", "forId": f"{turn.id}-reply", "mime": "application/json", "props": props,
    }  # fmt: skip
