"""Effects a person approved: a launch or an export, once, of exactly what was shown.

A pending approval carries the digest of its content. Approving recomputes the content from the store, compares, writes
the package of files, and then, in one transaction, records the approval (with a code over who, what and when), the
effect, the assignment, the campaign's new state and the audit rows. Killed anywhere, it has happened once or not at
all.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.exc import DBAPIError

from app.domain.campaign import Campaign, CampaignState
from app.domain.entities import digest_of, fresh_id
from app.domain.errors import CpoError, UserFixable
from app.domain.people import NotAllowed, Person, Right, name_to_record
from app.domain.safety import Surface
from app.files import WRITING, folder_in_the_making, put_in_place, write_released
from app.gate import Gate, Released
from app.store import Store
from app.workspace import Workspace

LONGEST_WRITING = 3600.0
"""Seconds after which a package that is still being written was left by a process that died."""
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
        folder = self._exports / approval_id
        try:
            with folder_in_the_making(self._exports) as prepared:
                digests = self._write(prepared, package)
                effect_id = self._commit(
                    row, person.name, workspace.owner, campaign, package, digests, prepared, folder
                )
        except UserFixable:
            raise
        except OSError as failure:
            raise UserFixable(
                f"The files could not be written ({failure.strerror}), so nothing happened.",
                hint="Make room or give the right to write, then approve again.",
            ) from failure
        except (CpoError, DBAPIError) as failure:
            raise UserFixable(
                "This could not be carried out: it has happened already, or the store refused it.",
                hint="`cpo trace` and the campaign list show what has happened.",
            ) from failure
        return Done(effect_id, row["kind"], campaign.id, folder.name, row["digest"], package.words)

    def reject(self, approval_id: str, person: Person) -> None:
        """Reject a pending approval; who asked for one may take it back without the right to decide."""
        row = self._found(approval_id)
        name = name_to_record(person.name)
        if name != row["requested_by"]:
            person.require(Right.DECIDE)
        values = {"status": "rejected", "decided_by": name, "decided_at": self._now().isoformat()}
        with self._store.writing() as connection:
            if not self._store.change_approval(connection, row["id"], "pending", values):
                raise UserFixable(f"Approval {row['id']} is {row['status']} already.")
            self._store.record_decisions_in(connection, [_audit_body("rejected", row, name)], self._now())

    def clean_up(self) -> None:
        """Remove packages of approvals that were never carried out: a process was killed before it could commit.

        Under the store's write lock, where no other process stands between moving its package and committing; a
        package still being written is left alone for an hour.
        """
        if not self._exports.is_dir():
            return
        stale = time.time() - LONGEST_WRITING
        with self._store.writing():
            for folder in list(self._exports.iterdir()):
                if folder.name.startswith(WRITING):
                    left = _changed(folder) < stale
                else:
                    row = self._store.approval(folder.name)
                    left = row is None or row["status"] != "used"
                if left:
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
        if self._four_eyes and name_to_record(person.name).casefold() == row["requested_by"].casefold():
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
    def _write(self, folder: Path, package: Package) -> dict[str, str]:
        """Write the files and return the SHA-256 of each one's bytes."""
        digests: dict[str, str] = {}
        for name, content in package.files.items():
            released = self._released(name, content)
            write_released(self._gate, folder / name, released, byte_order_mark=name.endswith(".csv"))
            with (folder / name).open("rb") as file:
                digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
        return digests

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
        self,
        row: Mapping[str, Any],
        person: str,
        owner: str,
        campaign: Campaign,
        package: Package,
        digests: Mapping[str, str],
        prepared: Path,
        folder: Path,
    ) -> str:
        """Move the package into its place and record all of it in one transaction; the first to decide wins."""
        moment = self._now()
        who, at = name_to_record(person), moment.isoformat()
        code = self._store.keys.code("approval", f"{row['id']}\n{row['digest']}\n{who}\n{at}".encode())
        approved = {"status": "approved", "decided_by": who, "decided_at": at, "mac": code}
        effect_id = fresh_id("eff")
        effect = {
            "id": effect_id, "kind": row["kind"], "campaign_id": campaign.id, "approval_id": row["id"],
            "digest": row["digest"], "at": at, "by": who,
            "body": {"folder": folder.name, "words": package.words, "files": dict(digests), **package.details},
        }  # fmt: skip
        with self._store.writing() as connection:
            if not self._store.change_approval(connection, row["id"], "pending", approved):
                raise UserFixable(
                    "Somebody else has decided this approval.", hint="`cpo approve` shows what has become of it."
                )
            with put_in_place(prepared, folder):
                self._store.save_effect(connection, effect)
                if row["kind"] == "launch":
                    self._store.save_assignments(connection, package.assignments)
                    self._store.save_campaigns(connection, _launched(campaign, moment), owner)
                self._store.change_approval(connection, row["id"], "approved", {"status": "used"})
                bodies = [
                    _audit_body("approved", row, who),
                    {**_audit_body(row["kind"], row, who), "effect": effect_id},
                ]
                self._store.record_decisions_in(connection, bodies, moment)
        return effect_id


def _changed(folder: Path) -> float:
    """Return when a folder was last written to, in seconds since 1970; the future where it has just gone."""
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


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
