"""What a report says of a campaign: planned, happened, decided, and what it does not show. Stored figures only."""

from __future__ import annotations

from typing import Any

from app.domain.campaign import Campaign
from app.domain.experiment import Experiment
from app.workspace import Workspace
from plugins.experiment.answers import row_for_chat
from plugins.experiment.stored_results import mark_of, stored_readout


def report_data(workspace: Workspace, campaign: Campaign) -> dict[str, Any]:
    """Return the four parts of a report; a part is None where the campaign has not got there."""
    experiment = None if campaign.experiment_id is None else workspace.get(Experiment, campaign.experiment_id)
    readout = stored_readout(workspace, campaign)
    body = None if readout is None else readout.body
    return {
        "campaign": campaign.name,
        "state": campaign.state.value,
        "mark": "" if readout is None else mark_of(readout).strip(),
        "planned": None if experiment is None else _planned(experiment),
        "happened": None if body is None else {"arms": body.get("metrics", body["arms"]), "srm": body["srm"]["words"]},
        "decided": None if body is None else {**body["decision"], "expected_loss": body["expected_loss"]},
        "comparisons": [] if body is None else [row_for_chat(row) for row in body["comparisons"]],
        "breakdowns": [] if body is None else [part["words"] for part in body["breakdowns"]],
        "caveats": [] if body is None else body["caveats"],
        "calculation_id": None if readout is None else readout.id,
    }


def _planned(experiment: Experiment) -> dict[str, Any]:
    return {
        "words": experiment.words, "primary_metric": experiment.primary_metric, "alpha": experiment.alpha,
        "arms": [{"name": a.name, "share": a.weight, "receives": a.receives} for a in experiment.arms],
        "holdout_share": experiment.holdout_share, "duration_days": experiment.duration_days,
        "detectable": experiment.power_answer.model_dump(mode="json"),
        "planned_readout": None if experiment.planned_readout is None else experiment.planned_readout.isoformat(),
    }  # fmt: skip
