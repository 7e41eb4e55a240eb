"""The offline planner seen through semantic-kernel."""

from __future__ import annotations

import json
from datetime import date

from semantic_kernel import Kernel
from semantic_kernel.connectors.ai.function_choice_behavior import FunctionChoiceBehavior
from semantic_kernel.contents import ChatHistory, FunctionCallContent, FunctionResultContent
from semantic_kernel.functions import kernel_function

from app.llm.offline.service import OfflinePlanner, OfflineSettings


class Segmentation:
    """Stands in for the plugin; only its name and function matter here."""

    @kernel_function(name="count_audience", description="Count.")
    def count_audience(self, conditions: list[dict[str, str]]) -> str:
        """Never run: the calls are not invoked automatically."""
        raise AssertionError


async def test_calls_then_reply() -> None:
    kernel, planner = Kernel(), OfflinePlanner(today=lambda: date(2026, 6, 15))
    kernel.add_plugin(Segmentation(), "segmentation")
    settings = OfflineSettings(function_choice_behavior=FunctionChoiceBehavior.Auto(auto_invoke=False))
    history = ChatHistory()
    history.add_user_message("how many lapsed customers in France?")
    (first,) = await planner.get_chat_message_contents(history, settings, kernel=kernel)
    (call,) = [item for item in first.items if isinstance(item, FunctionCallContent)]
    assert call.name == "segmentation-count_audience"
    assert json.loads(str(call.arguments))["conditions"][1] == {"field": "country", "op": "eq", "value": "FR"}
    assert first.metadata["understood"]["intents"] == ("size_audience",)
    history.add_message(first)
    result = {"ok": True, "summary": "12", "data": {"matched": 12, "words": "lapsed in FR"}}
    history.add_message(
        FunctionResultContent.from_function_call_content_and_result(call, json.dumps(result)).to_chat_message_content()
    )
    (second,) = await planner.get_chat_message_contents(history, settings, kernel=kernel)
    assert "**12** customers match" in second.content


async def test_without_tools_it_says_so() -> None:
    history = ChatHistory()
    history.add_user_message("launch it")
    (answer,) = await OfflinePlanner().get_chat_message_contents(history, OfflineSettings())
    assert "not on offer" in answer.content
