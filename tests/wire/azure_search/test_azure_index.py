"""The traps of the search SDK, each tried over real HTTP against a service that is as strict as the real one.

1 enums as text and 2 a request sent twice: ``test_captions_...``; 3 POST is not retried: ``test_a_busy_service_...``;
4 a failed batch loses documents: ``test_a_failed_upload_...``; 5 actions that never leave: ``test_many_documents_...``;
6 a 207 is no exception: ``test_single_documents_...``, ``test_refused_documents_...``; 7 a degraded answer looks whole:
``test_a_degraded_answer_...``; 8 kinds of errors: ``test_no_connection_...``; 9 an empty error code:
``test_a_wrong_key_...``, ``test_a_missing_document_...``, ``test_a_bad_filter_...``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

import pytest
from azure.core.credentials import AzureKeyCredential

from app.domain.content import ContentDocument, ContentFilter
from app.domain.errors import Unavailable
from app.testing.fake_search import FakeSearch, Trouble, fake_search
from app.testing.search_filters import FilterError, evaluate
from plugins.retrieval.azure_index import VECTOR, AzureIndex, Vectors, filter_of, quoted
from plugins.retrieval.documents import with_hash

WHERE = ContentFilter(on=date(2026, 6, 15), channel="email")
SEARCH, UPLOAD = "search.post.search", "search.index"


@pytest.fixture
def service() -> Iterator[FakeSearch]:
    with fake_search() as running:
        yield running


@pytest.fixture
def index(service: FakeSearch) -> Iterator[AzureIndex]:
    made = AzureIndex(service.url, "brand", AzureKeyCredential(service.key), backoff_seconds=0)
    yield made
    made.close()


def towels(count: int) -> list[ContentDocument]:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        with_hash(
            ContentDocument(
                id=f"towel-{n}",
                type="product",
                title=f"Towel {n}",
                status="approved",
                body=f"A linen towel {n}.",
                approved_by="Ada",
                approved_at=now,
                say={"list": ("A linen towel",)},
            )
        )
        for n in range(count)
    ]


def test_captions_go_out_as_plain_strings_and_one_search_is_one_request(index: AzureIndex, service: FakeSearch) -> None:
    index.ingest(towels(3))
    service.requests.clear()
    assert len(index.search("linen towel", WHERE)) == 3
    sent = [body for _, path, body in service.requests if SEARCH in path]
    assert len(sent) == 1
    assert sent[0]["captions"] == "extractive|highlight-false"
    assert sent[0]["queryType"] == "semantic"


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_a_busy_service_is_asked_again_on_post(index: AzureIndex, service: FakeSearch, status: int) -> None:
    index.ingest(towels(1))
    service.troubles.append(Trouble(status, SEARCH, times=2))
    assert len(index.search("linen towel", WHERE)) == 1


def test_a_service_that_stays_down_is_unavailable_and_says_retry(index: AzureIndex, service: FakeSearch) -> None:
    index.ingest(towels(1))
    service.troubles.append(Trouble(503, SEARCH, times=50))
    with pytest.raises(Unavailable) as caught:
        index.search("linen towel", WHERE)
    assert caught.value.retryable


def test_a_failed_upload_loses_no_document(index: AzureIndex, service: FakeSearch) -> None:
    index.ensure_index()
    service.troubles.append(Trouble(503, UPLOAD, times=2))
    assert len(index.ingest(towels(6)).added) == 6
    assert len(service.documents["brand"]) == 6


def test_single_documents_that_are_busy_are_sent_again(index: AzureIndex, service: FakeSearch) -> None:
    service.troubles.append(Trouble(200, UPLOAD, rejected={"towel-1": 429, "towel-2": 503}))
    index.ingest(towels(4))
    assert len(service.documents["brand"]) == 4


def test_refused_documents_are_named_and_nothing_is_removed(index: AzureIndex, service: FakeSearch) -> None:
    index.ingest(towels(2))
    service.troubles.append(Trouble(200, UPLOAD, rejected={"towel-3": 400}))
    with pytest.raises(Unavailable, match="towel-3"):
        index.ingest([towels(4)[3]], replace=True)
    assert set(service.documents["brand"]) == {"towel-0", "towel-1"}


def test_a_degraded_answer_is_noted_and_still_scored(index: AzureIndex, service: FakeSearch) -> None:
    index.ingest(towels(1))
    service.troubles.append(Trouble(206, SEARCH))
    assert index.search("linen towel", WHERE)[0].score == 1.0
    assert "semantic" in index.degraded
    index.search("linen towel", WHERE)
    assert index.degraded == ""


def test_long_lists_are_read_to_the_end(index: AzureIndex) -> None:
    index.ingest(towels(130))
    assert len(index.ids()) == 130
    assert index.count(WHERE) == 130


def test_a_wrong_key_is_unavailable_with_a_hint(service: FakeSearch) -> None:
    index = AzureIndex(service.url, "brand", AzureKeyCredential("wrong"), backoff_seconds=0)
    with pytest.raises(Unavailable) as caught:
        index.count()
    assert "role" in caught.value.hint and not caught.value.retryable
    index.close()


def test_no_connection_is_unavailable() -> None:
    index = AzureIndex("http://127.0.0.1:9", "brand", AzureKeyCredential("x"), backoff_seconds=0)
    with pytest.raises(Unavailable) as caught:
        index.search("towel", WHERE)
    assert caught.value.retryable
    index.close()


def test_values_cannot_break_out_of_a_filter() -> None:
    assert quoted("en' or 1 eq 1") == "'en'' or 1 eq 1'"
    hostile = ContentFilter(on=date(2026, 6, 15), locale="x' or status eq 'draft")
    document = {"status": "draft", "locale": "en-US", "valid_from": None, "valid_until": None}
    assert not evaluate(filter_of(hostile, (), None), document)


def test_the_services_filter_is_really_evaluated() -> None:
    row = {"a": 1, "b": None, "t": ["x", "y"], "s": "it's"}
    assert evaluate("a ge 1 and (b eq null or a gt 5) and t/any(v: v eq 'y') and s eq 'it''s'", row)
    assert not evaluate("not (a eq 1) or t/any(v: v eq 'z')", row)
    assert evaluate("search.in(s, 'a,it''s', ',')", row)
    for wrong in ("a eq", "a == 1", "zzz eq 1", "a eq 1)"):
        with pytest.raises(FilterError):
            evaluate(wrong, row)


def test_many_documents_leave_in_several_requests_and_every_one_arrives(index: AzureIndex, service: FakeSearch) -> None:
    index.ingest(towels(1_100))
    sizes = [len(body["value"]) for _, path, body in service.requests if UPLOAD in path]
    assert sizes == [500, 500, 100]
    assert len(service.documents["brand"]) == 1_100 == index.count()


def test_a_missing_document_is_none_and_not_an_error(index: AzureIndex) -> None:
    index.ingest(towels(1))
    assert index.get("towel-9") is None


def test_a_bad_filter_is_unavailable_and_not_worth_a_retry(index: AzureIndex, service: FakeSearch) -> None:
    index.ingest(towels(1))
    service.troubles.append(Trouble(400, SEARCH))
    with pytest.raises(Unavailable, match="400") as failed:
        index.search("towel", WHERE)
    assert failed.value.retryable is False


# --- the vector leg

MEANINGS = (("towel", "dry", "bath"), ("cooler", "ice", "cold"), ("lamp", "light", "reading"))


def meaning_of(text: str) -> list[float]:
    """A small embedding: how often each field of meaning is touched."""
    return [float(sum(word in text.lower() for word in words)) for words in MEANINGS]


@pytest.fixture
def hybrid(service: FakeSearch) -> Iterator[AzureIndex]:
    async def embed(texts: Sequence[str]) -> list[list[float]]:
        return [meaning_of(text) for text in texts]

    service.embed = meaning_of
    vectors = Vectors("https://models.example", "embed-small", "text-embedding-3-small", 3, embed)
    made = AzureIndex(service.url, "brand", AzureKeyCredential(service.key), backoff_seconds=0, vectors=vectors)
    yield made
    made.close()


def test_the_index_gets_a_vectorizer_and_stores_no_second_copy_of_a_vector(
    hybrid: AzureIndex, service: FakeSearch
) -> None:
    hybrid.ingest(towels(2))
    definition = service.indexes["brand"]
    (field,) = [f for f in definition["fields"] if f["name"] == VECTOR]
    assert (field["dimensions"], field["retrievable"], field["stored"]) == (3, False, False)
    (vectorizer,) = definition["vectorSearch"]["vectorizers"]
    assert vectorizer["azureOpenAIParameters"]["deploymentId"] == "embed-small"
    assert "apiKey" not in vectorizer["azureOpenAIParameters"]
    assert all(row[VECTOR] == [1.0, 0.0, 0.0] for row in service.documents["brand"].values())


def test_a_document_that_shares_no_word_with_the_query_is_found_by_meaning(
    hybrid: AzureIndex, service: FakeSearch
) -> None:
    hybrid.ingest(towels(2))
    service.requests.clear()
    assert [hit.document_id for hit in hybrid.search("after my bath", WHERE)] == ["towel-0", "towel-1"]
    (sent,) = [body for _, path, body in service.requests if SEARCH in path]
    assert sent["vectorQueries"] == [{"kind": "text", "text": "after my bath", "k": 50, "fields": VECTOR}]
    assert sent["vectorFilterMode"] == "preFilter"


def test_the_vector_leg_brings_back_nothing_unapproved(hybrid: AzureIndex) -> None:
    drafts = [with_hash(d.model_copy(update={"status": "draft"})) for d in towels(2)]
    hybrid.ingest(drafts)
    assert hybrid.search("after my bath", WHERE) == []


def test_only_new_documents_are_embedded(hybrid: AzureIndex, service: FakeSearch) -> None:
    hybrid.ingest(towels(3))
    service.requests.clear()
    hybrid.ingest(towels(4))
    (sent,) = [body for _, path, body in service.requests if UPLOAD in path]
    assert [row["id"] for row in sent["value"]] == ["towel-3"]


def test_vectors_of_another_length_are_refused_before_anything_is_sent(service: FakeSearch) -> None:
    async def embed(texts: Sequence[str]) -> list[list[float]]:
        return [[1.0, 2.0] for _ in texts]

    vectors = Vectors("https://models.example", "embed-small", "text-embedding-3-small", 3, embed)
    made = AzureIndex(service.url, "brand", AzureKeyCredential(service.key), backoff_seconds=0, vectors=vectors)
    try:
        with pytest.raises(Unavailable, match="3 dimensions"):
            made.ingest(towels(1))
        assert service.documents["brand"] == {}
    finally:
        made.close()


def test_without_an_embedding_deployment_the_query_is_text_alone(index: AzureIndex, service: FakeSearch) -> None:
    index.ingest(towels(1))
    service.requests.clear()
    index.search("linen towel", WHERE)
    (sent,) = [body for _, path, body in service.requests if SEARCH in path]
    assert "vectorQueries" not in sent and "vectorFilterMode" not in sent
