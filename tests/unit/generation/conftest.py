"""A small world for the writer: the sample content, a store in memory, a shop of counted people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.domain.audience import Audience
from app.domain.safety import Decision, Draft, ScreenedDraft, Surface, Verdict
from app.keys import load_keys
from app.store import Store, sqlite_url
from app.workspace import Workspace
from plugins.retrieval.embedded_index import EmbeddedIndex
from plugins.retrieval.sample_content import load_sample
from plugins.retrieval.wordstems import Thesaurus

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 6, 15)
NAMES = ["Ada", "Bartholomew-Alexander", None, "\u0644\u064a\u0644\u0649", "\u674e", "Zo\u00eb\U0001f98a"]


class CountedShop:
    """A shop of sixty people, ten of each name, thirty of them Gold; everybody is lapsed."""

    dataset_id = "counted"
    as_of = TODAY
    synthetic = True

    def columns(self) -> frozenset[str]:
        return frozenset({"first_name", "customer_id"})

    def _row(self, number: int) -> dict[str, Any]:
        tier = "gold" if number % 2 else "none"
        return {
            "customer_id": f"C{number:02}",
            "first_name": NAMES[number % 6],
            "loyalty_tier": tier,
            "lifecycle": "lapsed",
        }

    def customer(self, customer_id: str) -> Mapping[str, Any] | None:
        return next((self._row(n) for n in range(60) if self._row(n)["customer_id"] == customer_id), None)

    def eligible_rows(self, audience: Audience, columns: Sequence[str]) -> Iterator[Mapping[str, Any]]:
        return ({c: self._row(n)[c] for c in columns} for n in range(audience.eligible))

    def count_eligible(self, audience: Audience, condition: Mapping[str, Any]) -> int:
        wanted = condition["value"] if isinstance(condition["value"], list | tuple) else [condition["value"]]
        return sum(self._row(n)[condition["field"]] in wanted for n in range(audience.eligible))

    def people(self) -> Iterator[Mapping[str, Any]]:
        return iter(())

    def baseline(self, metric: str, window_days: int) -> tuple[float, str] | None:
        return None


def screen_for(words: str = "") -> Callable[[Sequence[Draft]], list[ScreenedDraft]]:
    """Return a screen that blocks a text with ``words`` in it and allows the rest."""

    def screen(drafts: Sequence[Draft]) -> list[ScreenedDraft]:
        done: list[ScreenedDraft] = []
        for draft in drafts:
            blocked = bool(words) and words in draft.text
            decision = Decision.BLOCK if blocked else Decision.ALLOW
            verdict = Verdict(
                decision=decision,
                text="" if blocked else draft.text,
                screened_by="rules",
                policy_hash="p",
                surface=draft.surface,
            )
            done.append(ScreenedDraft(verdict=verdict, decision_id="dec-1"))
        assert {d.surface for d in drafts} & {Surface.EMAIL, Surface.SMS, Surface.PUSH}
        return done

    return screen


@pytest.fixture(scope="session")
def index() -> EmbeddedIndex:
    made = EmbeddedIndex(":memory:", Thesaurus.load(ROOT / "data" / "thesaurus.yaml"))
    made.ingest(load_sample(ROOT / "data" / "sample" / "content", TODAY))
    return made


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    store = Store(sqlite_url(tmp_path), load_keys(tmp_path, None), tmp_path / "checkpoints.txt")
    store.upgrade()
    return Workspace(store, "conv-1", now=datetime(2026, 6, 15, 9, tzinfo=UTC), today=TODAY)


@pytest.fixture
def audience(workspace: Workspace) -> Audience:
    made = Audience(
        id="aud-1",
        name="lapsed customers",
        definition={"all_of": [{"field": "lifecycle", "op": "eq", "value": "lapsed"}]},
        words="customers who are lapsed",
        channel="email",
        as_of=TODAY,
        dataset_id="counted",
        total_customers=60,
        matched=60,
        eligible=60,
        funnel=(),
        ids_sha256="0" * 64,
    )
    workspace.put(made)
    return made


@pytest.fixture
def shop() -> CountedShop:
    return CountedShop()


@pytest.fixture
def make_screen() -> Callable[[str], Any]:
    return screen_for
