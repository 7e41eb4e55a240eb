"""Only approved, current content of the right locale and channel ever comes back, whatever is typed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.content import ContentDocument, ContentFilter
from app.domain.errors import UserFixable
from plugins.retrieval.documents import load_folder, parse_document, with_hash
from plugins.retrieval.embedded_index import EmbeddedIndex
from plugins.retrieval.ingest import approve, ensure_sample_content, ingest_content, retire
from plugins.retrieval.sample_content import load_sample, resolve
from plugins.retrieval.wordstems import Thesaurus

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 6, 15)
NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
WHERE = ContentFilter(on=TODAY, channel="email")
NOT_TO_BE_SEEN = {
    "off-blackfriday50-draft", "off-spring25-expired", "off-summer40-retired", "off-lapsed-past",
    "off-anniversary30-future", "off-sommer15-de", "perk-shipping-35", "prf-best-draft", "pol-returns-old",
    "prd-heater-draft", "prd-deckchair-retired", "off-blackfriday30",
}  # fmt: skip


@pytest.fixture(scope="module")
def index() -> EmbeddedIndex:
    made = EmbeddedIndex(":memory:", Thesaurus.load(ROOT / "data" / "thesaurus.yaml"))
    ensure_sample_content(made, ROOT / "data" / "sample" / "content", TODAY)
    return made


def a_document(identifier: str, body: str = "A towel.", **changes: object) -> ContentDocument:
    values = {"id": identifier, "type": "product", "title": identifier, "status": "approved", "body": body,
              "approved_by": "Ada", "approved_at": NOW, "say": {"list": (body,)}}  # fmt: skip
    return with_hash(ContentDocument.model_validate({**values, **changes}))


SYNTAX = st.sampled_from(
    ['"', "*", "NEAR(", ")", " OR ", " AND ", " NOT ", "^", ":", "summer", "towel", "'; --", "\x00"]
)


@given(st.lists(st.one_of(SYNTAX, st.text(max_size=8)), max_size=12).map("".join))
@settings(max_examples=150)
@pytest.mark.statement("S40")
def test_no_query_brings_back_what_is_not_approved_and_current(index: EmbeddedIndex, query: str) -> None:
    loose = EmbeddedIndex.search(index, query, WHERE, limit=200)
    assert not {hit.document_id for hit in loose} & NOT_TO_BE_SEEN
    assert all(0 <= hit.score <= 1 for hit in loose)


def test_answers_are_found_by_other_words_than_they_use(index: EmbeddedIndex) -> None:
    for query, expected in [
        ("reward for customers who stopped buying", "off-winback20"), ("postage", "perk-shipping"),
        ("something to keep drinks cold at the beach", "prd-tidewater"), ("fine print", "dis-offer"),
        ("how do we sound", "tone-guide"), ("can people get their money back", "pol-returns"),
        ("present for dad", "off-fathersday15"), ("stars", "prf-rating"),
    ]:  # fmt: skip
        assert expected in [hit.document_id for hit in index.search(query, WHERE, limit=3)], query


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("retruns policy", "pol-returns"),
        ("stonewased bath towel", "prd-bath-towel"),
        (
            "Before anything else I would like to know how many days people have to return items they did not use and "
            "whether the refund is a full one, because a colleague of mine asked",
            "pol-returns",
        ),
    ],
)
def test_slips_and_long_requests_are_understood(index: EmbeddedIndex, query: str, expected: str) -> None:
    assert expected in {hit.document_id for hit in index.search(query, WHERE)}


def test_a_word_of_the_content_is_never_taken_for_a_slip() -> None:
    index = EmbeddedIndex(":memory:", Thesaurus([]))
    index.ingest([a_document("one", "A linen apron."), a_document("two", "A lines notebook, lined with linen.")])
    assert [hit.document_id for hit in index.search("apron", WHERE)] == ["one"]
    assert not index.search("april", WHERE)


def test_what_we_do_not_have_is_not_found(index: EmbeddedIndex) -> None:
    for query in ("mortgage rates", "flights to spain", "laptop warranty", "cryptocurrency wallet", ""):
        assert index.search(query, WHERE) == []


def test_snippets_are_verbatim_and_the_order_is_stable(index: EmbeddedIndex) -> None:
    first, second = (index.search("summer discount on towels", WHERE, limit=10) for _ in range(2))
    assert first == second
    for hit in first:
        document = index.get(hit.document_id)
        assert document is not None
        assert hit.snippet in document.body


def test_dates_are_whole_days_with_both_ends(index: EmbeddedIndex) -> None:
    offer = index.get("off-summer15")
    assert offer is not None and offer.valid_until is not None
    last = ContentFilter(on=offer.valid_until)
    assert offer.id in [d.id for d in index.usable(last, ("offer",), theme="summer")]
    after = ContentFilter(on=offer.valid_until + timedelta(days=1))
    assert offer.id not in [d.id for d in index.usable(after, ("offer",), theme="summer")]


def test_ingest_is_incremental_and_whole_or_not_at_all() -> None:
    made = EmbeddedIndex(":memory:", Thesaurus([]))
    one, two = a_document("one"), a_document("two")
    assert made.ingest([one, two]).added == ("one", "two")
    report = made.ingest([one, a_document("two", body="A dry towel.")])
    assert (report.changed, report.unchanged) == (("two",), 1)
    broken = two.model_copy(update={"channels": ("fax",)})
    with pytest.raises(KeyError):
        made.ingest([a_document("three"), broken])
    assert made.ids() == ["one", "two"]


def test_approval_is_a_persons_act_and_takes_effect_at_once() -> None:
    made = EmbeddedIndex(":memory:", Thesaurus([]))
    made.ingest([a_document("one", status="draft", approved_by=None, approved_at=None)])
    assert made.count(WHERE) == 0
    approved = approve(made, "one", person="Grace", now=NOW)
    assert (approved.approved_by, approved.approved_at) == ("Grace", NOW)
    assert made.count(WHERE) == 1
    with pytest.raises(UserFixable):
        approve(made, "one", person="Grace", now=NOW)
    retire(made, "one")
    assert made.count(WHERE) == 0


def test_a_shops_own_content_sends_the_sample_away(tmp_path: Path) -> None:
    made = EmbeddedIndex(":memory:", Thesaurus([]))
    ensure_sample_content(made, ROOT / "data" / "sample" / "content", TODAY)
    catalogue = tmp_path / "catalogue.csv"
    catalogue.write_text("StockCode,description,price_gbp_median\nA1,RED TEAPOT,2.95\nA2,,1\nA3,MUG,x\n")
    report = ingest_content(made, catalogue, person="Ada", now=NOW, currency="USD")
    assert made.ids() == ["brand-harbor-pine", "cat-a1"]
    assert "2 rows left out" in " ".join(report.warnings)
    teapot = made.get("cat-a1")
    assert teapot is not None
    assert (teapot.title, teapot.facts["price"], teapot.approved_by) == ("Red teapot", 2.95, "Ada")
    assert "\u00a32.95" in teapot.body, "the file names its currency, and that wins over the shop's"
    assert made.search("teapot", WHERE)[0].document_id == "cat-a1"


def test_every_complaint_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "---\nid: a\ntype: proof\ntitle: A\nstatus: approved\nsay:\n  s: We have 9 stars\n---\nText"
    )
    (tmp_path / "b.md").write_text("no front matter")
    with pytest.raises(UserFixable) as caught:
        load_folder(tmp_path)
    assert "a.md:5: approved, but approved_by" in caught.value.problem
    assert "a.md:6: say.s says 9, which the body does not" in caught.value.problem
    assert "b.md:1: has no front matter" in caught.value.problem


def test_front_matter_that_is_not_yaml_is_a_complaint() -> None:
    found = parse_document("---\nid: [\n---\nText", "x.md")
    assert isinstance(found, list)
    assert found[0].path == "x.md"


@given(st.dates(min_value=date(2024, 1, 1), max_value=date(2032, 12, 31)))
@settings(max_examples=12)
def test_the_sample_is_believable_on_any_day(reference: date) -> None:
    documents = load_sample(ROOT / "data" / "sample" / "content", reference)
    running = [d for d in documents if d.type == "offer" and d.status == "approved" and d.valid_on(reference)]
    assert len(running) >= 8
    assert all(d.approved_at and d.approved_at.date() <= reference for d in documents if d.approved_at)


def test_a_yearly_window_is_the_running_or_the_next_one() -> None:
    assert resolve("yearly", "11-20..11-30", date(2026, 11, 21)).last == date(2026, 11, 30)
    assert resolve("yearly", "11-20..11-30", date(2026, 12, 1)).first == date(2027, 11, 20)
    assert resolve("yearly", "12-26..01-15", date(2027, 1, 3)).first == date(2026, 12, 26)
