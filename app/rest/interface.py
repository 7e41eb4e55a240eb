"""The REST interface as a whole: every router under ``/api/v1``, the first paths, health, errors, the doorway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI

from app.identity.attempts import Attempts
from app.rest import (
    approvals,
    audit,
    campaigns,
    first_compliance,
    first_paths,
    health,
    results,
    screening,
    session,
    turns,
)
from app.rest.errors import install_errors
from app.rest.functions import functions_router

if TYPE_CHECKING:
    from app.wiring import Application

PREFIX = "/api/v1"
DESCRIPTION = (
    "The same core as the chat: every call passes the same kernel and the same gate, every body that leaves was "
    "released. Errors have one form. A launch or an export is asked for here and decided by a person."
)


def create_interface(application: Application) -> FastAPI:
    """Return the REST application without the chat."""
    api = FastAPI(
        title="Customer Personalization Orchestrator", version="1.0.0", description=DESCRIPTION, docs_url=None,
        redoc_url=None, openapi_url="/openapi.json",
    )  # fmt: skip
    api.state.application = application
    api.state.limit = Attempts(application.settings.requests_per_minute)
    topics = (turns, screening, approvals, results, audit)
    for router in (
        session.router, session.released, *(topic.router for topic in topics), functions_router(), campaigns.router,
        health.router,
    ):  # fmt: skip
        api.include_router(router, prefix=PREFIX)
    api.include_router(health.router, include_in_schema=False)
    api.include_router(first_compliance.router)
    api.include_router(first_paths.router)
    install_errors(api)
    return api
