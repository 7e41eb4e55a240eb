"""What the design rests on in the frameworks: an upgrade that changes one of these must be noticed."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import Any, Literal

import pytest
from semantic_kernel import Kernel
from semantic_kernel.connectors.ai.function_choice_behavior import FunctionChoiceBehavior
from semantic_kernel.contents import ChatHistory
from semantic_kernel.filters import FilterTypes
from semantic_kernel.functions import kernel_function

from app.testing.scripted_planner import ScriptedPlanner, calls

Next = Callable[[Any], Awaitable[None]]


class Plugin:
    """One function."""

    @kernel_function(name="a", description="a")
    def a(self, mode: Literal["x", "y"] = "x") -> str:
        return f"ran {mode}"


async def run_auto(kernel: Kernel, planner: ScriptedPlanner) -> str:
    """Run semantic-kernel's own loop."""
    settings = planner.instantiate_prompt_execution_settings(function_choice_behavior=FunctionChoiceBehavior.Auto())
    (answer,) = await planner.get_chat_message_contents(ChatHistory(), settings, kernel=kernel)
    return answer.content


async def test_no_filter_sees_the_final_answer() -> None:
    seen: list[str] = []
    kernel = Kernel()
    kernel.add_plugin(Plugin(), "p")
    for kind in (FilterTypes.FUNCTION_INVOCATION, FilterTypes.AUTO_FUNCTION_INVOCATION, FilterTypes.PROMPT_RENDERING):

        async def look(context: Any, next: Next) -> None:
            seen.append("ran")
            await next(context)

        kernel.add_filter(kind, look)
    assert await run_auto(kernel, ScriptedPlanner.of("the final answer")) == "the final answer"
    assert seen == []


async def test_the_first_filter_added_is_outermost() -> None:
    order: list[str] = []
    kernel = Kernel()
    kernel.add_plugin(Plugin(), "p")
    for name in ("first", "second"):

        async def note(context: Any, next: Next, name: str = name) -> None:
            order.append(name)
            await next(context)

        kernel.add_filter(FilterTypes.FUNCTION_INVOCATION, note)
    await kernel.invoke(plugin_name="p", function_name="a")
    assert order == ["first", "second"]


async def test_exception_text_of_a_plain_kernel_reaches_the_model() -> None:
    class Boom:
        @kernel_function(name="b", description="b")
        def b(self) -> str:
            raise RuntimeError("connection string")

    kernel = Kernel()
    kernel.add_plugin(Boom(), "p")
    planner = ScriptedPlanner.of(calls(("p-b", {})), lambda h: str(h.messages[-1].items[0].result))  # pyright: ignore
    assert "connection string" in await run_auto(kernel, planner)


def test_literal_loses_its_values_in_semantic_kernels_schema() -> None:
    kernel = Kernel()
    kernel.add_plugin(Plugin(), "p")
    (parameter,) = kernel.get_function("p", "a").parameters
    assert "enum" not in (parameter.schema_data or {})


def test_the_openai_sdk_speaks_httpx2() -> None:
    import httpx2
    from openai import AsyncOpenAI

    client = AsyncOpenAI(api_key="k", base_url="http://127.0.0.1:1/v1")
    assert isinstance(client._client, httpx2.AsyncClient)  # pyright: ignore[reportPrivateUsage]


@pytest.mark.statement("S56")
def test_chainlits_events_and_elements_go_through_the_hooks_of_our_sink() -> None:
    import chainlit.element
    import chainlit.socket

    assert "sio.emit(event, data, to=sid)" in inspect.getsource(chainlit.socket)
    assert "sio.call(event, data" in inspect.getsource(chainlit.socket)
    assert "persist_file" in inspect.getsource(chainlit.element.Element)
