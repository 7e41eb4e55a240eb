"""Exports on request: approved copy, the audience, results, or the rest of the audience with the winner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from app.domain.audience import Shop
from app.domain.campaign import Campaign
from app.domain.content import Variant
from app.domain.entities import canonical_json
from app.domain.errors import UserFixable
from app.workspace import Workspace
from plugins.experiment.assignment import HOLDOUT, canonical_id
from plugins.experiment.column_maps import PLATFORMS, Platform
from plugins.experiment.launch import (
    RELEASED,
    FileTable,
    Parcel,
    Parts,
    RenderHtml,
    assignment_of,
    parts_of,
    people_digest,
    recipients,
    sent_to,
    variant_content,
    variant_files,
)
from plugins.experiment.ramp import checked_share, share_reached
from plugins.experiment.stored_results import stored_readout

What = Literal["approved_copy", "audience", "results", "all", "trace", "rollout", "ramp"]
Format = Literal[
    "csv", "json", "html", "txt", "mailchimp", "klaviyo", "braze", "mautic", "customer_io", "dittofeed"
]  # fmt: skip


HOLDS_COPY = frozenset(("approved_copy", "all", "rollout", "ramp"))
"""Exports that carry messages, and so need the documents behind them to stand."""


def platform_of(form: str) -> Platform | None:
    """Return the platform a format names, or None."""
    return next((p for p in PLATFORMS if p == form), None)


def released_variants(workspace: Workspace, campaign: Campaign) -> list[Variant]:
    """Return the campaign's messages that passed the safety check."""
    found = [workspace.get(Variant, i) for i in campaign.variants.values()]
    return [v for v in found if v.decision in RELEASED and v.fields]


def export_content(
    workspace: Workspace,
    shop: Shop,
    campaign: Campaign,
    *,
    what: str,
    form: str,
    trace: str | None = None,
    ramp_share: float | None = None,
) -> dict[str, Any]:
    """Return everything an export would write, as digests and texts; the approval binds it. Raises UserFixable."""
    if what not in get_args(What) or form not in get_args(Format):
        raise UserFixable(f"{what} as {form} cannot be exported.", hint=f"What: {', '.join(get_args(What))}.")
    content: dict[str, Any] = {"kind": "export", "campaign_id": campaign.id, "what": what, "format": form}
    if what in ("approved_copy", "all"):
        content["variants"] = [variant_content(v) for v in released_variants(workspace, campaign)]
    if what in ("audience", "all"):
        parts = parts_of(workspace, campaign)
        content["audience"] = {"id": parts.audience.id, "ids_sha256": parts.audience.ids_sha256}
        content["people_sha256"] = people_digest(arms_of(workspace, shop, parts))
    if what in ("results", "all", "rollout"):
        readout = stored_readout(workspace, campaign)
        content["calculation_id"] = None if readout is None else readout.id
    if what == "rollout":
        content |= rollout_of(workspace, shop, campaign, _winner(workspace, campaign)).content()
    if what == "ramp":
        content |= _next_share(workspace, campaign, 1.0 if ramp_share is None else float(ramp_share))
    if what == "trace":
        content["trace"] = trace or ""
    return content


def _next_share(workspace: Workspace, campaign: Campaign, share: float) -> dict[str, Any]:
    """Return what raising the share of people sent to covers: the people who are new, and the messages."""
    parts = parts_of(workspace, campaign)
    arm_of = workspace.assigned(parts.experiment.id)
    if not arm_of:
        raise UserFixable("The campaign has not been launched.", hint="Launch it to a share first.")
    before = share_reached(workspace.effects_of(campaign.id))
    people = sent_to(parts, arm_of, checked_share(share, before), above=before)
    return {
        "ramp_share": share, "ramp_before": before, "people": len(people),
        "people_sha256": people_digest({i: arm_of[i] for i in people}),
        "variants": [variant_content(v) for v in parts.variants.values()],
    }  # fmt: skip


def export_summary(campaign: Campaign, content: Mapping[str, Any]) -> str:
    """Write what a person is asked to approve; a roll-out with the people it reaches and leaves out."""
    what, form = str(content["what"]), str(content["format"])
    if what == "ramp":
        return (
            f"Raise {campaign.name} from {content['ramp_before']:.0%} to {content['ramp_share']:.0%} of each arm: "
            f"{content['people']:,} more people are sent to, as {form}; nobody changes arms."
        )
    if what != "rollout":
        return f"Export {what.replace('_', ' ')} of {campaign.name} as {form}."
    n = content["counts"]
    held = f", {n['held_out']:,} stay held out" if n["held_out"] else ""
    new = f", {n['new']:,} of them new since the launch" if n["new"] else ""
    return (
        f"Roll out {content['winner']} of {campaign.name} as {form} to {n['to_send']:,} people{new}. "
        f"Of {n['eligible']:,} eligible, {n['had_winner']:,} had it in the test{held}. "
        f"Whoever got another message or none gets it now."
    )


def arms_of(workspace: Workspace, shop: Shop, parts: Parts) -> dict[str, str]:
    """Return each person's arm: as the launch stored it, or as it would be dealt before any launch."""
    return workspace.assigned(parts.experiment.id) or assignment_of(parts, shop)[0].as_dict()


@dataclass(frozen=True, slots=True)
class Rollout:
    """The winner, and the people of the audience who get it now.

    ``counts``: eligible = had_winner + held_out + to_send; of those to send to, ``new`` were never assigned.
    """

    parts: Parts
    winner: str
    variant: Variant
    people: Sequence[str]
    counts: Mapping[str, int]

    def content(self) -> dict[str, Any]:
        """Return what the approval binds: the message, the people, the counts."""
        return {
            "winner": self.winner, "variants": [variant_content(self.variant)], "counts": dict(self.counts),
            "people_sha256": people_digest(dict.fromkeys(self.people, self.winner)),
        }  # fmt: skip


def rollout_of(workspace: Workspace, shop: Shop, campaign: Campaign, winner: str) -> Rollout:
    """Return who gets the winner: everybody eligible now but those who had it in the test and those held out.

    The holdout stays out, because it measures the campaign as a whole. Raises UserFixable where the winner is no
    message, nothing was launched, or the winner was rolled out before: nobody gets it twice.
    """
    parts = parts_of(workspace, campaign)
    arm = next((a for a in parts.experiment.arms if a.name == winner and a.variant_id), None)
    if arm is None or arm.variant_id is None:
        raise UserFixable(f"{winner} is not a message of this campaign.", hint="Only a message can be rolled out.")
    arm_of = workspace.assigned(parts.experiment.id)
    if not arm_of:
        raise UserFixable("Nobody was assigned: the campaign was not launched here.", hint="Export the audience.")
    before = [e for e in workspace.effects_of(campaign.id) if e["body"].get("what") == "rollout"]
    if before:
        raise UserFixable(
            f"The winner was rolled out on {before[0]['at'][:10]}; nobody gets it twice.",
            hint=f"Its files are in the folder {before[0]['body']['folder']}.",
        )
    eligible = [canonical_id(row["customer_id"]) for row in shop.eligible_rows(parts.audience, ["customer_id"])]
    share = share_reached(workspace.effects_of(campaign.id))
    had = sent_to(parts, {i: a for i, a in arm_of.items() if a == winner}, share)
    people = [i for i in eligible if i not in had and arm_of.get(i) != HOLDOUT]
    counts = {
        "eligible": len(eligible), "to_send": len(people), "new": sum(i not in arm_of for i in people),
        "had_winner": sum(i in had for i in eligible),
        "held_out": sum(arm_of.get(i) == HOLDOUT for i in eligible),
    }  # fmt: skip
    return Rollout(parts, winner, parts.variants[arm.variant_id], people, counts)


def _winner(workspace: Workspace, campaign: Campaign) -> str:
    readout = stored_readout(workspace, campaign)
    winner = None if readout is None else readout.body["decision"]["winner"]
    if winner is None:
        raise UserFixable("There is no winner to roll out.", hint="Read the results first; 'no winner' is an answer.")
    return str(winner)


def execute_export(
    workspace: Workspace, shop: Shop, campaign: Campaign, content: Mapping[str, Any], *, render_html: RenderHtml
) -> Parcel:
    """Make the files of an approved export. Raises UserFixable where there is nothing to write."""
    what, form = str(content["what"]), str(content["format"])
    platform = platform_of(form)
    files: dict[str, str | FileTable] = {}
    if what in ("approved_copy", "all"):
        made = variant_files(released_variants(workspace, campaign), render_html, platform)
        files |= {name: text for name, text in made.items() if _wanted(name, form)}
    if what in ("audience", "all"):
        parts = parts_of(workspace, campaign)
        files[f"recipients{'-' + platform if platform else ''}.csv"] = recipients(
            parts, shop, arms_of(workspace, shop, parts), platform
        )
    if what in ("results", "all"):
        files |= result_files(workspace, campaign)
    if what == "rollout":
        rest = rollout_of(workspace, shop, campaign, str(content["winner"]))
        if rest.content()["people_sha256"] != content["people_sha256"]:
            raise UserFixable("The people changed since this was approved.", hint="Ask for the roll-out again.")
        files |= variant_files([rest.variant], render_html, platform)
        files["rollout.csv"] = recipients(rest.parts, shop, dict.fromkeys(rest.people, rest.winner), platform)
        files["manifest.json"] = canonical_json(dict(content))
    if what == "ramp":
        parts = parts_of(workspace, campaign)
        arm_of = workspace.assigned(parts.experiment.id)
        people = sent_to(parts, arm_of, float(content["ramp_share"]), above=float(content["ramp_before"]))
        files["recipients.csv"] = recipients(parts, shop, {i: arm_of[i] for i in people}, platform)
        files |= variant_files(parts.variants.values(), render_html, platform)
    if what == "trace":
        files["trace.json"] = str(content["trace"])
    if not files:
        raise UserFixable("There is nothing to export.", hint="Approve copy or load results first.")
    rows = sum(len(f.rows) for f in files.values() if isinstance(f, FileTable))
    shares = {"ramp_share": content["ramp_share"]} if what == "ramp" else {}
    words = f"Exported {what.replace('_', ' ')} of {campaign.name}: {len(files)} files, {rows:,} rows."
    return Parcel(files, words, details={"what": what, "format": form, **shares})


def _wanted(name: str, form: str) -> bool:
    kinds = {"html": (".html",), "txt": (".txt",), "json": (".json",)}
    return name.endswith(kinds.get(form, (".html", ".txt", ".json")))


def result_files(workspace: Workspace, campaign: Campaign) -> dict[str, str | FileTable]:
    """Return the stored readout as JSON and as a flat table; simulated and synthetic figures say so in each row."""
    readout = stored_readout(workspace, campaign)
    if readout is None:
        return {}
    mark = "SIMULATED" if readout.simulated else "SYNTHETIC" if readout.synthetic else "observed"
    keys = ("outcome", "arm", "versus", "role", "n", "n_control", "value", "control_value", "difference")
    header = (*keys, "difference_low", "difference_high", "lift", "p", "p_adjusted", "data", "calculation_id")
    rows: list[tuple[object, ...]] = []
    for row in [*readout.body["comparisons"], *readout.body.get("between", [])]:
        low, high = row["difference_ci"] or (None, None)
        tail = (row["lift"], row["p_text"], row["p_adjusted_text"], mark, readout.id)
        rows.append((*(row[k] for k in keys), low, high, *tail))
    return {"results.json": canonical_json(readout.body), "results.csv": FileTable(header, rows)}


def safe_cell(cell: object) -> object:
    """Return a cell that no spreadsheet runs: text that begins like a formula gets a leading apostrophe.

    Plain numbers and telephone numbers in international form are left alone.
    """
    if not isinstance(cell, str) or not cell:
        return cell
    if cell.lstrip()[:1] in ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20") or cell[0] in "\t\r\n":
        digits = cell[1:].replace(" ", "").replace(".", "", 1)
        if cell[0] in "+-" and digits.isascii() and digits.isdigit():
            return cell
        return "'" + cell
    return cell
