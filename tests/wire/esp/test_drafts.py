"""Drafts in an e-mail service over real HTTP: once, of the bytes approved, never a send, whatever the service does."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.audit import audit
from app.domain.campaign import Campaign
from app.domain.entities import canonical_json
from app.domain.errors import CpoError, Unavailable, UserFixable
from app.domain.people import NotAllowed, Person, Role
from app.domain.safety import Decision
from app.effects import Effects, Package
from app.esp.drafts import DraftMade, EspDrafts, EspSettings
from app.esp.services import Sender, Service, address_of, authorization_of
from app.esp.transport import Deadline, checked_address
from app.gate import Gate
from app.store import Store
from app.testing.builders import NOW, a_gate, a_store
from app.testing.fake_esp import FakeEsp, Fault
from app.testing.screeners import ScriptedScreener, blocking
from app.workspace import Workspace

BEA = Person("Bea", frozenset({Role.APPROVER}))
ANN = Person("ann", frozenset({Role.MARKETER}))
PAGE = (
    '<!doctype html><html lang="en"><head><title>Summer</title></head>'
    "<body><p>Hello *|FNAME|*, Zo\u00eb says hi.</p></body></html>"
)
KEYS: dict[str, str] = {"mailchimp": "0123-us21", "mautic": "maker:secret"}


class Exporter:
    """An effector that exports one message in the service's own format."""

    def __init__(self, form: str) -> None:
        self.form = form
        self.page = PAGE

    def content(self, workspace: Workspace, campaign: Campaign, request: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"what": "approved_copy", "format": self.form, "page": self.page}

    def package(self, workspace: Workspace, campaign: Campaign, content: Mapping[str, Any]) -> Package:
        fields = {"subject": "Towels for the beach", "preheader": "Until Sunday", "body": "Hello"}
        files = {
            "variants/A-email.html": self.page,
            "variants/A-email.json": canonical_json({"label": "A", "channel": "email", "fields": fields}),
            "variants/A-email.txt": "Hello",
        }
        return Package(files=files, words="exported", details={"what": "approved_copy", "format": content["format"]})


class Clock:
    """Time that only a wait moves on."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.seconds += seconds

    def __call__(self) -> float:
        return self.seconds


class Desk:
    """An installation with one approved export, and the service beside it."""

    def __init__(self, folder: Path, service: Service, fake: FakeEsp) -> None:
        self.service, self.fake = service, fake
        self.store: Store = a_store(f"sqlite:///{folder / 'x.sqlite'}")
        self.screener: ScriptedScreener = blocking("CANARY")
        self.gate: Gate = a_gate(self.store, self.screener)
        self.exporter = Exporter(service)
        self.exports = folder / "exports"
        self.time = NOW
        self.clock = Clock()
        workspace = self.workspace("cnv-1", "ann", NOW)
        workspace.save_campaign(Campaign(id="cmp-1", name="Summer", created_at=NOW, changed_at=NOW), "created")
        workspace.commit()

    def workspace(self, conversation_id: str, person: str, now: Any) -> Workspace:
        return Workspace(
            self.store, conversation_id, now=now, person=person, policy_hash=self.gate.policy_hash,
            screened_by=self.gate.screened_by,
        )  # fmt: skip

    def asked(self) -> str:
        workspace = self.workspace("cnv-1", "ann", NOW)
        pending = workspace.request_approval(
            "export", "cmp-1", self.exporter.content(workspace, workspace.campaign("cmp-1"), {}), "Export."
        )
        workspace.commit()
        return pending.id

    def approved(self) -> str:
        approval = self.asked()
        effects = Effects(
            store=self.store, gate=self.gate, effectors={"export": self.exporter}, open_workspace=self.workspace,
            exports=self.exports, now=lambda: NOW,
        )  # fmt: skip
        effects.approve(approval, BEA, effects.show(approval).digest)
        return approval

    def drafts(self, **changes: Any) -> EspDrafts:
        path = "/3.0" if self.service == "mailchimp" else ""
        audience = "a1b2c3" if self.service == "mailchimp" else "7"
        values: dict[str, Any] = {
            "service": self.service, "key": KEYS[self.service], "url": self.fake.url + path,
            "sender": Sender(audience, "Harbor & Pine", "hello@harbor.example"), "timeout_seconds": 2.0,
        }  # fmt: skip
        return EspDrafts(
            EspSettings(**{**values, **changes}), store=self.store, gate=self.gate, exports=self.exports,
            now=lambda: self.time, deadline=lambda seconds: Deadline(seconds, clock=self.clock, sleep=self.clock.sleep),
        )  # fmt: skip

    def events(self) -> list[str]:
        with self.store.reading() as connection:
            bodies = [json.loads(row.body) for row in connection.execute(select(audit).order_by(audit.c.seq))]
        return [body["event"] for body in bodies if body.get("kind") == "esp_draft"]


@pytest.fixture(params=["mailchimp", "mautic"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    service: Service = request.param
    with FakeEsp(authorization_of(service, KEYS[service])) as fake:
        yield Desk(tmp_path, service, fake)


def content_of(row: Mapping[str, Any], service: str) -> tuple[str, str, str]:
    if service == "mailchimp":
        settings = row["settings"]
        return settings["subject_line"], settings["preview_text"], row["html"]
    return row["subject"], row["preheaderText"], row["customHtml"]


def test_a_draft_holds_what_was_approved_and_nothing_is_sent(desk: Desk) -> None:
    approval = desk.approved()
    made = desk.drafts().make(approval, "A", BEA)
    (row,) = desk.fake.drafts
    assert content_of(row, desk.service) == ("Towels for the beach", "Until Sunday", PAGE)
    assert row.get("status", "save") == "save" and row.get("isPublished", False) is False
    assert made.remote_id == str(row["id"]) and not made.repeated and "Nothing was sent" in made.words
    assert desk.events() == ["esp_draft_asked", "esp_draft_made"]
    assert desk.fake.sent == []


def test_a_repeat_makes_no_second_draft_and_asks_nobody(desk: Desk) -> None:
    approval = desk.approved()
    first = desk.drafts().make(approval, "A", BEA)
    asked = len(desk.fake.asked)
    again = desk.drafts().make(approval, "A", BEA)
    assert (again.remote_id, again.repeated) == (first.remote_id, True)
    assert len(desk.fake.asked) == asked and len(desk.fake.drafts) == 1


CUT_OFF = Fault(status=200, body=b'{"id": "0000', after=True, only="POST")
UNKNOWN_OUTCOMES: dict[str, Fault] = {
    "an error after it was made": Fault(500, after=True, only="POST"),
    "an error before": Fault(502, b"<html>bad gateway</html>", only="POST"),
    "an answer cut off": CUT_OFF,
    "no JSON": Fault(200, b"<html>ok</html>", after=True, only="POST"),
    "no id": Fault(200, b"{}", after=True, only="POST"),
    "too many requests": Fault(429, headers={"Retry-After": "7"}, only="POST"),
    "an error while looking": Fault(503, only="GET"),
    "an error while filling": Fault(500, only="PUT"),
}


@pytest.mark.parametrize("name", UNKNOWN_OUTCOMES)
def test_a_failure_that_passes_leaves_one_draft(desk: Desk, name: str) -> None:
    desk.fake.faults.append(UNKNOWN_OUTCOMES[name])
    made = desk.drafts().make(desk.approved(), "A", BEA)
    assert len(desk.fake.drafts) == 1 and made.remote_id == str(desk.fake.drafts[0]["id"])
    assert content_of(desk.fake.drafts[0], desk.service)[2] == PAGE
    if name == "too many requests":
        assert desk.clock.waits == [7.0]


def test_a_late_answer_is_asked_about_and_not_repeated(desk: Desk) -> None:
    desk.fake.faults.append(Fault(200, b"{}", after=True, delay=0.6, only="POST"))
    made = desk.drafts(timeout_seconds=0.3).make(desk.approved(), "A", BEA)
    assert len(desk.fake.drafts) == 1 and made.remote_id == str(desk.fake.drafts[0]["id"])


def test_waiting_longer_than_the_deadline_is_not_begun(desk: Desk) -> None:
    desk.fake.faults.append(Fault(429, headers={"Retry-After": "600"}))
    with pytest.raises(Unavailable, match="600 seconds") as failure:
        desk.drafts(deadline_seconds=60).make(desk.approved(), "A", BEA)
    assert failure.value.retryable and desk.clock.waits == [] and desk.fake.drafts == []
    assert desk.events() == ["esp_draft_asked", "esp_draft_failed"]


def test_a_service_that_stays_down_is_given_up_and_can_be_tried_again(desk: Desk) -> None:
    approval = desk.approved()
    desk.fake.faults += [Fault(500)] * 40
    with pytest.raises(Unavailable, match="status 500"):
        desk.drafts().make(approval, "A", BEA)
    assert len(desk.fake.asked) <= 20
    desk.fake.faults.clear()
    assert not desk.drafts().make(approval, "A", BEA).repeated
    assert desk.events() == ["esp_draft_asked", "esp_draft_failed", "esp_draft_asked", "esp_draft_made"]


def test_nobody_answers(desk: Desk) -> None:
    approval = desk.approved()
    with pytest.raises(Unavailable, match="no connection"):
        desk.drafts(url="http://127.0.0.1:9").make(approval, "A", BEA)


REFUSALS: dict[str, tuple[Fault, str]] = {
    "key": (Fault(401, b'{"detail": "Your API key may be invalid."}'), "does not take the key.*may be invalid"),
    "right": (Fault(403, b""), "does not take the key"),
    "input": (
        Fault(400, b'{"detail": "Invalid.", "errors": [{"field": "list_id", "message": "No such list."}]}'),
        "list_id No such list",
    ),
    "redirect": (Fault(302, b"", {"Location": "http://127.0.0.1:9/"}), "redirection"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_refusal_is_said_and_not_repeated(desk: Desk, name: str) -> None:
    fault, words = REFUSALS[name]
    desk.fake.faults.append(fault)
    with pytest.raises(UserFixable, match=words) as failure:
        desk.drafts().make(desk.approved(), "A", BEA)
    assert len(desk.fake.asked) == 1 and failure.value.hint
    assert KEYS[desk.service] not in f"{failure.value} {failure.value.hint}"


def test_a_wrong_audience_is_named_by_mailchimp(tmp_path: Path) -> None:
    with FakeEsp(authorization_of("mailchimp", KEYS["mailchimp"])) as fake:
        desk = Desk(tmp_path, "mailchimp", fake)
        with pytest.raises(UserFixable, match="This list does not exist"):
            desk.drafts(sender=Sender("zzz")).make(desk.approved(), "A", BEA)


def damage(desk: Desk, approval: str) -> None:
    file = desk.exports / approval / "variants" / "A-email.html"
    file.write_bytes(file.read_bytes().replace(b"says hi", b"says ho"))


def lose(desk: Desk, approval: str) -> None:
    (desk.exports / approval / "variants" / "A-email.json").unlink()


def forbid(desk: Desk, approval: str) -> None:
    blocked = blocking("Towels")
    desk.gate = a_gate(desk.store, blocked)


def redact(desk: Desk, approval: str) -> None:
    mild = ScriptedScreener(lambda draft: Decision.REDACT if "Towels" in draft.text else Decision.ALLOW)
    desk.gate = a_gate(desk.store, mild)


BEFORE: dict[str, tuple[Callable[[Desk, str], None], str]] = {
    "a byte was changed": (damage, "not the one that was approved"),
    "a file is gone": (lose, "not there any more"),
    "the rules forbid it now": (forbid, "does not pass the safety check"),
    "the rules would change it now": (redact, "does not pass the safety check"),
}


@pytest.mark.parametrize("name", BEFORE)
def test_nothing_leaves_that_is_not_what_was_approved(desk: Desk, name: str) -> None:
    approval = desk.approved()
    change, words = BEFORE[name]
    change(desk, approval)
    with pytest.raises(UserFixable, match=words):
        desk.drafts().make(approval, "A", BEA)
    assert desk.fake.asked == []


def test_only_an_approved_export_for_this_service_may_leave(desk: Desk) -> None:
    with pytest.raises(UserFixable, match="not an export that was approved"):
        desk.drafts().make(desk.asked(), "A", BEA)
    with pytest.raises(UserFixable, match="not an export that was approved"):
        desk.drafts().make("apr-none", "A", BEA)
    desk.exporter.form = "csv"
    with pytest.raises(UserFixable, match="merge tags"):
        desk.drafts().make(desk.approved(), "A", BEA)
    assert desk.fake.asked == []


def test_a_message_that_is_not_in_the_package_is_named(desk: Desk) -> None:
    with pytest.raises(UserFixable, match="no e-mail C") as failure:
        desk.drafts().make(desk.approved(), "C", BEA)
    assert "A" in failure.value.hint


def test_who_may_not_decide_may_not_make_a_draft(desk: Desk) -> None:
    approval = desk.approved()
    with pytest.raises(NotAllowed):
        desk.drafts().make(approval, "A", ANN)
    assert desk.fake.asked == []


def test_an_audit_that_cannot_be_written_lets_nothing_leave(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    approval = desk.approved()
    record = desk.store.record_decisions_in

    def broken(connection: Any, bodies: Any, at: Any) -> list[str]:
        if bodies[0]["event"] == "esp_draft_asked":
            raise OSError("disk full")
        return record(connection, bodies, at)

    monkeypatch.setattr(desk.store, "record_decisions_in", broken)
    with pytest.raises(OSError, match="disk full"):
        desk.drafts().make(approval, "A", BEA)
    assert desk.fake.asked == []


def test_a_process_that_died_after_the_service_had_made_it_leaves_one_draft(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    approval = desk.approved()
    drafts = desk.drafts()
    monkeypatch.setattr(drafts, "_finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        drafts.make(approval, "A", BEA)
    with pytest.raises(UserFixable, match="by another command"):
        desk.drafts().make(approval, "A", BEA)
    desk.time = NOW + timedelta(seconds=121)
    made = desk.drafts().make(approval, "A", BEA)
    assert len(desk.fake.drafts) == 1 and made.remote_id == str(desk.fake.drafts[0]["id"])


def test_two_commands_at_once_make_one_draft(desk: Desk) -> None:
    approval = desk.approved()
    outcomes: list[DraftMade | CpoError] = []

    def run() -> None:
        try:
            outcomes.append(desk.drafts().make(approval, "A", BEA))
        except CpoError as failure:
            outcomes.append(failure)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(desk.fake.drafts) == 1
    assert any(isinstance(found, DraftMade) for found in outcomes)


def test_only_the_command_line_can_reach_it(project_root: Path) -> None:
    found = [
        str(path.relative_to(project_root))
        for package in ("app", "plugins")
        for path in (project_root / package).rglob("*.py")
        if "esp_drafts" in path.read_text(encoding="utf-8") and "migrations" not in path.parts
    ]
    assert sorted(found) == ["app/export_commands.py", "app/store.py", "app/tables.py", "app/wiring.py"]


def test_it_is_off_by_default(desk: Desk) -> None:
    drafts = EspDrafts(None, store=desk.store, gate=desk.gate, exports=desk.exports)
    with pytest.raises(UserFixable, match="switched off"):
        drafts.make(desk.approved(), "A", BEA)


@pytest.mark.parametrize(
    "url",
    ["http://esp.example.com", "ftp://esp.example.com", "https://", "https://me@esp.example.com", "esp.example.com"],
)
def test_a_key_goes_over_https_or_stays_on_this_machine(url: str) -> None:
    with pytest.raises(UserFixable, match="CPO_ESP_URL"):
        checked_address(url)


def test_addresses_and_keys_are_what_the_services_document() -> None:
    assert checked_address("http://127.0.0.1:8080/") == "http://127.0.0.1:8080/"
    assert address_of("mailchimp", None, "0123456789abcdef-us21") == "https://us21.api.mailchimp.com/3.0"
    with pytest.raises(UserFixable, match="address of Mautic"):
        address_of("mautic", None, "token")
    assert authorization_of("mautic", "token") == "Bearer token"
    assert base64.b64decode(authorization_of("mautic", "me:pw").removeprefix("Basic ")) == b"me:pw"
