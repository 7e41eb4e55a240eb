"""The decorator around every chat service: what a model says is a draft until it has passed here.

It returns whole answers only (a streaming caller gets one piece), keeps nothing of the provider's raw objects, and
turns every way in which a service can fail into ``Unavailable``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any, ClassVar

from pydantic import PrivateAttr
from semantic_kernel.connectors.ai.chat_completion_client_base import ChatCompletionClientBase
from semantic_kernel.connectors.ai.prompt_execution_settings import PromptExecutionSettings
from semantic_kernel.contents import (
    AuthorRole,
    ChatHistory,
    ChatMessageContent,
    FinishReason,
    FunctionCallContent,
    StreamingChatMessageContent,
    StreamingTextContent,
    TextContent,
)

from app.domain.errors import CpoError, Unavailable
from app.domain.safety import Draft, Surface
from app.gate import Gate
from app.llm.failures import explain_failure

COMPLETE = {FinishReason.STOP, FinishReason.TOOL_CALLS, FinishReason.FUNCTION_CALL}
KEPT_METADATA = ("id", "created", "usage", "understood")


class ScreenedChat(ChatCompletionClientBase):
    """A chat service whose answers are screened. ``around`` makes one; nesting is refused."""

    SUPPORTS_FUNCTION_CALLING: ClassVar[bool] = True
    _inner: ChatCompletionClientBase = PrivateAttr()
    _gate: Gate = PrivateAttr()

    @classmethod
    def around(cls, inner: ChatCompletionClientBase, gate: Gate) -> ScreenedChat:
        """Wrap a service."""
        if isinstance(inner, ScreenedChat):
            raise CpoError("This service is screened already.")
        screened = cls(ai_model_id=inner.ai_model_id, service_id=inner.service_id)
        screened._inner, screened._gate = inner, gate
        return screened

    # --- what semantic-kernel asks of a service, handed on
    def get_prompt_execution_settings_class(self) -> type[PromptExecutionSettings]:
        return self._inner.get_prompt_execution_settings_class()

    def _verify_function_choice_settings(self, settings: PromptExecutionSettings) -> None:
        self._inner._verify_function_choice_settings(settings)

    def _update_function_choice_settings_callback(self) -> Callable[..., None]:
        return self._inner._update_function_choice_settings_callback()

    def _reset_function_choice_settings(self, settings: PromptExecutionSettings) -> None:
        self._inner._reset_function_choice_settings(settings)

    def service_url(self) -> str | None:
        return self._inner.service_url()

    async def close(self) -> None:
        """Give back the connections of a hosted service; the offline planner has none."""
        client = getattr(self._inner, "client", None)
        if client is not None:
            await client.close()

    # --- the screened answer
    async def _inner_get_chat_message_contents(
        self, chat_history: ChatHistory, settings: PromptExecutionSettings
    ) -> list[ChatMessageContent]:
        try:
            answers = await self._inner._inner_get_chat_message_contents(chat_history, settings)
        except asyncio.CancelledError:
            raise
        except Exception as failure:
            raise explain_failure(failure) from None
        if not answers:
            raise Unavailable("planner", "the model gave no answer", retryable=True)
        return [await self._screened(answers[0])]

    async def _inner_get_streaming_chat_message_contents(
        self, chat_history: ChatHistory, settings: PromptExecutionSettings, function_invoke_attempt: int = 0
    ) -> AsyncGenerator[list[StreamingChatMessageContent], Any]:
        (answer,) = await self._inner_get_chat_message_contents(chat_history, settings)
        items: list[Any] = [
            item if isinstance(item, FunctionCallContent) else StreamingTextContent(choice_index=0, text=item.text)
            for item in answer.items
            if isinstance(item, (FunctionCallContent, TextContent))
        ]
        yield [
            StreamingChatMessageContent(
                role=AuthorRole.ASSISTANT, choice_index=0, items=items, ai_model_id=self.ai_model_id,
                finish_reason=answer.finish_reason, metadata=answer.metadata,
                function_invoke_attempt=function_invoke_attempt,
            )
        ]  # fmt: skip

    async def _screened(self, answer: ChatMessageContent) -> ChatMessageContent:
        if answer.finish_reason is not None and answer.finish_reason not in COMPLETE:
            raise Unavailable("planner", f"the answer was cut off ({answer.finish_reason.value})", retryable=True)
        texts = [item.text for item in answer.items if isinstance(item, TextContent) and item.text]
        calls = [item for item in answer.items if isinstance(item, FunctionCallContent)]
        if not calls and not "".join(texts).strip():
            raise Unavailable("planner", "the model's answer was empty", retryable=True)
        metadata = {key: answer.metadata[key] for key in KEPT_METADATA if key in (answer.metadata or {})}
        items: list[Any] = [_bare(call) for call in calls]
        if texts:
            draft = Draft(text="\n".join(texts), surface=Surface.CHAT)
            (passage,) = await self._gate.release_async([draft], subject="model-answer")
            items.insert(0, TextContent(text=str(passage.released)))
            metadata["decision"], metadata["decision_id"] = passage.verdict.decision, passage.decision_id
        return ChatMessageContent(
            role=AuthorRole.ASSISTANT, items=items, ai_model_id=self.ai_model_id, metadata=metadata,
            finish_reason=answer.finish_reason,
        )  # fmt: skip


def _bare(call: FunctionCallContent) -> FunctionCallContent:
    return FunctionCallContent(
        id=call.id, index=call.index, name=call.name, plugin_name=call.plugin_name,
        function_name=call.function_name, arguments=call.arguments,
    )  # fmt: skip
