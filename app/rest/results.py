"""Results: events coming in from a sender, and the readout made from them."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from app.domain.errors import UserFixable
from app.domain.experiment import Readout
from app.rest.access import Worker, application_of
from app.rest.answers import ReleasedRoute, answer
from app.rest.campaigns import campaign_for
from app.rest.errors import Missing, errors

router = APIRouter(route_class=ReleasedRoute, tags=["results"])
EventKind = Literal["delivered", "opened", "clicked", "converted", "refund", "unsubscribed", "complained", "bounced",
                    "sent"]  # fmt: skip
Key = Annotated[
    str | None,
    Header(alias="Idempotency-Key", pattern=r"^[A-Za-z0-9_.:-]{1,100}$",
           description="Names this batch, so that events without an id can be sent again without counting twice."),
]  # fmt: skip


class Event(BaseModel):
    """Something one recipient did. ``customer_id`` or ``address`` names them; ``amount`` is in the shop's currency."""

    model_config = ConfigDict(extra="forbid")

    event: EventKind
    event_id: str | None = Field(None, min_length=1, max_length=200, description="The sender's id of this event.")
    customer_id: str | None = Field(None, max_length=200)
    address: str | None = Field(None, max_length=320, description="E-mail address or telephone number.")
    at: datetime | None = Field(None, description="When; outside the campaign's window it is listed and not counted.")
    amount: FiniteFloat | None = None


class Events(BaseModel):
    """A batch of events of one launched campaign."""

    model_config = ConfigDict(extra="forbid")

    campaign: str = Field(max_length=200, description="Campaign or experiment id.")
    events: list[Event] = Field(min_length=1, max_length=5000)


class EventsTaken(BaseModel):
    """What was done with each event: added, known already, of nobody in the test, or outside the window."""

    campaign: str
    words: str
    read: int
    added: int
    repeated: int
    unmatched: int
    unmatched_rows: list[str]
    late: int
    early: int
    outside_rows: list[str]
    problems: list[str]
    mapping: dict[str, str]


@router.post("/events", response_model=EventsTaken, responses=errors(404, 409), operation_id="events")
async def events(request: Request, _person: Worker, batch: Events, key: Key = None) -> Response:
    """Hand in events. Idempotent by ``event_id``, or by ``Idempotency-Key`` and place; no readout is made yet."""
    return await answer(request, await taken(request, batch, key))


async def taken(request: Request, batch: Events, key: str | None) -> dict[str, Any]:
    """Store a batch and return its report."""
    if key is None and any(event.event_id is None for event in batch.events):
        raise UserFixable(
            "An event without an event_id needs an Idempotency-Key.", hint="Send the header, or an id with each event."
        )
    campaign_known(request, batch.campaign)
    rows = [_row(event, f"{key}:{number}") for number, event in enumerate(batch.events)]
    loaded = await asyncio.to_thread(application_of(request).loading.take_events, rows, batch.campaign)
    return {**loaded.as_json(), "words": loaded.words}


def campaign_known(request: Request, reference: str) -> None:
    """Raise ``Missing`` unless a campaign or its experiment has this id."""
    known = application_of(request).store.all_campaigns()
    if not any(reference in (campaign.id, campaign.experiment_id) for campaign in known):
        raise Missing("campaign")


def _row(event: Event, named: str) -> dict[str, str]:
    moment = event.at.isoformat() if event.at else ""
    return {
        "event": event.event, "event_id": event.event_id or named, "customer_id": event.customer_id or "",
        "email": event.address or "", "at": moment, "amount": "" if event.amount is None else str(event.amount),
    }  # fmt: skip


@router.post(
    "/campaigns/{campaign_id}/readouts", response_model=Readout, responses=errors(404, 409), operation_id="read_out",
    status_code=201,
)  # fmt: skip
async def read_out(request: Request, person: Worker, campaign_id: str) -> Response:
    """Analyse what has come in and store it. One look: a sequential plan counts how often you look."""
    campaign_for(request, person, campaign_id)
    loaded = await asyncio.to_thread(application_of(request).loading.read_out, campaign_id)
    return await answer(request, loaded.as_json(), 201)


@router.get("/campaigns/{campaign_id}/readout", response_model=Readout, responses=errors(404), operation_id="readout")
async def readout(request: Request, person: Worker, campaign_id: str) -> Response:
    """Return the stored readout of a campaign: arms, SRM, differences with intervals, winner or none."""
    found = campaign_for(request, person, campaign_id)
    stored = application_of(request).store.get(Readout, found.readout_id) if found.readout_id else None
    if stored is None:
        raise Missing("readout")
    return await answer(request, stored.model_dump(mode="json"))
