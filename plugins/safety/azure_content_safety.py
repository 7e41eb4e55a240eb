"""Azure AI Content Safety, through its SDK, with an answer that is either complete or refused.

Text analysis (api-version 2024-09-01, eight severity levels, four categories by name) and Prompt Shields through the
same pipeline. The SDK accepts partial answers and waits for minutes; this adapter does neither: own deadline, own two
retries, strict schema. Anything else raises ``Unavailable``, which screening turns into a block.
Bodies and keys are never logged.
"""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from azure.ai.contentsafety import BlocklistClient
from azure.ai.contentsafety.aio import ContentSafetyClient
from azure.ai.contentsafety.models import (
    AddOrUpdateTextBlocklistItemsOptions,
    AnalyzeTextOptions,
    AnalyzeTextOutputType,
    RemoveTextBlocklistItemsOptions,
    TextBlocklist,
    TextBlocklistItem,
    TextCategory,
)
from azure.core.credentials import AzureKeyCredential, TokenCredential
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import HttpResponseError
from azure.core.rest import HttpRequest

from app.domain.errors import Unavailable
from app.domain.safety import Category, Decision, Finding, Surface

API_VERSION = "2024-09-01"
SERVICE = "Azure AI Content Safety"
CATEGORIES: dict[str, Category] = {
    "Hate": "hate", "SelfHarm": "self_harm", "Sexual": "sexual", "Violence": "violence",
}  # fmt: skip
RETRIED = frozenset({408, 429, 500, 502, 503, 504})
LIMIT, PIECE, OVERLAP = 10_000, 9_000, 400
SHIELDED = 10_000
ITEMS_PER_CALL = 100
ITEM_LENGTH = 128
FIX = "Rewrite the text; the hosted service rates it as harmful."


class Breaker:
    """Refuses at once after ``threshold`` failures in a row, for ``seconds``. It can only make a block come faster."""

    def __init__(self, threshold: int, seconds: float) -> None:
        self._threshold, self._seconds = threshold, seconds
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0

    def check(self) -> None:
        """Raise ``Unavailable`` while open."""
        with self._lock:
            if time.monotonic() < self._until:
                raise Unavailable(SERVICE, "it failed several times in a row", retryable=True)

    def failed(self) -> None:
        """Count a failure."""
        with self._lock:
            self._failures += 1
            if self._failures >= self._threshold:
                self._until, self._failures = time.monotonic() + self._seconds, 0

    def succeeded(self) -> None:
        """Forget the failures."""
        with self._lock:
            self._failures = 0


class AzureContentSafety:
    """Ask the service for findings on one text. Constructed from values; one per process.

    ``block_at`` is the severity (0..7) from which outbound copy is blocked, 1..5. ``blocklists`` are names on the
    service; a hit blocks whatever the scores. ``options`` go to the SDK's client (transport, policies).
    The client is made in the event loop that first asks.
    """

    name = "azure"

    def __init__(
        self,
        endpoint: str,
        credential: str | AzureKeyCredential | AsyncTokenCredential,
        *,
        block_at: int = 4,
        deadline_seconds: float = 5.0,
        attempts: int = 3,
        backoff_seconds: float = 0.2,
        blocklists: Sequence[str] = (),
        breaker_failures: int = 5,
        breaker_seconds: float = 10.0,
        options: dict[str, Any] | None = None,
    ) -> None:
        if type(block_at) is not int or not 1 <= block_at <= 5:
            raise ValueError("block_at must be a whole number from 1 to 5")
        self._endpoint = endpoint
        self._credential = AzureKeyCredential(credential) if isinstance(credential, str) else credential
        self._block_at = block_at
        self._deadline, self._attempts, self._backoff = deadline_seconds, attempts, backoff_seconds
        self._blocklists = list(blocklists)
        self._breaker = Breaker(breaker_failures, breaker_seconds)
        self._options = options or {}
        self._client: ContentSafetyClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def findings(self, text: str, folded: str, surface: Surface) -> Sequence[Finding]:
        """Rate the original and the folded text, and shield inbound text; raise ``Unavailable`` for no full answer."""
        self._breaker.check()
        try:
            async with asyncio.timeout(self._deadline):
                found = await self._all(text, folded, surface)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            self._breaker.failed()
            raise _unavailable(error) from None
        self._breaker.succeeded()
        return found

    async def close(self) -> None:
        """Close the connection."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _all(self, text: str, folded: str, surface: Surface) -> list[Finding]:
        versions = [text] if folded == text or not folded.strip() else [text, folded]
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self._rate(piece, start, version is text))
                for version in versions for start, piece in cut(version)
            ]  # fmt: skip
            if surface is Surface.UNTRUSTED:
                tasks.append(group.create_task(self._shielded(text)))
        return [finding for task in tasks for finding in task.result()]

    # --- text:analyze
    async def _rate(self, piece: str, start: int, original: bool) -> list[Finding]:
        options = AnalyzeTextOptions(
            text=piece,
            categories=[TextCategory.HATE, TextCategory.SELF_HARM, TextCategory.SEXUAL, TextCategory.VIOLENCE],
            blocklist_names=self._blocklists,
            halt_on_blocklist_hit=False,
            output_type=AnalyzeTextOutputType.EIGHT_SEVERITY_LEVELS,
        )
        answer = await self._retried(lambda: self._analyse(cast("AnalyzeTextOptions", options)))
        span = (start, start + len(piece)) if original else (0, 0)
        if _matches(answer):
            return [_finding("azure.blocklist", "brand", 6, Decision.BLOCK, span, "Remove the words on the blocklist.")]
        scores = strict_scores(answer)
        block_at = self._block_at
        return [
            _finding(f"azure.{CATEGORIES[name]}", CATEGORIES[name], severity,
                     Decision.BLOCK if severity >= block_at else Decision.ALLOW, span, FIX)
            for name, severity in scores.items() if severity > 0
        ]  # fmt: skip

    async def _analyse(self, options: AnalyzeTextOptions) -> Any:
        """Return the raw answer: the SDK's model forgives what we must not."""
        seen: list[Any] = []

        def keep(pipeline: Any, *_: Any) -> Any:
            seen.append(pipeline.http_response)
            return None

        await self._connected().analyze_text(options, cls=keep)
        return _json(seen[-1] if seen else None)

    # --- text:shieldPrompt
    async def _shielded(self, text: str) -> list[Finding]:
        found: list[Finding] = []
        for start, piece in cut(text, SHIELDED // 2, OVERLAP):
            if await self.attacked(piece, [piece]):
                span = (start, start + len(piece))
                found.append(
                    _finding("azure.prompt-attack", "injection", 6, Decision.REDACT, span, "Treat the text as data.")
                )
        return found

    async def attacked(self, prompt: str, documents: Sequence[str]) -> bool:
        """Tell whether Prompt Shields sees an attack in the prompt or a document; a short answer counts as one."""
        body = {"userPrompt": prompt, "documents": list(documents)}

        async def ask() -> Any:
            request = HttpRequest(
                "POST", "/text:shieldPrompt", params={"api-version": API_VERSION}, json=body
            )  # the pipeline adds base, key or token
            response = await self._connected().send_request(request)
            response.raise_for_status()
            await response.read()
            return _json(response)

        return attack_in(await self._retried(ask), len(documents))

    # --- one bounded attempt after another
    async def _retried(self, ask: Any) -> Any:
        for attempt in range(self._attempts):
            try:
                return await ask()
            except HttpResponseError as error:
                if error.status_code not in RETRIED or attempt + 1 == self._attempts:
                    raise
                await asyncio.sleep(self._pause(error, attempt))
        raise Unavailable(SERVICE, "no attempt was made")

    def _pause(self, error: HttpResponseError, attempt: int) -> float:
        """Wait as the service asks, but never longer than a fifth of the deadline."""
        headers: Any = getattr(error.response, "headers", {})
        try:
            asked = float(headers.get("Retry-After", ""))
        except ValueError:
            asked = self._backoff * 2**attempt * (1 + random.SystemRandom().random())
        return max(0.0, min(asked, self._deadline / 5))

    def _connected(self) -> ContentSafetyClient:
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            self._client = ContentSafetyClient(
                self._endpoint, cast("Any", self._credential), api_version=API_VERSION, retry_total=0,
                logging_enable=False,
                connection_timeout=self._deadline, read_timeout=self._deadline, **self._options,
            )  # fmt: skip
            self._loop = loop
        return self._client


def cut(text: str, limit: int = LIMIT, overlap: int = OVERLAP) -> Iterator[tuple[int, str]]:
    """Yield pieces of at most 9,000 code points that overlap by 400, with their starts; a short text is one piece."""
    size = min(PIECE, limit)
    if len(text) <= limit:
        yield 0, text
        return
    for start in range(0, len(text) - overlap, size - overlap):
        yield start, text[start : start + size]


def strict_scores(answer: Any) -> dict[str, int]:
    """Return the severity of each of the four categories; raise ``Unavailable`` unless there is exactly one of each."""
    rows: Any = cast("dict[str, Any]", answer).get("categoriesAnalysis") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        raise Unavailable(SERVICE, "the answer has no categories")
    scores: dict[str, int] = {}
    for row in cast("list[Any]", rows):
        name: Any = cast("dict[str, Any]", row).get("category") if isinstance(row, dict) else None
        severity: Any = cast("dict[str, Any]", row).get("severity") if isinstance(row, dict) else None
        if name not in CATEGORIES or name in scores or type(severity) is not int or not 0 <= severity <= 7:
            raise Unavailable(SERVICE, "the answer has a category that cannot be read")
        scores[str(name)] = severity
    if set(scores) != set(CATEGORIES):
        raise Unavailable(SERVICE, "the answer lacks a category")
    return scores


def attack_in(answer: Any, documents: int) -> bool:
    """Read an answer of Prompt Shields. Whatever is missing or of the wrong type counts as an attack."""
    if not isinstance(answer, dict):
        return True
    whole = cast("dict[str, Any]", answer)
    rows: Any = whole.get("documentsAnalysis")
    parts: list[Any] = [whole.get("userPromptAnalysis"), *(cast("list[Any]", rows) if isinstance(rows, list) else [])]
    if len(parts) != documents + 1:
        return True
    return any(not isinstance(p, dict) or cast("dict[str, Any]", p).get("attackDetected") is not False for p in parts)


def sync_blocklist(
    endpoint: str, credential: str | AzureKeyCredential | TokenCredential, name: str, terms: Iterable[str]
) -> tuple[int, int]:
    """Make the list on the service hold exactly ``terms`` (each at most 128 code points); return (added, removed).

    Edits take minutes to apply, so the same terms are always enforced by the local rules too.
    """
    key = AzureKeyCredential(credential) if isinstance(credential, str) else credential
    wanted = {term[:ITEM_LENGTH] for term in terms if term.strip()}
    client = BlocklistClient(
        endpoint, cast("Any", key), api_version=API_VERSION, retry_total=2, connection_timeout=10, read_timeout=30
    )
    with client:
        client.create_or_update_text_blocklist(
            blocklist_name=name, options=TextBlocklist(blocklist_name=name, description="The brand's banned words")
        )
        held = {
            str(item.text): str(item.blocklist_item_id)
            for item in client.list_text_blocklist_items(blocklist_name=name)
        }
        added, removed = sorted(wanted - held.keys()), sorted(held.keys() - wanted)
        for batch in _batches(added):
            items = [TextBlocklistItem(text=term) for term in batch]
            client.add_or_update_blocklist_items(
                blocklist_name=name, options=AddOrUpdateTextBlocklistItemsOptions(blocklist_items=items)
            )
        for batch in _batches(removed):
            ids = [held[term] for term in batch]
            client.remove_blocklist_items(
                blocklist_name=name, options=RemoveTextBlocklistItemsOptions(blocklist_item_ids=ids)
            )
    return len(added), len(removed)


def _batches(terms: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(terms), ITEMS_PER_CALL):
        yield terms[start : start + ITEMS_PER_CALL]


def _matches(answer: Any) -> bool:
    """Tell whether a blocklist was hit, before anything else is judged; an unreadable list counts as a hit."""
    found: Any = cast("dict[str, Any]", answer).get("blocklistsMatch", []) if isinstance(answer, dict) else []
    return found is not None and found != []


def _json(response: Any) -> Any:
    if response is None or response.status_code != 200:
        raise Unavailable(SERVICE, "no answer")
    kind = str(response.headers.get("Content-Type", "")).lower()
    if "json" not in kind:
        raise Unavailable(SERVICE, "the answer is not JSON")
    return response.json()


def _finding(
    rule: str, category: Category, severity: int, decision: Decision, span: tuple[int, int], fix: str
) -> Finding:
    return Finding(
        rule=rule, category=category, severity=severity, decision=decision, start=span[0], end=span[1], fix=fix
    )


def _unavailable(error: Exception) -> Unavailable:
    """Say what kind of failure it was, without any text of the service or of ours."""
    while isinstance(error, ExceptionGroup):
        error = cast("ExceptionGroup[Exception]", error).exceptions[0]
    if isinstance(error, Unavailable):
        return error
    status = getattr(error, "status_code", None)
    what = f"status {status}" if isinstance(status, int) else type(error).__name__
    return Unavailable(SERVICE, f"no usable answer ({what})", retryable=status in RETRIED or status is None)
