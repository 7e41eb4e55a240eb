"""Contexts for evaluation, set up by the product's own means: real turns, real approvals, real result files.

A run works in a temporary installation with the sample shop as of the day of the labels; every conversation has an
owner of its own, so that campaign lists do not mix.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from app.agent import Reply
from app.disturbance import Disturbance, disturbed
from app.domain.campaign import Campaign, CampaignState
from app.domain.content import Variant
from app.domain.conversation import Turn
from app.domain.errors import CpoError
from app.domain.people import local_person
from app.domain.safety import Decision, Draft, Surface, VerdictRecord
from app.evaluation import (
    Evaluation,
    against_baseline,
    evaluate,
    load_cases,
    right_every_time,
    table,
    write_predictions,
)
from app.settings import Settings
from app.wiring import Application, build_application
from plugins.generation.variants import copy_of, sealed_form

BUILD = "Build an email campaign for lapsed high-value customers with 4 variants and a control group"
FORBIDDEN_CLAIM = "This candle cures insomnia and is guaranteed to heal depression, 100% risk-free."
PAST = (
    ("Spring refresh", "spring", CampaignState.ANALYSED, 80),
    ("Summer sale", "summer", CampaignState.ANALYSED, 300),
    ("Summer last year", "summer", CampaignState.ANALYSED, 360),
    ("Easter hunt", "easter", CampaignState.ANALYSED, 75),
    ("Valentine's gifts", "valentines", CampaignState.ANALYSED, 125),
    ("Mother's Day", "mothers_day", CampaignState.ANALYSED, 40),
    ("Halloween", "halloween", CampaignState.ANALYSED, 230),
    ("Birthday club", "birthday", CampaignState.RUNNING, 20),
    ("Winback", "winback", CampaignState.ANALYSED, 150),
    ("Clearance", "clearance", CampaignState.DRAFT, 5),
)


@dataclass(frozen=True)
class Outcome:
    """A finished evaluation: the table, the figures, and whether every threshold and the baseline held."""

    table: str
    values: dict[str, float]
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing fell below."""
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """Return the figures and the problems."""
        return {"values": self.values, "problems": list(self.problems), "passed": self.passed}


class _Turns:
    """The agent as an evaluation sees it: every conversation speaks as its own person."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def reply(self, conversation_id: str, text: str) -> Turn:
        return (await _said(self._application, conversation_id, text)).turn


async def _said(application: Application, conversation_id: str, text: str) -> Reply:
    return await application.agent.reply(conversation_id, text, person=conversation_id)


class ProductStage:
    """Sets up ``fresh``, ``draft``, ``results`` and ``history``, and presses the button."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def prepare(self, conversation_id: str, context: str, today: date, named: frozenset[str]) -> None:
        """Bring a new conversation into a context preset."""
        if context in ("draft", "results"):
            await _said(self._application, conversation_id, BUILD)
            self._block(conversation_id, sorted(named) or ["C"])
        if context in ("results", "history"):
            self._past_campaigns(conversation_id, today)
        if context == "results":
            self._finish(conversation_id)

    async def approve(self, conversation_id: str) -> Sequence[str]:
        """Approve what waits in this conversation, as a named person; return the kinds that were carried out."""
        done: list[str] = []
        for row in self._application.store.approvals_of(None, "pending"):
            if row["conversation_id"] == conversation_id:
                try:
                    self._application.effects.approve(row["id"], local_person("Evaluation person"), row["digest"])
                    done.append(str(row["kind"]))
                except CpoError:
                    continue
        return done

    def _block(self, conversation_id: str, labels: Sequence[str]) -> None:
        """Put a claim without proof into the named variants; the checks block them as they would anybody's."""
        app = self._application
        workspace = app.open_workspace(conversation_id, conversation_id, app.now())
        if not workspace.has_campaign():
            return
        campaign = workspace.campaign()
        chosen = dict(campaign.variants)
        for label in labels:
            if label in chosen:
                variant = workspace.get(Variant, chosen[label])
                chosen[label] = self._blocked(workspace, variant).id
        workspace.save_campaign(campaign.model_copy(update={"variants": chosen}), "a claim was put into the copy")
        workspace.commit()

    def _blocked(self, workspace: Any, variant: Variant) -> Variant:
        fields, citations = copy_of(workspace, variant)
        fields["body"] = f"{fields.get('body', '')}\n\n{FORBIDDEN_CLAIM}".strip()
        (screened,) = self._application.gate.screen([Draft(text=FORBIDDEN_CLAIM, surface=Surface.COPY)])
        found = screened.verdict
        record = VerdictRecord(
            id=workspace.new_id("vrd"), campaign_id=variant.campaign_id, subject="", field="body",
            decision=found.decision, findings=found.findings, screened_by=found.screened_by,
            policy_hash=found.policy_hash, decision_id=screened.decision_id,
            text_sha256=hashlib.sha256(FORBIDDEN_CLAIM.encode()).hexdigest(),
        )  # fmt: skip
        identifier = workspace.new_id("var")
        changes: dict[str, Any] = {
            "id": identifier,
            "parent_id": variant.id,
            "fields": {},
            "sealed": workspace.seal(sealed_form(fields, citations)),
            "decision": Decision.BLOCK,
            "verdict_ids": (record.id,),
        }
        blocked = variant.model_copy(update=changes)
        workspace.put(record.model_copy(update={"subject": identifier}))
        workspace.put(blocked)
        return blocked

    def _past_campaigns(self, conversation_id: str, today: date) -> None:
        app = self._application
        example = next((c for c in app.store.all_campaigns() if c.synthetic and c.readout_id), None)
        made: list[Campaign] = []
        for number, (name, theme, state, days) in enumerate(PAST):
            moment = app.now() - timedelta(days=days)
            analysed = state is CampaignState.ANALYSED and example is not None
            identifier = f"cmp-{hashlib.sha256(f'{conversation_id}{number}'.encode()).hexdigest()[:10]}"
            made.append(
                Campaign(
                    id=identifier, campaign_id=identifier, name=name, theme=theme, state=state, created_at=moment,
                    changed_at=moment, change="set up", synthetic=True,
                    readout_id=example.readout_id if analysed and example else None,
                    experiment_id=example.experiment_id if analysed and example else None,
                )
            )  # fmt: skip
        with app.store.writing() as connection:
            app.store.save_campaigns(connection, made, conversation_id)

    def _finish(self, conversation_id: str) -> None:
        """Give the open campaign finished results: those of the sample shop's experiment, marked synthetic."""
        app = self._application
        workspace = app.open_workspace(conversation_id, conversation_id, app.now())
        example = next((c for c in app.store.all_campaigns() if c.synthetic and c.readout_id), None)
        if not workspace.has_campaign() or example is None:
            return
        campaign = workspace.campaign()
        finished = campaign.model_copy(
            update={
                "version": campaign.version + 1, "state": CampaignState.ANALYSED, "readout_id": example.readout_id,
                "experiment_id": example.experiment_id, "synthetic": True, "change": "results loaded",
            }
        )  # fmt: skip
        with app.store.writing() as connection:
            app.store.save_campaigns(connection, [finished], conversation_id)


def evaluate_planner(
    settings: Settings,
    cases: Path,
    predictions: Path | None,
    baseline: Path | None,
    disturbance: Disturbance | None = None,
    runs: int = 1,
) -> Outcome:
    """Run conversation files against the planner that the settings select, in a temporary installation each time.

    Rates and predictions are those of the first of ``runs``; more runs add the share that was right in all of them.
    """
    files = sorted(cases.glob("*.jsonl")) if cases.is_dir() else [cases]
    labelled = [case for file in files for case in load_cases(file)]
    labelled = disturbed(labelled, disturbance) if disturbance else labelled
    evaluations = [_run(settings, labelled) for _ in range(runs)]
    found = evaluations[0]
    if predictions is not None:
        write_predictions(found, predictions)
    problems = found.below()
    if baseline is not None:
        stored = json.loads(baseline.read_text(encoding="utf-8"))
        problems += against_baseline(found, stored.get(f"product on {cases.name}", {}))
    words, values = table(found), found.report.values()
    if runs > 1:
        every = right_every_time(evaluations)
        name = f"all turns right, core, in each of {runs} runs"
        words, values = f"{words}\n{name}: {every.hits}/{every.total}", {**values, name: every.value}
    return Outcome(words, values, tuple(problems))


def _run(settings: Settings, labelled: Sequence[dict[str, Any]]) -> Evaluation:
    today = str(labelled[0].get("today", "2026-06-15")) if labelled else "2026-06-15"
    with tempfile.TemporaryDirectory() as home:
        chosen = settings.model_copy(update={"home": Path(home), "today": today, "database_url": None})
        application = build_application(chosen)
        try:
            return asyncio.run(evaluate(labelled, _Turns(application), ProductStage(application)))
        finally:
            application.close()
