"""The headers around every answer, and pages that load nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from app.api import Departures, TightHeaders

SCOPE: Scope = {"type": "http", "method": "GET", "path": "/", "headers": []}


async def sent_by(messages: Sequence[Message], scope: Scope = SCOPE) -> list[Message]:
    """Return what leaves when the application inside sends these messages."""
    out: list[Message] = []

    async def inner(_scope: Scope, _receive: Receive, send: Send) -> None:
        for message in messages:
            await send(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        out.append(message)

    await TightHeaders(inner)(scope, receive, send)
    return out


def start(kind: str, **more: str) -> Message:
    headers = {"content-type": kind, **more}
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http.response.start", "status": 200, "headers": pairs}


def part(text: str, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": text.encode(), "more_body": more}


def headers_of(message: Message) -> dict[str, str]:
    pairs: Any = message["headers"]
    return {name.decode().lower(): value.decode() for name, value in pairs}


async def test_a_link_to_another_host_is_taken_out_even_where_it_is_cut_in_two() -> None:
    page = '<head><link href="https://fonts.googleapis.com/x"><link href="/own.css"></head>'
    begin, body = await sent_by(
        [start("text/html", content_length=str(len(page))), part(page[:20], True), part(page[20:])]
    )
    assert body["body"] == b'<head><link href="/own.css"></head>'
    headers = headers_of(begin)
    assert headers["content-length"] == str(len(body["body"]))
    assert headers["x-frame-options"] == "DENY" and "default-src 'self'" in headers["content-security-policy"]


async def test_other_answers_go_on_in_parts_with_the_headers() -> None:
    begin, *parts = await sent_by([start("application/json"), part("{", True), part("}")])
    assert [message["body"] for message in parts] == [b"{", b"}"]
    assert headers_of(begin)["referrer-policy"] == "no-referrer"


async def test_a_client_that_left_before_an_answer_is_no_error() -> None:
    assert await sent_by([]) == []
    assert await sent_by([start("text/html"), part("<p>half", True)]) == []


@pytest.mark.parametrize(("left", "begun", "raises"), [(True, False, False), (False, False, True), (True, True, True)])
async def test_an_error_after_the_client_left_is_none_where_nothing_was_sent(
    left: bool, begun: bool, raises: bool
) -> None:
    async def inner(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        if begun:
            await send(start("text/plain"))
        raise RuntimeError("No response returned.")

    async def receive() -> Message:
        return {"type": "http.disconnect" if left else "http.request"}

    async def send(_message: Message) -> None:
        """Take anything."""

    with pytest.raises(RuntimeError) if raises else nullcontext():
        await Departures(inner)(SCOPE, receive, send)


async def test_a_socket_is_left_alone() -> None:
    accepted: Message = {"type": "websocket.accept"}
    assert await sent_by([accepted], {"type": "websocket", "headers": []}) == [accepted]
