"""A planner that answers from a script, and remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from pydantic import PrivateAttr
from semantic_kernel.connectors.ai.chat_completion_client_base import ChatCompletionClientBase
from semantic_kernel.connectors.ai.function_calling_utils import update_settings_from_function_call_configuration
from semantic_kernel.connectors.ai.prompt_execution_settings import PromptExecutionSettings
from semantic_kernel.contents import (
    AuthorRole,
    ChatHistory,
    ChatMessageContent,
    FunctionCallContent,
    StreamingChatMessageContent,
    TextContent,
)


@dataclass(frozen=True)
class Calls:
    """A scripted round of calls: (``plugin-function``, arguments) each."""

    calls: tuple[tuple[str, dict[str, Any] | str], ...]
    text: str = ""


def calls(*wanted: tuple[str, dict[str, Any] | str], text: str = "") -> Calls:
    """Return a round of calls."""
    return Calls(wanted, text)


Step = Calls | str | Exception | Callable[[ChatHistory], "Calls | str | Awaitable[Calls | str]"]


class ScriptedSettings(PromptExecutionSettings):
    """Settings with the fields through which semantic-kernel offers tools."""

    tools: list[dict[str, Any]] | None = None
    tool_choice: str | None = None


@dataclass
class Asked:
    """What the planner saw in one round."""

    messages: list[tuple[str, str]]
    tools: list[str] = field(default_factory=list[str])


class ScriptedPlanner(ChatCompletionClientBase):
    """Answers step by step; a round beyond the script fails, and so does ``finish`` with steps left over."""

    SUPPORTS_FUNCTION_CALLING: ClassVar[bool] = True
    _steps: list[Step] = PrivateAttr()
    _asked: list[Asked] = PrivateAttr(default_factory=list[Asked])
    _count: int = PrivateAttr(default=0)

    @classmethod
    def of(cls, *steps: Step, name: str = "scripted planner") -> ScriptedPlanner:
        """Make a planner with these steps: a text, ``calls(...)``, an exception, or a function of the history
        (it may be asynchronous, to let a round take long)."""
        planner = cls(ai_model_id=name)
        planner._steps = list(steps)
        return planner

    @property
    def asked(self) -> Sequence[Asked]:
        """What it was asked, round by round."""
        return tuple(self._asked)

    def add(self, *steps: Step) -> None:
        """Append steps."""
        self._steps.extend(steps)

    def finish(self) -> None:
        """Fail when steps were not asked for."""
        if self._steps:
            raise AssertionError(f"{len(self._steps)} scripted steps were never asked for")

    def get_prompt_execution_settings_class(self) -> type[PromptExecutionSettings]:
        return ScriptedSettings

    def _update_function_choice_settings_callback(self) -> Callable[..., None]:
        return update_settings_from_function_call_configuration

    def _reset_function_choice_settings(self, settings: PromptExecutionSettings) -> None:
        settings.tools = settings.tool_choice = None  # pyright: ignore[reportAttributeAccessIssue]

    async def _inner_get_chat_message_contents(
        self, chat_history: ChatHistory, settings: PromptExecutionSettings
    ) -> list[ChatMessageContent]:
        tools = [tool["function"]["name"] for tool in (getattr(settings, "tools", None) or [])]
        self._asked.append(Asked([(m.role.value, str(m)) for m in chat_history.messages], tools))
        if not self._steps:
            raise AssertionError("the scripted planner was asked once more than its script says")
        step = self._steps.pop(0)
        if callable(step) and not isinstance(step, (str, Exception, Calls)):
            said = step(chat_history)
            step = said if isinstance(said, (Calls, str)) else await said
        if isinstance(step, Exception):
            raise step
        return [self._message(step)]

    def _message(self, step: Calls | str) -> ChatMessageContent:
        self._count += 1
        if isinstance(step, str):
            return ChatMessageContent(role=AuthorRole.ASSISTANT, content=step, ai_model_id=self.ai_model_id)
        items: list[Any] = [TextContent(text=step.text)] if step.text else []
        for index, (name, arguments) in enumerate(step.calls):
            plugin, _, function = name.partition("-")
            items.append(
                FunctionCallContent(
                    id=f"call-{self._count}-{index}", index=index, name=name, plugin_name=plugin,
                    function_name=function,
                    arguments=arguments if isinstance(arguments, str) else json.dumps(arguments),
                )
            )  # fmt: skip
        return ChatMessageContent(role=AuthorRole.ASSISTANT, items=items, ai_model_id=self.ai_model_id)

    async def _inner_get_streaming_chat_message_contents(
        self, chat_history: ChatHistory, settings: PromptExecutionSettings, function_invoke_attempt: int = 0
    ) -> AsyncGenerator[list[StreamingChatMessageContent], Any]:
        (message,) = await self._inner_get_chat_message_contents(chat_history, settings)
        yield [
            StreamingChatMessageContent(
                role=AuthorRole.ASSISTANT, choice_index=0, items=list[Any](message.items), ai_model_id=self.ai_model_id,
                function_invoke_attempt=function_invoke_attempt,
            )
        ]  # fmt: skip
