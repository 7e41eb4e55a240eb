"""Uploads in the chat: a proposed column mapping, corrected in words, confirmed by a button."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import chainlit as cl

from app.chat_view import ChatView
from app.corrections import IGNORED
from app.domain.entities import fresh_id
from app.domain.errors import ColumnsUnclear, UserFixable
from app.loading import Loading
from app.proposals import HOW_TO_CORRECT, Proposal, Proposals, Target

WAITING = "upload"
"""Under this key the session holds the file that waits for its button."""
LONGEST = 200
ONLY_ABOUT_THE_FILE = re.compile(
    r"(?:(?:please|can you|could you|hi|hello|hey|here (?:is|are)|and|now)[\s,]*)*"
    r"(?:(?:load|import|upload|read|take|use|add|ingest)\b)?[\s,]*(?:(?:in|up)\b)?[\s,]*"
    r"(?:(?:this|that|it|these|the|my|our|new|attached|csv|file|data|dataset|table|list|customers?|orders?|people|"
    r"transactions?|results?|campaign|last|export|for|of|as|with|from|please|thanks|thank you)[\s,.!]*)*",
    re.IGNORECASE,
)


@dataclass
class _Waiting:
    """A file that was sent and is not loaded yet. ``upload`` tells its buttons from those of a proposal before it."""

    path: str
    name: str
    person: str
    upload: str = ""
    chosen: dict[str, str] = field(default_factory=dict[str, str])
    proposal: Proposal | None = None


class ChatUploads:
    """Takes files of customers, transactions and results in. One per process; the session is Chainlit's context."""

    def __init__(self, proposals: Proposals, loading: Loading, view: ChatView) -> None:
        self._proposals = proposals
        self._loading = loading
        self._view = view

    async def offer(self, element: Any, person: str) -> None:
        """Propose a column mapping for an uploaded file; it waits for a button."""
        waiting = _Waiting(str(element.path), str(element.name), person)
        cl.user_session.set(WAITING, waiting)
        await self._propose(waiting)

    async def corrected(self, words: str) -> bool:
        """Propose the mapping anew when the words are about a column of the waiting file; say whether they were."""
        waiting: _Waiting | None = cl.user_session.get(WAITING)
        if waiting is None:
            return False
        change = await asyncio.to_thread(self._proposals.corrected, waiting.path, waiting.person, words)
        if change is None:
            return False
        others = {name: meant for name, meant in waiting.chosen.items() if meant not in change.values()}
        waiting.chosen = waiting.chosen | change if IGNORED in change.values() else others | change
        await self._propose(waiting)
        return True

    async def load(self, payload: Mapping[str, Any]) -> None:
        """Load the file that was confirmed, as it was last proposed."""
        waiting: _Waiting | None = cl.user_session.get(WAITING)
        if waiting is None or waiting.proposal is None or payload.get("upload") != waiting.upload:
            raise UserFixable(
                "This upload is gone, or was proposed anew since.",
                hint="Use the newest buttons, or send the file again.",
            )
        proposal, words = waiting.proposal, "Nothing was loaded."
        number: Any = payload.get("target")
        if number in range(len(proposal.targets)):
            words = await asyncio.to_thread(self._ingest, waiting.path, proposal, proposal.targets[int(number)])
        cl.user_session.set(WAITING, None)
        await self._view.say(words)

    async def _propose(self, waiting: _Waiting) -> None:
        waiting.upload, waiting.proposal = fresh_id("upl"), None  # a button brings back what the browser says
        try:
            proposal = await asyncio.to_thread(
                self._proposals.propose, waiting.path, waiting.name, waiting.person, waiting.chosen
            )
        except ColumnsUnclear as error:
            raise ColumnsUnclear(str(error), hint=HOW_TO_CORRECT) from None
        waiting.proposal = proposal
        actions = [
            cl.Action(name="load", label=target.label, payload={"upload": waiting.upload, "target": number})
            for number, target in enumerate(proposal.targets)
        ]
        actions.append(cl.Action(name="load", label="Do not load", payload={"upload": waiting.upload}))
        await cl.Message(content=await self._view.released(proposal.words), actions=actions).send()

    def _ingest(self, path: str, proposal: Proposal, target: Target) -> str:
        loaded = self._loading.ingest(target.kind, path, proposal.mapping, experiment=target.experiment)
        return f"{loaded.words} Ask which one won, and how sure we are." if target.experiment else loaded.words


def only_about_the_file(words: str) -> bool:
    """Say whether a message that came with a file asks for no more than to load it."""
    said = " ".join(words.split())
    return len(said) <= LONGEST and ONLY_ABOUT_THE_FILE.fullmatch(said) is not None
