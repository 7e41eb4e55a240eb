"""Azure AI Search as the content index: SDK 12 directly, its own uploader, its own retry policy.

Not the SDK's buffered sender, which loses documents when a whole request fails, and not its default retry, which leaves
POST requests alone on 408, 429 and 502. The SDK is asynchronous; plugins are not: one thread owns the loop and clients.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, cast

from azure.core.credentials import AzureKeyCredential
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError, ResourceNotFoundError
from azure.core.pipeline.policies import AsyncRetryPolicy
from azure.search.documents import IndexDocumentsBatch
from azure.search.documents.aio import SearchClient
from azure.search.documents.indexes.aio import SearchIndexClient
from azure.search.documents.indexes.models import (
    AzureOpenAIVectorizer,
    AzureOpenAIVectorizerParameters,
    HnswAlgorithmConfiguration,
    HnswParameters,
    SearchableField,
    SearchField,
    SearchFieldDataType,
    SearchIndex,
    SemanticConfiguration,
    SemanticField,
    SemanticPrioritizedFields,
    SemanticSearch,
    SimpleField,
    VectorSearch,
    VectorSearchProfile,
)
from azure.search.documents.models import VectorizableTextQuery

from app.domain.content import ContentDocument, ContentFilter, ContentHit, DocumentType
from app.domain.errors import Unavailable
from plugins.retrieval.index import IngestReport
from plugins.retrieval.snippets import snippet_of
from plugins.retrieval.wordstems import query_words, stem, stems_of

SERVICE = "Azure AI Search"
T = TypeVar("T")
THRESHOLD = 1.5 / 4
"""1.5 of the semantic ranker's 0..4, where Microsoft puts "relevant but not complete" (GROUNDING A3)."""
BATCH = 500
RETRY_KEYS = frozenset({409, 422, 429, 503})
ATTEMPTS = 3
SEMANTIC = "sem"
VECTOR = "embedding"
NEAREST = 50
"""Neighbours the vector leg brings to the fusion (Microsoft's balanced pattern is 30 to 50 with a top of 10 to 20)."""
EMBEDDED_AT_ONCE = 64


@dataclass(frozen=True)
class Vectors:
    """The vector leg of the hybrid query: an embedding deployment of Azure OpenAI.

    Documents are embedded by ``embed`` when they are uploaded, queries by the service's own vectorizer under
    the service's managed identity (role *Cognitive Services OpenAI User*): no key is stored in the index.
    """

    resource_url: str
    deployment: str
    model: str
    dimensions: int
    embed: Callable[[Sequence[str]], Awaitable[list[list[float]]]]


class SearchRetry(AsyncRetryPolicy[Any, Any]):
    """Retries POST as well: every POST we send (search, upload and delete by key) can be repeated."""

    def _is_method_retryable(self, settings: Any, request: Any, response: Any = None) -> bool:
        again = (408, 429, 502, 503, 504)
        if response is not None and request.method.upper() == "POST" and response.status_code in again:
            return True
        return bool(super()._is_method_retryable(settings, request, response))  # pyright: ignore[reportPrivateUsage]


class AzureIndex:
    """The index ``name`` at ``endpoint``. ``credential`` is a key credential or an asynchronous token credential.

    ``degraded`` says why the last answer was not semantically ranked, or is empty.
    """

    def __init__(
        self,
        endpoint: str,
        name: str,
        credential: AzureKeyCredential | AsyncTokenCredential,
        *,
        semantic: bool = True,
        threshold: float = THRESHOLD,
        timeout_seconds: float = 15.0,
        backoff_seconds: float = 0.5,
        vectors: Vectors | None = None,
    ) -> None:
        self._vectors = vectors
        self._endpoint, self._name, self._credential = endpoint, name, credential
        self._semantic, self._threshold, self._timeout = semantic, threshold, timeout_seconds
        self._backoff = backoff_seconds
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._client: SearchClient | None = None
        self.degraded = ""

    @property
    def engine(self) -> str:
        """The engine's name, shown with every answer."""
        return SERVICE

    @property
    def threshold(self) -> float:
        """The lowest score that is shown, 0..1."""
        return self._threshold

    # --- the asynchronous half
    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="azure-search", daemon=True)
                self._thread.start()
            loop = self._loop
        try:
            return asyncio.run_coroutine_threadsafe(work, loop).result(self._timeout * ATTEMPTS * 4)
        except AzureError as error:
            status = getattr(error, "status_code", None)
            retryable = status is None or status in (408, 429, 500, 502, 503, 504)
            hint = "The key or the role does not allow this." if status == 403 else ""
            raise Unavailable(SERVICE, f"status {status or 'no connection'}", retryable=retryable, hint=hint) from error
        except TimeoutError as error:
            raise Unavailable(SERVICE, "no answer in time", retryable=True) from error

    def _options(self) -> dict[str, Any]:
        policy = SearchRetry(retry_total=ATTEMPTS, retry_backoff_factor=self._backoff, retry_backoff_max=8)
        return {"retry_policy": policy, "connection_timeout": self._timeout, "read_timeout": self._timeout}

    async def _open(self) -> SearchClient:
        if self._client is None:
            self._client = SearchClient(self._endpoint, self._name, self._credential, **self._options())
        return self._client

    # --- filling
    def ensure_index(self) -> None:
        """Create the index or bring it up to date; needs a credential that may change indexes."""
        self._run(self._ensure())

    async def _ensure(self) -> None:
        async with SearchIndexClient(self._endpoint, self._credential, **self._options()) as client:
            await client.create_or_update_index(index_definition(self._name, self._vectors))

    def ingest(self, documents: Sequence[ContentDocument], *, replace: bool = False) -> IngestReport:
        """Upload what has a new content hash, then remove what is gone.

        The service has no transactions: when a document is refused nothing is removed and ``Unavailable`` names the
        keys, so that the same call can be made again.
        """
        self.ensure_index()
        known = dict(self._run(self._hashes()))
        fresh = [d for d in documents if known.get(d.id) != d.content_hash]
        self._run(self._upload(self._run(self._rows_for(fresh)), delete=False))
        removed = sorted(set(known) - {d.id for d in documents}) if replace else []
        self._run(self._upload([{"id": gone} for gone in removed], delete=True))
        added = tuple(d.id for d in fresh if d.id not in known)
        changed = tuple(d.id for d in fresh if d.id in known)
        return IngestReport(added, changed, tuple(removed), len(documents) - len(fresh))

    async def _rows_for(self, documents: Sequence[ContentDocument]) -> list[dict[str, Any]]:
        """Return the rows to store, with their vectors where there is a vector leg."""
        rows = [row_of(d) for d in documents]
        if self._vectors is None:
            return rows
        for start in range(0, len(rows), EMBEDDED_AT_ONCE):
            part = rows[start : start + EMBEDDED_AT_ONCE]
            found = await self._vectors.embed([f"{row['title']}\n{row['body']}" for row in part])
            if len(found) != len(part) or any(len(v) != self._vectors.dimensions for v in found):
                raise Unavailable(
                    SERVICE, f"the embeddings do not have {self._vectors.dimensions} dimensions", retryable=False,
                    hint="Set AZURE_SEARCH_EMBEDDING_DIMENSIONS to what the deployment gives.",
                )  # fmt: skip
            for row, vector in zip(part, found, strict=True):
                row[VECTOR] = vector
        return rows

    async def _hashes(self) -> list[tuple[str, str]]:
        client = await self._open()
        rows = await client.search("*", select=["id", "content_hash"], order_by=["id asc"])
        return [(str(row["id"]), str(row["content_hash"])) async for row in rows]

    async def _upload(self, rows: Sequence[Mapping[str, Any]], *, delete: bool) -> None:
        waiting = {str(row["id"]): dict(row) for row in rows}
        refused: dict[str, str] = {}
        client = await self._open()
        for attempt in range(ATTEMPTS):
            if attempt:
                await asyncio.sleep(self._backoff * 2**attempt)
            pending = list(waiting.values())
            for start in range(0, len(pending), BATCH):
                batch = IndexDocumentsBatch()
                part = pending[start : start + BATCH]
                batch.add_delete_actions(part) if delete else batch.add_upload_actions(part)
                for result in await client.index_documents(batch):
                    if result.succeeded:
                        waiting.pop(str(result.key), None)
                    elif result.status_code not in RETRY_KEYS:
                        waiting.pop(str(result.key), None)
                        refused[str(result.key)] = f"{result.status_code} {result.error_message}"
            if not waiting:
                break
        left = [*refused, *waiting]
        if left:
            raise Unavailable(
                SERVICE, f"{len(left)} document(s) not taken: {', '.join(left[:10])}", retryable=not refused
            )

    # --- reading
    def search(
        self,
        query: str,
        where: ContentFilter,
        *,
        types: Sequence[DocumentType] = (),
        theme: str | None = None,
        limit: int = 5,
    ) -> list[ContentHit]:
        """Return the best approved documents at or above the threshold, semantically ranked where the service can."""
        words = query_words(query)
        if not words:
            return []
        asked = " ".join(words)
        options: dict[str, Any] = {}
        if self._semantic:
            options = {
                "query_type": "semantic", "semantic_configuration_name": SEMANTIC, "query_caption": "extractive",
                "query_caption_highlight_enabled": False, "semantic_error_mode": "partial",
                "semantic_max_wait_in_milliseconds": 1000,
            }  # fmt: skip
        if self._vectors is not None:
            leg = VectorizableTextQuery(text=query, k_nearest_neighbors=NEAREST, fields=VECTOR)
            options |= {"vector_queries": [leg], "vector_filter_mode": "preFilter"}
        rows = self._run(self._rows(asked, filter_of(where, types, theme), top=max(20, limit), **options))
        hits = [self._hit(row, words) for row in rows]
        kept = [hit for hit in hits if hit.score >= self._threshold]
        return sorted(kept, key=lambda h: (-h.score, h.document_id))[:limit]

    async def _rows(self, query: str, condition: str | None, **options: Any) -> list[dict[str, Any]]:
        client = await self._open()

        def note(response: Any) -> None:
            status = response.http_response.status_code
            self.degraded = "the semantic ranker was not available" if status == 206 else ""

        found = await client.search(query, filter=condition, raw_response_hook=note, **options)
        return [dict(row) async for row in found]

    def _hit(self, row: Mapping[str, Any], words: Sequence[str]) -> ContentHit:
        document = document_of(row)
        ranked = row.get("@search.reranker_score")
        score = float(ranked) / 4 if ranked is not None else coverage(document, words)
        captions = row.get("@search.captions") or []
        caption = str(captions[0].text) if captions else ""
        snippet = caption if caption and caption in document.body else snippet_of(document.body, words)
        return ContentHit(
            document_id=document.id, title=document.title, type=document.type, snippet=snippet,
            score=round(min(1.0, score), 4), valid_until=document.valid_until,
        )  # fmt: skip

    def usable(
        self, where: ContentFilter, types: Sequence[DocumentType], *, theme: str | None = None, limit: int = 50
    ) -> list[ContentDocument]:
        """Return approved documents of these types, highest priority first, then by id."""
        condition = filter_of(where, types, theme)
        rows = self._run(self._rows("*", condition, order_by=["priority desc", "id asc"], top=limit))
        return [document_of(row) for row in rows]

    def upcoming(self, where: ContentFilter, *, theme: str) -> list[ContentDocument]:
        """Return approved offers of ``theme`` that start after ``where.on``, earliest first."""
        condition = " and ".join([
            *_always(where), "doc_type eq 'offer'", f"themes/any(t: t eq {quoted(theme)})",
            f"valid_from gt {_moment(where.on)}",
        ])  # fmt: skip
        rows = self._run(self._rows("*", condition, order_by=["valid_from asc", "id asc"]))
        return [document_of(row) for row in rows]

    def get(self, document_id: str) -> ContentDocument | None:
        """Return a document whatever its status, or None."""
        return self._run(self._get(document_id))

    async def _get(self, document_id: str) -> ContentDocument | None:
        client = await self._open()
        try:
            return document_of(dict(await client.get_document(document_id)))
        except ResourceNotFoundError:
            return None

    def count(self, where: ContentFilter | None = None) -> int:
        """Count the documents, or those that ``where`` lets through; an index that is not there holds none."""
        return self._run(self._count(filter_of(where, (), None) if where else None))

    async def _count(self, condition: str | None) -> int:
        client = await self._open()
        try:
            rows = await client.search("*", filter=condition, select=["id"])
            return len([row async for row in rows])
        except ResourceNotFoundError:
            return 0

    def ids(self) -> list[str]:
        """Return the ids of all documents, sorted."""
        return sorted(key for key, _ in self._run(self._hashes()))

    def close(self) -> None:
        """Give back the connections and the thread."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is None:
            return
        if self._client is not None:
            asyncio.run_coroutine_threadsafe(self._client.close(), loop).result(self._timeout)
            self._client = None
        loop.call_soon_threadsafe(loop.stop)
        if self._thread is not None:
            self._thread.join(self._timeout)
        loop.close()


def index_definition(name: str, vectors: Vectors | None = None) -> SearchIndex:
    """Return the index: what is searched and filtered, the semantic configuration, and the vector leg where wanted."""
    text, moment = SearchFieldDataType.STRING, SearchFieldDataType.DATE_TIME_OFFSET
    many = cast("Any", SearchFieldDataType).Collection(text)
    return SearchIndex(
        name=name,
        fields=[
            SimpleField(name="id", type=text, key=True, filterable=True, sortable=True),
            SearchableField(name="title", analyzer_name="en.microsoft"),
            SearchableField(name="body", analyzer_name="en.microsoft"),
            SearchableField(name="tags", collection=True, filterable=True, facetable=True),
            *(
                SimpleField(name=n, type=text, filterable=True, facetable=True)
                for n in ("doc_type", "status", "locale")
            ),
            *(SimpleField(name=n, type=many, filterable=True) for n in ("channels", "audiences", "themes")),
            *(SimpleField(name=n, type=moment, filterable=True, sortable=True) for n in ("valid_from", "valid_until")),
            SimpleField(name="priority", type=SearchFieldDataType.INT32, filterable=True, sortable=True),
            SimpleField(name="content_hash", type=text),
            SimpleField(name="front_matter", type=text),
            *(_vector_fields(vectors) if vectors else ()),
        ],
        vector_search=_vector_search(vectors) if vectors else None,
        semantic_search=SemanticSearch(
            default_configuration_name=SEMANTIC,
            configurations=[
                SemanticConfiguration(
                    name=SEMANTIC,
                    prioritized_fields=SemanticPrioritizedFields(
                        title_field=SemanticField(field_name="title"),
                        content_fields=[SemanticField(field_name="body")],
                        keywords_fields=[SemanticField(field_name="tags")],
                    ),
                )
            ],
        ),
    )


def _vector_fields(vectors: Vectors) -> list[SearchField]:
    numbers = cast("Any", SearchFieldDataType).Collection(SearchFieldDataType.SINGLE)
    return [
        SearchField(
            name=VECTOR, type=numbers, searchable=True, hidden=True, stored=False,
            vector_search_dimensions=vectors.dimensions, vector_search_profile_name="vp",
        )
    ]  # fmt: skip


def _vector_search(vectors: Vectors) -> VectorSearch:
    parameters = AzureOpenAIVectorizerParameters(
        resource_url=vectors.resource_url, deployment_name=vectors.deployment, model_name=vectors.model
    )
    return VectorSearch(
        algorithms=[HnswAlgorithmConfiguration(name="hnsw", parameters=HnswParameters(metric="cosine"))],
        profiles=[VectorSearchProfile(name="vp", algorithm_configuration_name="hnsw", vectorizer_name="aoai")],
        vectorizers=[AzureOpenAIVectorizer(vectorizer_name="aoai", parameters=parameters)],
    )


def row_of(document: ContentDocument) -> dict[str, Any]:
    """Return a document as it is stored; the last day is kept to its end."""
    return {
        "id": document.id, "title": document.title, "body": document.body, "tags": list(document.tags),
        "doc_type": document.type, "status": document.status, "locale": document.locale,
        "channels": list(document.channels), "audiences": list(document.audiences), "themes": list(document.themes),
        "valid_from": f"{document.valid_from.isoformat()}T00:00:00Z" if document.valid_from else None,
        "valid_until": f"{document.valid_until.isoformat()}T23:59:59Z" if document.valid_until else None,
        "priority": document.priority, "content_hash": document.content_hash,
        "front_matter": document.model_dump_json(),
    }  # fmt: skip


def document_of(row: Mapping[str, Any]) -> ContentDocument:
    """Return the document that a row holds."""
    return ContentDocument.model_validate_json(str(row["front_matter"]))


def quoted(value: str) -> str:
    """Return a string literal of OData: the SDK has no quoting of its own."""
    return "'" + value.replace("'", "''") + "'"


def _moment(day: date) -> str:
    return f"{day.isoformat()}T12:00:00Z"


def _always(where: ContentFilter) -> list[str]:
    parts = ["status eq 'approved'", f"locale eq {quoted(where.locale)}"]
    if where.channel:
        parts.append(f"channels/any(c: c eq {quoted(where.channel)})")
    return parts


def filter_of(where: ContentFilter, types: Sequence[str], theme: str | None) -> str:
    """Return the ``$filter``: approved, locale, channel, date, and the narrowing to types and theme."""
    now = _moment(where.on)
    parts = _always(where)
    parts += [f"(valid_from eq null or valid_from le {now})", f"(valid_until eq null or valid_until ge {now})"]
    if types:
        parts.append(f"search.in(doc_type, {quoted(','.join(types))}, ',')")
    if theme:
        parts.append(f"themes/any(t: t eq {quoted(theme)})")
    return " and ".join(parts)


def coverage(document: ContentDocument, words: Sequence[str]) -> float:
    """Return the share of the query's words that a document holds: the score when nothing was semantically ranked."""
    own = stems_of(" ".join((document.title, document.body, *document.tags, *document.themes)))
    return sum(stem(w) in own for w in words) / len(words)
