"""A planner that answers what another planner answered before: for replaying a stored turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from pydantic import PrivateAttr
from semantic_kernel.connectors.ai.chat_completion_client_base import ChatCompletionClientBase
from semantic_kernel.connectors.ai.prompt_execution_settings import PromptExecutionSettings
from semantic_kernel.contents import AuthorRole, ChatHistory, ChatMessageContent, FunctionCallContent, TextContent

from app.domain.conversation import PlannerAnswer
from app.domain.errors import Unavailable


class RecordedPlanner(ChatCompletionClientBase):
    """Gives the recorded answers in order; asked once more, it is unavailable."""

    SUPPORTS_FUNCTION_CALLING: ClassVar[bool] = True
    _answers: list[PlannerAnswer] = PrivateAttr()

    @classmethod
    def of(cls, name: str, answers: Sequence[PlannerAnswer]) -> RecordedPlanner:
        """Make a planner from the answers of a stored turn."""
        planner = cls(ai_model_id=name)
        planner._answers = list(answers)
        return planner

    def _update_function_choice_settings_callback(self) -> Callable[..., None]:
        return lambda *_args, **_kwargs: None

    async def _inner_get_chat_message_contents(
        self, chat_history: ChatHistory, settings: PromptExecutionSettings
    ) -> list[ChatMessageContent]:
        if not self._answers:
            raise Unavailable("planner", "the record has no further answer")
        answer = self._answers.pop(0)
        items: list[Any] = [TextContent(text=answer.text)] if answer.text else []
        for index, call in enumerate(answer.calls):
            name = str(call["name"])
            plugin, _, function = name.partition("-")
            items.append(
                FunctionCallContent(
                    id=call["id"], index=index, name=name, plugin_name=plugin, function_name=function,
                    arguments=call["arguments"],
                )
            )  # fmt: skip
        return [ChatMessageContent(role=AuthorRole.ASSISTANT, items=items, ai_model_id=self.ai_model_id)]
