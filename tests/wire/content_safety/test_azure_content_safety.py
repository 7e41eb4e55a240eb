"""The adapter of Azure AI Content Safety against a real local server: the wire format, and every fault."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import Unavailable, UserFixable
from app.domain.safety import Decision, Draft, Surface
from app.testing.builders import some_settings
from app.testing.fake_content_safety import FakeContentSafety, error, scores, shield
from app.testing.recording_server import Asked, Reply
from app.wiring import build_application
from plugins.safety.azure_content_safety import AzureContentSafety, attack_in, cut, sync_blocklist
from plugins.safety.policy import Policy
from plugins.safety.screening import Screening

KEY = "the-key-0123456789"
PATIENCE_SECONDS = 60  # far beyond every deadline under test, far below what Retry-After asks for
Maker = Callable[..., AzureContentSafety]


@pytest.fixture
def service() -> Iterator[FakeContentSafety]:
    with FakeContentSafety() as fake:
        yield fake


@pytest.fixture
async def make(service: FakeContentSafety) -> AsyncIterator[Maker]:
    made: list[AzureContentSafety] = []

    def build(**settings: Any) -> AzureContentSafety:
        values: dict[str, Any] = {"deadline_seconds": 2.0, "backoff_seconds": 0.01, **settings}
        made.append(AzureContentSafety(values.pop("endpoint", service.url), KEY, **values))
        return made[-1]

    yield build
    for adapter in made:
        await adapter.close()


@pytest.fixture(scope="module")
def policy(project_root: Path) -> Policy:
    return Policy.load(project_root / "data" / "policy")


async def ask(adapter: AzureContentSafety, text: str = "A calm text.", surface: Surface = Surface.COPY) -> list[Any]:
    return list(await adapter.findings(text, text, surface))


async def test_the_request_is_as_documented(service: FakeContentSafety, make: Maker) -> None:
    await ask(make(blocklists=["brand"]))
    asked = service.asked[0]
    assert asked.query["api-version"] == ["2024-09-01"]
    assert asked.headers["Ocp-Apim-Subscription-Key"] == KEY
    assert asked.body["outputType"] == "EightSeverityLevels"
    assert sorted(asked.body["categories"]) == ["Hate", "SelfHarm", "Sexual", "Violence"]
    assert asked.body["blocklistNames"] == ["brand"]
    assert asked.body["haltOnBlocklistHit"] is False


@pytest.mark.parametrize("name", ["Hate", "SelfHarm", "Sexual", "Violence"])
@pytest.mark.parametrize(
    ("severity", "decision"), [(3, Decision.ALLOW), (4, Decision.BLOCK), (5, Decision.BLOCK), (7, Decision.BLOCK)]
)
async def test_severity_four_blocks_in_every_category(
    service: FakeContentSafety, make: Maker, name: str, severity: int, decision: Decision
) -> None:
    service.analyze = lambda _: Reply(scores(**{name: severity}))
    found = await ask(make())
    assert [(f.severity, f.decision) for f in found] == [(severity, decision)]


async def test_both_the_original_and_the_folded_text_are_rated_and_the_strictest_wins(
    service: FakeContentSafety, make: Maker, policy: Policy
) -> None:
    service.analyze = lambda a: Reply(scores(Hate=6 if a.body["text"].isascii() else 0))
    verdict = await Screening(policy, hosted=make()).screen(Draft(text="Ünique läser", surface=Surface.CHAT))
    assert len(service.asked) == 2
    assert verdict.decision is Decision.BLOCK
    assert verdict.screened_by == "azure+rules"


async def test_a_blocklist_hit_blocks_whatever_the_scores(service: FakeContentSafety, make: Maker) -> None:
    hit = {"blocklistName": "brand", "blocklistItemId": "1", "blocklistItemText": "x"}
    service.analyze = lambda _: Reply({"blocklistsMatch": [hit], "categoriesAnalysis": []})
    assert [f.decision for f in await ask(make())] == [Decision.BLOCK]


async def test_s24_a_long_text_is_cut_with_overlap_and_any_piece_can_block(
    service: FakeContentSafety, make: Maker
) -> None:
    text = "".join(f"{n:09d} " for n in range(2_500))
    service.analyze = lambda a: Reply(scores(Violence=6 if "000002400" in a.body["text"] else 0))
    found = await ask(make(), text)
    assert any(f.decision is Decision.BLOCK for f in found)
    pieces = [piece for _, piece in cut(text)]
    assert all(len(piece) <= 9_000 for piece in pieces)
    assert all(a[-400:] == b[:400] for a, b in pairwise(pieces))
    assert sorted(a.body["text"] for a in service.asked) == sorted(pieces)


async def test_s24_one_failing_piece_fails_all(service: FakeContentSafety, make: Maker) -> None:
    text = "".join(f"{n:09d} " for n in range(2_500))
    service.analyze = lambda a: error(400) if "000002400" in a.body["text"] else Reply(scores())
    with pytest.raises(Unavailable):
        await ask(make(), text)


ROW = {"category": "Hate", "severity": 0}
FULL = scores()["categoriesAnalysis"]
UNUSABLE: dict[str, Reply] = {
    "html": Reply(raw=b"<html>log in</html>", headers={"Content-Type": "text/html"}),
    "html said to be json": Reply(raw=b"<html>log in</html>"),
    "null": Reply(None), "list": Reply([1]), "text": Reply("ok"), "empty object": Reply({}),
    "no categories": Reply({"categoriesAnalysis": []}),
    "two categories": Reply({"categoriesAnalysis": FULL[:2]}),
    "three categories": Reply({"categoriesAnalysis": FULL[:3]}),
    "a category twice": Reply({"categoriesAnalysis": [*FULL[:3], FULL[0]]}),
    "five rows": Reply({"categoriesAnalysis": [*FULL, FULL[0]]}),
    "unknown category": Reply({"categoriesAnalysis": [*FULL[:3], {"category": "Fun", "severity": 0}]}),
    **{f"severity {value!r}": Reply({"categoriesAnalysis": [*FULL[:3], {"category": "Violence", "severity": value}]})
       for value in (None, "6", 9, -1, True, 4.0)},
    "no severity": Reply({"categoriesAnalysis": [*FULL[:3], {"category": "Violence"}]}),
    "status 201": Reply(scores(), 201), "broken json": Reply(raw=b'{"categoriesAnalysis": ['),
}  # fmt: skip


@pytest.mark.parametrize("fault", sorted(UNUSABLE))
async def test_s18_an_answer_that_is_not_complete_is_no_answer(
    service: FakeContentSafety, make: Maker, policy: Policy, fault: str
) -> None:
    service.analyze = lambda _: UNUSABLE[fault]
    adapter = make()
    with pytest.raises(Unavailable):
        await ask(adapter)
    verdict = await Screening(policy, hosted=adapter).screen(Draft(text="A calm text.", surface=Surface.COPY))
    assert verdict.decision is Decision.BLOCK
    assert verdict.text == ""


@pytest.mark.parametrize(
    ("status", "calls"),
    [(400, 1), (401, 1), (403, 1), (404, 1), (408, 3), (429, 3), (500, 3), (502, 3), (503, 3), (504, 3)],
)
async def test_s17_errors_are_retried_twice_at_most(
    service: FakeContentSafety, make: Maker, status: int, calls: int
) -> None:
    service.analyze = lambda _: error(status)
    with pytest.raises(Unavailable):
        await ask(make())
    assert len(service.asked) == calls


async def test_s17_retry_after_is_obeyed_but_capped(service: FakeContentSafety, make: Maker) -> None:
    service.analyze = lambda _: error(429, "TooManyRequests", Retry_After="600")
    async with asyncio.timeout(PATIENCE_SECONDS):
        with pytest.raises(Unavailable):
            await ask(make(deadline_seconds=0.5))


async def test_s17_a_later_attempt_can_succeed(service: FakeContentSafety, make: Maker) -> None:
    answers = iter([error(503), error(429, Retry_After="0"), Reply(scores(Sexual=6))])
    service.analyze = lambda _: next(answers)
    assert [f.category for f in await ask(make())] == ["sexual"]


async def test_s16_a_service_that_hangs_blocks_within_the_deadline(
    service: FakeContentSafety, make: Maker, policy: Policy
) -> None:
    blocked, answered = threading.Event(), threading.Event()

    def hang(_: Asked) -> Reply:
        blocked.wait(PATIENCE_SECONDS)
        answered.set()
        return Reply(scores())

    service.analyze = hang
    verdict = await Screening(policy, hosted=make(deadline_seconds=0.3)).screen(
        Draft(text="Calm.", surface=Surface.COPY)
    )
    assert verdict.decision is Decision.BLOCK
    assert not answered.is_set(), "the verdict waited for the service"
    blocked.set()


async def test_s16_nobody_listening_blocks(make: Maker) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(Unavailable):
            await ask(make(endpoint=f"http://127.0.0.1:{taken.getsockname()[1]}"))


async def test_s22_the_breaker_blocks_faster_and_never_lets_through(service: FakeContentSafety, make: Maker) -> None:
    service.analyze = lambda _: error(400)
    adapter = make(breaker_failures=2, breaker_seconds=30.0)
    for _ in range(2):
        with pytest.raises(Unavailable):
            await ask(adapter)
    before = len(service.asked)
    service.analyze = lambda _: Reply(scores())
    with pytest.raises(Unavailable):
        await ask(adapter)
    assert len(service.asked) == before


async def test_inbound_text_is_shielded(service: FakeContentSafety, make: Maker) -> None:
    service.shields = lambda _: Reply(shield(documents=(True,)))
    found = await ask(make(), "Please approve.", Surface.UNTRUSTED)
    assert [(f.rule, f.decision) for f in found] == [("azure.prompt-attack", Decision.REDACT)]
    asked = next(a for a in service.asked if a.path.endswith("shieldPrompt"))
    assert asked.query["api-version"] == ["2024-09-01"]
    assert asked.body == {"userPrompt": "Please approve.", "documents": ["Please approve."]}
    assert asked.headers["Ocp-Apim-Subscription-Key"] == KEY


@pytest.mark.parametrize(
    "answer",
    [None, [], {}, {"userPromptAnalysis": {"attackDetected": False}}, {"documentsAnalysis": [{"attackDetected": False}]},  # noqa: E501
     {"userPromptAnalysis": {"attackDetected": False}, "documentsAnalysis": []},
     {"userPromptAnalysis": {"attackDetected": None}, "documentsAnalysis": [{"attackDetected": False}]},
     {"userPromptAnalysis": {"attackDetected": 0}, "documentsAnalysis": [{"attackDetected": False}]}],
)  # fmt: skip
def test_s19_a_short_shield_answer_counts_as_an_attack(answer: Any) -> None:
    assert attack_in(answer, 1)
    assert not attack_in(shield(), 1)


@pytest.mark.statement("S62")
async def test_nothing_of_text_or_key_is_logged(
    service: FakeContentSafety, make: Maker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    service.analyze = lambda _: error(500)
    with pytest.raises(Unavailable) as raised:
        await ask(make(), "canary-text-4711")
    assert "canary-text-4711" not in caplog.text + str(raised.value)
    assert KEY not in caplog.text + str(raised.value)


async def test_s23_many_at_once_keep_their_own_verdicts(service: FakeContentSafety, make: Maker) -> None:
    def judge(asked: Asked) -> Reply:
        return Reply(scores(Hate=6 if int(asked.body["text"].split()[-1]) % 2 else 0))

    service.analyze = judge
    adapter = make(deadline_seconds=10.0)
    results = await asyncio.gather(*(ask(adapter, f"text {n}") for n in range(40)))
    assert [bool(found) for found in results] == [bool(n % 2) for n in range(40)]


def test_the_blocklist_on_the_service_is_made_equal_to_the_brands_file(service: FakeContentSafety) -> None:
    service.items = {"id-old": "old"}
    terms = [f"term {n}" for n in range(150)]
    assert sync_blocklist(service.url, KEY, "brand", terms) == (150, 1)
    assert sorted(service.items.values()) == sorted(terms)
    assert all(len((a.body or {}).get("blocklistItems", [])) <= 100 for a in service.asked)
    assert sync_blocklist(service.url, KEY, "brand", terms) == (0, 0)


def test_the_product_fills_its_blocklist_and_asks_with_it(service: FakeContentSafety, tmp_path: Path) -> None:
    settings = some_settings(
        home=tmp_path,
        content_safety_endpoint=service.url,
        content_safety_key=KEY,
        content_safety_blocklist="brand",
    )
    application = build_application(settings)
    try:
        added, removed = application.sync_blocklist()
        assert (added, removed) == (len(application.policy.blocklist), 0)
        assert "dirt cheap" in service.items.values()
        service.asked.clear()
        application.gate.release_text("A quiet candle.", Surface.COPY)
    finally:
        application.close()
    analysed = [asked.body for asked in service.asked if asked.path.endswith("text:analyze")]
    assert analysed and all(body["blocklistNames"] == ["brand"] for body in analysed)


def test_a_blocklist_without_a_service_is_an_error(tmp_path: Path) -> None:
    application = build_application(some_settings(home=tmp_path))
    with pytest.raises(UserFixable, match="no blocklist"):
        application.sync_blocklist()
    application.close()


@pytest.mark.parametrize("value", [0, 6, 99, -1, "4", None, float("nan"), True])
def test_s20_a_threshold_that_makes_no_sense_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="block_at"):
        AzureContentSafety("http://127.0.0.1:1", KEY, block_at=value)
