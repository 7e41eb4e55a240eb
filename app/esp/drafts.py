"""A draft in an e-mail service from an approved package: a person's act, once, of exactly the bytes approved.

The files were written, and their digests kept, when the export was approved. They are read again, compared, released
by the gate as every exit is, and given to the service as a draft. Before anything leaves, the wish is on record; a
repeat returns the draft there is; after a failure nobody can explain, the service is asked before anything is made
again. Nothing here sends to customers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from app.domain.entities import digest_of
from app.domain.errors import CpoError, Unavailable, UserFixable
from app.domain.people import Person, Right, name_to_record
from app.domain.safety import Decision, Surface
from app.esp.services import (
    NAMES,
    DraftService,
    Message,
    Remote,
    Sender,
    Service,
    address_of,
    authorization_of,
    service_over,
)
from app.esp.transport import Deadline, EspApi
from app.gate import Gate, Passage, Released
from app.store import Store


@dataclass(frozen=True)
class EspSettings:
    """Where drafts go. ``key`` is the service's; times are in seconds."""

    service: Service
    key: str = field(repr=False)
    url: str | None = None
    sender: Sender = field(default_factory=Sender)
    timeout_seconds: float = 10.0
    deadline_seconds: float = 60.0


@dataclass(frozen=True)
class DraftMade:
    """A draft that is there. ``repeated`` says that it had been made before."""

    service: str
    remote_id: str
    approval_id: str
    variant: str
    content_sha256: str
    repeated: bool

    @property
    def words(self) -> str:
        """Say what is there now."""
        name = NAMES[cast("Service", self.service)]
        was = "was there already" if self.repeated else "was made"
        return f"The draft of {self.variant} {was} in {name} (id {self.remote_id}). Nothing was sent: look at it there."

    def as_json(self) -> dict[str, Any]:
        """Return the fields as a JSON object."""
        return dict(vars(self))


class EspDrafts:
    """Makes drafts. ``deadline`` starts the clock of one draft; ``settings`` None means that the feature is off."""

    def __init__(
        self,
        settings: EspSettings | None,
        *,
        store: Store,
        gate: Gate,
        exports: Path,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        deadline: Callable[[float], Deadline] = Deadline,
    ) -> None:
        self._settings = settings
        self._store, self._gate, self._exports, self._now = store, gate, exports, now
        self._deadline = deadline

    def make(self, approval_id: str, variant: str, person: Person) -> DraftMade:
        """Make the draft of one message of an approved export, or return the one there is.

        Raises ``UserFixable`` for what a person can mend, ``Unavailable`` where the service does not answer in time.
        """
        person.require(Right.DECIDE)
        settings = self._on()
        approval, effect = self._approved(approval_id)
        if effect["body"].get("format") != settings.service:
            raise UserFixable(
                f"This package is not written for {NAMES[settings.service]}: its merge tags would stay as they are.",
                hint=f'Say "export the approved copy for {NAMES[settings.service]}" and approve that.',
            )
        files = self._checked_files(effect, variant)
        key = digest_of({"service": settings.service, "url": settings.url, "approval": approval_id, "files": files})
        message = self._released(files, approval, variant, key[:16])
        made = self._claim(key, approval, variant, files, person)
        if made is None:
            made = self._carry_out(key, approval, message, person)
            return DraftMade(settings.service, made, approval_id, variant, digest_of(files), repeated=False)
        return DraftMade(settings.service, made, approval_id, variant, digest_of(files), repeated=True)

    def _on(self) -> EspSettings:
        if self._settings is None:
            raise UserFixable(
                "Drafts in an e-mail service are switched off.", hint="Set CPO_ESP and CPO_ESP_KEY (docs/settings.md)."
            )
        return self._settings

    # --- what may leave
    def _approved(self, approval_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
        approval = self._store.approval(approval_id)
        if approval is None or approval["status"] != "used":
            raise UserFixable(
                f"{approval_id} is not an export that was approved and written.", hint="`cpo approve` it first."
            )
        effect = next(
            (e for e in self._store.effects_of(approval["campaign_id"]) if e["approval_id"] == approval_id), None
        )
        if effect is None or effect["digest"] != approval["digest"]:
            raise UserFixable(f"Nothing was written for {approval_id}.", hint="Ask for the export again.")
        return approval, effect

    def _checked_files(self, effect: Mapping[str, Any], variant: str) -> dict[str, str]:
        """Return name -> text of a message's page and fields, each byte as it was approved. Raises ``UserFixable``."""
        kept: Mapping[str, str] = effect["body"].get("files") or {}
        wanted = [f"variants/{variant}-email.html", f"variants/{variant}-email.json"]
        if any(name not in kept for name in wanted):
            there = sorted({name.split("/")[1].split("-")[0] for name in kept if name.startswith("variants/")})
            raise UserFixable(
                f"There is no e-mail {variant} in this package.",
                hint=f"Messages: {', '.join(there)}." if there else "Ask for the export again and approve it.",
            )
        folder = self._exports / str(effect["body"]["folder"])
        return {name: _same_bytes(folder / name, kept[name]) for name in wanted}

    def _released(self, files: Mapping[str, str], approval: Mapping[str, Any], variant: str, mark: str) -> Message:
        page, fields = (next(text for name, text in files.items() if name.endswith(end)) for end in (".html", ".json"))
        held: Mapping[str, str] = json.loads(fields)["fields"]
        subject, preheader = held.get("subject"), held.get("preheader")
        if not subject:
            raise UserFixable(f"Message {variant} has no subject.", hint="Ask for the export again.")
        about = f"draft:{approval['id']}"
        title = self._gate.release_text(f"{approval['campaign_id']} {variant} cpo-{mark}", Surface.CHAT, subject=about)
        return Message(
            title=_passed(title, "title"),
            subject=_passed(self._gate.release_text(subject, Surface.COPY, subject=about), "subject"),
            preheader=_passed(self._gate.release_text(preheader, Surface.COPY, subject=about), "preheader")
            if preheader
            else None,
            html=_passed(self._gate.release_page(page, Surface.CHAT, subject=about), "page"),
        )

    # --- once
    def _claim(
        self, key: str, approval: Mapping[str, Any], variant: str, files: Mapping[str, str], person: Person
    ) -> str | None:
        """Put the wish on record and return None, or the id of the draft there is. One process at a time.

        A claim that was never finished is taken over after twice the deadline: its process died.
        """
        settings, moment = self._on(), self._now()
        row = {
            "key": key, "approval_id": approval["id"], "service": settings.service, "variant": variant,
            "content_sha256": digest_of(files), "status": "begun", "remote_id": None, "at": moment.isoformat(),
            "by": name_to_record(person.name),
        }  # fmt: skip
        with self._store.writing() as connection:
            found = self._store.draft(connection, key)
            if found is not None and found["status"] == "made":
                return str(found["remote_id"])
            dead = moment - timedelta(seconds=2 * settings.deadline_seconds)
            if found is not None and found["status"] == "begun" and datetime.fromisoformat(found["at"]) > dead:
                raise UserFixable(
                    "This draft is being made by another command.",
                    hint=f"Wait for it; if it died, try again in {2 * settings.deadline_seconds:.0f} seconds.",
                )
            self._store.save_draft(connection, row)
            self._store.record_decisions_in(connection, [_audit("esp_draft_asked", row, approval)], moment)
        return None

    def _carry_out(self, key: str, approval: Mapping[str, Any], message: Message, person: Person) -> str:
        settings = self._on()
        api = EspApi(
            NAMES[settings.service], address_of(settings.service, settings.url, settings.key),
            authorization_of(settings.service, settings.key), gate=self._gate,
            deadline=self._deadline(settings.deadline_seconds), timeout_seconds=settings.timeout_seconds,
        )  # fmt: skip
        try:
            service = service_over(settings.service, api, settings.sender)
            remote = _found_or_made(api, service, message, f"cpo-{key[:16]}")
            service.fill(remote, message)
        except CpoError as failure:
            self._finish(key, approval, {"status": "failed"}, "esp_draft_failed", person)
            raise failure
        finally:
            api.close()
        self._finish(key, approval, {"status": "made", "remote_id": remote.id}, "esp_draft_made", person)
        return remote.id

    def _finish(
        self, key: str, approval: Mapping[str, Any], values: Mapping[str, Any], event: str, person: Person
    ) -> None:
        with self._store.writing() as connection:
            row = {**(self._store.draft(connection, key) or {}), **values, "by": name_to_record(person.name)}
            self._store.save_draft(connection, row)
            self._store.record_decisions_in(connection, [_audit(event, row, approval)], self._now())


def _found_or_made(api: EspApi, service: DraftService, message: Message, mark: str) -> Remote:
    """Return the draft with the mark, made where there is none. Asked for before every attempt to make it."""
    for attempt in range(api.retries + 1):
        found = service.find(mark)
        if found is not None:
            return found
        try:
            return service.make(message)
        except Unavailable as failure:
            if attempt == api.retries or not failure.retryable:
                raise
            api.pause(attempt, failure)
    raise AssertionError("the loop returns or raises")


def _same_bytes(path: Path, sha256: str) -> str:
    try:
        data = path.read_bytes()
    except OSError as failure:
        raise UserFixable(f"The file {path.name} is not there any more.", hint="Ask for the export again.") from failure
    if hashlib.sha256(data).hexdigest() != sha256:
        raise UserFixable(
            f"The file {path.name} is not the one that was approved.",
            hint="Somebody changed it after the approval. Ask for the export again.",
        )
    return data.decode("utf-8")


def _passed(passage: Passage, what: str) -> Released:
    """Return the released text, which is the approved one or nothing: a redacted one was not approved."""
    if not passage.passed or passage.verdict.decision is not Decision.ALLOW:
        raise UserFixable(
            f"The {what} does not pass the safety check any more (decision {passage.decision_id}).",
            hint="Revise the copy, then ask for the export again.",
        )
    return passage.released


def _audit(event: str, row: Mapping[str, Any], approval: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "event": event, "approval": row["approval_id"], "kind": "esp_draft", "campaign": approval["campaign_id"],
        "digest": approval["digest"], "service": row["service"], "variant": row["variant"],
        "content_sha256": row["content_sha256"], "remote_id": row["remote_id"], "actor": row["by"],
    }  # fmt: skip
