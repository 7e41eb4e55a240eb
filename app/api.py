"""One process: health, the REST paths, and the chat mounted under ``/chat``, behind tight headers."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.types import ASGIApp, Receive, Scope, Send

from app.console import announce
from app.diagnosis import health as find_health
from app.diagnosis import services_line
from app.domain.errors import UserFixable
from app.domain.safety import Surface
from app.settings import PROJECT_ROOT, Settings, hand_to_chainlit, load_settings

if TYPE_CHECKING:
    from app.wiring import Application

CHAT_PATH = "/chat"
FOREIGN_LINKS = re.compile(
    rb"<(?:link|meta)[^>]*(?:fonts\.googleapis\.com|fonts\.gstatic\.com|cdn\.jsdelivr\.net|amazonaws\.com)[^>]*>"
)
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; "
        "frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}


class TightHeaders(BaseHTTPMiddleware):
    """Add the security headers, and take links to foreign hosts out of HTML pages."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        response = await call_next(request)
        if response.headers.get("content-type", "").startswith("text/html"):
            body = b"".join([part async for part in response.body_iterator])  # pyright: ignore[reportAttributeAccessIssue]
            headers = {k: v for k, v in response.headers.items() if k.lower() != "content-length"}
            response = Response(FOREIGN_LINKS.sub(b"", body), response.status_code, headers)
        response.headers.update(HEADERS)
        return response


class PlainHtml:
    """Ask the chat for uncompressed pages, so that foreign links can be seen and taken out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            accepts_html = any(k == b"accept" and b"text/html" in v for k, v in scope["headers"])
            if accepts_html:
                scope["headers"] = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]
        await self._app(scope, receive, send)


def create_api(application: Application) -> FastAPI:
    """Return the application without the chat: what a REST client and a load balancer see."""
    api = FastAPI(title="Customer Personalization Orchestrator", version="0.1.0", docs_url="/docs", redoc_url=None)

    @api.get("/", include_in_schema=False)
    async def home() -> RedirectResponse:
        return RedirectResponse(CHAT_PATH)

    @api.get("/health")
    def health() -> JSONResponse:
        """Say for each service whether it answers; no secrets, no addresses."""
        state = find_health(application)
        passage = application.gate.release_json(state, Surface.CHAT, subject="health")
        return JSONResponse(passage.value, status_code=200 if state["ok"] else 503)

    @api.get("/services")
    def services() -> JSONResponse:
        """Say which services are real and which stand in, for the header of the chat."""
        passage = application.gate.release_json({"line": services_line(application)}, Surface.CHAT, subject="header")
        return JSONResponse(passage.value)

    del home, health, services
    return api


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the whole application, chat included."""
    chosen = settings or load_settings()
    from app.wiring import running_application

    application = running_application(chosen)
    hand_to_chainlit(chosen, application.keys.derive("chat-login").hex())
    api = create_api(application)
    from chainlit.utils import mount_chainlit

    mount_chainlit(app=api, target=str(PROJECT_ROOT / "app" / "main.py"), path=CHAT_PATH)
    api.add_middleware(TightHeaders)
    api.add_middleware(PlainHtml)
    return api


def serve_forever(host: str | None = None, port: int | None = None) -> None:
    """Serve until interrupted; refuse to listen beyond this machine without a login."""
    settings = load_settings()
    address, number = host or settings.host, port or settings.port
    if not _is_loopback(address) and settings.users_file is None:
        raise UserFixable(
            f"Without a login the chat is served on this machine only, not on {address}.",
            hint="Set CPO_USERS_FILE and CHAINLIT_AUTH_SECRET, or leave CPO_HOST at 127.0.0.1.",
        )
    application = create_app(settings)
    announce(f"Serving the chat on http://{address}:{number} - stop with Ctrl-C")
    uvicorn.run(application, host=address, port=number, log_level="warning", access_log=False, server_header=False)


def _is_loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
