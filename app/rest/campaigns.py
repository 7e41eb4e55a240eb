"""Campaigns as they stand, and the copy that was written for them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from app.domain.campaign import Campaign
from app.domain.content import Variant
from app.domain.people import Person, Right
from app.rest.access import Viewer, application_of
from app.rest.answers import ReleasedRoute, answer
from app.rest.errors import Missing, errors

router = APIRouter(route_class=ReleasedRoute, tags=["campaigns"])
SHOWN = 50


class CampaignList(BaseModel):
    """The campaigns, latest change first; ``more`` says whether there are others."""

    campaigns: list[Campaign]
    more: bool


class VariantShown(BaseModel):
    """One message. ``fields`` is empty while it is blocked or held."""

    id: str
    label: str
    channel: str
    tone: str
    factor: str
    decision: str
    fields: dict[str, str]
    sources: list[str]


class CampaignShown(BaseModel):
    """The newest version of a campaign with its messages."""

    campaign: Campaign
    variants: list[VariantShown]


@router.get("/campaigns", response_model=CampaignList, responses=errors(), operation_id="campaigns")
async def campaigns(request: Request, person: Viewer) -> Response:
    """List the newest versions of your campaigns; who may decide on approvals sees everybody's."""
    found = campaigns_of(request, person)
    shown = [campaign.model_dump(mode="json") for campaign in found[:SHOWN]]
    return await answer(request, {"campaigns": shown, "more": len(found) > SHOWN})


@router.get("/campaigns/{campaign_id}", response_model=CampaignShown, responses=errors(404), operation_id="campaign")
async def campaign(request: Request, person: Viewer, campaign_id: str) -> Response:
    """Return a campaign and its messages."""
    found = campaign_for(request, person, campaign_id)
    return await answer(request, {"campaign": found.model_dump(mode="json"), "variants": variants_of(request, found)})


def campaigns_of(request: Request, person: Person) -> list[Campaign]:
    """Return the campaigns a person may see."""
    owner = None if person.may(Right.DECIDE) else person.name
    return application_of(request).store.all_campaigns(owner)


def campaign_for(request: Request, person: Person, campaign_id: str) -> Campaign:
    """Return one of the campaigns a person may see; raise ``Missing`` for any other."""
    for found in campaigns_of(request, person):
        if found.id == campaign_id:
            return found
    raise Missing("campaign")


def variants_of(request: Request, found: Campaign) -> list[dict[str, Any]]:
    """Return the messages of a campaign as JSON."""
    store = application_of(request).store
    variants = [store.get(Variant, variant_id) for variant_id in found.variants.values()]
    return [
        {
            "id": v.id, "label": v.label, "channel": v.channel, "tone": v.tone, "factor": v.factor,
            "decision": v.decision.value, "fields": v.fields,
            "sources": list(dict.fromkeys(citation.document_id for citation in v.citations)),
        }
        for v in variants if v is not None
    ]  # fmt: skip
