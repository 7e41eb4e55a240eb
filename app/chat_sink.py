"""The chat's sink: every websocket event and every element file of the chat passes here, whoever sends it.

Two hooks on Chainlit carry everything that reaches a browser: the socket's events and the files of elements. Text that
the gate released is let through by its digest; any other string (a notice, an error, a step, a file) is screened here.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from chainlit.element import Element

from app.domain.safety import Decision, Surface
from app.gate import Gate, JsonPassage, Released, safe_message

REMEMBERED = 4096
STRUCTURE = frozenset({
    "id", "threadId", "parentId", "forId", "type", "createdAt", "start", "end", "url", "chainlitKey", "mime", "display",
    "size", "language", "objectKey", "path", "showInput", "icon", "defaultOpen", "autoCollapse", "streaming", "isError",
    "waitForAnswer", "disableFeedback", "tags", "player", "page", "interaction",
})  # fmt: skip

OWN_WORDS = "props"
"""Under this key everything is ours: a field called ``type`` in it is a word like any other."""


class ChatSink:
    """Installed once per process; ``let_through`` registers what the gate released for the chat."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._released: OrderedDict[bytes, None] = OrderedDict()

    def let_through(self, released: Released) -> str:
        """Verify a released text, remember its digest, and return it for Chainlit."""
        text = self._gate.egress(released)
        self._remember(text)
        return text

    def let_through_json(self, passage: JsonPassage) -> Any:
        """Verify a released JSON value, remember each of its strings, and return it for Chainlit."""
        value = json.loads(self.let_through(passage.released))
        for text in _texts(value):
            self._remember(text)
        return value

    def install(self, server: Any) -> None:
        """Put the sink under Chainlit's ways out: the socket's ``emit`` and ``call``, and what elements persist."""
        sink = self
        raw_emit, raw_call = server.emit, server.call
        raw_create = Element._create  # pyright: ignore[reportPrivateUsage]

        async def screened_emit(event: str, data: Any = None, *args: Any, **kwargs: Any) -> Any:
            return await raw_emit(event, await asyncio.to_thread(sink.screened, data), *args, **kwargs)

        async def screened_call(event: str, data: Any = None, *args: Any, **kwargs: Any) -> Any:
            return await raw_call(event, await asyncio.to_thread(sink.screened, data), *args, **kwargs)

        async def screened_create(element: Element, persist: bool = True) -> bool:
            if element.path is not None or element.content is not None:
                raw = await asyncio.to_thread(Path(element.path).read_bytes) if element.path else element.content
                element.content, element.path = await asyncio.to_thread(sink.screened_content, raw), None
            element.name = str(sink.screened(element.name))
            return await raw_create(element, persist)

        server.emit, server.call = screened_emit, screened_call
        Element._create = screened_create  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]

    def screened(self, value: Any, key: str = "") -> Any:
        """Return a payload in which every string that the gate has not released is screened.

        Chainlit's own fields (ids, types) are left; what stands in the ``props`` of a card has no such fields.
        """
        if isinstance(value, str):
            return value if key in STRUCTURE or self._known(value) else self._screen(value)
        if isinstance(value, Mapping):
            pairs = cast("Mapping[str, Any]", value).items()
            inner = OWN_WORDS if key == OWN_WORDS else None
            return {name: self.screened(item, inner or name) for name, item in pairs}
        if isinstance(value, (list, tuple)):
            return [self.screened(item, key) for item in cast("list[Any]", value)]
        return value

    def screened_content(self, content: Any) -> bytes:
        """Return the bytes of a file; what is no readable text, or did not pass, is replaced by the fixed message."""
        raw = content.encode() if isinstance(content, str) else bytes(content or b"")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            return safe_message(Decision.BLOCK, "dec-not-text").encode()
        if self._known(text):
            return raw
        try:
            value = json.loads(text)
        except ValueError:
            return self._screen(text).encode()
        return json.dumps(self._gate.release_json(value, Surface.CHAT, subject="chat-file").value).encode()

    def _screen(self, text: str) -> str:
        if not text.strip():
            return text
        released = self._gate.egress(self._gate.release_text(text, Surface.CHAT, subject="chat-event").released)
        self._remember(released)
        return released

    def _known(self, text: str) -> bool:
        return _digest(text) in self._released

    def _remember(self, text: str) -> None:
        self._released[_digest(text)] = None
        while len(self._released) > REMEMBERED:
            self._released.popitem(last=False)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in cast("Mapping[str, Any]", value).values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _texts(item)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
