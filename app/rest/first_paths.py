"""The paths and shapes of the product's first specification, for clients that were written against it.

Each is the same function as under ``/api/v1``. Where a shape has a place for a figure that nobody measures - the
confidence of a rule, a tone score, an estimated return - the place holds null, and the description says why.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from app.domain.audience import Channel
from app.domain.campaign import Campaign
from app.domain.content import Theme, Tone, Variant
from app.domain.entities import fresh_id
from app.domain.errors import UserFixable
from app.domain.experiment import Experiment, Readout
from app.domain.people import Person
from app.rest.access import Worker, anybody, application_of
from app.rest.answers import ReleasedRoute, answer
from app.rest.campaigns import campaign_for, campaigns_of, variants_of
from app.rest.errors import Missing, errors, problem_of_call
from app.rest.functions import Conversation, called
from app.rest.health import Health, health
from app.rest.results import Events, EventsTaken, Key, taken

router = APIRouter(route_class=ReleasedRoute, tags=["first paths"])
Id = Annotated[str, Field(min_length=1, max_length=200)]


class Sent(BaseModel):
    """A request body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


for _topic in ("segment", "content", "generate", "compliance", "experiment"):
    router.add_api_route(
        f"/{_topic}/health", health, methods=["GET"], response_model=Health, operation_id=f"{_topic}_health",
        responses={**errors(), 503: {"model": Health}}, dependencies=[Depends(anybody)], summary="Health",
        description="The health of all dependencies; the parts run in one process.",
    )  # fmt: skip


# --- segment


class CustomersToSegment(Sent):
    """The customers to look up, by id; they must be among the loaded ones."""

    customer_ids: list[Id] = Field(min_length=1, max_length=100)


class Characteristics(BaseModel):
    """What the loaded data says about a customer; null where it says nothing."""

    purchase_frequency: str | None = Field(description="none, low (1 order), medium (2 to 4) or high (5 and more)")
    avg_order_value: float | None = Field(description="In the shop's currency")
    engagement_level: str | None = Field(description="The lifecycle: new, active, at_risk, lapsed ...")


class SegmentedCustomer(BaseModel):
    """One customer. ``confidence`` is always null: the tiers are rules, and a rule has no probability."""

    customer_id: str
    segment: str | None
    confidence: None = None
    characteristics: Characteristics


class SegmentedCustomers(BaseModel):
    """The customers that were found, in the order asked, and the ids that were not."""

    customers: list[SegmentedCustomer]
    unknown: list[str]


class Training(Sent):
    """How to divide. Nothing is kept as a model: groups are computed from the data as it stands."""

    method: Literal["rfm", "kmeans", "hdbscan", "dbscan", "hierarchical"] = "kmeans"
    k: int | None = Field(None, ge=2, le=12)


class Segments(BaseModel):
    """The named groups with their profiles; everybody is in one or counted as left out."""

    summary: str
    data: dict[str, Any]


@router.post("/segment/customers", response_model=SegmentedCustomers, responses=errors(), operation_id="segment_ids")
async def segment_customers(request: Request, _person: Worker, sent: CustomersToSegment) -> Response:
    """Say in which value and lifecycle tier each customer is. ``confidence`` is null: rules decide, not a model."""
    shop = application_of(request).datasets.shop()
    found = [(i, await asyncio.to_thread(shop.customer, i)) for i in sent.customer_ids]
    customers = [_segmented(i, facts) for i, facts in found if facts is not None]
    return await answer(request, {"customers": customers, "unknown": [i for i, facts in found if facts is None]})


def _segmented(customer_id: str, facts: Any) -> dict[str, Any]:
    value, lifecycle, orders = facts.get("value_tier"), facts.get("lifecycle"), facts.get("orders_count")
    average = facts.get("avg_order_value")
    often = None if orders is None else "none" if orders == 0 else "low" if orders == 1 else (
        "medium" if orders < 5 else "high"
    )  # fmt: skip
    return {
        "customer_id": customer_id,
        "segment": f"{value}_value_{lifecycle}" if value and lifecycle else lifecycle,
        "confidence": None,
        "characteristics": {
            "purchase_frequency": often,
            "avg_order_value": None if average is None else round(float(average), 2),
            "engagement_level": lifecycle,
        },
    }


@router.get("/segment/profiles", response_model=Segments, responses=errors(), operation_id="segment_profiles")
async def segment_profiles(request: Request, person: Worker) -> Response:
    """Return the RFM groups of all customers with their profiles."""
    return await _segments(request, person, {"method": "rfm"})


@router.post("/segment/train", response_model=Segments, responses=errors(409), operation_id="segment_train")
async def segment_train(request: Request, person: Worker, sent: Training) -> Response:
    """Compute groups by a method. No model is stored: the answer is the grouping itself, reproducible from the data."""
    return await _segments(request, person, sent.model_dump())


async def _segments(request: Request, person: Person, arguments: dict[str, Any]) -> Response:
    _, result = await called(request, person, "segmentation-segment_customers", arguments)
    if not result.get("ok"):
        return await problem_of_call(request, result)
    return await answer(request, {"summary": result["summary"], "data": result["data"]})


# --- content


class ContentQuestion(Sent):
    """What is looked for among the approved content."""

    query: str = Field(min_length=1, max_length=1000)
    channel: Channel | None = None
    limit: int = Field(5, ge=1, le=20)


class ContentFound(BaseModel):
    """One approved document. ``relevance_score`` is 0 to 1."""

    id: str
    title: str
    content: str
    relevance_score: float | None
    metadata: dict[str, Any]


class ContentAnswer(BaseModel):
    """The documents, best first; none is an answer."""

    query: str
    results: list[ContentFound]


@router.post("/content/search", response_model=ContentAnswer, responses=errors(), operation_id="content_search")
async def content_search(request: Request, person: Worker, sent: ContentQuestion) -> Response:
    """Find approved content. ``content`` is the passage that matched, word for word; read the whole by its id."""
    _, result = await called(request, person, "retrieval-search_content", sent.model_dump())
    if not result.get("ok"):
        return await problem_of_call(request, result)
    hits = [
        {
            "id": hit["id"], "title": hit["title"], "content": hit["snippet"], "relevance_score": hit["score"],
            "metadata": {"type": hit["type"], "compliance": "approved", "valid_until": hit.get("valid_until")},
        }
        for hit in result["data"]["hits"]
    ]  # fmt: skip
    return await answer(request, {"query": result["data"].get("query", sent.query), "results": hits})


@router.get("/content/{content_id}", response_model=Segments, responses=errors(404, 409), operation_id="content_by_id")
async def content_by_id(request: Request, person: Worker, content_id: str) -> Response:
    """Read one approved document in full."""
    _, result = await called(request, person, "retrieval-get_content", {"content_id": content_id})
    if not result.get("ok"):
        return await problem_of_call(request, result)
    return await answer(request, {"summary": result["summary"], "data": result["data"]})


# --- generate


class MessagesWanted(Sent):
    """What to write. ``segment`` is said in words and becomes part of the goal."""

    segment: str = Field("all customers", min_length=1, max_length=200)
    message_theme: str = Field(min_length=1, max_length=500)
    theme: Theme | None = None
    channel: Channel = "email"
    tone: Tone | None = None
    variants: int = Field(3, ge=1, le=8)


class MessageWritten(BaseModel):
    """One variant. The texts are null while it is blocked or held; ``decision`` says which."""

    variant_id: str
    label: str
    subject: str | None
    body: str | None
    tone: str
    channel: str
    decision: str


class WritingFacts(BaseModel):
    """By what it was written. ``temperature`` is null: the writer does not sample, or does not say."""

    model: str
    temperature: None = None
    generated_at: str


class MessagesWritten(BaseModel):
    """The variants, and the conversation in which to go on with them."""

    segment: str
    variants: list[MessageWritten]
    metadata: WritingFacts
    conversation: str
    campaign_id: str


@router.post("/generate/messages", response_model=MessagesWritten, responses=errors(409), operation_id="messages")
async def messages(request: Request, person: Worker, sent: MessagesWanted) -> Response:
    """Write variants from approved content only and screen each. ``metadata.temperature`` is null."""
    goal = f"{sent.message_theme} for {sent.segment}"
    brief = {"goal": goal, "theme": sent.theme, "channels": [sent.channel], "tone": sent.tone}
    conversation, result = await called(request, person, "generation-write_brief", brief, keep=True)
    if result.get("ok"):
        wanted = {"count": sent.variants, "channel": sent.channel, "tone": sent.tone}
        _, result = await called(
            request, person, "generation-draft_variants", wanted, conversation=conversation, keep=True
        )
    if not result.get("ok"):
        return await problem_of_call(request, result)
    campaign = _open_campaign(request, person, conversation)
    written = _variants(request, campaign)
    facts = {
        "model": written[0].written_by if written else "none", "temperature": None,
        "generated_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }  # fmt: skip
    body = {"segment": sent.segment, "variants": [_message(v) for v in written], "metadata": facts}
    return await answer(request, {**body, "conversation": conversation, "campaign_id": campaign.id})


def _open_campaign(request: Request, person: Person, conversation: str) -> Campaign:
    stored = application_of(request).store.conversation(conversation)
    if stored is None or stored["campaign_id"] is None:
        raise UserFixable("No campaign came of it.", hint="Say which theme and which approved offer it should use.")
    return campaign_for(request, person, stored["campaign_id"])


def _variants(request: Request, campaign: Campaign) -> list[Variant]:
    store = application_of(request).store
    return [v for v in (store.get(Variant, i) for i in campaign.variants.values()) if v is not None]


def _message(variant: Variant) -> dict[str, Any]:
    fields = variant.fields
    return {
        "variant_id": variant.id, "label": variant.label, "subject": fields.get("subject") or fields.get("title"),
        "body": fields.get("body") or fields.get("text"), "tone": variant.tone, "channel": variant.channel,
        "decision": variant.decision.value,
    }  # fmt: skip


class Personalise(Sent):
    """A variant of a conversation, merged for one customer."""

    variant: Id
    customer_id: Id | None = None


@router.post("/generate/personalize", response_model=Segments, responses=errors(404, 409), operation_id="personalize")
async def personalize(request: Request, person: Worker, sent: Personalise, conversation: Conversation = None) -> Any:
    """Show a variant as one customer would read it, with the worst cases of the audience."""
    arguments = sent.model_dump()
    _, result = await called(request, person, "generation-preview_variant", arguments, conversation=conversation)
    if not result.get("ok"):
        return await problem_of_call(request, result)
    return await answer(request, {"summary": result["summary"], "data": result["data"]})


# --- experiment


class Plan(Sent):
    """The test of the campaign that is open in the conversation."""

    control_share: float | None = Field(None, gt=0, lt=1)
    holdout_share: float | None = Field(None, ge=0, lt=1)
    duration_days: int | None = Field(None, ge=1, le=365)
    baseline: float | None = Field(None, gt=0, lt=1)


class Totals(BaseModel):
    """What was counted of one arm; null where it was not measured."""

    impressions: int | None = None
    clicks: int | None = None
    conversions: int | None = None
    ctr: float | None = None
    conversion_rate: float | None = None


class ExperimentShown(BaseModel):
    """``confidence`` is always null: a result has an interval and a p-value, and both are in ``readout``."""

    experiment_id: str
    campaign_id: str
    status: str
    variants: list[str]
    metrics: dict[str, Totals]
    winner: str | None
    confidence: None = None
    readout: dict[str, Any] | None = None
    dashboard_url: None = None


@router.post("/experiment/create", response_model=ExperimentShown, responses=errors(409), operation_id="create_test")
async def create_experiment(
    request: Request, person: Worker, sent: Plan, conversation: Conversation = None
) -> Response:
    """Plan the test of the campaign that is open in ``conversation``. A launch is asked for under ``/api/v1``."""
    identifier, result = await called(
        request, person, "experiment-plan_experiment", sent.model_dump(), conversation=conversation, keep=True
    )
    if not result.get("ok"):
        return await problem_of_call(request, result)
    return await answer(request, _experiment(request, _open_campaign(request, person, identifier)))


@router.get(
    "/experiment/results", response_model=ExperimentShown, responses=errors(404), operation_id="experiment_results"
)
async def experiment_results(
    request: Request, person: Worker, experiment_id: Annotated[str, Query(max_length=200)]
) -> Response:
    """Return what came of an experiment. ``winner`` is null when none can be named."""
    return await answer(request, _experiment(request, _campaign_of(request, person, experiment_id)))


@router.post("/experiment/metrics", response_model=EventsTaken, responses=errors(404, 409), operation_id="log_metrics")
async def log_metrics(request: Request, _person: Worker, batch: Events, key: Key = None) -> Response:
    """Hand in events; the same as ``/api/v1/events``."""
    return await answer(request, await taken(request, batch, key))


@router.get(
    "/experiment/{experiment_id}", response_model=ExperimentShown, responses=errors(404), operation_id="experiment"
)
async def experiment(request: Request, person: Worker, experiment_id: str) -> Response:
    """Return an experiment as it stands."""
    return await answer(request, _experiment(request, _campaign_of(request, person, experiment_id)))


def _campaign_of(request: Request, person: Person, experiment_id: str) -> Campaign:
    for campaign in campaigns_of(request, person):
        if campaign.experiment_id == experiment_id:
            return campaign
    raise Missing("experiment")


def _experiment(request: Request, campaign: Campaign) -> dict[str, Any]:
    store = application_of(request).store
    plan = store.get(Experiment, campaign.experiment_id or "")
    if plan is None:
        raise Missing("experiment")
    readout = store.get(Readout, campaign.readout_id) if campaign.readout_id else None
    body = readout.body if readout else {}
    return {
        "experiment_id": plan.id,
        "campaign_id": campaign.id,
        "status": campaign.state.value,
        "variants": [arm.name for arm in plan.arms],
        "metrics": {f"variant_{arm['name']}": _totals(arm) for arm in body.get("arms", [])},
        "winner": (body.get("decision") or {}).get("winner"),
        "confidence": None,
        "readout": body or None,
        "dashboard_url": None,
    }


def _totals(arm: dict[str, Any]) -> dict[str, Any]:
    """Return what the readout counted of one arm under the names of this shape."""
    people, outcomes = arm.get("n"), arm.get("outcomes", {})
    clicks, bought = (outcomes.get(name, {}) for name in ("click_rate", "conversion_rate"))
    return {
        "impressions": people,
        "clicks": clicks.get("events"),
        "conversions": bought.get("events"),
        "ctr": clicks.get("mean"),
        "conversion_rate": bought.get("mean"),
    }


# --- orchestrate


class CampaignWanted(Sent):
    """A campaign in a sentence. ``campaign_id`` is your own name for it; ours comes back beside it."""

    campaign_id: Id
    message_theme: str = Field(min_length=1, max_length=1000)
    customer_data_path: None = Field(
        None, description="Must be left out: customers are loaded with `cpo ingest`, never from a path in a request."
    )
    test_variants: int = Field(3, ge=1, le=8)


class CampaignMade(BaseModel):
    """What one turn of the planner made. ``status`` is never deployed: a launch waits for a person.

    ``estimated_roi`` is always null: nothing that was measured would support it.
    """

    campaign_id: str
    id: str
    status: str
    segments: int
    messages_generated: int
    messages_approved: int
    customers_targeted: int
    experiment_id: str | None
    estimated_roi: None = None
    conversation: str
    turn: str
    reply: str


@router.post("/orchestrate/campaign", response_model=CampaignMade, responses=errors(409), operation_id="orchestrate")
async def orchestrate(request: Request, person: Worker, sent: CampaignWanted) -> Response:
    """Build a campaign in one turn of the planner: audience, content, variants, checks, plan. Nothing is deployed."""
    application = application_of(request)
    text = f"Build a campaign with {sent.test_variants} variants: {sent.message_theme}"
    conversation = fresh_id("cnv")
    reply = await application.agent.reply(conversation, text, person=person.name)
    campaign = _open_campaign(request, person, conversation)
    variants = variants_of(request, campaign)
    plan = application.store.get(Experiment, campaign.experiment_id) if campaign.experiment_id else None
    made = {
        "campaign_id": sent.campaign_id, "id": campaign.id, "status": campaign.state.value,
        "segments": 1 if campaign.audience_id else 0, "messages_generated": len(variants),
        "messages_approved": sum(v["decision"] == "allow" for v in variants),
        "customers_targeted": plan.eligible if plan else 0, "experiment_id": campaign.experiment_id,
        "estimated_roi": None, "conversation": conversation, "turn": reply.turn.id, "reply": str(reply.text),
    }  # fmt: skip
    return await answer(request, made)
