"""One process: health, the REST paths, and the chat mounted under ``/chat``, behind tight headers."""

from __future__ import annotations

import gc
import re
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.console import announce
from app.domain.errors import UserFixable
from app.domain.safety import Surface
from app.rest.doorway import Doorway, House, is_loopback
from app.rest.interface import create_interface
from app.settings import PROJECT_ROOT, Settings, hand_to_chainlit, load_settings

if TYPE_CHECKING:
    from app.gate import Gate
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


class TightHeaders:
    """Add the security headers, and take links to foreign hosts out of HTML pages, which wait here until whole."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        held: Message | None = None
        parts: list[bytes] = []

        async def tightened(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message.get("headers", [])))
                headers.update(HEADERS)
                message = {**message, "headers": headers.raw}
                if headers.get("content-type", "").startswith("text/html"):
                    held = message
                    return
            elif message["type"] == "http.response.body" and held is not None:
                parts.append(message.get("body", b""))
                if message.get("more_body"):
                    return
                page, start, held = FOREIGN_LINKS.sub(b"", b"".join(parts)), held, None
                MutableHeaders(raw=start["headers"])["content-length"] = str(len(page))
                await send(start)
                message = {"type": "http.response.body", "body": page}
            await send(message)

        await self._app(scope, receive, tightened)


class Departures:
    """Take an error for what it is when the client left before anything was sent: nobody waits for the answer.

    Chainlit's own middleware raises when a request ends unanswered, which it does when its client has gone.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        left = begun = False

        async def noticed() -> Message:
            nonlocal left
            message = await receive()
            left = left or message["type"] == "http.disconnect"
            return message

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, noticed, sent)
        except Exception:
            if begun or not left:
                raise


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


def echo_nothing(served: FastAPI, gate: Gate) -> None:
    """Let the chat answer errors without what was sent: no input that is not valid, and details through the gate."""

    def not_valid(_: Request, failure: Exception) -> JSONResponse:
        del failure  # it quotes the input
        return JSONResponse({"detail": "The request is not valid."}, status_code=422)

    def refused(_: Request, failure: Exception) -> JSONResponse:
        status = failure.status_code if isinstance(failure, HTTPException) else 500
        detail = failure.detail if isinstance(failure, HTTPException) else "failed"
        passage = gate.release_text(str(detail), Surface.CHAT, subject="http-error")
        headers = failure.headers if isinstance(failure, HTTPException) else None
        return JSONResponse({"detail": gate.egress(passage.released)}, status_code=status, headers=headers)

    served.add_exception_handler(RequestValidationError, not_valid)
    served.add_exception_handler(HTTPException, refused)


def create_api(application: Application) -> FastAPI:
    """Return the application without the chat: what a REST client and a load balancer see."""
    api = create_interface(application)

    @api.get("/", include_in_schema=False)
    async def home() -> RedirectResponse:
        return RedirectResponse(CHAT_PATH)

    del home
    return api


def guard(api: FastAPI) -> FastAPI:
    """Put the headers and the doorway around everything, whatever is mounted."""
    api.add_middleware(TightHeaders)
    api.add_middleware(PlainHtml)
    api.add_middleware(Departures)
    api.add_middleware(Doorway, house=House.of(api.state.application, CHAT_PATH))
    return api


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the whole application, chat included."""
    chosen = settings or load_settings()
    from app.wiring import running_application

    application = running_application(chosen)
    hand_to_chainlit(chosen, application.keys.code("chat-cookie", b""))
    api = create_api(application)
    from chainlit.server import app as chat
    from chainlit.utils import mount_chainlit

    echo_nothing(chat, application.gate)
    mount_chainlit(app=api, target=str(PROJECT_ROOT / "app" / "main.py"), path=CHAT_PATH)
    return guard(api)


def serve_forever(host: str | None = None, port: int | None = None) -> None:
    """Serve until interrupted; refuse to listen beyond this machine without a login."""
    settings = load_settings()
    address, number = host or settings.host, port or settings.port
    if not is_loopback(address) and not settings.has_login:
        raise UserFixable(
            f"Without a login the chat is served on this machine only, not on {address}.",
            hint="Set CPO_USERS_FILE or CPO_PROXY_USER_HEADER, or leave CPO_HOST at 127.0.0.1.",
        )
    application = create_app(settings)
    application.state.application.warm_up()
    gc.collect()
    gc.freeze()  # what lives as long as the process is not walked again: a full collection would hold up every turn
    announce(f"Serving the chat on http://{address}:{number} - stop with Ctrl-C")
    uvicorn.run(
        application, host=address, port=number, log_level="warning", access_log=False, server_header=False,
        proxy_headers=False,  # who may speak for others is decided in app/rest/doorway.py
    )  # fmt: skip
