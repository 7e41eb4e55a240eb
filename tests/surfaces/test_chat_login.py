"""Coming into the chat by OAuth and by a proxy's header, over ``cpo serve`` and a local OpenID provider."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from app.domain.people import Role
from app.identity.users import UsersFile

CLIENT, SECRET = "campaign-desk", "a secret of the two"


@dataclass
class Provider:
    """An OpenID provider with the authorization code flow; ``person`` is who sits before it."""

    address: str = ""
    person: str = ""
    codes: dict[str, str] = field(default_factory=dict[str, str])
    tokens: dict[str, str] = field(default_factory=dict[str, str])


class Handler(BaseHTTPRequestHandler):
    """The three addresses that a client of the provider asks."""

    provider: Provider

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path == "/authorize":
            query = {name: values[0] for name, values in parse_qs(asked.query).items()}
            assert query["client_id"] == CLIENT and query["response_type"] == "code"
            code = secrets.token_hex(8)
            self.provider.codes[code] = query["redirect_uri"]
            self.send_response(302)
            back = urlencode({"code": code, "state": query["state"]})
            self.send_header("Location", f"{query['redirect_uri']}?{back}")
            self.end_headers()
            return
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        person = self.provider.tokens.get(token)
        self._answer({"email": person, "sub": "1"} if person else {}, 200 if person else 401)

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        code, uri = sent["code"][0], sent["redirect_uri"][0]
        if sent["client_secret"] != [SECRET] or self.provider.codes.pop(code, None) != uri:
            self._answer({"error": "invalid_grant"}, 400)
            return
        token = secrets.token_hex(8)
        self.provider.tokens[token] = self.provider.person
        self._answer({"access_token": token, "token_type": "Bearer"})

    def _answer(self, body: dict[str, str], status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def provider() -> Generator[Provider]:
    """A provider on this machine."""
    made = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"provider": made}))
    made.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture(scope="module")
def served(sample_home: Path, provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """An installation that takes a proxy's word, and OAuth; ann and bea are in its users file."""
    home = tmp_path_factory.mktemp("login") / "home"
    shutil.copytree(sample_home, home)
    users = UsersFile(home / "users.yaml")
    users.add("ann@example.org", frozenset({Role.MARKETER}), None)
    users.add("bea", frozenset({Role.APPROVER}), None)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    address = f"http://127.0.0.1:{port}"
    settings = {
        "CPO_HOME": str(home), "CPO_TODAY": "2026-06-15", "CPO_PORT": port, "CPO_USERS_FILE": str(home / "users.yaml"),
        "CPO_PROXY_USER_HEADER": "X-Remote-User", "CPO_TRUSTED_PROXIES": "127.0.0.1", "CPO_PUBLIC_URL": address,
        "OAUTH_GENERIC_CLIENT_ID": CLIENT, "OAUTH_GENERIC_CLIENT_SECRET": SECRET,
        "OAUTH_GENERIC_SCOPES": "openid email", "OAUTH_GENERIC_AUTH_URL": f"{provider.address}/authorize",
        "OAUTH_GENERIC_TOKEN_URL": f"{provider.address}/token",
        "OAUTH_GENERIC_USER_INFO_URL": f"{provider.address}/userinfo",
    }  # fmt: skip
    command = [sys.executable, "-c", "from app.cli import main; main()", "serve"]
    process = subprocess.Popen(command, env={**os.environ, **settings})  # noqa: TID251 - a child's settings
    while True:
        assert process.poll() is None, "the server ended at once"
        try:
            if httpx.get(f"{address}/api/v1/health", timeout=5).status_code < 600:
                break
        except httpx.HTTPError:
            continue
    yield address
    process.terminate()
    process.wait(30)


@pytest.fixture
def browser(served: str) -> Generator[httpx.Client]:
    """A client that keeps cookies as a browser does."""
    with httpx.Client(base_url=served, timeout=60) as client:
        yield client


def who(browser: httpx.Client) -> str | None:
    """Return whom the chat takes the browser for."""
    answer = browser.get("/chat/user")
    return answer.json()["identifier"] if answer.status_code == 200 else None


@pytest.mark.timeout(300)
def test_oauth_lets_in_whom_the_users_file_names_and_nobody_else(browser: httpx.Client, provider: Provider) -> None:
    provider.person = "ann@example.org"
    assert who(browser) is None
    browser.get("/chat/auth/oauth/generic", follow_redirects=True)
    assert who(browser) == "ann@example.org"
    assert browser.get("/chat/user").json()["metadata"]["roles"] == ["marketer"]
    browser.cookies.clear()
    provider.person = "stranger@example.org"
    browser.get("/chat/auth/oauth/generic", follow_redirects=True)
    assert who(browser) is None


def test_an_answer_of_the_provider_that_this_browser_did_not_ask_for_is_refused(
    browser: httpx.Client, provider: Provider
) -> None:
    provider.person = "ann@example.org"
    started = browser.get("/chat/auth/oauth/generic")
    provided = httpx.get(started.headers["location"])
    browser.cookies.clear()  # another browser, to which the address was sent
    browser.get(provided.headers["location"], follow_redirects=True)
    assert who(browser) is None


@pytest.mark.parametrize(
    ("headers", "name"),
    [({"X-Remote-User": "bea"}, "bea"), ({"X-Remote-User": "mallory"}, None), ({}, None)],
)
def test_the_proxy_says_who_comes_and_the_users_file_whether_they_may(
    browser: httpx.Client, headers: dict[str, str], name: str | None
) -> None:
    browser.post("/chat/auth/header", headers=headers)
    assert who(browser) == name
