"""What every store must do, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.domain.campaign import Campaign, CampaignState
from app.domain.conversation import ReplyVerdict, Turn
from app.domain.entities import Entity
from app.domain.errors import CpoError, Refused
from app.domain.safety import Decision
from app.keys import Keys
from app.store import Store
from app.tables import metadata
from app.workspace import Workspace

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


class Thing(Entity):
    """A test entity."""

    kind: ClassVar[str] = "thing"
    words: str


def campaign(identifier: str = "cmp-1", **changes: Any) -> Campaign:
    """A draft campaign."""
    return Campaign(id=identifier, name="Summer win-back", created_at=NOW, changed_at=NOW, **changes)


def turn(number: int = 1) -> Turn:
    """A stored turn."""
    return Turn(
        id=f"trn-{number}", conversation_id="cnv-1", number=number, started_at=NOW, duration_ms=1.0, user_text="hi",
        reply="hello", planner="p",
        verdict=ReplyVerdict(decision=Decision.ALLOW, decision_id="dec-1", screened_by="rules"),
    )  # fmt: skip


def test_migrations_give_the_tables_of_the_code(store: Store) -> None:
    store.upgrade()  # a second time changes nothing
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        differences = [d for d in compare_metadata(context, metadata) if "alembic_version" not in str(d)]
    assert differences == []


def test_a_database_of_the_first_version_is_upgraded_with_what_it_holds(store_url: str) -> None:
    old = Store(store_url, Keys(b"k" * 32))
    old.upgrade("0001")
    at = NOW.isoformat()
    with old.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO conversations (id, owner, created_at, title, notes) "
            f"VALUES ('cnv-1', 'ada', '{at}', 'Summer', '{{}}')"
        )
        old.save_turn(connection, turn())
    old.upgrade()
    assert [row["changed_at"] for row in old.conversations_of("ada")] == [at]
    assert [t.id for t in old.turns("cnv-1")] == ["trn-1"]
    with old.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert [d for d in compare_metadata(context, metadata) if "alembic_version" not in str(d)] == []
    old.engine.dispose()


def test_audit_rows_of_many_threads_share_transactions_and_each_gets_its_own_ids(store: Store) -> None:
    with ThreadPoolExecutor(16) as pool:
        brought = [[{"event": "screen", "number": n, "part": part} for part in range(2)] for n in range(60)]
        got = list(pool.map(lambda bodies: store.record_decisions(bodies, NOW), brought))
    for bodies, ids in zip(brought, got, strict=True):
        rows = [store.decision(identifier) or {} for identifier in ids]
        assert [(row["number"], row["part"]) for row in rows] == [(b["number"], b["part"]) for b in bodies]
    store.checkpoint()
    assert store.verify_audit() == (120, None)


def test_audit_rows_that_cannot_be_written_fail_alone(store: Store) -> None:
    def record(body: dict[str, Any]) -> int:
        try:
            return len(store.record_decisions([body], NOW))
        except Exception:
            return 0

    bad: dict[str, Any] = {"event": object()}
    with ThreadPoolExecutor(8) as pool:
        written = list(pool.map(record, [bad if n % 5 == 0 else {"event": "screen"} for n in range(40)]))
    assert written == [0 if n % 5 == 0 else 1 for n in range(40)]
    store.checkpoint()
    assert store.verify_audit() == (32, None)


def talked(store: Store, identifier: str, owner: str, minute: int, title: str = "Summer") -> None:
    """Store a conversation with one turn."""
    at = NOW + timedelta(minutes=minute)
    workspace = Workspace(store, identifier, now=at, person=owner)
    workspace.title = title
    workspace.commit(turn().model_copy(update={"id": f"trn-{identifier}", "conversation_id": identifier}))


def test_conversations_are_listed_by_owner_latest_first_page_by_page(store: Store) -> None:
    for number in range(5):
        talked(store, f"cnv-{number}", "ada", number)
    talked(store, "cnv-other", "grace", 9)
    first = store.conversations_of("ada", limit=3)
    assert [row["id"] for row in first] == ["cnv-4", "cnv-3", "cnv-2"]
    rest = store.conversations_of("ada", before=(first[-1]["changed_at"], first[-1]["id"]), limit=3)
    assert [row["id"] for row in rest] == ["cnv-1", "cnv-0"]
    assert [row["id"] for row in store.conversations_of("grace")] == ["cnv-other"]


def test_conversations_are_found_by_title_and_by_what_was_said(store: Store) -> None:
    talked(store, "cnv-1", "ada", 1, "Winter 100% sale")
    talked(store, "cnv-2", "ada", 2, "Summer")
    assert [row["id"] for row in store.conversations_of("ada", search="100%")] == ["cnv-1"]
    assert [row["id"] for row in store.conversations_of("ada", search="HELLO")] == ["cnv-2", "cnv-1"]
    assert store.conversations_of("ada", search="autumn") == []


def test_a_deleted_conversation_leaves_nothing_said_behind(store: Store) -> None:
    talked(store, "cnv-1", "ada", 1)
    store.save_notice("cnv-1", "Rejected.", NOW)
    assert store.notices("cnv-1") == [(NOW.isoformat(), "Rejected.")]
    store.delete_conversation("cnv-1")
    assert (store.conversation("cnv-1"), store.turns("cnv-1"), store.notices("cnv-1")) == (None, [], [])
    store.save_notice("cnv-1", "too late", NOW)
    assert store.notices("cnv-1") == []


def test_a_turn_is_written_whole(store: Store) -> None:
    workspace = Workspace(store, "cnv-1", now=NOW)
    workspace.put(Thing(id="thg-1", words="naïve 日本 \u2066x\u2069"))
    workspace.save_campaign(campaign(), "created")
    workspace.note("audience_id", "aud-1")
    assert store.get(Thing, "thg-1") is None  # nothing before the end of the turn
    workspace.commit(turn())
    after = Workspace(store, "cnv-1", now=NOW)
    assert after.get(Thing, "thg-1").words.startswith("naïve")
    assert after.campaign().name == "Summer win-back"
    assert after.noted("audience_id") == "aud-1"
    assert [t.id for t in after.turns()] == ["trn-1"]


def test_a_failed_commit_leaves_nothing(store: Store) -> None:
    first = Workspace(store, "cnv-1", now=NOW)
    first.save_campaign(campaign(), "created")
    first.commit(turn())
    second = Workspace(store, "cnv-1", now=NOW)
    second.put(Thing(id="thg-2", words="x"))
    with pytest.raises((CpoError, DBAPIError)):
        second.commit(turn())  # the same turn number again
    assert store.get(Thing, "thg-2") is None


def test_two_conversations_cannot_write_the_same_version(store: Store) -> None:
    for name in ("cnv-1", "cnv-2"):
        Workspace(store, name, now=NOW).commit()
    one, two = (Workspace(store, name, now=NOW) for name in ("cnv-1", "cnv-2"))
    one.save_campaign(campaign(), "created")
    two.save_campaign(campaign(), "created")
    one.commit()
    with pytest.raises((CpoError, DBAPIError)):
        two.commit()


def test_illegal_moves_are_refused(store: Store) -> None:
    workspace = Workspace(store, "cnv-1", now=NOW)
    workspace.save_campaign(campaign(), "created")
    with pytest.raises(Refused):
        workspace.save_campaign(campaign(state=CampaignState.RUNNING), "launched")


def approve(store: Store, workspace: Workspace, digest_of_effect: str | None = None) -> dict[str, Any]:
    """Request, approve, and return the row of an effect for it."""
    pending = workspace.request_approval("launch", "cmp-1", {"subject": "hello"}, "launch it")
    workspace.commit()
    with store.writing() as connection:
        values = {"status": "approved", "decided_by": "ann", "decided_at": NOW.isoformat(), "mac": "m"}
        assert store.change_approval(connection, pending.id, "pending", values)
    return {
        "id": "eff-1", "kind": "launch", "campaign_id": "cmp-1", "approval_id": pending.id,
        "digest": digest_of_effect or pending.digest, "at": NOW.isoformat(), "by": "ann", "body": {},
    }  # fmt: skip


def test_s43_no_effect_without_a_matching_approval(store: Store) -> None:
    row = approve(store, Workspace(store, "cnv-1", now=NOW))
    for wrong in ({"approval_id": "apr-none"}, {"digest": "0" * 64}, {"campaign_id": "cmp-2"}, {"kind": "export"}):
        with pytest.raises((CpoError, DBAPIError)), store.writing() as connection:
            store.save_effect(connection, {**row, **wrong})
    with store.writing() as connection:
        store.save_effect(connection, row)
    assert [e["id"] for e in store.effects_of("cmp-1")] == ["eff-1"]


def test_s47_an_approval_serves_once(store: Store) -> None:
    row = approve(store, Workspace(store, "cnv-1", now=NOW))
    with store.writing() as connection:
        store.save_effect(connection, row)
    with pytest.raises((CpoError, DBAPIError)), store.writing() as connection:
        store.save_effect(connection, {**row, "id": "eff-2"})


def test_s43_approved_needs_a_person(store: Store) -> None:
    workspace = Workspace(store, "cnv-1", now=NOW)
    pending = workspace.request_approval("launch", "cmp-1", {}, "launch it")
    workspace.commit()
    with pytest.raises((CpoError, DBAPIError)), store.writing() as connection:
        store.change_approval(connection, pending.id, "pending", {"status": "approved"})


def test_a_newer_request_voids_the_older(store: Store) -> None:
    for subject in ("a", "b"):
        workspace = Workspace(store, "cnv-1", now=NOW)
        workspace.request_approval("launch", "cmp-1", {"subject": subject}, "launch it")
        workspace.commit()
    assert [a["status"] for a in reversed(store.approvals_of("cmp-1"))].count("void") == 1


def test_s64_the_audit_is_append_only_in_the_database(store: Store) -> None:
    store.record_decisions([{"event": "screen", "n": n} for n in range(3)], NOW)
    for statement in ("UPDATE audit SET body = '{}'", "DELETE FROM audit WHERE seq = 3"):
        with pytest.raises((CpoError, DBAPIError)), store.writing() as connection:
            connection.execute(text(statement))
    assert store.verify_audit()[0] == 3


def test_s64_audit_rows_appended_at_once_form_one_chain(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: store.record_decisions([{"n": n}, {"m": n}], NOW), range(20)))
    store.checkpoint()
    assert store.verify_audit() == (40, None)
