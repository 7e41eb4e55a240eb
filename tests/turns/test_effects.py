"""Launches and exports: only by a person, only what was shown, exactly once, whole or not at all."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app import effects as effects_module
from app.domain.campaign import Campaign, CampaignState
from app.domain.conversation import PendingApproval
from app.domain.entities import digest_of
from app.domain.errors import CpoError, UserFixable
from app.domain.people import NotAllowed, Person, Role, local_person
from app.domain.safety import Decision
from app.effects import Effects, Package, Table
from app.gate import Gate
from app.store import Store
from app.testing.builders import NOW, a_gate, a_store
from app.testing.screeners import ScriptedScreener, blocking
from app.workspace import Workspace

ANN, BEA = (Person(name, frozenset({Role.MARKETER, Role.APPROVER})) for name in ("ann", "Bea"))


class Launcher:
    """An effector whose content a test can change."""

    def __init__(self) -> None:
        self.subject = "Hello"
        self.cell: object = "=HYPERLINK(1)"

    def content(self, workspace: Workspace, campaign: Campaign, request: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"campaign": campaign.id, "subject": self.subject, "audience": "aud-1"}

    def package(self, workspace: Workspace, campaign: Campaign, content: Mapping[str, Any]) -> Package:
        rows = [("C1", self.cell, 3), ("C2", "Ann", -4)]
        people = [
            {"experiment_id": "exp-1", "customer_id": c, "arm": "A", "stratum": "", "u": 0.5} for c in ("C1", "C2")
        ]
        files = {"recipients.csv": Table(("id", "name", "n"), rows), "A.txt": self.subject}
        return Package(files=files, words="2 people launched", assignments=people)


class Desk:
    """A store with one campaign, and what can be done to it."""

    def __init__(self, folder: Path, screener: ScriptedScreener | None = None) -> None:
        self.store: Store = a_store(f"sqlite:///{folder / 'x.sqlite'}")
        self.gate: Gate = a_gate(self.store, screener or blocking("CANARY"))
        self.launcher = Launcher()
        self.exports = folder / "exports"
        self.time = NOW
        workspace = self.workspace("cnv-1", "ann", NOW)
        workspace.save_campaign(Campaign(id="cmp-1", name="Summer", created_at=NOW, changed_at=NOW), "created")
        workspace.commit()

    def workspace(self, conversation_id: str, person: str, now: datetime) -> Workspace:
        return Workspace(
            self.store, conversation_id, now=now, person=person, policy_hash=self.gate.policy_hash,
            screened_by=self.gate.screened_by,
        )  # fmt: skip

    def effects(self, **changes: Any) -> Effects:
        values: dict[str, Any] = {
            "store": self.store, "gate": self.gate, "effectors": {"launch": self.launcher, "export": self.launcher},
            "open_workspace": self.workspace, "exports": self.exports, "now": lambda: self.time,
        }  # fmt: skip
        return Effects(**{**values, **changes})

    def ask(self, kind: Any = "launch") -> PendingApproval:
        workspace = self.workspace("cnv-1", "ann", self.time)
        pending = workspace.request_approval(
            kind, "cmp-1", self.launcher.content(workspace, workspace.campaign(), {}), "Launch Summer to 2 people."
        )
        workspace.commit()
        return pending

    def nothing_happened(self) -> bool:
        campaign = self.store.campaign("cmp-1")
        assert campaign is not None
        return (
            campaign.state is CampaignState.DRAFT
            and self.store.effects_of("cmp-1") == []
            and self.store.assignments("exp-1") == {}
        )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A desk with a draft campaign."""
    return Desk(tmp_path)


def test_s43_an_approved_launch_happens_whole(desk: Desk) -> None:
    pending = desk.ask()
    assert desk.nothing_happened()
    shown = desk.effects().show(pending.id)
    assert shown.digest in shown.words and "2 people" in shown.words
    done = desk.effects().approve(pending.id, BEA, shown.digest)
    campaign = desk.store.campaign("cmp-1")
    assert campaign is not None and campaign.state is CampaignState.RUNNING
    assert [v.state.value for v in desk.store.campaign_versions("cmp-1")] == ["draft", "approved", "running"]
    assert desk.store.assignments("exp-1") == {"C1": "A", "C2": "A"}
    assert sorted(p.name for p in (desk.exports / pending.id).iterdir()) == ["A.txt", "recipients.csv"]
    (effect,) = desk.store.effects_of("cmp-1")
    assert effect["by"] == "Bea" and effect["id"] == done.id
    assert desk.store.verify_audit()[1] is None


def test_s53_cells_are_safe_and_numbers_stay_numbers(desk: Desk) -> None:
    pending = desk.ask()
    desk.effects().approve(pending.id, BEA, pending.digest)
    text = (desk.exports / pending.id / "recipients.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines() == ["id,name,n", "C1,'=HYPERLINK(1),3", "C2,Ann,-4"]


def test_s54_a_cell_that_does_not_pass_is_withheld(desk: Desk) -> None:
    desk.launcher.cell = "CANARY"
    pending = desk.ask()
    desk.effects().approve(pending.id, BEA, pending.digest)
    assert "CANARY" not in (desk.exports / pending.id / "recipients.csv").read_text(encoding="utf-8-sig")


def test_s54_a_text_that_does_not_pass_stops_everything(desk: Desk) -> None:
    desk.launcher.subject = "CANARY"
    pending = desk.ask()
    with pytest.raises(UserFixable):
        desk.effects().approve(pending.id, BEA, pending.digest)
    assert desk.nothing_happened()
    assert not (desk.exports / pending.id).exists()


def test_s44_one_changed_byte_voids_the_approval(desk: Desk) -> None:
    pending = desk.ask()
    desk.launcher.subject = "Hello!"
    with pytest.raises(UserFixable, match="changed"):
        desk.effects().approve(pending.id, BEA, pending.digest)
    assert desk.nothing_happened()
    desk.launcher.subject = "Hello"
    with pytest.raises(UserFixable, match="void"):
        desk.effects().approve(pending.id, BEA, pending.digest)


def test_s48_what_is_written_is_what_was_compared(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    pending = desk.ask()
    packaged: list[Mapping[str, Any]] = []
    honest = desk.launcher.package

    def package(workspace: Workspace, campaign: Campaign, content: Mapping[str, Any]) -> Package:
        packaged.append(content)
        return honest(workspace, campaign, content)

    def content_then_edit(*args: Any) -> Mapping[str, Any]:
        shown = {"campaign": "cmp-1", "subject": "Hello", "audience": "aud-1"}
        monkeypatch.setattr(desk.launcher, "content", lambda *_: {**shown, "subject": "Edited after the check"})
        return shown

    monkeypatch.setattr(desk.launcher, "content", content_then_edit)
    monkeypatch.setattr(desk.launcher, "package", package)
    desk.effects().approve(pending.id, BEA, pending.digest)
    assert [digest_of(content) for content in packaged] == [pending.digest]


def test_s21_an_approval_says_what_screened_it(desk: Desk) -> None:
    assert "Screened by rules" in desk.effects().show(desk.ask().id).words


def test_s51_a_launched_campaign_is_not_launched_with_other_arms(desk: Desk) -> None:
    pending = desk.ask()
    desk.effects().approve(pending.id, BEA, pending.digest)
    desk.launcher.subject = "Another arm"
    swapped = desk.ask()
    with pytest.raises((UserFixable, CpoError)):
        desk.effects().approve(swapped.id, BEA, swapped.digest)
    assert not (desk.exports / swapped.id).exists()
    assert desk.store.assignments("exp-1") == {"C1": "A", "C2": "A"}


def test_s45_the_digest_of_another_approval_does_not_serve(desk: Desk) -> None:
    pending = desk.ask()
    with pytest.raises(UserFixable, match="digest"):
        desk.effects().approve(pending.id, BEA, "0" * 64)
    assert desk.nothing_happened()


def test_s46_an_expired_approval_does_not_serve(desk: Desk) -> None:
    pending = desk.ask()
    desk.time = NOW + timedelta(days=30)
    with pytest.raises(UserFixable, match="expired"):
        desk.effects().approve(pending.id, BEA, pending.digest)
    assert desk.nothing_happened()


def test_s46_another_policy_or_stronger_screening_voids_it(desk: Desk) -> None:
    for changes in ({"policy_hash": "newer"}, {"screened_by": "azure+rules"}):
        pending = desk.ask()
        screener = ScriptedScreener(lambda _: Decision.ALLOW)
        for name, value in changes.items():
            setattr(screener, name, value)
        with pytest.raises(UserFixable):
            desk.effects(gate=a_gate(desk.store, screener)).approve(pending.id, BEA, pending.digest)
    assert desk.nothing_happened()


def test_s47_an_approval_is_used_once_and_a_campaign_launched_once(desk: Desk) -> None:
    pending = desk.ask()
    desk.effects().approve(pending.id, BEA, pending.digest)
    with pytest.raises(UserFixable, match="used"):
        desk.effects().approve(pending.id, BEA, pending.digest)
    again = desk.ask()
    with pytest.raises(UserFixable):
        desk.effects().approve(again.id, BEA, again.digest)
    assert len(desk.store.effects_of("cmp-1")) == 1


def test_an_export_changes_no_state_and_can_be_repeated(desk: Desk) -> None:
    desk.launcher.subject = "Copy"
    for _ in range(2):
        pending = desk.ask("export")
        desk.effects().approve(pending.id, BEA, pending.digest)
    campaign = desk.store.campaign("cmp-1")
    assert campaign is not None and campaign.state is CampaignState.DRAFT


def test_who_asked_may_not_approve_when_the_setting_says_so(desk: Desk) -> None:
    pending = desk.ask()
    with pytest.raises(UserFixable, match="asked"):
        desk.effects(four_eyes=True).approve(pending.id, ANN, pending.digest)
    desk.effects(four_eyes=True).approve(pending.id, BEA, pending.digest)


@pytest.mark.parametrize("person", ["", "  ", "x" * 200, "a\x00b"])
def test_s43_a_decision_needs_a_name(desk: Desk, person: str) -> None:
    pending = desk.ask()
    with pytest.raises(UserFixable):
        desk.effects().approve(pending.id, local_person(person), pending.digest)
    assert desk.nothing_happened()


def test_rejected_stays_rejected(desk: Desk) -> None:
    pending = desk.ask()
    desk.effects().reject(pending.id, BEA)
    with pytest.raises(UserFixable, match="rejected"):
        desk.effects().approve(pending.id, BEA, pending.digest)
    with pytest.raises(UserFixable):
        desk.effects().show("apr-none")


class Killed(BaseException):
    """The process dies here."""


POINTS = ["package", "first file", "second file", "folder", "assignments", "audit"]


@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_it_has_not_happened_and_can_be_done_later(
    desk: Desk, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*args: Any, **kwargs: Any) -> Any:
        raise Killed

    with monkeypatch.context() as patch:
        if point == "package":
            patch.setattr(desk.launcher, "package", die)
        elif point == "first file":
            patch.setattr(effects_module, "write_released", die)
        elif point == "second file":
            written = [effects_module.write_released, die]
            patch.setattr(effects_module, "write_released", lambda *a, **k: written.pop(0)(*a, **k))
        elif point == "folder":
            patch.setattr(Effects, "_commit", die)
        elif point == "assignments":
            patch.setattr(desk.store, "save_assignments", die)
        else:
            patch.setattr(desk.store, "record_decisions_in", die)
        pending = desk.ask()
        with pytest.raises(Killed):
            desk.effects().approve(pending.id, BEA, pending.digest)
    assert desk.nothing_happened()
    after_restart = desk.effects()
    after_restart.clean_up()
    assert not (desk.exports / pending.id).exists()
    after_restart.approve(pending.id, BEA, pending.digest)
    assert len(desk.store.effects_of("cmp-1")) == 1


@pytest.mark.parametrize("role", [Role.MARKETER, Role.AUDITOR])
def test_only_an_approver_decides(desk: Desk, role: Role) -> None:
    pending = desk.ask()
    cy = Person("cy", frozenset({role}))
    with pytest.raises(NotAllowed):
        desk.effects().approve(pending.id, cy, pending.digest)
    with pytest.raises(NotAllowed):
        desk.effects().reject(pending.id, cy)
    assert desk.nothing_happened()
    assert [shown.id for shown in desk.effects().pending(BEA)] == [pending.id]


def test_who_asked_sees_and_takes_back_their_own(desk: Desk) -> None:
    pending = desk.ask()
    ann, cy = (Person(name, frozenset({Role.MARKETER})) for name in ("ann", "cy"))
    assert [shown.id for shown in desk.effects().pending(ann)] == [pending.id]
    assert desk.effects().pending(cy) == []
    desk.effects().reject(pending.id, ann)
    assert desk.effects().pending(ann) == []


def test_two_who_approve_at_once_launch_once_and_the_package_stays(desk: Desk) -> None:
    pending = desk.ask()
    both_ready = threading.Barrier(2)
    make = desk.launcher.package

    def package(*given: Any) -> Package:
        both_ready.wait(timeout=20)
        return make(*given)

    desk.launcher.package = package  # type: ignore[method-assign]
    said: list[str] = []

    def approve(person: Person) -> None:
        store = Store(desk.store.url, desk.store.keys)  # each with its own, as two processes have
        try:
            desk.effects(store=store).approve(pending.id, person, pending.digest)
            said.append("done")
        except UserFixable as refused:
            said.append(refused.problem)

    people = [threading.Thread(target=approve, args=(who,)) for who in (ANN, BEA)]
    for person in people:
        person.start()
    for person in people:
        person.join(timeout=60)
    assert sorted(said) == ["Somebody else has decided this approval.", "done"]
    assert len(desk.store.effects_of("cmp-1")) == 1 and len(desk.store.assignments("exp-1")) == 2
    assert [p.name for p in desk.exports.iterdir()] == [pending.id]
    assert sorted(p.name for p in (desk.exports / pending.id).iterdir()) == ["A.txt", "recipients.csv"]


def test_a_process_that_starts_meanwhile_leaves_the_package_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    pending = desk.ask()
    commit = Effects._commit  # pyright: ignore[reportPrivateUsage]

    def start_another(self: Effects, *given: Any) -> str:
        desk.effects().clean_up()
        return commit(self, *given)

    monkeypatch.setattr(Effects, "_commit", start_another)
    desk.effects().approve(pending.id, BEA, pending.digest)
    assert (desk.exports / pending.id / "recipients.csv").is_file()


def test_what_a_killed_process_left_half_written_goes_after_an_hour(desk: Desk) -> None:
    left = desk.exports / ".writing-x"
    left.mkdir(parents=True)
    desk.effects().clean_up()
    assert left.exists()
    os.utime(left, (0, 0))
    desk.effects().clean_up()
    assert not left.exists()


def test_a_full_disk_launches_nothing_and_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    pending = desk.ask()

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(UserFixable, match="No space left"):
            desk.effects().approve(pending.id, BEA, pending.digest)
    assert desk.nothing_happened() and list(desk.exports.iterdir()) == []
    desk.effects().approve(pending.id, BEA, pending.digest)
