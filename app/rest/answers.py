"""The way out of the REST interface: a body is JSON that the gate released, or it does not leave."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from app.domain.entities import fresh_id
from app.domain.errors import CpoError
from app.domain.safety import Surface
from app.gate import Gate, Released, Unreleased

log = structlog.get_logger(__name__)


class ReleasedResponse(Response):
    """A response whose body is a released text, verified on the exact characters that leave."""

    media_type = "application/json"

    def __init__(
        self, gate: Gate, released: Released, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(gate.egress(released), status, dict(headers or {}))


class ReleasedRoute(APIRoute):
    """A route that can answer with nothing but a ``ReleasedResponse``; a bug answers with a reference only."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        """Return the handler of the framework with the check around it."""
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                response = await inner(request)
                if type(response) is not ReleasedResponse:
                    raise Unreleased("A route answered with something that the gate did not release.")
            except (CpoError, HTTPException, RequestValidationError):
                raise
            except Exception as failure:
                reference = fresh_id("err")
                log.error("rest_failed", reference=reference, type=type(failure).__name__)
                return await problem(request, 500, "Failed", "Something went wrong.", {"reference": reference})
            return response

        return handler


async def answer(request: Request, value: Mapping[str, Any], status: int = 200) -> ReleasedResponse:
    """Release a JSON object and return it; a value that is withheld as a whole becomes a problem."""
    gate: Gate = request.app.state.application.gate
    passage = await asyncio.to_thread(gate.release_json, value, Surface.CHAT, subject="rest")
    if not isinstance(passage.value, dict):
        message = "This answer was withheld by the safety check."
        return await problem(request, 422, "Withheld", message, {"decision_id": passage.decision_id})
    return ReleasedResponse(gate, passage.released, status)


async def problem(
    request: Request,
    status: int,
    kind: str,
    message: str,
    details: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> ReleasedResponse:
    """Return an error in the one form that every error has."""
    error = {"type": kind, "message": message, "details": dict(details or {}), "timestamp": _moment()}
    gate: Gate = request.app.state.application.gate
    body = {"success": False, "error": error}
    passage = await asyncio.to_thread(gate.release_json, body, Surface.CHAT, subject="rest-error")
    return ReleasedResponse(gate, passage.released, status, headers)


def _moment() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
