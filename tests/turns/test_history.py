"""Going back, opening another campaign, showing the steps."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.campaign import Campaign, CampaignState
from app.domain.errors import Refused
from app.store import Store
from app.testing.builders import NOW, a_store
from app.workspace import Workspace
from plugins.history.plugin import HistoryPlugin


def campaign(identifier: str, name: str, **changes: Any) -> Campaign:
    """A campaign."""
    return Campaign(id=identifier, name=name, created_at=NOW, changed_at=NOW, **changes)


@pytest.fixture
def store() -> Store:
    """A store in memory."""
    return a_store()


def opened(store: Store) -> Workspace:
    """A workspace of a new turn."""
    return Workspace(store, "cnv-1", now=datetime.now(UTC))


def test_undo_restores_the_parts_before_the_last_change(store: Store) -> None:
    workspace = opened(store)
    first = workspace.save_campaign(campaign("cmp-1", "Summer", variants={"A": "var-1"}), "created")
    second = workspace.save_campaign(first.model_copy(update={"variants": {"A": "var-2"}}), "made A shorter")
    workspace.save_campaign(second.model_copy(update={"variants": {"A": "var-3"}}), "made A friendlier")
    history = HistoryPlugin(workspace)
    assert "made A friendlier" in history.undo_change().summary
    assert workspace.campaign().variants == {"A": "var-2"}
    history.undo_change()
    assert workspace.campaign().variants == {"A": "var-1"}
    with pytest.raises(Refused):
        history.undo_change()
    workspace.commit()
    assert [c.version for c in store.campaign_versions("cmp-1")] == [1, 2, 3, 4, 5]


def test_a_report_names_its_campaign_and_says_when_there_are_no_results(store: Store) -> None:
    workspace = opened(store)
    with pytest.raises(Refused):
        HistoryPlugin(workspace).make_report()
    workspace.save_campaign(campaign("cmp-1", "Summer"), "created")
    sheet = HistoryPlugin(workspace).make_report()
    assert (sheet.handle, sheet.data["kind"], sheet.warnings) == ({"campaign_id": "cmp-1"}, "sheet", [])
    results = HistoryPlugin(workspace).make_report("results", "cmp-1")
    assert results.summary.startswith("Result report of Summer") and "no results yet" in results.warnings[0]


def test_a_running_campaign_cannot_be_undone(store: Store) -> None:
    with store.writing() as connection:
        store.save_campaigns(connection, [campaign("cmp-1", "Summer", state=CampaignState.RUNNING)], "local")
    workspace = opened(store)
    workspace.open_campaign("cmp-1")
    with pytest.raises(Refused):
        HistoryPlugin(workspace).undo_change()


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("cmp-2", "cmp-2"),
        ("the spring one", "cmp-2"),
        ("last year's summer campaign", "cmp-1"),
        ("previous", "cmp-2"),
        ("the second one", "cmp-1"),
        ("2", "cmp-1"),
    ],
)
def test_campaigns_are_found_by_what_people_say(store: Store, reference: str, found: str) -> None:
    with store.writing() as connection:
        store.save_campaigns(connection, [campaign("cmp-1", "Summer sale", theme="summer")], "local")
        later = campaign("cmp-2", "Spring refresh", theme="spring").model_copy(update={"changed_at": datetime.now(UTC)})
        store.save_campaigns(connection, [later], "local")
    workspace = opened(store)
    workspace.note("campaigns_shown", ["cmp-2", "cmp-1"])
    assert HistoryPlugin(workspace).open_campaign(reference).handle["campaign_id"] == found


def test_an_unknown_campaign_is_refused_with_the_names_there_are(store: Store) -> None:
    workspace = opened(store)
    workspace.save_campaign(campaign("cmp-1", "Summer sale"), "created")
    with pytest.raises(Refused) as refused:
        HistoryPlugin(workspace).open_campaign("the unicorn one")
    assert "Summer sale" in refused.value.allowed[0]


def test_a_trace_of_nothing_is_refused(store: Store) -> None:
    with pytest.raises(Refused):
        HistoryPlugin(opened(store)).show_trace()
