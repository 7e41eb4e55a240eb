"""Loading data: customers, transactions, content and results, by a person's act, with a report that adds up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from app.datasets import Datasets
from app.domain.audience import Audience
from app.domain.campaign import Campaign, CampaignState
from app.domain.errors import UserFixable
from app.domain.experiment import Experiment, Readout
from app.store import Store
from plugins.retrieval.index import ContentIndex

if TYPE_CHECKING:
    from plugins.experiment.results_in import Context

LoadKind = Literal["customers", "transactions", "content", "results"]
KINDS = get_args(LoadKind)


@dataclass(frozen=True)
class Loaded:
    """What was loaded, in words and as JSON."""

    words: str
    body: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the report as a JSON object."""
        return self.body


class Loading:
    """Takes files in. One transaction or one replaced folder for each call; nothing is half-loaded."""

    def __init__(
        self, *, datasets: Datasets, store: Store, content: Callable[[], ContentIndex], now: Callable[[], datetime]
    ) -> None:
        self._datasets = datasets
        self._store = store
        self._content = content
        self._now = now

    def ingest(
        self, kind: str, path: str, mapping: Mapping[str, str], *, experiment: str | None = None, person: str = "local"
    ) -> Loaded:
        """Load a file or folder; raise ``UserFixable`` with row numbers, and load nothing, when it cannot be read."""
        if not Path(path).exists():
            raise UserFixable(f"There is no file or folder {path}.", hint="Check the path.")
        if kind in ("customers", "transactions"):
            return self._ingest_shop(kind, Path(path), mapping)
        if kind == "content":
            return self._ingest_content(Path(path), mapping, person)
        if kind == "results":
            return self._ingest_results(Path(path), mapping, experiment)
        raise UserFixable(f"There is nothing called {kind!r} to load.", hint=f"One of: {', '.join(KINDS)}.")

    def _ingest_shop(self, kind: Any, path: Path, mapping: Mapping[str, str]) -> Loaded:
        from plugins.segmentation.ingest import ingest

        folder = self._datasets.loading_folder
        report = ingest(kind, path, folder, now=self._now(), mapping=mapping or None)
        self._datasets.use(folder.name)
        return Loaded(report.words, report.as_json())

    def _ingest_content(self, path: Path, mapping: Mapping[str, str], person: str) -> Loaded:
        from plugins.retrieval.ingest import ingest_content

        shop = self._datasets.shop()
        report = ingest_content(
            self._content(), path, person=person, now=self._now(), mapping=mapping or None, currency=shop.currency
        )
        words = f"Content: {report.in_words()}." + "".join(f"\n- {warning}" for warning in report.warnings)
        body = {
            "kind": "content",
            "added": len(report.added),
            "changed": len(report.changed),
            "removed": len(report.removed),
            "unchanged": report.unchanged,
            "warnings": list(report.warnings),
        }
        return Loaded(words, body)

    # --- results of a launched experiment
    def _ingest_results(self, path: Path, mapping: Mapping[str, str], reference: str | None) -> Loaded:
        from plugins.experiment.results_in import read_outcomes

        campaign, experiment = self._running(reference)
        context, earlier = self._joined(campaign, experiment)
        read = read_outcomes(path, context, mapping=mapping, earlier=earlier)
        readout = self._readout(campaign, experiment, {**earlier, **read.rows})
        with self._store.writing() as connection:
            self._store.save_outcomes(connection, experiment.id, read.rows, self._now())
            self._save_readout(connection, campaign, readout)
        body = {"kind": "results", "campaign": campaign.id, "calculation_id": readout.id, **read.as_json()}
        return Loaded(f"{campaign.name}: {read.words()} Readout {readout.id}.", body)

    def take_events(self, events: Sequence[Mapping[str, str]], reference: str) -> Loaded:
        """Store events of a launched campaign; known ones change nothing. No readout: that would be a look."""
        from plugins.experiment.results_in import read_rows

        campaign, experiment = self._running(reference)
        context, earlier = self._joined(campaign, experiment)
        header = sorted({column for event in events for column in event})
        read = read_rows("The batch", header, events, context, earlier=earlier)
        with self._store.writing() as connection:
            self._store.save_outcomes(connection, experiment.id, read.rows, self._now())
        return Loaded(f"{campaign.name}: {read.words()}", {"campaign": campaign.id, **read.as_json()})

    def read_out(self, reference: str) -> Loaded:
        """Analyse what has come in for a campaign and store it: one look, which a sequential plan counts."""
        campaign, experiment = self._running(reference)
        outcomes = self._store.outcomes(experiment.id)
        if not outcomes:
            raise UserFixable(f"No results of {campaign.name} have come in.", hint="Hand in its events first.")
        readout = self._readout(campaign, experiment, outcomes)
        with self._store.writing() as connection:
            self._save_readout(connection, campaign, readout)
        return Loaded(f"{campaign.name}: readout {readout.id}.", readout.model_dump(mode="json"))

    def _joined(self, campaign: Campaign, experiment: Experiment) -> tuple[Context, dict[str, dict[str, Any]]]:
        from plugins.experiment.results_in import Context

        launched = self._launched_at(campaign)
        ends = launched + timedelta(days=experiment.duration_days)
        arm_of = self._reached(campaign, experiment)
        context = Context(arm_of, self._addresses(arm_of), starts=launched, ends=ends)
        return context, self._store.outcomes(experiment.id)

    def _reached(self, campaign: Campaign, experiment: Experiment) -> dict[str, str]:
        """Return the arm of everybody whom the launch and its ramp-up have reached so far, control included."""
        from plugins.experiment.ramp import released, share_reached

        share = share_reached(self._store.effects_of(campaign.id))
        arm_of = self._store.assignments(experiment.id)
        return {i: arm_of[i] for i in released(arm_of, salt=experiment.salt, share=share)}

    def _readout(
        self, campaign: Campaign, experiment: Experiment, outcomes: Mapping[str, Mapping[str, Any]]
    ) -> Readout:
        from plugins.experiment.finished import attributes_of, looks_so_far, readout_of

        audience = self._store.get(Audience, campaign.audience_id) if campaign.audience_id else None
        return readout_of(
            experiment, self._reached(campaign, experiment), outcomes, now=self._now(),
            started=self._launched_at(campaign).date(),
            attributes=attributes_of(self._datasets.shop(), audience) if audience else None,
            earlier_looks=looks_so_far(self._store.find(Readout, campaign.id)),
        )  # fmt: skip

    def _save_readout(self, connection: Any, campaign: Campaign, readout: Readout) -> None:
        moment = self._now()
        early = bool(readout.body.get("sequential", {}).get("early"))
        changes: dict[str, Any] = {
            "state": CampaignState.RUNNING if early else CampaignState.ANALYSED,
            "readout_id": readout.id,
            "version": campaign.version + 1,
            "changed_at": moment,
            "change": "results loaded",
        }
        analysed = campaign.model_copy(update=changes)
        self._store.save_records(connection, [readout], moment)
        if campaign.readout_id != readout.id:
            self._store.save_campaigns(connection, [analysed], self._store.campaign_owner(campaign.id))

    def _launched_at(self, campaign: Campaign) -> datetime:
        launches = [e for e in self._store.effects_of(campaign.id) if e["kind"] == "launch"]
        return datetime.fromisoformat(launches[-1]["at"]) if launches else campaign.changed_at

    def _running(self, reference: str | None) -> tuple[Campaign, Experiment]:
        launched = [c for c in self._store.all_campaigns() if c.takes_results]
        chosen = [c for c in launched if reference in (None, c.id, c.experiment_id, c.name)]
        if len(chosen) != 1 or chosen[0].experiment_id is None:
            names = ", ".join(f"{c.name} ({c.id})" for c in launched) or "none"
            raise UserFixable(
                "Which launched campaign are these results of?", hint=f"--experiment ID; launched: {names}."
            )
        experiment = self._store.get(Experiment, chosen[0].experiment_id)
        if experiment is None:
            raise UserFixable(f"The plan of {chosen[0].name} is missing.", hint="It cannot be read out.")
        return chosen[0], experiment

    def _addresses(self, arm_of: Mapping[str, str]) -> dict[str, str]:
        people = self._datasets.shop().people()
        return {
            str(person[key]).strip().lower(): str(person["customer_id"])
            for person in people
            for key in ("email", "phone")
            if person.get(key) and str(person["customer_id"]) in arm_of
        }
