"""What one turn reads and writes: a buffer over the store that is committed when the turn ends well, or not at all.

Plugins see only this class. Reads find what the turn has written; a crash, a stop or a failed commit leaves the store
as it was before the turn.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from app.domain.campaign import LEGAL_MOVES, Campaign
from app.domain.conversation import PendingApproval, Turn
from app.domain.entities import Entity, derived_id, digest_of, fresh_id
from app.domain.errors import Refused

if TYPE_CHECKING:
    from app.store import Store

E = TypeVar("E", bound=Entity)
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "last": -1}


class Workspace:
    """The state of one conversation during one turn. Safe for two functions running at once."""

    def __init__(
        self,
        store: Store,
        conversation_id: str,
        *,
        now: datetime,
        today: date | None = None,
        person: str = "local",
        policy_hash: str = "",
        screened_by: str = "rules",
        approval_hours: float = 72.0,
    ) -> None:
        self._store = store
        self._lock = threading.RLock()
        self.conversation_id = conversation_id
        self.now = now
        self.today = today or now.date()
        self.person = person
        self._policy = (policy_hash, screened_by)
        self._approval_hours = approval_hours
        stored = store.conversation(conversation_id)
        self.is_new = stored is None
        self.owner: str = stored["owner"] if stored else person
        self.title: str = stored["title"] if stored else ""
        self._created_at: str = stored["created_at"] if stored else now.isoformat()
        self._open_id: str | None = stored["campaign_id"] if stored else None
        self._notes: dict[str, Any] = dict(stored["notes"]) if stored else {}
        self._entities: dict[tuple[str, str], Entity] = {}
        self._campaigns: list[Campaign] = []
        self._approvals: list[dict[str, Any]] = []
        self._made = 0
        self._replaying = False

    def new_id(self, prefix: str) -> str:
        """Return an id for a new thing: the same turn, run again, gives the same ids."""
        with self._lock:
            self._made += 1
            return derived_id(prefix, {"c": self.conversation_id, "at": self.now.isoformat(), "n": self._made})

    # --- replaying
    def opened(self) -> dict[str, Any]:
        """Return what the turn stands on, as ``as_it_was`` takes it."""
        version = self._newest(self._open_id).version if self._open_id else None
        return {"campaign_id": self._open_id, "version": version, "notes": self.notes()}

    def as_it_was(self, opened: Mapping[str, Any]) -> Workspace:
        """Put the conversation back to where a stored turn began; such a workspace is never committed."""
        self._open_id = opened.get("campaign_id")
        self._replaying = True
        self._notes = dict(opened.get("notes") or {})
        return self

    # --- entities
    def get(self, cls: type[E], entity_id: str) -> E:
        """Return an entity; raise ``Refused`` (code ``not_found``) when there is none."""
        with self._lock:
            found = self._entities.get((cls.kind, entity_id))
        if isinstance(found, cls):
            return found
        stored = self._store.get(cls, entity_id)
        if stored is None:
            known = [entity.id for entity in self.find(cls)[:5]]
            raise Refused(f"There is no {cls.kind} {entity_id!r}.", code="not_found", allowed=known)
        return stored

    def put(self, entity: Entity) -> None:
        """Keep an entity for the end of the turn."""
        with self._lock:
            self._entities[entity.kind, entity.id] = entity

    def find(self, cls: type[E], *, campaign_id: str | None = None) -> list[E]:
        """Return the entities of a kind, newest first."""
        with self._lock:
            fresh = [e for e in reversed(self._entities.values()) if isinstance(e, cls)]
        chosen = [e for e in fresh if campaign_id is None or e.campaign_id == campaign_id]
        ids = {e.id for e in chosen}
        stored = self._store.find(cls, campaign_id, before=self.now if self._replaying else None)
        return chosen + [e for e in stored if e.id not in ids]

    # --- what has happened
    def assigned(self, experiment_id: str) -> dict[str, str]:
        """Return customer id -> arm as the launch stored it; empty where nothing was launched."""
        return self._store.assignments(experiment_id)

    def effects_of(self, campaign_id: str) -> list[dict[str, Any]]:
        """Return the launches and exports of a campaign that were carried out, oldest first."""
        return self._store.effects_of(campaign_id)

    # --- campaigns
    def has_campaign(self) -> bool:
        """Return whether a campaign is open in this conversation."""
        return self._open_id is not None

    def campaign(self, campaign_id: str | None = None) -> Campaign:
        """Return the newest version of a campaign (id, name, theme, ordinal); None means the open one."""
        wanted = campaign_id or self._open_id
        if wanted is None:
            raise Refused(
                "No campaign is open in this conversation. Build one with generation-write_brief, or open one with "
                "history-open_campaign.",
                code="no_campaign",
                field="campaign_id",
            )
        return self.resolve_campaign(wanted) if campaign_id else self._newest(wanted)

    def campaigns(self) -> list[Campaign]:
        """Return the newest version of every campaign this person may see, latest change first."""
        with self._lock:
            fresh = {c.id: c for c in self._campaigns}
        stored = [c for c in self._store.all_campaigns(self.owner) if c.id not in fresh]
        if self._replaying:
            before = (self._of_then(self._store.campaign_versions(c.id)) for c in stored)
            stored = [versions[-1] for versions in before if versions]
        return [*reversed(fresh.values()), *stored]

    def versions(self, campaign_id: str) -> list[Campaign]:
        """Return every version of a campaign, oldest first, those of this turn included."""
        with self._lock:
            fresh = [c for c in self._campaigns if c.id == campaign_id]
        stored = self._store.campaign_versions(campaign_id)
        return self._of_then(stored) + fresh

    def _of_then(self, stored: list[Campaign]) -> list[Campaign]:
        """Leave out what came after the moment that a replayed turn began."""
        return [c for c in stored if c.changed_at < self.now] if self._replaying else stored

    def save_campaign(self, campaign: Campaign, change: str) -> Campaign:
        """Keep ``campaign`` as its next version, with the change in words, and make it the open one."""
        with self._lock:
            before = self.versions(campaign.id)
            if before and campaign.state != before[-1].state and campaign.state not in LEGAL_MOVES[before[-1].state]:
                raise Refused(f"A {before[-1].state} campaign cannot become {campaign.state}.", code="illegal_move")
            version = before[-1].version + 1 if before else 1
            saved = campaign.model_copy(
                update={"version": version, "changed_at": self.now, "change": change, "campaign_id": campaign.id}
            )
            self._campaigns.append(saved)
            self._open_id = saved.id
            return saved

    def open_campaign(self, campaign_id: str) -> Campaign:
        """Make a campaign the open one and return it."""
        campaign = self.resolve_campaign(campaign_id)
        with self._lock:
            self._open_id = campaign.id
        return campaign

    def resolve_campaign(self, reference: str) -> Campaign:
        """Find a campaign by id, by ``previous``, by an ordinal in the list shown last, or by words of its name."""
        everything = self.campaigns()
        found = _match_campaign(reference, everything, self._open_id, self.noted("campaigns_shown") or [])
        if found is None:
            names = [f"{c.name} ({c.id})" for c in everything[:10]]
            there = f"There are: {', '.join(c.name for c in everything[:5])}." if everything else "There is none yet."
            raise Refused(f"No campaign is called {reference!r}. {there}", code="not_found", allowed=names)
        return found

    def _newest(self, campaign_id: str) -> Campaign:
        versions = self.versions(campaign_id)
        if not versions:
            raise Refused(f"There is no campaign {campaign_id!r}.", code="not_found")
        return versions[-1]

    # --- memory of the conversation
    def note(self, key: str, value: Any) -> None:
        """Remember a small JSON value for later turns of this conversation."""
        with self._lock:
            self._notes[key] = value

    def noted(self, key: str) -> Any | None:
        """Return what was remembered under ``key``, or None."""
        with self._lock:
            return self._notes.get(key)

    def notes(self) -> dict[str, Any]:
        """Return everything remembered."""
        with self._lock:
            return dict(self._notes)

    # --- copy that was not released
    def seal(self, text: str) -> str:
        """Encrypt a text that must not be stored in clear."""
        return self._store.keys.seal(text)

    def unseal(self, token: str) -> str:
        """Decrypt what ``seal`` made, to revise it; the text is a draft again."""
        return self._store.keys.unseal(token)

    def decision(self, decision_id: str) -> Mapping[str, Any] | None:
        """Return the audit row of a verdict, or None."""
        return self._store.decision(decision_id)

    # --- effects wait for a person
    def request_approval(
        self, kind: Literal["launch", "export"], campaign_id: str, content: Mapping[str, Any], summary: str
    ) -> PendingApproval:
        """Create a pending approval bound to ``content``; it has no effect until a person decides."""
        approval_id, digest = fresh_id("apr"), digest_of(content)
        row = {
            "id": approval_id,
            "kind": kind,
            "campaign_id": campaign_id,
            "conversation_id": self.conversation_id,
            "digest": digest,
            "summary": summary,
            "content": dict(content),
            "policy_hash": self._policy[0],
            "screened_by": self._policy[1],
            "requested_by": self.person,
            "requested_at": self.now.isoformat(),
            "expires_at": (self.now + timedelta(hours=self._approval_hours)).isoformat(),
            "status": "pending",
        }
        with self._lock:
            self._approvals.append(row)
        return PendingApproval(id=approval_id, kind=kind, digest=digest, summary=summary)

    def new_approvals(self) -> tuple[PendingApproval, ...]:
        """Return the approvals requested in this turn."""
        with self._lock:
            return tuple(
                PendingApproval(id=r["id"], kind=r["kind"], digest=r["digest"], summary=r["summary"])
                for r in self._approvals
            )

    # --- what was said before
    def turns(self, last: int | None = None) -> list[Turn]:
        """Return the earlier turns of this conversation, oldest first."""
        return self._store.turns(self.conversation_id, last)

    # --- the end of the turn
    def artifacts(self) -> list[Entity]:
        """Return what this turn made, in order, campaigns last."""
        with self._lock:
            newest = {c.id: c for c in self._campaigns}
            return [*self._entities.values(), *newest.values()]

    def commit(self, turn: Turn | None = None) -> None:
        """Write everything in one transaction; raise and write nothing when any part fails."""
        with self._lock, self._store.writing() as connection:
            row = {
                "id": self.conversation_id,
                "owner": self.owner,
                "created_at": self._created_at,
                "changed_at": self.now.isoformat(),
                "title": self.title,
                "campaign_id": self._open_id,
                "notes": self._notes,
            }
            self._store.save_conversation(connection, row)
            self._store.save_records(connection, list(self._entities.values()), self.now)
            self._store.save_campaigns(connection, self._campaigns, self.owner)
            self._store.save_approvals(connection, self._approvals)
            if turn is not None:
                self._store.save_turn(connection, turn)


def _match_campaign(reference: str, known: list[Campaign], open_id: str | None, shown: list[str]) -> Campaign | None:
    by_id = {campaign.id: campaign for campaign in known}
    if reference in by_id:
        return by_id[reference]
    words = set(re.findall(r"[a-z0-9']+", reference.lower().replace("_", " ")))
    others = [campaign for campaign in known if campaign.id != open_id]
    if words & {"previous", "earlier", "before", "prior"}:
        return others[0] if others else None
    number = next((ORDINALS[w] for w in words if w in ORDINALS), None)
    number = number if number is not None else next((int(w) for w in words if w.isdecimal() and int(w) < 100), None)
    listed = [by_id[i] for i in shown if i in by_id]
    if number is not None and listed and -1 <= number - 1 < len(listed):
        return listed[-1] if number == -1 else listed[number - 1]
    ranked = sorted(((_likeness(words, campaign), -index) for index, campaign in enumerate(known)), reverse=True)
    if ranked and ranked[0][0] > 0:
        return known[-ranked[0][1]]
    return None


def _likeness(words: set[str], campaign: Campaign) -> int:
    own = set(re.findall(r"[a-z0-9']+", f"{campaign.name} {campaign.theme or ''}".lower().replace("_", " ")))
    return len((words - {"campaign", "the", "our", "one"}) & own)
