"""The kernel functions about the conversation itself and its campaigns' versions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from semantic_kernel.functions import kernel_function

from app.domain.audience import Audience
from app.domain.campaign import Campaign, CampaignState
from app.domain.conversation import ToolCall, ToolResult, Turn
from app.domain.errors import Refused
from app.workspace import Workspace

MAX_STEPS = 20


class HistoryPlugin:
    """Open, undo, report and trace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    @kernel_function(
        name="open_campaign",
        description=(
            "Make an earlier campaign the open one, so that later calls are about it. Use when the person names a "
            "campaign ('the spring one', 'the second one', 'the previous campaign'). To see what there is, use "
            "experiment-list_campaigns instead. Returns its name, state, channels and variants."
        ),
    )
    def open_campaign(
        self, ref: Annotated[str, "campaign id, words of its name, an ordinal of the list shown, or 'previous'"]
    ) -> ToolResult:
        """Open the campaign that ``ref`` means; ``Refused`` lists the names there are."""
        campaign = self._workspace.open_campaign(ref)
        return _opened(campaign, f"{campaign.name} is open ({campaign.state.value}).")

    @kernel_function(
        name="undo_change",
        description=(
            "Go back to the version of the open campaign before its last change (audience, copy, plan). Use for "
            "'undo', 'go back', 'revert that'. Changes nothing that was launched. Returns what was undone."
        ),
    )
    def undo_change(self) -> ToolResult:
        """Store the version before the last change as the newest one."""
        campaign = self._workspace.campaign()
        if campaign.state not in (CampaignState.DRAFT, CampaignState.APPROVED):
            raise Refused(f"A {campaign.state.value} campaign cannot be changed.", code="illegal_move")
        back = _version_to_restore(self._workspace.versions(campaign.id))
        if back is None:
            raise Refused("There is nothing to undo in this campaign.", code="nothing_to_undo")
        undone = campaign.change
        restored = self._workspace.save_campaign(
            back.model_copy(update={"state": campaign.state}), f"went back to version {back.version}"
        )
        self._remember(restored)
        return _opened(restored, f"Undone: {undone}. {restored.name} is as in version {back.version}.")

    @kernel_function(
        name="make_report",
        description=(
            "Hand over one printable page about a campaign: its sheet (brief, audience, variants with sources and "
            "verdicts, test plan, approvals) or its result report (what was planned, what happened, caveats). Use for "
            "'give me the campaign sheet', 'make the result report'. For tables or copy as files use "
            "experiment-request_export. Changes nothing."
        ),
    )
    def make_report(
        self,
        kind: Annotated[Literal["sheet", "results"], "the campaign sheet, or what came of the test"] = "sheet",
        campaign_id: Annotated[str | None, "campaign id; leave out for the open one"] = None,
    ) -> ToolResult:
        """Name the report and its campaign; the page itself is made where it is handed over."""
        campaign = self._workspace.campaign(campaign_id)
        title = "Result report" if kind == "results" else "Campaign sheet"
        warnings = ["There are no results yet; the report says what was planned."]
        return ToolResult(
            summary=f"{title} of {campaign.name}: one page that prints.",
            data={"kind": kind, "name": campaign.name, "state": campaign.state.value},
            handle={"campaign_id": campaign.id},
            warnings=warnings if kind == "results" and campaign.readout_id is None else [],
        )

    def _remember(self, campaign: Campaign) -> None:
        if campaign.audience_id is not None:
            self._workspace.note("audience_id", self._workspace.get(Audience, campaign.audience_id).id)

    @kernel_function(
        name="show_trace",
        description=(
            "Show which functions were called in a turn, with verdicts and milliseconds. Use for 'show me the steps', "
            "'how did you get that', 'where does this come from', 'who signed off'. Returns at most 20 steps."
        ),
    )
    def show_trace(
        self, turn: Annotated[int | None, "number of the turn, 1 = first; leave out for the latest"] = None
    ) -> ToolResult:
        """List the calls of one earlier turn."""
        turns = self._workspace.turns()
        chosen = _chosen(turns, turn)
        steps = [_step(call) for call in chosen.calls[:MAX_STEPS]]
        data: dict[str, Any] = {
            "turn": chosen.number,
            "turn_id": chosen.id,
            "asked": chosen.user_text,
            "planner": chosen.planner,
            "milliseconds": chosen.duration_ms,
            "decision": chosen.verdict.decision.value,
            "decision_id": chosen.verdict.decision_id,
            "screened_by": chosen.verdict.screened_by,
            "steps": steps,
            "cut": max(0, len(chosen.calls) - MAX_STEPS),
        }
        calls = "1 call" if len(chosen.calls) == 1 else f"{len(chosen.calls)} calls"
        summary = f"Turn {chosen.number} made {calls} in {chosen.duration_ms:.0f} ms."
        return ToolResult(summary=summary, data=data, handle={"turn_id": chosen.id})


def _opened(campaign: Campaign, summary: str) -> ToolResult:
    data: dict[str, Any] = {
        "name": campaign.name,
        "state": campaign.state.value,
        "theme": campaign.theme,
        "channels": list(campaign.channels),
        "variants": campaign.variants,
        "version": campaign.version,
        "has_results": campaign.readout_id is not None,
        "synthetic": campaign.synthetic,
    }
    return ToolResult(summary=summary, data=data, handle={"campaign_id": campaign.id})


def _version_to_restore(versions: list[Campaign]) -> Campaign | None:
    """Return the newest earlier version whose parts differ from those now, skipping versions already undone."""
    current = versions[-1]
    steps = iter(reversed(versions[:-1]))
    goes_back_to = int(current.change.rsplit(" ", 1)[-1]) if current.change.startswith("went back to version") else None
    for version in steps:
        if goes_back_to is not None and version.version >= goes_back_to:
            continue
        if _parts(version) != _parts(current):
            return version
    return None


def _parts(campaign: Campaign) -> dict[str, Any]:
    return campaign.model_dump(exclude={"version", "changed_at", "change", "state"})


def _chosen(turns: list[Turn], number: int | None) -> Turn:
    with_calls = [t for t in turns if t.calls]
    found = with_calls[-1] if number is None and with_calls else next((t for t in turns if t.number == number), None)
    if found is None:
        known = [str(t.number) for t in turns]
        raise Refused("There is no such turn in this conversation.", code="not_found", field="turn", allowed=known)
    return found


def _step(call: ToolCall) -> dict[str, Any]:
    return {
        "function": f"{call.plugin}-{call.function}",
        "ok": call.ok,
        "summary": str(call.result.get("summary", call.result.get("error", ""))),
        "milliseconds": call.duration_ms,
        "verdict": call.decision.value,
        "screened_by": call.screened_by,
    }
