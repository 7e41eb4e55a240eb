"""A small OpenAI-compatible server on 127.0.0.1 that answers from a script and remembers every request.

It speaks the chat-completions wire format for OpenAI and Azure paths. A step is a text, a list of calls, or a fault.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


@dataclass(frozen=True)
class Fault:
    """A way to go wrong: a status with an error code, a body that is no JSON, a pause, or a finish reason."""

    status: int = 200
    code: str = ""
    body: str | None = None
    pause_seconds: float = 0.0
    finish_reason: str | None = None
    empty_choices: bool = False
    text: str = ""
    refusal: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


Step = str | list[tuple[str, dict[str, Any]]] | Fault


@dataclass
class FakeOpenAI:
    """The running server: ``url`` for base_url, ``requests`` as JSON bodies, ``paths`` and ``headers`` beside them."""

    steps: list[Step]
    writer: str | None = None
    """What is answered to requests that offer no tools: the hosted writer's."""
    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    paths: list[str] = field(default_factory=list[str])
    headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    async def complete(self, request: Request) -> Response:
        """Answer one chat completion."""
        self.requests.append(await request.json())
        self.paths.append(str(request.url.path) + ("?" + request.url.query if request.url.query else ""))
        self.headers.append(dict(request.headers))
        if self.writer is not None and not self.requests[-1].get("tools"):
            return JSONResponse(_completion(self.writer))
        if not self.steps:
            return JSONResponse({"error": {"message": "the script is over", "code": "script_over"}}, status_code=400)
        step = self.steps.pop(0)
        if isinstance(step, Fault):
            return await _faulty(step)
        return JSONResponse(_completion(step))

    async def embeddings(self, request: Request) -> Response:
        """Answer an embedding request: one vector a text, last text first, as no order is promised."""
        self.requests.append(await request.json())
        self.paths.append(str(request.url.path))
        if self.steps and isinstance(self.steps[0], Fault):
            return await _faulty(self.steps.pop(0))  # pyright: ignore[reportArgumentType]
        texts = self.requests[-1]["input"]
        data = [{"object": "embedding", "index": i, "embedding": [float(len(t)), 1.0]} for i, t in enumerate(texts)]
        usage = {"prompt_tokens": len(texts), "total_tokens": len(texts)}
        return JSONResponse({"object": "list", "model": "embed", "data": data[::-1], "usage": usage})


async def _faulty(fault: Fault) -> Response:
    await asyncio.sleep(fault.pause_seconds)
    headers = dict(fault.headers)
    if fault.status != 200:
        error = {"error": {"message": "provider says CANARY-PROVIDER", "code": fault.code, "type": "error"}}
        return JSONResponse(error, status_code=fault.status, headers=headers)
    if fault.body is not None:
        return Response(fault.body, media_type="text/html", headers=headers)
    answer = _completion(fault.text)
    if fault.empty_choices:
        answer["choices"] = []
        return JSONResponse(answer)
    choice = answer["choices"][0]
    if fault.finish_reason is not None:
        choice["finish_reason"] = fault.finish_reason
    if fault.refusal is not None:
        choice["message"].update({"content": None, "refusal": fault.refusal})
    return JSONResponse(answer)


def _completion(step: str | Sequence[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": step if isinstance(step, str) else None}
    if not isinstance(step, str):
        message["tool_calls"] = [
            {"id": f"call_{i}_{name}", "type": "function", "function": {"name": name, "arguments": json.dumps(args)}}
            for i, (name, args) in enumerate(step)
        ]
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "fake",
        "choices": [
            {
                "index": 0,
                "message": message,
                "finish_reason": "stop" if isinstance(step, str) else "tool_calls",
            }
        ],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }


@contextlib.contextmanager
def fake_openai(*steps: Step, writer: str | None = None) -> Generator[FakeOpenAI]:
    """Serve a script on 127.0.0.1 until the block ends; ``writer`` answers what offers no tools."""
    fake = FakeOpenAI(list(steps), writer)
    routes = [
        Route("/v1/chat/completions", fake.complete, methods=["POST"]),
        Route("/openai/deployments/{deployment}/chat/completions", fake.complete, methods=["POST"]),
        Route("/openai/deployments/{deployment}/embeddings", fake.embeddings, methods=["POST"]),
    ]
    with serving(Starlette(routes=routes)) as url:
        fake.url = url
        yield fake


@contextlib.contextmanager
def serving(application: Any) -> Generator[str]:
    """Run an ASGI application in a thread on a free port of 127.0.0.1 and give its URL."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application, log_level="error", lifespan="on", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the test server did not start")
        threading.Event().wait(0.01)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
