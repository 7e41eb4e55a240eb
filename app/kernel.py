"""The guarded kernel: semantic-kernel's, with the gate outermost whatever its mutable lists hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from pydantic import PrivateAttr
from semantic_kernel import Kernel
from semantic_kernel.connectors.ai.chat_completion_client_base import ChatCompletionClientBase
from semantic_kernel.contents import ChatHistory, FunctionCallContent, FunctionResultContent
from semantic_kernel.filters import FilterTypes

from app.domain.errors import CpoError
from app.domain.safety import Surface
from app.filters import released_value, safety_filter
from app.functions import current_call, error_result, gated_plugin
from app.gate import Gate
from app.llm.screened import ScreenedChat

GUARDED = {FilterTypes.FUNCTION_INVOCATION: "result", FilterTypes.AUTO_FUNCTION_INVOCATION: "function_result"}


class GuardedKernel(Kernel):
    """A kernel whose every way out passes the gate. Made only by ``make_kernel``."""

    _gate: Gate | None = PrivateAttr(default=None)

    def bind(self, gate: Gate) -> None:
        """Attach the gate, once, before anything is added."""
        if self._gate is not None:
            raise CpoError("This kernel has its gate.")
        self._gate = gate

    @property
    def gate(self) -> Gate:
        """The gate; a kernel without one can do nothing."""
        if self._gate is None:
            raise CpoError("This kernel has no gate.")
        return self._gate

    # --- filters: the gate is the outermost frame, independent of the lists
    def construct_call_stack(
        self, filter_type: FilterTypes, inner_function: Callable[[Any], Coroutine[Any, Any, None]]
    ) -> Callable[[Any], Coroutine[Any, Any, None]]:
        stack = super().construct_call_stack(filter_type, inner_function)
        if filter_type not in GUARDED:
            return stack
        outermost: Any = safety_filter(self.gate, result_attribute=GUARDED[filter_type])
        return partial(outermost, next=stack)

    # --- calls: semantic-kernel writes messages of its own for wrong calls; ours name nothing the model chose
    async def invoke_function_call(self, function_call: FunctionCallContent, chat_history: ChatHistory, **kwargs: Any):
        problem = self._problem_with(function_call)
        if problem is not None:
            slot = current_call.get()
            if slot is not None:
                slot.result, slot.ok = problem, False
            await self._answer(function_call, chat_history, json.dumps(problem))
            return None
        before = len(chat_history.messages)
        context = await super().invoke_function_call(function_call, chat_history, **kwargs)
        for message in chat_history.messages[before:]:
            for item in message.items:
                if isinstance(item, FunctionResultContent) and not self._from_slot(item):
                    item.result = str(await released_value(str(item.result), self.gate))
        return context

    def _from_slot(self, item: FunctionResultContent) -> bool:
        slot = current_call.get()
        return slot is not None and str(item.result) == json.dumps(slot.result, ensure_ascii=False)

    def _problem_with(self, function_call: FunctionCallContent) -> dict[str, Any] | None:
        offered = sorted(f.fully_qualified_name for f in self.get_full_list_of_function_metadata())
        if function_call.name not in offered:
            return error_result("unknown_function", allowed=offered)
        arguments = function_call.arguments
        if isinstance(arguments, str) and arguments.strip():
            try:
                arguments = json.loads(arguments)
            except ValueError:
                return error_result("malformed_arguments", message="Arguments must be one JSON object.")
        if arguments and not isinstance(arguments, dict):
            return error_result("malformed_arguments", message="Arguments must be one JSON object.")
        function = self.get_function(function_call.plugin_name, function_call.function_name)
        known = [p.name for p in function.parameters if p.name]
        required = [p.name for p in function.parameters if p.is_required and p.name]
        given = set(arguments or {})
        if given - set(known) or set(required) - given:
            return error_result("invalid_arguments", parameters=known, required=required)
        return None

    async def _answer(self, function_call: FunctionCallContent, chat_history: ChatHistory, text: str) -> None:
        (passage,) = [self.gate.release_text(text, Surface.UNTRUSTED, subject="tool-result")]
        content = FunctionResultContent.from_function_call_content_and_result(function_call, str(passage.released))
        chat_history.add_message(content.to_chat_message_content())

    # --- services: only screened chat services come in or out
    def add_service(self, service: Any, overwrite: bool = False) -> None:
        super().add_service(self._screened(service), overwrite)

    def get_service(self, service_id: str | None = None, type: Any = None) -> Any:
        return self._screened(super().get_service(service_id, type))

    def select_ai_service(self, *args: Any, **kwargs: Any) -> Any:
        service, settings = super().select_ai_service(*args, **kwargs)
        return self._screened(service), settings

    def _screened(self, service: Any) -> ScreenedChat:
        if isinstance(service, ScreenedChat):
            return service
        if not isinstance(service, ChatCompletionClientBase):
            raise CpoError("Only chat services can be added: every other kind would answer unscreened.")
        return ScreenedChat.around(service, self.gate)

    # --- plugins: only gated bodies come in
    def add_plugin(self, plugin: Any = None, plugin_name: str | None = None, **kwargs: Any) -> Any:  # pyright: ignore[reportIncompatibleMethodOverride]
        if kwargs or plugin is None or not plugin_name:
            raise CpoError("Give a plugin object and its name: its functions are gated as they are added.")
        return super().add_plugin(gated_plugin(plugin_name, plugin, self.gate))

    def add_functions(self, *args: Any, **kwargs: Any) -> Any:
        raise CpoError("Add functions as a plugin object, so that they are gated.")

    add_function = add_functions

    def clone(self) -> GuardedKernel:
        """Return a kernel with the same plugins and services under the same gate."""
        copy = make_kernel(self.gate)
        copy.plugins.update(self.plugins)
        copy.services.update({key: self._screened(service) for key, service in self.services.items()})
        return copy


def make_kernel(gate: Gate) -> GuardedKernel:
    """Return an empty guarded kernel: the only way kernels are made."""
    kernel = GuardedKernel()
    kernel.bind(gate)
    kernel.add_filter(FilterTypes.FUNCTION_INVOCATION, safety_filter(gate))
    return kernel
