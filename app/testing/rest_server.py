"""The REST interface on a real port of this machine, in a thread: for tests that talk to it as a client does."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp

from app.api import create_api, guard
from app.domain.people import Person, Role
from app.wiring import Application


class RestServer:
    """A running server: its address, its application, and clients for people of given roles."""

    def __init__(self, application: Application, port: int) -> None:
        self.application = application
        self.url = f"http://127.0.0.1:{port}"

    def token(self, name: str, *roles: Role) -> str:
        """Return a token for a person; in password mode the users file must name them."""
        return self.application.people.token_for(Person(name, frozenset(roles)))

    def client(self, name: str | None = None, *roles: Role, **options: Any) -> httpx.Client:
        """Return a client that sends a token of this person, or none."""
        headers = {"Authorization": f"Bearer {self.token(name, *roles)}"} if name else {}
        return httpx.Client(base_url=self.url, timeout=60, headers=headers, **options)


@contextmanager
def serving(application: Application, app: ASGIApp | None = None) -> Generator[RestServer]:
    """Serve an application (its REST interface, or ``app``) on a free port until the block ends."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    api = app or guard(create_api(application))
    config = uvicorn.Config(api, log_level="error", access_log=False, proxy_headers=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield RestServer(application, port)
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


def strings_in(value: Any) -> Iterable[str]:
    """Yield every string of a JSON value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from strings_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings_in(item)
