"""From what people did to stored entities: a campaign's readout, and the finished example of the sample shop."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from app.domain.audience import Audience, Shop
from app.domain.campaign import Campaign, CampaignState
from app.domain.errors import UserFixable
from app.domain.experiment import Arm, Experiment, MetricName, PowerAnswer, Readout
from plugins.experiment.assignment import HOLDOUT, canonical_id
from plugins.experiment.campaign_readout import FACTS, Analysis, analyse
from plugins.experiment.design import Question, estimate
from plugins.experiment.results_in import facts_of

SEGMENT_FIELDS = ("country", "loyalty_tier", "preferred_channel", "language", "gender")
DERIVED_FIELDS = ("lifecycle", "value_tier", "favourite_category")
AGE_STARTS = (25, 35, 45, 55, 65)
"""The first year of age of every band but the youngest."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished experiment as it is stored."""

    campaign: Campaign
    experiment: Experiment
    readout: Readout


def readout_of(
    experiment: Experiment,
    arm_of: Mapping[str, str],
    outcomes: Mapping[str, Mapping[str, Any]],
    *,
    now: datetime,
    started: date | None = None,
    attributes: Mapping[str, Mapping[str, Any]] | None = None,
    earlier_looks: Sequence[float] = (),
    synthetic: bool = False,
) -> Readout:
    """Analyse what came back for a launched experiment: everybody assigned is in, whoever did nothing counts as zero.

    ``outcomes`` are the stored bodies of ``results_in``; ``attributes`` known before the send make the breakdowns.
    """
    table = _unit_table(arm_of, outcomes, attributes or {})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "units.parquet"
        pq.write_table(table, path)
        return _stored(experiment, path, _analysis(experiment, table, now, started, earlier_looks, synthetic), now)


def attributes_of(shop: Shop, audience: Audience) -> dict[str, dict[str, Any]]:
    """Return what is known of each eligible person, for breakdowns and drivers: only fields the data has."""
    fields = [f for f in (*SEGMENT_FIELDS, *DERIVED_FIELDS, "age") if f in shop.columns()]
    rows = shop.eligible_rows(audience, ["customer_id", *fields])
    return {
        canonical_id(row["customer_id"]): {f: age_band(row.get(f)) if f == "age" else row.get(f) for f in fields}
        for row in rows
    }


def age_band(age: int | None) -> str | None:
    """Return the band an age in years lies in, such as '35 to 44'; None where the age is not known."""
    if age is None:
        return None
    starts = [start for start in AGE_STARTS if start <= age]
    if not starts:
        return f"under {AGE_STARTS[0]}"
    start = starts[-1]
    return f"{start} and over" if start == AGE_STARTS[-1] else f"{start} to {start + 9}"


def looks_so_far(readouts: Sequence[Readout]) -> tuple[float, ...]:
    """Return the information fractions at which a campaign has been looked at already, rising."""
    found = {float(t) for r in readouts for t in r.body.get("sequential", {}).get("looks", [])}
    return tuple(sorted(t for t in found if t < 1.0))


def _unit_table(
    arm_of: Mapping[str, str], outcomes: Mapping[str, Mapping[str, Any]], attributes: Mapping[str, Mapping[str, Any]]
) -> Any:
    people = sorted(i for i, arm in arm_of.items() if arm != HOLDOUT)
    facts = {i: facts_of(outcomes[i].get("events", {})) for i in people if i in outcomes}
    seen = {fact for found in facts.values() for fact in found}
    columns: dict[str, Any] = {"customer_id": people, "arm": [arm_of[i] for i in people]}
    for fact in FACTS:
        if fact in seen:
            values = [facts.get(i, {}).get(fact, 0.0) for i in people]
            columns[fact] = values if fact == "revenue" else [v > 0 for v in values]
    if len(columns) == 2:
        raise UserFixable("No outcome has come in for anybody who was assigned.", hint="Load a results file first.")
    names = dict.fromkeys(name for found in attributes.values() for name in found)
    for name in names:
        columns[f"by_{name}" if name in columns else name] = [_word(attributes.get(i, {}).get(name)) for i in people]
    return pa.table(columns)


def _word(value: object) -> str:
    return "(blank)" if value is None else str(value)


def _analysis(
    experiment: Experiment,
    table: Any,
    now: datetime,
    started: date | None,
    earlier: Sequence[float],
    synthetic: bool,
) -> Analysis:
    control = next(arm.name for arm in experiment.arms if arm.is_control)
    known = {"customer_id", "arm", *FACTS}
    looks: tuple[float, ...] = ()
    share = 1.0 if started is None else min(1.0, max(0.01, (now.date() - started).days / experiment.duration_days))
    rising = tuple(t for t in earlier if t < share)
    if share < 1.0 or rising:
        looks = (*rising, share)
    return Analysis(
        primary=experiment.primary_metric, control=control,
        reached=tuple(a.name for a in experiment.arms if a.variant_id),
        attributes=tuple(c for c in table.column_names if c not in known),
        planned={arm.name: arm.weight for arm in experiment.arms}, looks=looks, alpha=experiment.alpha,
        synthetic=synthetic,
    )  # fmt: skip


def _stored(experiment: Experiment, path: Path, analysis: Analysis, now: datetime) -> Readout:
    body = analyse(path, analysis)
    return Readout(
        id=str(body["calculation_id"]),
        campaign_id=experiment.campaign_id,
        body=body,
        calculated_at=now,
        data_sha256=_sha256(path),
        synthetic=analysis.synthetic,
        simulated=analysis.simulated,
    )


def _sha256(path: Path) -> str:
    from plugins.experiment.rows import file_sha256

    return file_sha256(path)


def finished_example(folder: Path, *, now: datetime) -> Finished | None:
    """Make the entities of the sample shop's finished experiment from its dataset folder; None if it has none.

    The folder's manifest names the file under ``notes.finished_experiment``. Everything made is marked synthetic.
    """
    manifest_path = folder / "manifest.json"
    if not manifest_path.is_file():
        return None
    notes = json.loads(manifest_path.read_text(encoding="utf-8")).get("notes", {}).get("finished_experiment")
    if not notes:
        return None
    started, ended = date.fromisoformat(notes["started"]), date.fromisoformat(notes["ended"])
    campaign_id = "cmp-finished-example"
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "units.parquet"
        _join_attributes(folder, folder / notes["file"], path, started)
        names = pq.read_schema(path).names
        attributes = tuple(n for n in names if n not in {"customer_id", "arm", "prior_spend", *FACTS})
        counts = _arm_counts(path)
        experiment = _example_experiment(campaign_id, counts, started, ended)
        analysis = Analysis(
            control="control", reached=tuple(a for a in sorted(counts) if a != "control"), attributes=attributes,
            covariate="prior_spend" if "prior_spend" in names else None,
            planned={a.name: a.weight for a in experiment.arms}, synthetic=True,
        )  # fmt: skip
        readout = _stored(experiment, path, analysis, now)
    campaign = _example_campaign(campaign_id, str(notes["name"]), readout.id, experiment.id, started, ended)
    return Finished(campaign, experiment, readout)


def _join_attributes(folder: Path, rows: Path, target: Path, started: date) -> None:
    """Write the experiment's rows with what was known of each person before the send."""
    db = duckdb.connect()
    customers, orders = folder / "customers.parquet", folder / "orders.parquet"
    joins, chosen = "", ["e.*"]
    if customers.is_file():
        names = set(pq.read_schema(customers).names)
        chosen += [f"coalesce(c.{f}::VARCHAR, '(blank)') AS {f}" for f in SEGMENT_FIELDS if f in names]
        chosen += [_age_bands(started)] if "birth_date" in names else []
        joins += f" LEFT JOIN read_parquet('{_literal(customers)}') c USING (customer_id)"
    if orders.is_file():
        chosen += ["coalesce(p.prior_spend, 0)::DOUBLE AS prior_spend", _BOUGHT]
        joins += (
            " LEFT JOIN (SELECT customer_id, sum(CASE WHEN is_return THEN -abs(amount) ELSE amount END) AS prior_spend,"
            f" max(ordered_at) AS last_order FROM read_parquet('{_literal(orders)}')"
            f" WHERE ordered_at < DATE '{started.isoformat()}' GROUP BY 1) p USING (customer_id)"
        )
    columns = ", ".join(chosen).replace("$started", f"DATE '{started.isoformat()}'")
    query = f"SELECT {columns} FROM read_parquet('{_literal(rows)}') e{joins} ORDER BY customer_id"
    db.execute(f"COPY ({query}) TO '{_literal(target)}' (FORMAT parquet)")


_BOUGHT = (
    "CASE WHEN p.last_order IS NULL THEN 'never' WHEN p.last_order >= $started - INTERVAL 180 DAY THEN 'last 180 days'"
    " ELSE 'longer ago' END AS last_bought"
)


def _age_bands(on: date) -> str:
    """Return SQL for the band of a customer's age on a day; as ``age_band``."""
    years = f"date_sub('year', c.birth_date::DATE, DATE '{on.isoformat()}')"
    bands = " ".join(f"WHEN {years} < {start + 10} THEN '{age_band(start)}'" for start in AGE_STARTS[:-1])
    youngest = f"WHEN {years} < {AGE_STARTS[0]} THEN '{age_band(0)}'"
    return (
        f"CASE WHEN c.birth_date IS NULL THEN '(blank)' {youngest} {bands} ELSE '{age_band(AGE_STARTS[-1])}' END AS age"
    )


def _literal(path: Path) -> str:
    return str(path).replace("'", "''")


def _arm_counts(path: Path) -> dict[str, int]:
    found = duckdb.execute(f"SELECT arm, count(*) FROM read_parquet('{_literal(path)}') GROUP BY 1").fetchall()
    return {str(arm): int(n) for arm, n in found}


def _example_experiment(campaign_id: str, counts: Mapping[str, int], started: date, ended: date) -> Experiment:
    total, baseline = sum(counts.values()), 0.04
    answer: PowerAnswer = estimate(Question(total, len(counts), baseline))
    order = ["control", *(a for a in sorted(counts) if a != "control")]
    metric: MetricName = "conversion_rate"
    return Experiment(
        id="exp-finished-example", campaign_id=campaign_id,
        arms=tuple(
            Arm(name=a, weight=1 / len(counts), is_control=a == "control",
                receives="no message" if a == "control" else f"variant {a}")
            for a in order
        ),
        primary_metric=metric, duration_days=max(1, (ended - started).days), baseline=baseline,
        baseline_source="invented with the sample shop", eligible=total, power_answer=answer, salt="finished-example",
        planned_readout=ended, words=f"A finished, made-up test of {len(counts) - 1} messages against no message.",
    )  # fmt: skip


def _example_campaign(
    campaign_id: str, name: str, readout_id: str, experiment_id: str, started: date, ended: date
) -> Campaign:
    noon = datetime.min.time().replace(hour=12)
    return Campaign(
        id=campaign_id, campaign_id=campaign_id, name=name, state=CampaignState.ANALYSED, theme="summer",
        experiment_id=experiment_id, readout_id=readout_id, synthetic=True, change="results analysed",
        created_at=datetime.combine(started - timedelta(days=7), noon, UTC),
        changed_at=datetime.combine(ended, noon, UTC),
    )  # fmt: skip
