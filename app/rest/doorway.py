"""What every request passes first: where it comes from, whether this host and origin are ours, how large it is."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.identity.people import Visitor, visitor
from app.rest.answers import problem

if TYPE_CHECKING:
    from app.wiring import Application

MAX_BODY = 2 * 1024 * 1024
TOO_LARGE = (413, "TooLarge", f"A request may have {MAX_BODY:,} bytes.")
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class House:
    """What the doorway knows. ``local`` admits this machine's own names only, so that no page can borrow one."""

    local: bool
    trusted: frozenset[str]
    public_url: str | None
    chat_path: str

    @classmethod
    def of(cls, application: Application, chat_path: str) -> House:
        """Return the house of an application."""
        settings = application.settings
        trusted = frozenset(a.strip() for a in settings.trusted_proxies.split(",") if a.strip())
        behind = settings.proxy_user_header is not None or settings.public_url is not None
        return cls(not settings.has_login, trusted if behind else frozenset(), settings.public_url, chat_path)


class Doorway:
    """ASGI middleware around everything, the chat included."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self._app = app
        self._house = house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        visitor.set(self._visitor(scope, headers))
        refused = self._refused(scope, headers)
        if refused is not None:
            await self._turn_away(refused, scope, receive, send)
            return
        await self._pass(scope, receive, send)

    def _visitor(self, scope: Scope, headers: Headers) -> Visitor:
        peer = (scope.get("client") or ("unknown", 0))[0]
        said = headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        return Visitor(peer, said[:64] if said and peer in self._house.trusted else peer)

    def _refused(self, scope: Scope, headers: Headers) -> tuple[int, str, str] | None:
        host = headers.get("host", "")
        if self._house.local and _name(host) not in LOCAL_NAMES:
            return 421, "MisdirectedRequest", "This installation answers to the names of this machine only."
        origin = headers.get("origin")
        changes = scope["type"] == "websocket" or scope.get("method") not in ("GET", "HEAD", "OPTIONS")
        if origin is not None and changes and not self._ours(origin, host):
            return 403, "ForeignOrigin", "Requests from pages of another origin are refused."
        length = headers.get("content-length", "")
        if self._limited(scope) and length.isdecimal() and int(length) > MAX_BODY:
            return TOO_LARGE
        return None

    def _ours(self, origin: str, host: str) -> bool:
        return origin == self._house.public_url or urlsplit(origin).netloc == host

    def _limited(self, scope: Scope) -> bool:
        return not str(scope.get("path", "")).startswith(self._house.chat_path + "/")

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start" and (self._house.public_url or "").startswith("https:"):
                _make_cookies_secure(message)
            await send(message)

        unsaid = scope["type"] == "http" and "transfer-encoding" in Headers(scope=scope)
        if unsaid and self._limited(scope):
            body = await _body_up_to(MAX_BODY, receive)
            if body is None:
                await self._turn_away(TOO_LARGE, scope, receive, send)
                return
            receive = _replaying(body, receive)
        await self._app(scope, receive, sealed)

    async def _turn_away(self, why: tuple[int, str, str], scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        response = await problem(Request(scope), *why)
        await response(scope, receive, send)


async def _body_up_to(most: int, receive: Receive) -> bytes | None:
    """Return a body whose length was not announced; None as soon as it is longer than that."""
    parts, taken, more = list[bytes](), 0, True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        taken += len(parts[-1])
        more = message.get("more_body", False)
        if taken > most:
            return None
    return b"".join(parts)


def _replaying(body: bytes, receive: Receive) -> Receive:
    """Return a receiver that gives the body once, whole, and then what else comes."""
    waiting = [body]

    async def replay() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replay


def _name(host: str) -> str:
    """Return the host of a Host header without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _make_cookies_secure(message: Message) -> None:
    headers = MutableHeaders(raw=message["headers"])
    cookies = headers.getlist("set-cookie")
    if cookies:
        del headers["set-cookie"]
        for cookie in cookies:
            headers.append("set-cookie", cookie if "; secure" in cookie.lower() else f"{cookie}; Secure")


def is_loopback(address: str) -> bool:
    """Return whether an address to listen on is reached from this machine only."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
