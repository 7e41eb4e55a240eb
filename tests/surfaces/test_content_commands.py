"""Approving and retiring content: a person's act, recorded, and in force at once."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.content_desk import ContentDesk
from app.domain.errors import Unavailable
from app.domain.people import NotAllowed, Person, Role
from app.store import Store
from app.testing.builders import NOW, a_store
from plugins.retrieval.embedded_index import EmbeddedIndex
from plugins.retrieval.ingest import ensure_sample_content
from plugins.retrieval.wordstems import Thesaurus

ROOT = Path(__file__).resolve().parents[2]


OWN_LAMP = """---
id: prd-own-lamp
type: product
title: Alder lamp
status: approved
approved_by: Ada
approved_at: 2026-01-10T09:00:00Z
say:
  list: [the Alder lamp]
---
The Alder lamp is made of alder wood.
"""


@pytest.fixture
def cpo(sample_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command over a copy of the sample home."""
    home = tmp_path / "home"
    shutil.copytree(sample_home, home)
    monkeypatch.setenv("CPO_HOME", str(home))
    monkeypatch.setenv("CPO_TODAY", "2026-06-15")

    def run(*words: str) -> Result:
        return CliRunner().invoke(app, list(words))

    return run


def body_of(result: Result) -> dict[str, Any]:
    """The JSON of a command that went well."""
    assert result.exit_code == 0, result.output + result.stderr
    return json.loads(result.stdout)


def found(cpo: Any, query: str) -> set[str]:
    """The ids that a search brings."""
    return {hit["document_id"] for hit in body_of(cpo("search", query, "--json"))["hits"]}


def test_a_draft_is_listed_shown_approved_and_then_found(cpo: Any) -> None:
    drafts = {d["id"] for d in body_of(cpo("content", "list", "--status", "draft", "--json"))["documents"]}
    assert "prd-heater-draft" in drafts
    assert body_of(cpo("content", "show", "prd-heater-draft", "--json"))["status"] == "draft"
    assert "prd-heater-draft" not in found(cpo, "terrace heater")
    said = cpo("content", "approve", "prd-heater-draft", "--as", "Ada Lovelace").stdout
    assert "Ada Lovelace" in said and "Content hash" in said
    assert "prd-heater-draft" in found(cpo, "terrace heater")
    assert body_of(cpo("content", "show", "prd-heater-draft", "--json"))["approved_by"] == "Ada Lovelace"
    assert body_of(cpo("audit", "verify", "--json"))["intact"]


def test_what_is_retired_is_gone_at_once_and_stays_so_when_its_file_is_loaded_again(cpo: Any, tmp_path: Path) -> None:
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "prd-own-lamp.md").write_text(OWN_LAMP, encoding="utf-8")
    body_of(cpo("ingest", "content", str(folder), "--json"))
    assert "prd-own-lamp" in found(cpo, "lamp")
    assert body_of(cpo("content", "retire", "prd-own-lamp", "--as", "Ada", "--json"))["status"] == "retired"
    assert "prd-own-lamp" not in found(cpo, "lamp")
    again = body_of(cpo("ingest", "content", str(folder), "--json"))
    assert any("prd-own-lamp was retired" in warning for warning in again["warnings"])
    assert "prd-own-lamp" not in found(cpo, "lamp")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["content", "approve", "prd-none", "--as", "Ada"], "content list"),
        (["content", "approve", "prd-lamp", "--as", "Ada"], "only a draft"),
        (["content", "approve", "prd-heater-draft", "--as", "  "], "name"),
        (["content", "retire", "off-summer40-retired", "--as", "Ada"], "retired already"),
        (["content", "list", "--status", "fine"], "draft, approved"),
    ],
)
def test_mistakes_say_how_to_mend_them(cpo: Any, words: list[str], says: str) -> None:
    result = cpo(*words)
    assert result.exit_code == 2 and says in result.stderr


def test_without_an_audit_row_nothing_is_approved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = EmbeddedIndex(":memory:", Thesaurus.load(ROOT / "data" / "thesaurus.yaml"))
    ensure_sample_content(index, ROOT / "data" / "sample" / "content", NOW.date())
    store = a_store(f"sqlite:///{tmp_path / 'x.sqlite'}")
    desk = ContentDesk(index=index, store=store, now=lambda: NOW, today=NOW.date)

    def unwritable(*_: object) -> list[str]:
        raise Unavailable("store", "the database did not answer", retryable=True)

    monkeypatch.setattr(Store, "record_decisions_in", unwritable)
    with pytest.raises(Unavailable):
        desk.approve("prd-heater-draft", Person("Ada", frozenset({Role.APPROVER})))
    assert desk.show("prd-heater-draft").status == "draft"


def test_only_who_may_publish_approves_or_retires(tmp_path: Path) -> None:
    index = EmbeddedIndex(":memory:", Thesaurus.load(ROOT / "data" / "thesaurus.yaml"))
    ensure_sample_content(index, ROOT / "data" / "sample" / "content", NOW.date())
    store = a_store(f"sqlite:///{tmp_path / 'x.sqlite'}")
    desk = ContentDesk(index=index, store=store, now=lambda: NOW, today=NOW.date)
    marketer = Person("mo", frozenset({Role.MARKETER}))
    with pytest.raises(NotAllowed):
        desk.approve("prd-heater-draft", marketer)
    with pytest.raises(NotAllowed):
        desk.retire("prd-lamp", marketer)
    assert (desk.show("prd-heater-draft").status, desk.show("prd-lamp").status) == ("draft", "approved")
