"""Every path by which text could leave a kernel or a service unscreened, tried with a canary.

The gate here blocks whatever holds the canary and lets the rest pass, so a canary on the far side is a leak.
"""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Annotated, Any

import pytest
from semantic_kernel import Kernel
from semantic_kernel.connectors.ai.function_choice_behavior import FunctionChoiceBehavior
from semantic_kernel.contents import ChatHistory, FunctionCallContent, TextContent
from semantic_kernel.filters import FilterTypes
from semantic_kernel.functions import KernelArguments, kernel_function

from app.domain.conversation import ToolResult
from app.domain.errors import CpoError
from app.gate import Gate
from app.kernel import GuardedKernel, make_kernel
from app.keys import Keys
from app.llm.screened import ScreenedChat
from app.testing.screeners import ScriptedScreener, blocking, hanging, raising
from app.testing.scripted_planner import ScriptedPlanner, calls

CANARY = "CANARY"


class Leaky:
    """A plugin that tries to leak."""

    @kernel_function(name="text", description="canary in the result")
    def text(self) -> ToolResult:
        return ToolResult(summary=f"secret {CANARY}")

    @kernel_function(name="nested", description="canary deep in the data")
    def nested(self) -> ToolResult:
        return ToolResult(summary="fine", data={"rows": [{"name": f"x {CANARY}"}, {CANARY: 1}]})

    @kernel_function(name="boom", description="canary in the exception")
    def boom(self) -> ToolResult:
        raise RuntimeError(f"password {CANARY}")

    @kernel_function(name="echo", description="canary by way of an argument")
    def echo(self, what: Annotated[str, "any text"]) -> ToolResult:
        return ToolResult(summary=f"you said {what}")


def make_gate(screener: ScriptedScreener | None = None, *, deadline: float = 5.0) -> Gate:
    """Return a gate over a scripted screener, with an audit in memory."""
    numbers = iter(range(1_000_000))
    return Gate(
        screener or blocking(CANARY),
        lambda bodies, at: [f"dec-{next(numbers)}" for _ in bodies],
        Keys(b"k" * 32),
        deadline_seconds=deadline,
    )


@pytest.fixture
def kernel() -> GuardedKernel:
    """A guarded kernel with the leaky plugin."""
    made = make_kernel(make_gate())
    made.add_plugin(Leaky(), "p")
    return made


async def called(kernel: Kernel, name: str, arguments: str = "{}") -> str:
    """Call a function the way a planner does and return the tool message."""
    history = ChatHistory()
    plugin, _, function = name.partition("-")
    content = FunctionCallContent(
        id="c1", index=0, name=name, plugin_name=plugin, function_name=function, arguments=arguments
    )
    await kernel.invoke_function_call(content, history)
    return str(history.messages[-1].items[0].result)  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("p-text", "{}"),
        ("p-nested", "{}"),
        ("p-boom", "{}"),
        ("p-echo", json.dumps({"what": CANARY})),
        (f"p-{CANARY}", "{}"),
        (CANARY, "{}"),
        ("p-echo", json.dumps({CANARY: 1})),
        ("p-echo", f"{{not json {CANARY}"),
        ("p-echo", json.dumps([CANARY])),
        ("p-echo", json.dumps({"what": {"deep": CANARY}})),
    ],
)
async def test_s8_s10_s11_tool_messages_never_leak(kernel: GuardedKernel, name: str, arguments: str) -> None:
    message = await called(kernel, name, arguments)
    assert CANARY not in message
    assert message  # and there is an answer


class Owned:
    """A plugin object that knows whose it is."""

    def __init__(self, owner: str) -> None:
        self._owner = owner

    @kernel_function(name="whose", description="Say whose.")
    def whose(self) -> ToolResult:
        return ToolResult(summary=self._owner)


async def test_kernels_over_objects_of_one_class_never_answer_for_each_other() -> None:
    kernels = {owner: make_kernel(make_gate()) for owner in ("ann", "ben")}
    for owner, made in kernels.items():
        made.add_plugin(Owned(owner), "o")
    kernels["ann"].clone()
    for owner in ("ann", "ben", "ann"):
        assert json.loads(await called(kernels[owner], "o-whose"))["summary"] == owner


async def test_s10_an_exception_that_would_pass_the_screening_is_not_told_either() -> None:
    made = make_kernel(make_gate(blocking("something else")))
    made.add_plugin(Leaky(), "p")
    message = json.loads(await called(made, "p-boom"))
    assert (message["error"], CANARY in str(message)) == ("failed", False)
    assert message["reference"].startswith("err-")


async def test_the_matrix_can_fail() -> None:
    open_gate = make_gate(blocking("something else"))
    made = make_kernel(open_gate)
    made.add_plugin(Leaky(), "p")
    assert CANARY in await called(made, "p-text")


@pytest.mark.parametrize("name", ["text", "nested", "boom"])
async def test_s12_direct_invoke_never_leaks(kernel: GuardedKernel, name: str) -> None:
    result = await kernel.invoke(plugin_name="p", function_name=name)
    assert CANARY not in str(result)


@pytest.mark.parametrize("name", ["text", "nested", "boom"])
async def test_s12_foreign_kernel_never_leaks(kernel: GuardedKernel, name: str) -> None:
    function = kernel.get_function("p", name)
    result = await function.invoke(Kernel())
    assert CANARY not in str(result)


async def test_s12_gated_body_called_by_hand_never_leaks(kernel: GuardedKernel) -> None:
    body: Callable[..., Awaitable[str]] = kernel.get_function("p", "text").method  # pyright: ignore[reportAttributeAccessIssue]
    assert CANARY not in await body()


async def test_s12_cloned_kernel_never_leaks(kernel: GuardedKernel) -> None:
    assert CANARY not in await called(kernel.clone(), "p-text")


async def test_s13_cleared_filters_never_leak(kernel: GuardedKernel) -> None:
    kernel.function_invocation_filters.clear()
    kernel.auto_function_invocation_filters.clear()
    assert CANARY not in await called(kernel, "p-text")


@pytest.mark.parametrize("kind", [FilterTypes.FUNCTION_INVOCATION, FilterTypes.AUTO_FUNCTION_INVOCATION])
async def test_s13_filter_that_overwrites_never_leaks(kernel: GuardedKernel, kind: FilterTypes) -> None:
    attribute = "result" if kind is FilterTypes.FUNCTION_INVOCATION else "function_result"

    async def overwrite(context: Any, next: Callable[[Any], Awaitable[None]]) -> None:
        await next(context)
        getattr(context, attribute).value = f"late {CANARY}"

    kernel.add_filter(kind, overwrite)
    assert CANARY not in await called(kernel, "p-text")


@pytest.mark.parametrize("kind", [FilterTypes.FUNCTION_INVOCATION, FilterTypes.AUTO_FUNCTION_INVOCATION])
async def test_s14_filter_that_raises_never_leaks(kernel: GuardedKernel, kind: FilterTypes) -> None:
    async def fail(context: Any, next: Callable[[Any], Awaitable[None]]) -> None:
        raise RuntimeError(f"filter {CANARY}")

    kernel.add_filter(kind, fail)
    assert CANARY not in await called(kernel, "p-text")


async def test_s9_withheld_arguments_do_not_run_the_function(kernel: GuardedKernel) -> None:
    message = json.loads(await called(kernel, "p-echo", json.dumps({"what": CANARY})))
    assert message["error"] == "arguments_withheld"


def test_s12_other_ways_in_are_closed(kernel: GuardedKernel) -> None:
    with pytest.raises(CpoError):
        kernel.add_functions("p", [])
    with pytest.raises(CpoError):
        kernel.add_function("p", Leaky().text)
    with pytest.raises(CpoError):
        kernel.add_plugin(Leaky(), "q", description="x")


# --- services


def planner_saying(text: str) -> ScriptedPlanner:
    """A planner that answers with one text."""
    return ScriptedPlanner.of(text)


async def answer_of(service: ScreenedChat) -> str:
    """The text of a plain answer."""
    settings = service.instantiate_prompt_execution_settings()
    (message,) = await service.get_chat_message_contents(ChatHistory(), settings)
    return message.content


async def test_s1_model_answer_never_leaks(kernel: GuardedKernel) -> None:
    kernel.add_service(planner_saying(f"hello {CANARY}"))
    assert CANARY not in await answer_of(kernel.get_service())


async def test_s1_service_poked_into_the_kernel_never_leaks(kernel: GuardedKernel) -> None:
    kernel.services["raw"] = planner_saying(CANARY)
    assert CANARY not in await answer_of(kernel.get_service("raw"))


async def test_s2_streamed_answer_is_one_screened_piece(kernel: GuardedKernel) -> None:
    kernel.add_service(planner_saying(f"hello {CANARY}"))
    service = kernel.get_service()
    settings = service.instantiate_prompt_execution_settings()
    pieces = [str(p[0]) async for p in service.get_streaming_chat_message_contents(ChatHistory(), settings)]
    assert len(pieces) == 1
    assert CANARY not in "".join(pieces)


async def test_s1_text_beside_calls_never_leaks(kernel: GuardedKernel) -> None:
    kernel.add_service(ScriptedPlanner.of(calls(("p-text", {}), text=f"Let me look {CANARY}")))
    service = kernel.get_service()
    settings = service.instantiate_prompt_execution_settings(
        function_choice_behavior=FunctionChoiceBehavior.Auto(auto_invoke=False)
    )
    (message,) = await service.get_chat_message_contents(ChatHistory(), settings, kernel=kernel)
    assert all(CANARY not in item.text for item in message.items if isinstance(item, TextContent))


async def test_s10_service_failure_never_leaks(kernel: GuardedKernel) -> None:
    kernel.add_service(ScriptedPlanner.of(RuntimeError(f"key {CANARY}")))
    with pytest.raises(CpoError) as caught:
        await answer_of(kernel.get_service())
    assert CANARY not in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.statement("S12")
async def test_semantic_kernels_own_loop_never_leaks(kernel: GuardedKernel) -> None:
    kernel.add_service(ScriptedPlanner.of(calls(("p-text", {}), ("p-boom", {})), _last_result))
    service = kernel.get_service()
    settings = service.instantiate_prompt_execution_settings(function_choice_behavior=FunctionChoiceBehavior.Auto())
    history = ChatHistory()
    answers = await service.get_chat_message_contents(history, settings, kernel=kernel)
    seen = [*history.messages, *answers]
    assert len(seen) == 4  # two calls, two results, the answer
    assert CANARY not in "".join(str(m) + str([getattr(i, "result", "") for i in m.items]) for m in seen)


def _last_result(history: ChatHistory) -> str:
    return "I was told: " + str(history.messages[-1].items[0].result)  # pyright: ignore[reportAttributeAccessIssue]


def test_only_chat_services_come_in(kernel: GuardedKernel) -> None:
    with pytest.raises(CpoError):
        kernel.add_service(object())


# --- the gate fails closed


@pytest.mark.parametrize("screener", [raising, lambda: hanging(threading.Event())])
async def test_s14_s16_failing_screener_blocks(screener: Callable[[], ScriptedScreener]) -> None:
    made = make_kernel(make_gate(screener(), deadline=0.05))
    made.add_plugin(Leaky(), "p")
    assert CANARY not in await called(made, "p-text")


async def test_s63_unwritable_audit_blocks() -> None:
    def full(bodies: Any, at: Any) -> list[str]:
        raise OSError("disk full")

    gate = Gate(blocking("nothing"), full, Keys(b"k" * 32))
    made = make_kernel(gate)
    made.add_plugin(Leaky(), "p")
    assert CANARY not in await called(made, "p-text")
    (passage,) = gate.release([_draft(f"hello {CANARY}")])
    assert CANARY not in passage.released
    assert not passage.passed


def _draft(text: str) -> Any:
    from app.domain.safety import Draft, Surface

    return Draft(text=text, surface=Surface.CHAT)


@pytest.mark.statement("S2", "S3")
async def test_streamed_function_results_are_held_until_whole(kernel: GuardedKernel) -> None:
    from app.filters import released_value

    async def stream() -> AsyncGenerator[Any, Any]:
        for part in ("CAN", "ARY"):
            yield part

    pieces = [str(p) async for p in await released_value(stream(), kernel.gate)]
    assert CANARY not in "".join(pieces)


def test_arguments_reach_the_function_typed(kernel: GuardedKernel) -> None:
    assert kernel.get_function("p", "echo").parameters[0].schema_data == {"type": "string", "description": "any text"}
    assert KernelArguments  # the name the framework uses for them
