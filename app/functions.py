"""Turn a plugin object into kernel functions: schemas from the signatures, checked arguments, gated bodies.

semantic-kernel's own schemas lose ``Literal``, bounds and optionals, and its coercion accepts wrong values silently; so
the argument model of each function is made by pydantic from the method's annotations. The body that the kernel runs
screens the arguments, runs the method in a worker thread, and returns screened JSON, whoever calls it.
"""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any, cast, get_type_hints

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from semantic_kernel.functions import KernelFunctionFromMethod, KernelParameterMetadata, KernelPlugin

from app.domain.conversation import ToolResult
from app.domain.entities import fresh_id
from app.domain.errors import CpoError, Refused, Unavailable, UserFixable
from app.domain.safety import Decision, Surface
from app.gate import Gate, JsonPassage, Released

log = structlog.get_logger(__name__)
Json = dict[str, Any]


@dataclass
class CallSlot:
    """Filled by a gated body while it runs: what the trace shows of the call, screened."""

    arguments: Json = field(default_factory=dict[str, Any])
    result: Json = field(default_factory=dict[str, Any])
    ok: bool = False
    duration_ms: float = 0.0
    decision: Decision = Decision.BLOCK
    decision_id: str = ""
    screened_by: str = ""


current_call: ContextVar[CallSlot | None] = ContextVar("current_call", default=None)


def gated_plugin(name: str, plugin: object, gate: Gate) -> KernelPlugin:
    """Return the kernel plugin of every ``@kernel_function`` method of ``plugin``, hardened and gated.

    What the planner is told of the functions is made once for a class and shared; the bodies belong to this object.
    """
    hardened = _hardened(name, type(plugin))
    functions: dict[str, Any] = {
        function.name: _bound(function, getattr(plugin, attribute), gate) for attribute, function in hardened.items()
    }
    described = (inspect.getdoc(plugin) or "").split("\n")[0]
    return KernelPlugin.model_construct(name=name, description=described, functions=functions)


@dataclass(frozen=True)
class FunctionDescription:
    """A function as the planner sees it; ``parameters`` maps names to JSON schemas."""

    name: str
    description: str
    parameters: Mapping[str, Json]
    required: frozenset[str]


def describe_plugin(name: str, plugin: type) -> list[FunctionDescription]:
    """Return the functions of a plugin class without making one, in order of definition."""
    described: list[FunctionDescription] = []
    for method in vars(plugin).values():
        if getattr(method, "__kernel_function__", False):
            parameters = _parameters(_arguments_model(method))
            described.append(
                FunctionDescription(
                    name=f"{name}-{method.__kernel_function_name__}",
                    description=str(method.__kernel_function_description__),
                    parameters={str(p.name): p.schema_data or {} for p in parameters},
                    required=frozenset(str(p.name) for p in parameters if p.is_required),
                )
            )
    return described


def argument_models(name: str, plugin: type) -> dict[str, type[BaseModel]]:
    """Return the argument model of each function of a plugin class, by its full name."""
    return {
        f"{name}-{method.__kernel_function_name__}": _arguments_model(method)
        for method in vars(plugin).values()
        if getattr(method, "__kernel_function__", False)
    }


def error_result(code: str, **details: Any) -> Json:
    """Return the JSON of a call that did not work, in the form that tells the planner how to mend it."""
    return {"ok": False, "error": code, **details}


@lru_cache(maxsize=256)
def _hardened(plugin_name: str, plugin: type) -> Mapping[str, KernelFunctionFromMethod]:
    """Return the functions of a plugin class by the name of their method, with no object to run on."""
    functions: dict[str, KernelFunctionFromMethod] = {}
    for attribute, method in inspect.getmembers(plugin, inspect.isfunction):
        if getattr(method, "__kernel_function__", False):

            async def unbound(**_: Any) -> Released:
                raise CpoError("This function has no plugin object.")

            for mark in _MARKS:
                setattr(unbound, mark, getattr(method, mark, None))
            functions[attribute] = KernelFunctionFromMethod(
                method=unbound, plugin_name=plugin_name, parameters=_parameters(_arguments_model(method))
            )
    return MappingProxyType(functions)


_MARKS = (
    "__kernel_function__", "__kernel_function_name__", "__kernel_function_description__",
    "__kernel_function_return_description__", "__kernel_function_return_type__",
    "__kernel_function_return_type_object__", "__kernel_function_return_required__",
)  # fmt: skip


def _bound(
    function: KernelFunctionFromMethod, method: Callable[..., ToolResult], gate: Gate
) -> KernelFunctionFromMethod:
    """Return a hardened function whose body is gated and runs a method of one plugin object."""
    arguments_model = _arguments_model(cast("Any", method).__func__)

    async def body(**supplied: Any) -> Released:
        slot = current_call.get() or CallSlot()
        return await asyncio.to_thread(_answered, method, arguments_model, supplied, gate, slot)

    return function.model_copy(update={"method": body})


def _answered(
    method: Callable[..., ToolResult], model: type[BaseModel], supplied: Json, gate: Gate, slot: CallSlot
) -> Released:
    """Screen the arguments, run the method, screen its result; in a worker thread, with nothing left between them."""
    started = time.perf_counter()
    result = _run(method, model, supplied, gate, slot)
    passage = gate.release_json(result, Surface.UNTRUSTED, subject="tool-result")
    if not isinstance(passage.value, dict):
        withheld = error_result("result_withheld", decision_id=passage.decision_id)
        passage = gate.release_json(withheld, Surface.UNTRUSTED, subject="tool-result")
    _fill(slot, passage, (time.perf_counter() - started) * 1000)
    return passage.released


def _run(method: Callable[..., ToolResult], model: type[BaseModel], supplied: Json, gate: Gate, slot: CallSlot) -> Json:
    given = {key: value for key, value in supplied.items() if value is not None}
    screened = gate.release_json(given, Surface.UNTRUSTED, subject="tool-argument")
    slot.arguments = screened.value if isinstance(screened.value, dict) else {}
    if not screened.passed:
        return error_result("arguments_withheld", decision_id=screened.decision_id)
    try:
        checked = model.model_validate(screened.value)
    except ValidationError as error:
        return error_result("invalid_arguments", details=_details(error))
    return _call(method, {name: getattr(checked, name) for name in model.model_fields})


def _call(method: Callable[..., ToolResult], arguments: Json) -> Json:
    try:
        return method(**arguments).model_dump(mode="json")
    except Refused as refusal:
        extra = {"field": refusal.field} if refusal.field else {}
        return error_result(refusal.code, message=refusal.instruction, allowed=list(refusal.allowed)[:20], **extra)
    except Unavailable as failure:
        return error_result("unavailable", service=failure.service, retryable=failure.retryable)
    except UserFixable as problem:
        return error_result("not_possible", message=problem.problem, hint=problem.hint)
    except Exception as failure:
        reference = fresh_id("err")
        log.error("function_failed", reference=reference, function=method.__name__, type=type(failure).__name__)
        return error_result("failed", reference=reference)


def _fill(slot: CallSlot, passage: JsonPassage, duration_ms: float) -> None:
    value = passage.value
    slot.result = cast("Json", value) if isinstance(value, dict) else error_result("result_withheld")
    slot.ok = bool(slot.result.get("ok", False))
    slot.duration_ms = duration_ms
    slot.decision = passage.decision
    slot.decision_id = passage.decision_id
    slot.screened_by = passage.screened_by


@lru_cache(maxsize=256)
def _arguments_model(function: Callable[..., Any]) -> type[BaseModel]:
    """Make the argument model of a method from its annotations (``Annotated`` texts become descriptions)."""
    hints = get_type_hints(function, include_extras=True)
    fields: dict[str, Any] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if name != "self":
            default = ... if parameter.default is inspect.Parameter.empty else parameter.default
            fields[name] = (hints[name], default)
    return create_model(f"{function.__qualname__}Arguments", __config__=ConfigDict(extra="forbid"), **fields)


@lru_cache(maxsize=256)
def _parameters(model: type[BaseModel]) -> list[KernelParameterMetadata]:
    schema = model.model_json_schema()
    required = set(schema.get("required", []))
    parameters: list[KernelParameterMetadata] = []
    any_type = {"type_": "Any,"}  # the comma keeps semantic-kernel from casting; the argument model does that
    for name, annotation in model.model_fields.items():
        described = annotation.description or _description(annotation.metadata)
        property_schema = {**inlined(schema["properties"][name], schema.get("$defs", {})), "description": described}
        parameters.append(
            KernelParameterMetadata(
                name=name, description=described, is_required=name in required,
                type_object=None, default_value=None, schema_data=property_schema, **any_type,  # pyright: ignore[reportArgumentType]
            )
        )  # fmt: skip
    return parameters


def _description(metadata: Sequence[Any]) -> str:
    return next((item for item in metadata if isinstance(item, str)), "")


def inlined(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """Return a JSON schema with its ``$ref`` replaced and no null branches.

    A model inside itself is given once more, where it comes first and without the explanations; elsewhere it is any
    object, for the description of the first says what its forms are.
    """
    return _inlined(schema, definitions, (), set())


def _inlined(schema: Any, definitions: Mapping[str, Any], above: tuple[str, ...], nested: set[str]) -> Any:
    if isinstance(schema, list):
        return [_inlined(item, definitions, above, nested) for item in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    node = cast("Json", schema)
    if "$ref" in node:
        name = node["$ref"].split("/")[-1]
        if name in nested and name in above:
            return {"type": "object"}
        if name in above:
            nested.add(name)
        model = _inlined(definitions[name], definitions, (*above, name), nested)
        return _unexplained(model) if name in above else model
    kept = {
        key: value for key, value in node.items() if key != "$defs" and not (key == "title" and isinstance(value, str))
    }
    return _without_null({key: _inlined(value, definitions, above, nested) for key, value in kept.items()})


def _unexplained(schema: Any) -> Any:
    """Return a schema without its descriptions."""
    if isinstance(schema, list):
        return [_unexplained(item) for item in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    node = cast("Json", schema)
    return {k: _unexplained(v) for k, v in node.items() if not (k == "description" and isinstance(v, str))}


def _without_null(schema: Json) -> Json:
    """Drop the null branch of an optional: models fill plain types best, and nulls are dropped anyway."""
    branches = [branch for branch in schema.get("anyOf", []) if branch.get("type") != "null"]
    kept = {key: value for key, value in schema.items() if not (key == "default" and value is None)}
    if len(branches) == 1:
        return {**{key: value for key, value in kept.items() if key != "anyOf"}, **branches[0], **_described(schema)}
    return {**kept, "anyOf": branches} if branches else kept


def _described(schema: Json) -> Json:
    """Return what a field says of itself: it goes before what its type says."""
    return {"description": schema["description"]} if "description" in schema else {}


def _details(error: ValidationError) -> list[Json]:
    """Say where and what, without repeating the value that was sent."""
    return [
        {"at": ".".join(str(part) for part in item["loc"]), "msg": item["msg"]}
        for item in error.errors(include_input=False, include_url=False, include_context=False)[:10]
    ]
