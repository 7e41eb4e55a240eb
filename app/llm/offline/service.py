"""The offline planner as a chat service of semantic-kernel; the only module here that knows the framework."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any, ClassVar, cast

from pydantic import PrivateAttr
from semantic_kernel.connectors.ai.chat_completion_client_base import ChatCompletionClientBase
from semantic_kernel.connectors.ai.function_call_choice_configuration import FunctionCallChoiceConfiguration
from semantic_kernel.connectors.ai.function_choice_type import FunctionChoiceType
from semantic_kernel.connectors.ai.prompt_execution_settings import PromptExecutionSettings
from semantic_kernel.contents import (
    AuthorRole,
    ChatHistory,
    ChatMessageContent,
    FinishReason,
    FunctionCallContent,
    FunctionResultContent,
    StreamingChatMessageContent,
    StreamingTextContent,
    TextContent,
)

from app.llm.offline.decide import decide
from app.llm.offline.messages import Call, Decision, Message, Role

SERVICE_ID = "offline-planner"


class OfflineSettings(PromptExecutionSettings):
    """Settings with the names of the functions on offer; the planner knows their parameters."""

    functions: frozenset[str] = frozenset()


class OfflinePlanner(ChatCompletionClientBase):
    """A ``ChatCompletionClientBase`` whose answers are a pure function of the history and the tools."""

    SUPPORTS_FUNCTION_CALLING: ClassVar[bool] = True
    _today: Callable[[], date] = PrivateAttr()

    def __init__(self, *, today: Callable[[], date] | None = None, service_id: str = SERVICE_ID) -> None:
        """``today`` gives the date that relative dates count from; the UTC date when left out."""
        super().__init__(ai_model_id=SERVICE_ID, service_id=service_id)
        self._today = today or (lambda: datetime.now(UTC).date())

    def get_prompt_execution_settings_class(self) -> type[PromptExecutionSettings]:
        """Return the settings class."""
        return OfflineSettings

    def _update_function_choice_settings_callback(self) -> Callable[..., None]:
        return _offer

    def _reset_function_choice_settings(self, settings: PromptExecutionSettings) -> None:
        if isinstance(settings, OfflineSettings):
            settings.functions = frozenset()

    async def _inner_get_chat_message_contents(
        self, chat_history: ChatHistory, settings: PromptExecutionSettings
    ) -> list[ChatMessageContent]:
        decision = self._decide(chat_history, settings)
        return [
            ChatMessageContent(
                role=AuthorRole.ASSISTANT,
                items=cast("Any", _items(decision)),
                ai_model_id=self.ai_model_id,
                finish_reason=FinishReason.TOOL_CALLS if decision.calls else FinishReason.STOP,
                metadata={"understood": asdict(decision.understood)},
            )
        ]

    async def _inner_get_streaming_chat_message_contents(
        self, chat_history: ChatHistory, settings: PromptExecutionSettings, function_invoke_attempt: int = 0
    ) -> AsyncGenerator[list[StreamingChatMessageContent], Any]:
        decision = self._decide(chat_history, settings)
        items = _items(decision) if decision.calls else [StreamingTextContent(choice_index=0, text=decision.reply)]
        yield [
            StreamingChatMessageContent(
                role=AuthorRole.ASSISTANT,
                choice_index=0,
                items=cast("Any", items),
                ai_model_id=self.ai_model_id,
                finish_reason=FinishReason.TOOL_CALLS if decision.calls else FinishReason.STOP,
                metadata={"understood": asdict(decision.understood)},
                function_invoke_attempt=function_invoke_attempt,
            )
        ]

    def _decide(self, history: ChatHistory, settings: PromptExecutionSettings) -> Decision:
        offered: frozenset[str] = getattr(settings, "functions", frozenset())
        return decide(messages_of(history), offered, self._today())


def _offer(
    offered: FunctionCallChoiceConfiguration, settings: PromptExecutionSettings, _type: FunctionChoiceType
) -> None:
    """Fill the settings, as semantic-kernel asks of a service, without the schemas that only a model reads."""
    if isinstance(settings, OfflineSettings):
        settings.functions = frozenset(f.fully_qualified_name for f in offered.available_functions or ())


def _items(decision: Decision) -> list[Any]:
    if not decision.calls:
        return [TextContent(text=decision.reply)]
    return [
        FunctionCallContent(
            id=call.call_id,
            index=index,
            name=call.name,
            plugin_name=call.name.split("-", 1)[0],
            function_name=call.name.split("-", 1)[1],
            arguments=json.dumps(call.arguments, ensure_ascii=False),
        )
        for index, call in enumerate(decision.calls)
    ]


def messages_of(history: ChatHistory) -> list[Message]:
    """Return the history as plain messages; several results in one tool message become several messages."""
    out: list[Message] = []
    for content in history.messages:
        calls = tuple(_call(item) for item in content.items if isinstance(item, FunctionCallContent))
        results = [item for item in content.items if isinstance(item, FunctionResultContent)]
        if results:
            out += [
                Message("tool", call_id=item.id or "", name=item.name or "", result=str(item.result))
                for item in results
            ]
            continue
        role = "system" if content.role == AuthorRole.DEVELOPER else str(content.role.value)
        out.append(Message(cast("Role", role), text=content.content or "", calls=calls))
    return out


def _call(item: FunctionCallContent) -> Call:
    arguments = item.arguments
    parsed: Any = json.loads(arguments) if isinstance(arguments, str) and arguments else dict(arguments or {})
    return Call(item.name or "", cast("dict[str, Any]", parsed), item.id or "")
