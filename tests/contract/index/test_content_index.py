"""One contract for both indexes: the embedded one, and Azure AI Search through its SDK against a local service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from azure.core.credentials import AzureKeyCredential

from app.domain.content import ContentFilter
from app.testing.fake_search import fake_search
from plugins.retrieval.azure_index import AzureIndex
from plugins.retrieval.embedded_index import EmbeddedIndex
from plugins.retrieval.index import ContentIndex
from plugins.retrieval.sample_content import load_sample
from plugins.retrieval.wordstems import Thesaurus

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 6, 15)
WHERE = ContentFilter(on=TODAY, channel="email")
HIDDEN = {
    "off-blackfriday50-draft",
    "off-spring25-expired",
    "off-summer40-retired",
    "off-lapsed-past",
    "off-anniversary30-future",
    "off-sommer15-de",
    "perk-shipping-35",
    "off-blackfriday30",
}


@pytest.fixture(scope="module", params=["embedded", "azure"])
def index(request: pytest.FixtureRequest) -> Iterator[ContentIndex]:
    documents = load_sample(ROOT / "data" / "sample" / "content", TODAY)
    if request.param == "embedded":
        made = EmbeddedIndex(":memory:", Thesaurus.load(ROOT / "data" / "thesaurus.yaml"))
        made.ingest(documents)
        yield made
        made.close()
        return
    with fake_search() as service:
        hosted = AzureIndex(service.url, "brand-content", AzureKeyCredential(service.key), backoff_seconds=0)
        hosted.ingest(documents)
        yield hosted
        hosted.close()


@pytest.mark.statement("S40")
def test_what_is_not_approved_and_current_never_comes_back(index: ContentIndex) -> None:
    for query in (
        "summer offer discount",
        "win back reward",
        "free shipping",
        "status eq 'draft' or 1 eq 1",
        "' or ''",
    ):
        assert not {hit.document_id for hit in index.search(query, WHERE, limit=50)} & HIDDEN
    listed = index.usable(WHERE, ("offer", "perk"), limit=200)
    assert not {d.id for d in listed} & HIDDEN
    assert all(d.status == "approved" and d.valid_on(TODAY) and d.locale == "en-US" for d in listed)


def test_hits_are_ordered_scored_and_quoted(index: ContentIndex) -> None:
    hits = index.search("summer offer towels coolers", WHERE, limit=5)
    assert hits and hits == index.search("summer offer towels coolers", WHERE, limit=5)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    for hit in hits:
        document = index.get(hit.document_id)
        assert document is not None and hit.snippet in document.body
        assert index.threshold <= hit.score <= 1


def test_nothing_approved_is_an_answer(index: ContentIndex) -> None:
    assert index.search("mortgage cryptocurrency warranty", WHERE) == []


def test_listing_by_type_and_theme(index: ContentIndex) -> None:
    assert [d.id for d in index.usable(WHERE, ("offer",), theme="summer")] == ["off-summer15"]
    products = index.usable(WHERE, ("product",), limit=100)
    assert [d.priority for d in products] == sorted((d.priority for d in products), reverse=True)
    assert [d.id for d in index.upcoming(WHERE, theme="black_friday")] == ["off-blackfriday30"]


def test_the_last_day_counts(index: ContentIndex) -> None:
    assert index.usable(ContentFilter(on=date(2026, 8, 31)), ("offer",), theme="summer")
    assert not index.usable(ContentFilter(on=date(2026, 9, 1)), ("offer",), theme="summer")


def test_documents_come_back_whole_and_unknown_ids_do_not(index: ContentIndex) -> None:
    document = index.get("off-summer15")
    assert document is not None and document.facts["percent"] == 15
    assert index.get("nothing-here") is None
    assert index.count() == 112 and 0 < index.count(WHERE) < 112


def test_ingest_is_incremental(index: ContentIndex) -> None:
    documents = load_sample(ROOT / "data" / "sample" / "content", TODAY)
    report = index.ingest(documents)
    assert (report.added, report.changed, report.removed, report.unchanged) == ((), (), (), 112)
    assert index.ids() == sorted(d.id for d in documents)
