"""Asking a hosted model once, from a worker thread: what the hosted writer works with."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel
from semantic_kernel.contents import AuthorRole, ChatHistory, ChatMessageContent

from app.domain.errors import Unavailable
from app.llm.screened import ScreenedChat
from plugins.generation.writer import Completion, Message


class HostedCompletion:
    """Calls a screened chat service on an event loop of its own. Prices in US dollars for a million tokens.

    ``structured`` asks the service itself to keep to the form; endpoints without it are only told in the prompt.
    """

    def __init__(
        self,
        make_service: Callable[[], ScreenedChat],
        *,
        price_in: float,
        price_out: float,
        patience_seconds: float,
        structured: bool = True,
    ) -> None:
        self._make_service = make_service
        self._prices = (price_in, price_out)
        self._patience = patience_seconds
        self._structured = structured
        self._loop = asyncio.new_event_loop()
        self._service: ScreenedChat | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, name="writer", daemon=True)
        self._thread.start()

    def __call__(self, messages: Sequence[Message], form: type[BaseModel]) -> Completion:
        """Return the model's answer, held to the JSON schema of ``form``; raise ``Unavailable`` when it gives none."""
        future = asyncio.run_coroutine_threadsafe(self._ask(messages, form), self._loop)
        try:
            answer = future.result(self._patience)
        except TimeoutError:
            future.cancel()
            raise Unavailable("writer", "the model did not answer in time", retryable=True) from None
        usage: Any = answer.metadata.get("usage")
        tokens = int(getattr(usage, "prompt_tokens", 0) or 0), int(getattr(usage, "completion_tokens", 0) or 0)
        cost = (tokens[0] * self._prices[0] + tokens[1] * self._prices[1]) / 1e6
        return Completion(answer.content, *tokens, cost)

    async def _ask(self, messages: Sequence[Message], form: type[BaseModel]) -> ChatMessageContent:
        if self._service is None:
            self._service = self._make_service()
        history = ChatHistory()
        for message in messages:
            history.add_message(ChatMessageContent(role=AuthorRole(message.role), content=message.content))
        settings: Any = self._service.instantiate_prompt_execution_settings()
        if self._structured:
            settings.response_format = form
        (answer,) = await self._service.get_chat_message_contents(history, settings)
        return answer

    def close(self) -> None:
        """Give back the connections and stop the loop."""
        if self._service is not None:
            asyncio.run_coroutine_threadsafe(self._service.close(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()
