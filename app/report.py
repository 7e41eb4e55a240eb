"""The two reports of a campaign, each one self-contained page that prints: the campaign sheet and the result report.

A page holds what is stored and computes nothing: its figures are those of the stored readout. It leaves as ``Released``
or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.chat_cards import audience_card, plan_card, results_card, variants_card
from app.domain.audience import Audience
from app.domain.campaign import Campaign
from app.domain.content import Brief, Variant
from app.domain.entities import digest_of
from app.domain.errors import UserFixable
from app.domain.experiment import Experiment
from app.domain.safety import Surface
from app.gate import Released
from app.workspace import E, Workspace
from plugins.experiment.report import report_data
from plugins.experiment.stored_results import stored_readout

if TYPE_CHECKING:
    from app.wiring import Application

ReportKind = Literal["sheet", "results"]
TITLES = {"sheet": "Campaign sheet", "results": "Result report"}
VERDICTS = {"allow": "Passed", "redact": "Passed, redacted", "hold": "Held for review", "block": "Blocked"}
NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class Report:
    """A page fit to leave. ``digest`` is the SHA-256 of its content as data; ``name`` a file name."""

    page: Released
    name: str
    title: str
    campaign: str
    digest: str

    @property
    def words(self) -> str:
        """What is said where the page is handed over."""
        return f"{self.title} of {self.campaign}: one page that prints. Digest `{self.digest[:16]}`."


def make_report(application: Application, campaign_id: str, kind: ReportKind, person: str) -> Report:
    """Return a report of a campaign, by id or name, that this person may see; ``UserFixable`` when it is stopped."""
    workspace = application.open_workspace("report", person, application.now())
    campaign = workspace.campaign(campaign_id)
    mark, content = (_sheet if kind == "sheet" else _results)(application, workspace, campaign)
    digest = digest_of({"kind": kind, "campaign": campaign.model_dump(mode="json"), "content": content})
    shown = {
        **content, "title": TITLES[kind], "campaign": campaign, "mark": mark, "digest": digest,
        "code": application.keys.code("report", digest.encode()), "screened_by": application.gate.screened_by,
        "made_at": workspace.now.isoformat()[:16].replace("T", " "),
    }  # fmt: skip
    page = _environment().get_template(f"{kind}.html").render(shown)
    passage = application.gate.release_page(page, Surface.CHAT, subject=f"report:{campaign.id}")
    if not passage.passed:
        raise UserFixable(
            f"The report did not pass the safety check (decision {passage.decision_id}).",
            hint="Try again; if it stays, `cpo audit export` lists why, and the copy it holds must be revised.",
        )
    return Report(passage.released, f"{campaign.id}-{kind}.html", TITLES[kind], campaign.name, digest)


def _sheet(application: Application, workspace: Workspace, campaign: Campaign) -> tuple[str, dict[str, Any]]:
    brief = _part(workspace, Brief, campaign.brief_id)
    audience = _part(workspace, Audience, campaign.audience_id)
    experiment = _part(workspace, Experiment, campaign.experiment_id)
    variants = [workspace.get(Variant, identifier) for identifier in campaign.variants.values()]
    shown = variants_card(application, variants).props["variants"] if variants else []
    kept = ("id", "kind", "digest", "status", "requested_by", "requested_at", "decided_by", "decided_at")
    approvals = [{name: row[name] for name in kept} for row in application.store.approvals_of(campaign.id)]
    return "Synthetic example data." if campaign.synthetic else "", {
        "brief": None if brief is None else brief.model_dump(mode="json"),
        "audience": None if audience is None else audience_card(audience).props,
        "variants": [{**variant, "verdict": VERDICTS[variant["decision"]]} for variant in shown],
        "plan": None if experiment is None else plan_card(experiment).props,
        "approvals": approvals,
    }


def _part(workspace: Workspace, cls: type[E], identifier: str | None) -> E | None:
    return None if identifier is None else workspace.get(cls, identifier)


def _results(application: Application, workspace: Workspace, campaign: Campaign) -> tuple[str, dict[str, Any]]:
    data = report_data(workspace, campaign)
    readout = stored_readout(workspace, campaign)
    card: Mapping[str, Any] = {"arms": [], "metric": "", "srm": ""} if readout is None else results_card(readout).props
    effects = [{name: row[name] for name in ("kind", "by", "at")} for row in application.store.effects_of(campaign.id)]
    kept = ("planned", "decided", "comparisons", "breakdowns", "calculation_id")
    caveats = data["caveats"] or ["Without results it shows nothing about what the messages do."]
    return data["mark"], {
        **{name: data[name] for name in kept}, "caveats": caveats, "effects": effects, "arms": card["arms"],
        "metric": card["metric"], "srm": card["srm"],
    }  # fmt: skip


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
    )
    filters = cast("dict[str, Any]", environment.filters)
    filters["people"] = _people
    filters["percent"] = _percent
    filters["figure"] = _figure
    return environment


def _people(number: int | None) -> str:
    return NOT_MEASURED if number is None else f"{number:,}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return NOT_MEASURED
    return f"{100 * value:.2f} %" if unit == "rate" else f"{value:,.2f}"
