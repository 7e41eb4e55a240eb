"""The functions of the planner as paths: the same kernel, arguments and results as in the chat.

One line of the table is one path; the body is the function's arguments, checked against the model that the planner's
schema is made from. Paths that make something work in a conversation: leave ``conversation`` out to begin one, and send
the one that came back to go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from app.domain.conversation import ToolResult
from app.domain.entities import fresh_id
from app.domain.people import Person
from app.functions import argument_models
from app.rest.access import Worker, application_of
from app.rest.answers import ReleasedRoute, answer
from app.rest.errors import errors, problem_of_call
from app.wiring import plugin_classes

Conversation = Annotated[
    str | None,
    Query(pattern=r"^[A-Za-z0-9_-]{1,80}$", description="Go on with this conversation; left out, a new one begins."),
]


class FunctionAnswer(ToolResult):
    """The result of a function, and the conversation it worked in."""

    conversation: str


@dataclass(frozen=True)
class FunctionPath:
    """A path of a function. ``keeps`` says whether it makes something that stays."""

    path: str
    function: str
    keeps: bool = False
    topic: str = ""


FUNCTION_PATHS = (
    FunctionPath("/customers/describe", "segmentation-describe_customers", topic="audiences"),
    FunctionPath("/audiences/count", "segmentation-count_audience", topic="audiences"),
    FunctionPath("/audiences", "segmentation-find_audience", True, "audiences"),
    FunctionPath("/audiences/refine", "segmentation-refine_audience", True, "audiences"),
    FunctionPath("/audiences/profile", "segmentation-profile_audience", topic="audiences"),
    FunctionPath("/audiences/explain", "segmentation-explain_membership", topic="audiences"),
    FunctionPath("/audiences/compare", "segmentation-compare_audiences", topic="audiences"),
    FunctionPath("/segments", "segmentation-segment_customers", True, "audiences"),
    FunctionPath("/content/search", "retrieval-search_content", topic="content"),
    FunctionPath("/content/read", "retrieval-get_content", topic="content"),
    FunctionPath("/briefs", "generation-write_brief", True, "generation"),
    FunctionPath("/variants", "generation-draft_variants", True, "generation"),
    FunctionPath("/variants/revise", "generation-revise_variant", True, "generation"),
    FunctionPath("/variants/preview", "generation-preview_variant", topic="generation"),
    FunctionPath("/screening/variants", "safety-check_copy", True, "screening"),
    FunctionPath("/screening/explain", "safety-explain_verdict", topic="screening"),
    FunctionPath("/screening/rules", "safety-list_rules", topic="screening"),
    FunctionPath("/experiments/sample-size", "experiment-estimate_sample_size", topic="experiments"),
    FunctionPath("/experiments", "experiment-plan_experiment", True, "experiments"),
    FunctionPath("/experiments/simulate", "experiment-simulate_results", True, "experiments"),
    FunctionPath("/launches", "experiment-request_launch", True, "approvals"),
    FunctionPath("/exports", "experiment-request_export", True, "approvals"),
    FunctionPath("/results/read", "experiment-read_results", topic="results"),
    FunctionPath("/results/compare", "experiment-compare_variants", topic="results"),
    FunctionPath("/results/compare-campaigns", "experiment-compare_campaigns", topic="results"),
    FunctionPath("/results/drivers", "experiment-explain_drivers", topic="results"),
    FunctionPath("/campaigns/list", "experiment-list_campaigns", topic="campaigns"),
    FunctionPath("/campaigns/open", "history-open_campaign", True, "campaigns"),
    FunctionPath("/campaigns/undo", "history-undo_change", True, "campaigns"),
)


async def called(
    request: Request,
    person: Person,
    function: str,
    arguments: Mapping[str, Any],
    *,
    conversation: str | None = None,
    keep: bool = False,
) -> tuple[str, dict[str, Any]]:
    """Call a function for a person; return the conversation and the screened result."""
    identifier = conversation or fresh_id("cnv")
    given = {key: value for key, value in arguments.items() if value is not None}
    agent = application_of(request).agent
    return identifier, await agent.call(identifier, function, given, person=person.name, keep=keep)


def functions_router() -> APIRouter:
    """Return the router with one path for each line of the table."""
    router = APIRouter(route_class=ReleasedRoute)
    models: dict[str, type[BaseModel]] = {}
    descriptions: dict[str, str] = {}
    for name, plugin in plugin_classes().items():
        models |= argument_models(name, plugin)
        descriptions |= {
            f"{name}-{m.__kernel_function_name__}": str(m.__kernel_function_description__)
            for m in vars(plugin).values()
            if getattr(m, "__kernel_function__", False)
        }
    for line in FUNCTION_PATHS:
        router.add_api_route(
            line.path, _endpoint(line, models[line.function]), methods=["POST"], tags=[line.topic],
            response_model=FunctionAnswer, responses=errors(404, 409), summary=line.function,
            description=descriptions[line.function], operation_id=line.function,
        )  # fmt: skip
    return router


def _endpoint(line: FunctionPath, model: type[BaseModel]) -> Any:
    async def endpoint(request: Request, person: Worker, body: Any, conversation: Conversation = None) -> Response:
        sent = body.model_dump(mode="json", exclude_unset=True)
        identifier, result = await called(
            request, person, line.function, sent, conversation=conversation, keep=line.keeps
        )
        if not result.get("ok"):
            return await problem_of_call(request, result)
        return await answer(request, {"conversation": identifier, **result})

    endpoint.__annotations__["body"] = model
    return endpoint
