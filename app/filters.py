"""The safety filter of the kernel: the middle ring.

It stands around every function that any kernel of ours runs. A result that is not exactly what the gate released (a
filter or a function replaced it) is screened before it goes on; an exception becomes a neutral text.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import structlog
from semantic_kernel.functions import FunctionResult

from app.domain.entities import fresh_id
from app.domain.safety import Draft, Surface
from app.gate import Gate, Unreleased

log = structlog.get_logger(__name__)
Filter = Callable[[Any, Callable[[Any], Awaitable[None]]], Awaitable[None]]


def safety_filter(gate: Gate, *, result_attribute: str = "result") -> Filter:
    """Return the filter; ``result_attribute`` is ``function_result`` for auto-invocation contexts."""

    async def screened(context: Any, next: Callable[[Any], Awaitable[None]]) -> None:
        try:
            await next(context)
        except asyncio.CancelledError:
            raise
        except Exception as failure:
            reference = fresh_id("err")
            log.error("filter_caught", reference=reference, type=type(failure).__name__)
            failed = json.dumps({"ok": False, "error": "failed", "reference": reference})
            setattr(context, result_attribute, _result(context, gate.release_text(failed, Surface.UNTRUSTED).released))
            return
        result: FunctionResult | None = getattr(context, result_attribute)
        if result is not None:
            setattr(context, result_attribute, _result(context, await released_value(result.value, gate)))

    return screened


def _result(context: Any, value: Any) -> FunctionResult:
    return FunctionResult(function=context.function.metadata, value=value)


async def released_value(value: Any, gate: Gate) -> Any:
    """Return ``value`` itself when the gate released exactly it, else what the gate makes of it."""
    if isinstance(value, AsyncGenerator):
        return _released_stream(value, gate)
    if value is None:
        return None
    try:
        gate.egress(value)
        return value
    except Unreleased:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        passage = await gate.release_async([Draft(text=text, surface=Surface.UNTRUSTED)], subject="tool-result")
        return passage[0].released


async def _released_stream(stream: AsyncGenerator[Any, Any], gate: Gate) -> AsyncGenerator[Any, Any]:
    """Hold a streamed result until it is whole, screen it, and give it out as one piece."""
    parts = [part async for part in stream]
    text = "".join(str(piece) for part in parts for piece in (part if isinstance(part, list) else [part]))
    yield await released_value(text, gate)
