"""The chat's sink: every websocket event and every element file of the chat passes here, whoever sends it.

Two hooks on Chainlit carry everything that reaches a browser: the socket's events and the files of elements. Text that
the gate released is let through by its digest; any other string (a notice, an error, a step, a file) is screened here.
"""

from __future__ import annotations

import asyncio
import copy
import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from chainlit.element import Element

from app.domain.safety import Decision, Draft, Surface
from app.gate import Gate, JsonPassage, Released, safe_message

REMEMBERED = 65_536
"""Digests of released texts; under load a text is emitted after thousands of others were released."""
STRUCTURE = frozenset({
    "id", "threadId", "thread_id", "parentId", "forId", "type", "createdAt", "start", "end", "url", "chainlitKey",
    "mime", "display", "size", "language", "objectKey", "path", "showInput", "icon", "defaultOpen", "autoCollapse",
    "streaming", "isError", "waitForAnswer", "disableFeedback", "tags", "player", "page",
})  # fmt: skip

OWN_WORDS = "props"
"""Under this key everything is ours: a field called ``type`` in it is a word like any other."""


class ChatSink:
    """Installed once per process; ``let_through`` registers what the gate released for the chat."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._released: OrderedDict[bytes, None] = OrderedDict()
        self._lock = threading.Lock()

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

    def let_props_through(self, cards: Sequence[Mapping[str, Any]]) -> list[dict[str, Any] | None]:
        """Release what cards hold, in order; None for one that was withheld as a whole."""
        passages = self._gate.release_json_values(cards, Surface.CHAT, subject="card")
        values = [self.let_through_json(passage) for passage in passages]
        return [cast("dict[str, Any]", value) if isinstance(value, dict) else None for value in values]

    def install(self, server: Any) -> None:
        """Put the sink under Chainlit's ways out: the socket's ``emit`` and ``call``, and what elements persist."""
        sink = self
        raw_emit, raw_call = server.emit, server.call
        raw_create = Element._create  # pyright: ignore[reportPrivateUsage]

        async def screened_emit(event: str, data: Any = None, *args: Any, **kwargs: Any) -> Any:
            return await raw_emit(event, await sink.screened_event(data), *args, **kwargs)

        async def screened_call(event: str, data: Any = None, *args: Any, **kwargs: Any) -> Any:
            return await raw_call(event, await sink.screened_event(data), *args, **kwargs)

        async def screened_create(element: Element, persist: bool = True) -> bool:
            shown = copy.copy(element)  # the callback that got an upload still needs its path and its name
            shown.name, content = await asyncio.to_thread(sink.screened_element, element)
            if content is not None:
                shown.content, shown.path = content, None
            created = await raw_create(shown, persist)
            element.chainlit_key, element.persisted = shown.chainlit_key, shown.persisted
            return created

        server.emit, server.call = screened_emit, screened_call
        Element._create = screened_create  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue]

    async def screened_event(self, value: Any) -> Any:
        """Return what ``screened`` returns; the event loop goes on while there is something to screen."""
        unknown = self._unknown(value)
        return await asyncio.to_thread(self._replace, value, unknown) if unknown else value

    def screened_element(self, element: Any) -> tuple[str, bytes | None]:
        """Return the name of an element and its content, if it has some, as they may leave."""
        name = str(self.screened(element.name))
        if element.path is None and element.content is None:
            return name, None
        return name, self.screened_content(Path(element.path).read_bytes() if element.path else element.content)

    def screened(self, value: Any) -> Any:
        """Return a payload in which every string that the gate has not released is screened, all in one go.

        Chainlit's own fields (ids, types) are left; what stands in the ``props`` of a card has no such fields.
        """
        unknown = self._unknown(value)
        return self._replace(value, unknown) if unknown else value

    def _unknown(self, value: Any) -> list[str]:
        return list(dict.fromkeys(text for text in _loose_texts(value) if text.strip() and not self._known(text)))

    def _replace(self, value: Any, unknown: Sequence[str]) -> Any:
        return _replaced(value, self._screen(unknown))

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
            return self._screen([text]).get(text, text).encode()
        if all(self._known(part) for part in _texts(value)):
            return raw
        released = self.let_through_json(self._gate.release_json(value, Surface.CHAT, subject="chat-file"))
        return json.dumps(released).encode()

    def _screen(self, texts: Sequence[str]) -> dict[str, str]:
        drafts = [Draft.model_construct(text=text, surface=Surface.CHAT) for text in texts]
        passages = self._gate.release(drafts, subject="chat-event")
        return {text: self.let_through(passage.released) for text, passage in zip(texts, passages, strict=True)}

    def _known(self, text: str) -> bool:
        digest = _digest(text)
        with self._lock:
            if digest not in self._released:
                return False
            self._released.move_to_end(digest)
            return True

    def _remember(self, text: str) -> None:
        with self._lock:
            self._released[_digest(text)] = None
            while len(self._released) > REMEMBERED:
                self._released.popitem(last=False)


def _texts(value: Any) -> Iterator[str]:
    """Every string of a JSON value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, item in cast("Mapping[str, Any]", value).items():
            yield str(name)
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in cast("Sequence[Any]", value):
            yield from _texts(item)


def _loose_texts(value: Any, key: str = "") -> Iterator[str]:
    """The strings of an event that are words for a person."""
    if isinstance(value, str):
        if key not in STRUCTURE:
            yield value
    elif isinstance(value, Mapping):
        for name, item in cast("Mapping[str, Any]", value).items():
            yield from _loose_texts(item, _field(name, key))
    elif isinstance(value, (list, tuple)):
        for item in cast("Sequence[Any]", value):
            yield from _loose_texts(item, key)


def _replaced(value: Any, released: Mapping[str, str], key: str = "") -> Any:
    if isinstance(value, str):
        return value if key in STRUCTURE else released.get(value, value)
    if isinstance(value, Mapping):
        pairs = cast("Mapping[str, Any]", value).items()
        return {name: _replaced(item, released, _field(name, key)) for name, item in pairs}
    if isinstance(value, (list, tuple)):
        return [_replaced(item, released, key) for item in cast("Sequence[Any]", value)]
    return value


def _field(name: str, inside: str) -> str:
    return OWN_WORDS if inside == OWN_WORDS else name


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
