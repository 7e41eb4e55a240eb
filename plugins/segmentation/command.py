"""What stands behind ``cpo audience`` and ``cpo segment``: plain functions from parsed options to JSON-able results."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast, get_args

import duckdb
from pydantic import ValidationError

from app.domain.audience import AudienceDefinition, Channel, Condition, ContactRules
from app.domain.errors import Refused, UserFixable
from plugins.segmentation.audiences import emptied_by, find, meaning
from plugins.segmentation.dataset import open_dataset
from plugins.segmentation.engine import Engine
from plugins.segmentation.ingest import ingest, propose_mapping
from plugins.segmentation.methods import MethodName, Segmenter
from plugins.segmentation.recency import TieRule
from plugins.segmentation.segments import Segmentation
from plugins.segmentation.shop import LoadedShop
from plugins.segmentation.sources import find_files, recognise, stage
from plugins.segmentation.sql import Sql
from plugins.segmentation.summaries import emptied
from plugins.segmentation.values import identifier_sql, text_sql
from plugins.segmentation.wording import parse_words

MakeEngine = Callable[[], Engine]


@contextmanager
def shop_from_path(
    path: Path,
    make_engine: MakeEngine,
    *,
    now: datetime,
    as_of: date | None = None,
    mapping: Mapping[str, str] | None = None,
) -> Generator[LoadedShop]:
    """Open what lies at a path - a dataset folder, a table or a folder of tables - as a shop, for one command."""
    engine = make_engine()
    try:
        if (path / "manifest.json").is_file():
            yield LoadedShop(engine, open_dataset(path), as_of=as_of)
            return
        with tempfile.TemporaryDirectory(prefix="cpo-data-") as folder:
            into = Path(folder) / "data"
            ingest(None, path, into, now=now, mapping=mapping, name=path.name)
            yield LoadedShop(engine, open_dataset(into), as_of=as_of)
    finally:
        engine.close()


def parse_date(text: str | None) -> date | None:
    """Return an ISO date; raise ``UserFixable`` for anything else."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise UserFixable(f"{text!r} is not a date.", hint="Write it as 2026-11-21.") from None


def parse_definition(text: str) -> AudienceDefinition:
    """Read a definition: JSON, a file with JSON, or the words that cpo prints."""
    said = text.strip()
    if not said.startswith(("{", "[")):
        file = Path(said)
        if len(said) < 1000 and file.is_file():
            said = file.read_text(encoding="utf-8-sig")
        else:
            return parse_words(said)
    try:
        return AudienceDefinition.model_validate(json.loads(said))
    except json.JSONDecodeError as error:
        raise UserFixable(
            f"The definition is no JSON: {error}.", hint='Example: [{"field": "lifecycle", "value": "lapsed"}]'
        ) from None
    except ValidationError as error:
        raise UserFixable(
            "The definition is wrong: " + "; ".join(_problems(error)) + ".", hint="See docs/segmentation.md."
        ) from None


def audience(
    shop: LoadedShop,
    definition: AudienceDefinition | Sequence[Condition],
    *,
    channel: str = "email",
    rules: ContactRules | None = None,
    unread: Sequence[str] = (),
) -> dict[str, Any]:
    """Return ``{definition, words, matched, ids_sha256, funnel, as_of, ...}``.

    ``unread`` are phrases of the person that no condition was made of: a warning beside other conditions, an error
    where they would have been the only ones.
    """
    missed = ", ".join(f"'{words}'" for words in unread)
    if unread and not definition:
        raise UserFixable(f"I could not read {missed}.", hint="Say it by fields: " + ", ".join(sorted(shop.columns())))
    if channel not in get_args(Channel):
        raise UserFixable(f"There is no channel {channel!r}.", hint="Channels: email, sms, push.")
    if not isinstance(definition, AudienceDefinition):
        definition = AudienceDefinition(all_of=tuple(definition))
    try:
        found = find(shop, definition, cast("Channel", channel), rules or ContactRules())
        checked = shop.definition_of(found)
        guilty = None if found.matched else emptied_by(shop, checked)
    except Refused as refused:
        raise UserFixable(refused.instruction, hint="Allowed: " + ", ".join(refused.allowed[:20])) from refused
    members = shop.compiler(checked.thresholds).members(checked)
    return {
        "definition": found.definition,
        "words": found.words,
        "meaning": meaning(shop, checked),
        "matched": found.matched,
        "eligible": found.eligible,
        "total_customers": found.total_customers,
        "channel": found.channel,
        "ids_sha256": found.ids_sha256,
        "funnel": [step.model_dump(mode="json") for step in found.funnel],
        "as_of": found.as_of.isoformat(),
        "thresholds": dict(found.thresholds),
        "sensitivity": [s.model_dump(mode="json") for s in found.sensitivity],
        "sql": {"text": members.text, "values": list(members.values), "engine": shop.engine.name},
        "warnings": [*found.warnings, *([f"not read, nobody was chosen by it: {missed}"] if unread else [])],
        **({"emptied_by": emptied(guilty)} if guilty else {}),
        "rows_left_out": rows_left_out(shop),
    }


def audience_words(result: Mapping[str, Any]) -> str:
    """Say an audience for a person."""
    lines = [f"{result['words']}", f"  {result['matched']:,} of {result['total_customers']:,} customers match"]
    if result["meaning"]:
        lines.append(f"  {result['meaning']}")
    for step in result["funnel"]:
        note = f" ({step['note']})" if step["note"] else ""
        lines.append(f"  - {step['removed']:>8,}  {step['words']}{note}")
    lines.append(f"  = {result['eligible']:>8,}  can be contacted by {result['channel']}")
    for other in result["sensitivity"]:
        mark = " <- taken" if other["chosen"] else ""
        lines.append(f"  {other['word']}, {other['reading']}: {other['matched']:,}{mark}")
    lines += [f"  ! {warning}" for warning in result["warnings"]]
    lines.append(f"  as of {result['as_of']}, sha256 of the ids {result['ids_sha256']}")
    return "\n".join(lines)


def segment(
    shop: LoadedShop,
    *,
    method: str = "rfm",
    tie_rule: str = "cut_repeat",
    k: int | None = None,
    labels: Mapping[str, str] | None = None,
    assignments: Path | None = None,
) -> dict[str, Any]:
    """Return ``{method, as_of, definition, segments, left_out, ...}``; write customer_id,segment where asked."""
    if method not in get_args(MethodName):
        raise UserFixable(f"There is no method {method!r}.", hint=f"Methods: {', '.join(get_args(MethodName))}.")
    if tie_rule not in get_args(TieRule):
        raise UserFixable(f"There is no tie rule {tie_rule!r}.", hint=f"Tie rules: {', '.join(get_args(TieRule))}.")
    try:
        result = _segmented(shop, cast("MethodName", method), cast("TieRule", tie_rule), k, labels)
    except Refused as refused:
        raise UserFixable(refused.instruction) from refused
    if assignments is not None:
        _write_assignments(shop, result, assignments)
    return {
        "method": result.method,
        "as_of": shop.as_of.isoformat(),
        "definition": result.definition,
        "currency": shop.currency,
        "total": result.total,
        "customers": result.customers,
        "segments": [{**s.as_data(), "spend": s.spend} for s in result.segments],
        "left_out": result.left_out,
        "rows_left_out": rows_left_out(shop),
    }


def segment_words(result: Mapping[str, Any]) -> str:
    """Say a segmentation for a person, one line a segment."""
    lines = [f"{result['method']} as of {result['as_of']}: {result['customers']:,} of {result['total']:,} customers"]
    for s in result["segments"]:
        recency = s["median_last_purchase_days"]
        lines.append(
            f"  {s['number']:>2}  {s['name']:<40} {s['customers']:>9,}  {s['share']:>6.1%}  spend "
            f"{s['spend_share']:>6.1%}  last order {'?' if recency is None else recency} days  "
            f"orders {s['avg_orders']:.1f}"
        )
    lines += [f"  left out: {count:,} {reason.replace('_', ' ')}" for reason, count in result["left_out"].items()]
    lines += [f"  rows left out: {n:,} {reason.replace('_', ' ')}" for reason, n in result["rows_left_out"].items()]
    return "\n".join(lines)


def rows_left_out(shop: LoadedShop) -> dict[str, int]:
    """Return how many rows of the loaded files are not in the dataset, by reason."""
    total: dict[str, int] = {}
    for source in shop.dataset.manifest.sources:
        for reason, count in source.get("not_loaded", {}).items():
            total[reason] = total.get(reason, 0) + int(count)
    return total


def read_labels(path: Path, column: str, mapping: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return {customer_id: label} from a column of a file; a customer's last label counts."""
    source = recognise(find_files(path)[0])
    position = {name.lower(): p for p, name in enumerate(source.columns)}.get(column.lower())
    if position is None:
        raise UserFixable(f"{path.name} has no column {column!r}.", hint=f"Columns: {', '.join(source.columns)}")
    customer = propose_mapping(path, None, mapping).get("customer_id")
    if customer is None:
        raise UserFixable(f"{path.name} has no customer ids to label.", hint="--map COLUMN=customer_id")
    with tempfile.TemporaryDirectory(prefix="cpo-labels-") as folder:
        connection = duckdb.connect(str(Path(folder) / "scratch.duckdb"))
        try:
            stage(connection, source, "staged")
            rows = connection.execute(
                f"SELECT {identifier_sql(f'c{customer.position}')}, {text_sql(f'c{position}')} FROM staged "
                "WHERE shape IS NULL ORDER BY row"
            ).fetchall()
        finally:
            connection.close()
    return {str(one): str(label) for one, label in rows if one is not None and label is not None}


def _segmented(
    shop: LoadedShop, method: MethodName, tie_rule: TieRule, k: int | None, labels: Mapping[str, str] | None
) -> Segmentation:
    if labels is None:
        return Segmenter(shop).segment(method, k=k, tie_rule=tie_rule)
    from plugins.segmentation.labelled import segment_by_labels  # scikit-learn takes a second to import

    return segment_by_labels(shop, labels)


def _write_assignments(shop: LoadedShop, result: Segmentation, file: Path) -> None:
    names = {s.key: s.name for s in result.segments}
    query = Sql.fill("SELECT customer_id, segment FROM ({}) segmented ORDER BY customer_id", result.members)
    fresh = file.with_name(f".{file.name}.new")
    with fresh.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["customer_id", "segment"])
        writer.writerows((customer_id, names[key]) for customer_id, key in shop.engine.stream(query))
    fresh.replace(file)


def _problems(error: ValidationError) -> list[str]:
    return [str(problem["msg"]).removeprefix("Value error, ") for problem in error.errors()][:5]
