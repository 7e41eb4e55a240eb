"""Every error of the REST interface in one form, for every kind of failure, without an echo of what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from app.domain.errors import CpoError, Refused, Unavailable, UserFixable
from app.domain.people import NotAllowed
from app.identity.attempts import TooMany
from app.identity.people import LoginRefused
from app.rest.answers import problem


class Problem(BaseModel):
    """What went wrong. ``details`` depends on ``type``; ``hint`` there says how to mend it."""

    type: str = Field(description="A short name, e.g. ValidationError, NotFound, NotAllowed")
    message: str
    details: dict[str, Any]
    timestamp: str = Field(description="UTC, 2026-06-15T12:00:00Z")


class ErrorBody(BaseModel):
    """The body of every answer that is not a success."""

    success: bool = Field(False, description="Always false")
    error: Problem


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the error answers of a route for the OpenAPI description; 401, 403, 422 and 429 are always there."""
    return {
        status: {"model": ErrorBody, "description": HTTPStatus(status).phrase}
        for status in sorted({400, 401, 403, 413, 422, 429, 500, 503, *statuses})
    }


class Missing(UserFixable):
    """What a path or a body names is not there, or not for this person."""

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no such {what}.", hint="It may belong to somebody else.")


STATUS_OF_CODE = {
    "invalid_arguments": 422, "malformed_arguments": 422, "arguments_withheld": 422, "result_withheld": 422,
    "not_found": 404, "unknown_function": 404, "unavailable": 503, "failed": 500,
}  # fmt: skip


async def problem_of_call(request: Request, result: Mapping[str, Any]) -> Response:
    """Return the error answer for a function call that did not work; anything unlisted is a 409."""
    code = str(result.get("error", "not_possible"))  # a result that says no, such as a launch with blockers
    kind = "ValidationError" if code == "invalid_arguments" else _camel(code)
    details = {k: v for k, v in result.items() if k not in ("ok", "error", "message", "summary")}
    message = str(result.get("message") or result.get("summary") or "The call could not be carried out.")
    return await problem(request, STATUS_OF_CODE.get(code, 409), kind, message, details)


def install_errors(api: FastAPI) -> None:
    """Answer every failure in the one form."""
    api.add_exception_handler(RequestValidationError, _wrong_request)  # pyright: ignore[reportArgumentType]
    api.add_exception_handler(HTTPException, _http)  # pyright: ignore[reportArgumentType]
    api.add_exception_handler(CpoError, _known)  # pyright: ignore[reportArgumentType]


async def _wrong_request(request: Request, error: RequestValidationError) -> Response:
    known = known_names(request.app)
    fields = [
        {
            "at": [p for p in item["loc"] if isinstance(p, int) or p in known],
            "problem": "This value is not valid." if item["type"] == "value_error" else item["msg"],  # it may quote
        }
        for item in error.errors()[:10]
    ]
    return await problem(request, 422, "ValidationError", "The request is not valid.", {"fields": fields})


async def _http(request: Request, error: HTTPException) -> Response:
    phrase = HTTPStatus(error.status_code).phrase
    return await problem(request, error.status_code, phrase.title().replace(" ", ""), f"{phrase}.", {}, error.headers)


async def _known(request: Request, error: CpoError) -> Response:
    for kind, status in STATUS_OF_ERROR:
        if isinstance(error, kind):
            hint = getattr(error, "hint", "")
            message = error.problem if isinstance(error, (UserFixable, Unavailable)) else str(error)
            details = {"hint": hint} if hint else {}
            name = "NotPossible" if kind in (UserFixable, Refused) else kind.__name__
            return await problem(request, status, name, message, details, _headers(error))
    return await problem(request, 503, "Unavailable", "The safety check gave no answer.")


STATUS_OF_ERROR: tuple[tuple[type[CpoError], int], ...] = (
    (Missing, 404), (LoginRefused, 401), (NotAllowed, 403), (TooMany, 429), (Unavailable, 503), (UserFixable, 409),
    (Refused, 409),
)  # fmt: skip


def _headers(error: CpoError) -> dict[str, str]:
    if isinstance(error, LoginRefused):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.retry_after)}
    return {"Retry-After": "5"} if isinstance(error, Unavailable) and error.retryable else {}


def known_names(api: FastAPI) -> frozenset[str]:
    """Return every name that the description of the interface knows: what else stands in a request is a stranger's."""
    found: set[str] = {"body", "query", "path", "header"}
    schemas = api.openapi().get("components", {}).get("schemas", {})
    for schema in schemas.values():
        found |= set(schema.get("properties", {}))
    for path in api.openapi()["paths"].values():
        for operation in path.values():
            found |= {p["name"] for p in cast("dict[str, Any]", operation).get("parameters", [])}
    return frozenset(found)


def _camel(code: str) -> str:
    return "".join(word.capitalize() for word in code.split("_"))
