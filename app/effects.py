"""Effects a person approved: a launch or an export, once, of exactly what was shown.

A pending approval carries the digest of its content. Approving recomputes the content from the store, compares, writes
the package of files, and then, in one transaction, records the approval (with a code over who, what and when), the
effect, the assignment, the campaign's new state and the audit rows. Killed anywhere, it has happened once or not at
all.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.exc import DBAPIError

from app.domain.campaign import Campaign, CampaignState
from app.domain.entities import digest_of, fresh_id
from app.domain.errors import CpoError, UserFixable
from app.domain.people import NotAllowed, Person, Right
from app.domain.safety import Surface
from app.files import whole_folder, write_released
from app.gate import Gate, Released
from app.store import Store
from app.workspace import Workspace

STRENGTH = {"rules": 1, "azure+rules": 2}


@dataclass(frozen=True)
class Table:
    """A file of rows; text cells are screened one by one and made safe for spreadsheets.

    ``addresses`` names the columns whose well-formed addresses and numbers leave as they are.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[object]]
    addresses: Sequence[str] = ()


@dataclass(frozen=True)
class Package:
    """What an effect produces: files by name (text, or a table), and the assignment rows of a launch."""

    files: Mapping[str, str | Table]
    words: str
    assignments: Sequence[Mapping[str, Any]] = ()
    details: Mapping[str, Any] = field(default_factory=dict[str, Any])


class Effector(Protocol):
    """Says what an approval covers, and makes its package. Pure: it writes nothing itself."""

    def content(self, workspace: Workspace, campaign: Campaign, request: Mapping[str, Any]) -> Mapping[str, Any]: ...
    def package(self, workspace: Workspace, campaign: Campaign, content: Mapping[str, Any]) -> Package: ...


@dataclass(frozen=True)
class Shown:
    """A pending approval as a person sees it before deciding."""

    id: str
    kind: str
    campaign_id: str
    digest: str
    status: str
    requested_by: str
    expires_at: str
    words: str


@dataclass(frozen=True)
class Done:
    """An effect that happened."""

    id: str
    kind: str
    campaign_id: str
    folder: str
    digest: str
    words: str

    def as_json(self) -> dict[str, Any]:
        """Return the fields as a JSON object."""
        return dict(vars(self))


class Effects:
    """Decides and carries out. Every public method is a person's act, never a planner's."""

    def __init__(
        self,
        *,
        store: Store,
        gate: Gate,
        effectors: Mapping[str, Effector],
        open_workspace: Callable[[str, str, datetime], Workspace],
        exports: Path,
        four_eyes: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._gate = gate
        self._effectors = effectors
        self._open_workspace = open_workspace
        self._exports = exports
        self._four_eyes = four_eyes
        self._now = now

    def show(self, approval_id: str) -> Shown:
        """Return what an approval covers, in words, with its digest."""
        row = self._found(approval_id)
        words = (
            f"**{row['kind'].capitalize()}** of campaign {row['campaign_id']}, asked for by {row['requested_by']} at "
            f"{row['requested_at'][:16]}, status {row['status']}\n\n{row['summary']}\n\n"
            f"Screened by {row['screened_by']}. Digest of everything that was shown: `{row['digest']}`"
        )
        return Shown(
            row["id"], row["kind"], row["campaign_id"], row["digest"], row["status"], row["requested_by"],
            row["expires_at"], words,
        )  # fmt: skip

    def pending(self, person: Person) -> list[Shown]:
        """Return the approvals that wait: all of them for who may decide, else those that the person asked for."""
        person.require(Right.SEE_APPROVALS)
        rows = self._store.approvals_of(None, "pending")
        mine = [row for row in rows if person.may(Right.DECIDE) or row["requested_by"] == person.name]
        return [self.show(row["id"]) for row in mine]

    def approve(self, approval_id: str, person: Person, digest: str) -> Done:
        """Approve what ``digest`` names and carry it out; raise ``UserFixable`` with the reason when it cannot be.

        ``NotAllowed`` when the person has no right to decide, or asked for it and another must approve.
        """
        person.require(Right.DECIDE)
        row = self._found(approval_id)
        self._check_decision(row, person, digest)
        workspace = self._open_workspace(row["conversation_id"], person.name, self._now())
        campaign = workspace.campaign(row["campaign_id"])
        effector = self._effectors[row["kind"]]
        if digest_of(effector.content(workspace, campaign, row["content"])) != row["digest"]:
            self._void(row)
            raise UserFixable(
                "Something changed since this approval was asked for, so it is void.", hint="Ask for it again."
            )
        package = effector.package(workspace, campaign, row["content"])
        folder = self._write(approval_id, package)
        try:
            effect_id = self._commit(row, person.name, workspace.owner, campaign, package, folder)
        except (CpoError, DBAPIError) as failure:
            shutil.rmtree(folder, ignore_errors=True)
            raise UserFixable(
                "This could not be carried out: it has happened already, or the store refused it.",
                hint="`cpo trace` and the campaign list show what has happened.",
            ) from failure
        return Done(effect_id, row["kind"], campaign.id, folder.name, row["digest"], package.words)

    def reject(self, approval_id: str, person: Person) -> None:
        """Reject a pending approval; who asked for one may take it back without the right to decide."""
        row = self._found(approval_id)
        name = _named(person.name)
        if name != row["requested_by"]:
            person.require(Right.DECIDE)
        values = {"status": "rejected", "decided_by": name, "decided_at": self._now().isoformat()}
        with self._store.writing() as connection:
            if not self._store.change_approval(connection, row["id"], "pending", values):
                raise UserFixable(f"Approval {row['id']} is {row['status']} already.")
            self._store.record_decisions_in(connection, [_audit_body("rejected", row, name)], self._now())

    def clean_up(self) -> None:
        """Remove packages of approvals that were never carried out (a process was killed before its transaction)."""
        if not self._exports.is_dir():
            return
        for folder in self._exports.iterdir():
            row = self._store.approval(folder.name)
            if row is None or row["status"] != "used":
                shutil.rmtree(folder, ignore_errors=True)

    # --- checks
    def _found(self, approval_id: str) -> dict[str, Any]:
        row = self._store.approval(approval_id)
        if row is None:
            raise UserFixable(f"There is no approval {approval_id}.", hint="`cpo ask` prints the id of a pending one.")
        return row

    def _check_decision(self, row: Mapping[str, Any], person: Person, digest: str) -> None:
        if row["status"] != "pending":
            raise UserFixable(f"Approval {row['id']} is {row['status']} already.")
        if self._now() > datetime.fromisoformat(row["expires_at"]):
            self._void(row)
            raise UserFixable("This approval has expired.", hint="Ask for it again.")
        if digest != row["digest"] or digest_of(row["content"]) != row["digest"]:
            raise UserFixable("The digest is not that of this approval.", hint="Look at it again before you decide.")
        if self._four_eyes and _named(person.name).casefold() == row["requested_by"].casefold():
            raise NotAllowed("Who asked for it may not approve it.", hint="Ask a colleague with the approver role.")
        if row["policy_hash"] != self._gate.policy_hash:
            self._void(row)
            raise UserFixable("The safety policy changed since this was screened.", hint="Ask for it again.")
        if STRENGTH.get(row["screened_by"], 0) < STRENGTH.get(self._gate.screened_by, 9):
            self._void(row)
            raise UserFixable("This was screened by less than is in force now.", hint="Ask for it again.")

    def _void(self, row: Mapping[str, Any]) -> None:
        with self._store.writing() as connection:
            self._store.change_approval(connection, row["id"], "pending", {"status": "void"})

    # --- carrying out
    def _write(self, approval_id: str, package: Package) -> Path:
        folder = self._exports / approval_id
        with whole_folder(folder) as temporary:
            for name, content in package.files.items():
                released = self._released(name, content)
                write_released(self._gate, temporary / name, released, byte_order_mark=name.endswith(".csv"))
        return folder

    def _released(self, name: str, content: str | Table) -> Released:
        if isinstance(content, Table):
            passage = self._gate.release_table(
                content.header, content.rows, subject=f"file:{name}", addresses=content.addresses
            )
        elif name.endswith(".html"):
            passage = self._gate.release_page(content, Surface.CHAT, subject=f"file:{name}")
        else:
            passage = self._gate.release_text(content, Surface.CHAT, subject=f"file:{name}")
        if not passage.passed:
            raise UserFixable(
                f"The file {name} did not pass the safety check (decision {passage.decision_id}).",
                hint="Revise the copy it holds and ask for the approval again.",
            )
        return passage.released

    def _commit(
        self, row: Mapping[str, Any], person: str, owner: str, campaign: Campaign, package: Package, folder: Path
    ) -> str:
        moment = self._now()
        who, at = _named(person), moment.isoformat()
        code = self._store.keys.code("approval", f"{row['id']}\n{row['digest']}\n{who}\n{at}".encode())
        approved = {"status": "approved", "decided_by": who, "decided_at": at, "mac": code}
        effect_id = fresh_id("eff")
        effect = {
            "id": effect_id, "kind": row["kind"], "campaign_id": campaign.id, "approval_id": row["id"],
            "digest": row["digest"], "at": at, "by": who,
            "body": {"folder": folder.name, "words": package.words, **package.details},
        }  # fmt: skip
        with self._store.writing() as connection:
            if not self._store.change_approval(connection, row["id"], "pending", approved):
                raise UserFixable("Somebody else has decided this approval.")
            self._store.save_effect(connection, effect)
            if row["kind"] == "launch":
                self._store.save_assignments(connection, package.assignments)
                self._store.save_campaigns(connection, _launched(campaign, moment), owner)
            self._store.change_approval(connection, row["id"], "approved", {"status": "used"})
            bodies = [_audit_body("approved", row, who), {**_audit_body(row["kind"], row, who), "effect": effect_id}]
            self._store.record_decisions_in(connection, bodies, moment)
        return effect_id


def _launched(campaign: Campaign, at: datetime) -> list[Campaign]:
    steps = [(CampaignState.APPROVED, "approved"), (CampaignState.RUNNING, "launched")]
    return [
        campaign.model_copy(
            update={"version": campaign.version + n, "state": state, "changed_at": at, "change": change}
        )
        for n, (state, change) in enumerate(steps, start=1)
    ]


def _audit_body(event: str, row: Mapping[str, Any], person: str) -> dict[str, Any]:
    return {
        "event": event, "approval": row["id"], "kind": row["kind"], "campaign": row["campaign_id"],
        "digest": row["digest"], "policy_hash": row["policy_hash"], "screened_by": row["screened_by"], "actor": person,
    }  # fmt: skip


def _named(person: str) -> str:
    name = " ".join(person.split())
    if not name or len(name) > 100 or not name.isprintable():
        raise UserFixable("A person's name is needed to decide.", hint="For example: --as 'Ada Lovelace'")
    return name
