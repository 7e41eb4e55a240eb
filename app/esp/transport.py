"""HTTP to one e-mail service: https only (http on loopback), one deadline for everything, retries that cannot double.

Reading and replacing are repeated after a failure; creating is sent once, and what became of it is asked before it is
sent again (``drafts.py``). What leaves is checked by the gate's ``egress`` on the way into the request.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2

from app.domain.errors import Unavailable, UserFixable
from app.gate import Gate, Released

RETRIED = frozenset({429, 500, 502, 503, 504})
CONNECT_SECONDS = 5.0
FIRST_PAUSE_SECONDS = 0.5
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
Json = Any


class Unanswered(Unavailable):
    """Nobody knows whether it was carried out: the answer was late, cut off, no JSON, or an error of theirs."""


class Deadline:
    """What is left of the time for one draft. ``clock`` gives seconds, ``sleep`` waits."""

    def __init__(
        self,
        seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._end = clock() + seconds

    def left(self) -> float:
        """Return the seconds left, below 0 when they are over."""
        return self._end - self._clock()

    def wait(self, seconds: float, service: str) -> None:
        """Wait, or raise ``Unavailable`` at once where the wait would outlast the deadline."""
        if seconds >= self.left():
            raise Unavailable(
                service, f"it asks to wait {seconds:.0f} seconds, which is longer than this command may take",
                retryable=True, hint="Give the same command again later; nothing is made twice.",
            )  # fmt: skip
        self._sleep(seconds)


class EspApi:
    """Sends JSON to one service and returns JSON. ``service`` is its plain name, for messages."""

    def __init__(
        self,
        service: str,
        base_url: str,
        authorization: str,
        *,
        gate: Gate,
        deadline: Deadline,
        timeout_seconds: float = 10.0,
        retries: int = 3,
    ) -> None:
        self.service = service
        self.deadline = deadline
        self._gate, self._timeout, self._retries = gate, timeout_seconds, retries
        self._client = httpx2.Client(
            base_url=checked_address(base_url), headers={"Authorization": authorization, "Accept": "application/json"},
            trust_env=False, follow_redirects=False,
        )  # fmt: skip

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def get(self, path: str, params: Mapping[str, str]) -> Json:
        """Read, again after a failure that may pass."""
        return self._repeated("GET", path, params=params)

    def put(self, path: str, released: Mapping[str, Released]) -> Json:
        """Replace a resource with released texts, again after a failure that may pass."""
        return self._repeated("PUT", path, content=self._leaving({}, released))

    def post_once(self, path: str, fixed: Mapping[str, Json], released: Mapping[str, Released]) -> Json:
        """Create something; sent once. ``fixed`` is the operator's settings and our constants; ``released`` texts.

        Keys of ``released`` are dotted paths into the object. Raises ``Unanswered`` where the outcome is unknown.
        """
        return self._once("POST", path, content=self._leaving(fixed, released))

    def pause(self, attempt: int, failure: Unavailable) -> None:
        """Wait before trying again: as long as the service asked, else longer each time."""
        asked = getattr(failure, "seconds", None)
        self.deadline.wait(asked if asked is not None else FIRST_PAUSE_SECONDS * 2**attempt, self.service)

    @property
    def retries(self) -> int:
        """How often something may be tried again."""
        return self._retries

    def _leaving(self, fixed: Mapping[str, Json], released: Mapping[str, Released]) -> bytes:
        body: dict[str, Json] = json.loads(json.dumps(dict(fixed)))
        for path, text in released.items():
            *parents, last = path.split(".")
            place = body
            for parent in parents:
                place = place.setdefault(parent, {})
            place[last] = self._gate.egress(text)
        return json.dumps(body, ensure_ascii=False).encode()

    def _repeated(self, method: str, path: str, **request: Any) -> Json:
        for attempt in range(self._retries + 1):
            try:
                return self._once(method, path, **request)
            except Unavailable as failure:
                if attempt == self._retries or not failure.retryable:
                    raise
                self.pause(attempt, failure)
        raise AssertionError("the loop returns or raises")

    def _once(self, method: str, path: str, **request: Any) -> Json:
        left = self.deadline.left()
        if left <= 0:
            raise Unavailable(self.service, "the time for this command is over", retryable=False)
        wait = min(self._timeout, left)
        if "content" in request:
            request["headers"] = {"Content-Type": "application/json"}
        try:
            timeout = httpx2.Timeout(wait, connect=min(CONNECT_SECONDS, wait))
            answer = self._client.request(method, path.lstrip("/"), timeout=timeout, **request)
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as failure:
            raise Unavailable(self.service, "no connection", retryable=True) from failure
        except httpx2.HTTPError as failure:
            raise Unanswered(self.service, f"no answer ({type(failure).__name__})", retryable=True) from failure
        return self._read(answer)

    def _read(self, answer: httpx2.Response) -> Json:
        status = answer.status_code
        if status == 429:
            raise _busy(self.service, answer.headers.get("Retry-After"))
        if status in RETRIED:
            raise Unanswered(self.service, f"it failed (status {status})", retryable=True)
        if not 200 <= status < 300:
            raise self._refused(answer)
        if status == 204 or not answer.content:
            return {}
        try:
            return answer.json()
        except ValueError as failure:
            raise Unanswered(self.service, "it answered with something that is no JSON", retryable=True) from failure

    def _refused(self, answer: httpx2.Response) -> UserFixable:
        status, said = answer.status_code, _reason(answer)
        if status in (401, 403):
            return UserFixable(
                f"{self.service} does not take the key (status {status}). {said}".strip(),
                hint="Set CPO_ESP_KEY to a key that may make campaigns, and CPO_ESP_URL to its own address.",
            )
        if 300 <= status < 400:
            return UserFixable(
                f"{self.service} answered with a redirection, which is not followed.",
                hint="Set CPO_ESP_URL to the final address; the key is not sent anywhere else.",
            )
        return UserFixable(
            f"{self.service} refused the draft (status {status}). {said}".strip(),
            hint="Check CPO_ESP_LIST, CPO_ESP_FROM_NAME and CPO_ESP_REPLY_TO.",
        )


class Busy(Unavailable):
    """Too many requests: not carried out, and may be sent again after ``seconds``."""

    def __init__(self, service: str, seconds: float | None) -> None:
        super().__init__(
            service, "too many requests (status 429)", retryable=True, hint="Give the command again later."
        )
        self.seconds = seconds


def _busy(service: str, header: str | None) -> Busy:
    try:
        seconds = None if header is None else max(0.0, float(header))
    except ValueError:
        seconds = None
    return Busy(service, seconds)


def _reason(answer: httpx2.Response) -> str:
    """Return what a service says about a refusal: problem details, or a list of errors; shortened."""
    try:
        found: Any = answer.json()
    except ValueError:
        return ""
    if not isinstance(found, dict):
        return ""
    parts = [str(found.get("detail") or found.get("title") or "")]
    errors = found.get("errors")
    for error in errors if isinstance(errors, list) else []:
        if isinstance(error, dict):
            parts.append(f"{error.get('field') or ''} {error.get('message') or ''}".strip())
    return " ".join(" ".join(part for part in parts if part).split())[:300]


def checked_address(url: str) -> str:
    """Return an address that a key may be sent to; raise ``UserFixable`` for plain http to another machine."""
    parts = urlsplit(url)
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not secure or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise UserFixable(
            "CPO_ESP_URL is not an address that a key may be sent to.",
            hint="Use https://host/path without a user or a question mark; http only on this machine.",
        )
    return url.rstrip("/") + "/"
