"""The campaign: the thing a conversation builds, one version for every change."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from app.domain.entities import Entity


class CampaignState(StrEnum):
    """draft -> approved -> running -> analysed; no other move is legal."""

    DRAFT = "draft"
    APPROVED = "approved"
    RUNNING = "running"
    ANALYSED = "analysed"


LEGAL_MOVES = {
    CampaignState.DRAFT: {CampaignState.APPROVED},
    CampaignState.APPROVED: {CampaignState.RUNNING, CampaignState.DRAFT},
    CampaignState.RUNNING: {CampaignState.ANALYSED},
    CampaignState.ANALYSED: set[CampaignState](),
}


class Campaign(Entity):
    """One version of a campaign. The parts are named by id; ``variants`` maps the label (A, B, ...) to a variant id.

    ``campaign_id`` repeats ``id``. ``change`` says in words what this version changed. ``synthetic`` marks the
    finished example of the sample shop: its results were generated and every reader must be told.
    """

    kind: ClassVar[str] = "campaign"

    name: str
    version: int = 1
    state: CampaignState = CampaignState.DRAFT
    theme: str | None = None
    channels: tuple[str, ...] = ("email",)
    brief_id: str | None = None
    audience_id: str | None = None
    variants: dict[str, str] = {}
    experiment_id: str | None = None
    readout_id: str | None = None
    created_at: datetime
    changed_at: datetime
    change: str = "created"
    synthetic: bool = False

    @property
    def takes_results(self) -> bool:
        """Whether what people did with its messages can come in: it was launched, and is no example."""
        launched = self.state in (CampaignState.RUNNING, CampaignState.ANALYSED)
        return launched and self.experiment_id is not None and not self.synthetic
