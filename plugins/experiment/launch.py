"""What a launch covers and what it makes. Pure: it reads the workspace and the shop, and writes nothing.

``content`` holds everything a person approves, so that its digest binds every text, person and share; ``package`` is
made from that content alone, so what leaves is what was approved.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain.audience import Audience, Shop
from app.domain.campaign import Campaign, CampaignState
from app.domain.content import ContentLibrary, Variant
from app.domain.entities import canonical_json, digest_of
from app.domain.errors import UserFixable
from app.domain.experiment import Experiment
from app.domain.merge_values import clean_value
from app.domain.safety import Decision
from app.workspace import Workspace
from plugins.experiment.assignment import HOLDOUT, Assignment, canonical_id, deal
from plugins.experiment.column_maps import PLATFORMS, Platform, column_name, convert_tags, merge_fields
from plugins.experiment.ramp import checked_share, released
from plugins.experiment.sources import source_problems

ADDRESS = {"email": "email", "sms": "phone", "push": None}
RELEASED = (Decision.ALLOW, Decision.REDACT)
RenderHtml = Callable[[Mapping[str, str]], str]
"""Makes the HTML of one e-mail from its fields."""


@dataclass(frozen=True, slots=True)
class FileTable:
    """A file of rows; the sink screens the cells and writes CSV.

    ``addresses`` names the columns whose cells are contact addresses and are meant to leave: only those of the people
    an approved launch or export sends to.
    """

    header: tuple[str, ...]
    rows: Sequence[Sequence[object]]
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a launch or an export makes: files by name, the assignment rows, and what to say."""

    files: Mapping[str, str | FileTable]
    words: str
    assignments: Sequence[Mapping[str, Any]] = ()
    details: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Parts:
    """The pieces of a campaign that are ready to be launched."""

    campaign: Campaign
    audience: Audience
    experiment: Experiment
    variants: Mapping[str, Variant]
    """Variant id -> variant, those that an arm sends."""


def sending_day(send_on: str | None, today: date) -> date:
    """Return the day on which the messages go out: the send date, or today when there is none or it has passed."""
    return max(date.fromisoformat(send_on), today) if send_on else today


def blockers(
    workspace: Workspace, shop: Shop, campaign: Campaign, send_on: date | None, library: ContentLibrary
) -> list[str]:
    """Return everything that stands against a launch, in words; none means an approval may be asked for."""
    found: list[str] = []
    if campaign.state is not CampaignState.DRAFT:
        found.append(f"The campaign is {campaign.state.value} already.")
    if campaign.audience_id is None:
        found.append("It has no audience.")
    if campaign.experiment_id is None:
        found.append("It has no test plan.")
    if send_on is not None and send_on < workspace.today:
        found.append(f"The send date {send_on.isoformat()} has passed.")
    if found or campaign.audience_id is None or campaign.experiment_id is None:
        return found
    audience = workspace.get(Audience, campaign.audience_id)
    experiment = workspace.get(Experiment, campaign.experiment_id)
    found += _stale(audience, experiment, shop, campaign)
    found += [problem for arm in experiment.arms for problem in _arm_problems(workspace, campaign, arm.variant_id)]
    day = max(send_on, workspace.today) if send_on else workspace.today
    found += source_problems(parts_of(workspace, campaign).variants.values(), library, day)
    return list(dict.fromkeys(found))


def _stale(audience: Audience, experiment: Experiment, shop: Shop, campaign: Campaign) -> list[str]:
    found: list[str] = []
    if audience.eligible == 0:
        found.append("Nobody in the audience may be contacted.")
    if audience.dataset_id != shop.dataset_id:
        found.append("The audience was made from other data than is loaded now.")
    if experiment.eligible != audience.eligible:
        found.append("The audience changed after the test was planned; plan it again.")
    planned = {arm.variant_id for arm in experiment.arms if arm.variant_id}
    if not planned <= set(campaign.variants.values()):
        found.append("A message changed after the test was planned; plan it again.")
    return found


def _arm_problems(workspace: Workspace, campaign: Campaign, variant_id: str | None) -> list[str]:
    if variant_id is None:
        return []
    variant = workspace.get(Variant, variant_id)
    if variant.decision not in RELEASED or not variant.fields:
        return [f"Variant {variant.label} has not passed the safety check ({variant.decision.value})."]
    if variant.channel not in campaign.channels:
        return [f"Variant {variant.label} is for {variant.channel}, which this campaign does not use."]
    return []


def parts_of(workspace: Workspace, campaign: Campaign) -> Parts:
    """Collect what a campaign sends. Raises UserFixable where something is missing."""
    if campaign.audience_id is None or campaign.experiment_id is None:
        raise UserFixable("The campaign has no audience or no test plan.", hint="Find an audience, then plan the test.")
    experiment = workspace.get(Experiment, campaign.experiment_id)
    ids = [arm.variant_id for arm in experiment.arms if arm.variant_id]
    return Parts(
        campaign,
        workspace.get(Audience, campaign.audience_id),
        experiment,
        {i: workspace.get(Variant, i) for i in ids},
    )


def assignment_of(parts: Parts, shop: Shop) -> tuple[Assignment, dict[str, str]]:
    """Deal the eligible people; also return each person's stratum. The same inputs always give the same deal."""
    experiment = parts.experiment
    columns = ["customer_id", *experiment.stratify_by]
    ids: list[str] = []
    strata: list[str] = []
    for row in shop.eligible_rows(parts.audience, columns):
        ids.append(canonical_id(row["customer_id"]))
        strata.append(" | ".join(_text(row.get(c)) or "(blank)" for c in experiment.stratify_by))
    weights = {arm.name: arm.weight for arm in experiment.arms}
    found = deal(
        ids, weights, salt=experiment.salt, holdout_share=experiment.holdout_share,
        strata=strata if experiment.stratify_by else None,
    )  # fmt: skip
    return found, dict(zip(ids, strata, strict=True))


def launch_content(
    workspace: Workspace,
    shop: Shop,
    campaign: Campaign,
    *,
    send_on: str | None,
    policy_hash: str = "",
    ramp_share: float = 1.0,
) -> dict[str, Any]:
    """Return everything the approval binds: texts, people, arms, date. Recompute and compare before carrying out.

    Below a ``ramp_share`` of 1 everybody is assigned, but only that share of each arm is sent to at first.
    """
    parts = parts_of(workspace, campaign)
    dealt, _ = assignment_of(parts, shop)
    experiment = parts.experiment
    first = sent_to(parts, dealt.as_dict(), checked_share(ramp_share))
    return {
        "kind": "launch",
        "campaign_id": campaign.id,
        "name": campaign.name,
        "channels": list(campaign.channels),
        "send_on": send_on,
        "policy_hash": policy_hash or next((v.policy_hash for v in parts.variants.values()), ""),
        "audience": {
            "id": parts.audience.id, "words": parts.audience.words, "ids_sha256": parts.audience.ids_sha256,
            "matched": parts.audience.matched, "eligible": parts.audience.eligible,
            "dataset": parts.audience.dataset_id,
        },
        "experiment": {
            "id": experiment.id, "salt": experiment.salt, "primary_metric": experiment.primary_metric,
            "stratify_by": list(experiment.stratify_by), "duration_days": experiment.duration_days,
            "holdout_share": experiment.holdout_share, "alpha": experiment.alpha,
        },
        "arms": [
            {"name": a.name, "variant_id": a.variant_id, "weight": a.weight, "is_control": a.is_control,
             "receives": a.receives, "people": dealt.counts()[a.name]}
            for a in experiment.arms
        ],
        "held_out": dealt.counts().get(HOLDOUT, 0),
        "ramp_share": ramp_share,
        "sent_first": len(first),
        "people_sha256": people_digest(dealt.as_dict()),
        "variants": [variant_content(v) for v in parts.variants.values()],
    }  # fmt: skip


def variant_content(variant: Variant) -> dict[str, Any]:
    """Return every field of a message and how it was judged."""
    return {
        "id": variant.id, "label": variant.label, "channel": variant.channel, "fields": dict(variant.fields),
        "decision": variant.decision.value, "policy_hash": variant.policy_hash, "screened_by": variant.screened_by,
        "sources": [c.document_id for c in variant.citations],
    }  # fmt: skip


def people_digest(arm_of: Mapping[str, str]) -> str:
    """Return the SHA-256 of ``id TAB arm`` lines, sorted by id."""
    lines = sorted(f"{customer_id}\t{arm}" for customer_id, arm in arm_of.items())
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()


def launch_summary(content: Mapping[str, Any]) -> str:
    """Write what a person is asked to approve."""
    arms = ", ".join(f"{a['name']} {a['people']:,} ({a['receives']})" for a in content["arms"])
    when = content["send_on"] or "as soon as it is sent by hand"
    held = f"; {content['held_out']:,} held out" if content["held_out"] else ""
    if content["ramp_share"] < 1:
        held += f". At first only {content['ramp_share']:.0%} of each arm: {content['sent_first']:,} messages"
    return (
        f"Launch {content['name']} to {content['audience']['eligible']:,} people ({content['audience']['words']}): "
        f"{arms}{held}. Send date: {when}. No message is sent by this product: files are written for your sender."
    )


def execute_launch(
    workspace: Workspace, shop: Shop, campaign: Campaign, content: Mapping[str, Any], *, render_html: RenderHtml
) -> Parcel:
    """Make the assignment rows and the package of an approved launch; raises UserFixable if the people changed."""
    parts = parts_of(workspace, campaign)
    dealt, strata = assignment_of(parts, shop)
    if people_digest(dealt.as_dict()) != content["people_sha256"]:
        raise UserFixable("The people changed since this was approved.", hint="Ask for the launch again.")
    rows = [
        {"experiment_id": parts.experiment.id, "customer_id": i, "arm": dealt.names[a], "stratum": strata[i], "u": u}
        for i, a, u in zip(dealt.ids, dealt.arms.tolist(), dealt.u.tolist(), strict=True)
    ]
    files = variant_files(parts.variants.values(), render_html)
    arm_of = dealt.as_dict()
    first = sent_to(parts, arm_of, float(content["ramp_share"]))
    files["recipients.csv"] = recipients(parts, shop, {i: arm_of[i] for i in first})
    files["assignment.csv"] = FileTable(
        ("customer_id", "arm", "stratum", "u"), [(r["customer_id"], r["arm"], r["stratum"], r["u"]) for r in rows]
    )
    files["headers.json"] = canonical_json(unsubscribe_headers(campaign))
    counts = dealt.counts()
    files["manifest.json"] = manifest(content, counts, files)
    words = f"{campaign.name} is launched: {len(rows):,} people assigned ({_counted(counts)})."
    if content["ramp_share"] < 1:
        words += f" {len(first):,} of them are sent to first."
    details = {
        "counts": counts,
        "ramp_share": content["ramp_share"],
        "experiment_id": parts.experiment.id,
        "content_digest": digest_of(dict(content)),
    }
    return Parcel(files, words, rows, details)


def sent_to(parts: Parts, arm_of: Mapping[str, str], share: float, *, above: float = 0.0) -> set[str]:
    """Return the people who get a message at a ramp-up share and had not at ``above``."""
    sending = {arm.name for arm in parts.experiment.arms if arm.variant_id}
    people = [i for i, arm in arm_of.items() if arm in sending]
    return released(people, salt=parts.experiment.salt, share=share, above=above)


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {n:,}" for name, n in counts.items())


def recipients(parts: Parts, shop: Shop, arm_of: Mapping[str, str], platform: Platform | None = None) -> FileTable:
    """Return one row for each person who is sent something: id, address, arm, variant, merge fields.

    People of the control and the holdout are not in it: a send list that holds them would one day be used whole.
    """
    by_arm = {arm.name: parts.variants[arm.variant_id] for arm in parts.experiment.arms if arm.variant_id}
    tags = list(dict.fromkeys(tag for v in by_arm.values() for tag in merge_fields(v.fields)))
    addresses = [a for a in dict.fromkeys(ADDRESS[v.channel] for v in by_arm.values()) if a]
    usable = shop.columns()
    fields = [t for t in tags if t in usable and t not in ("customer_id", *addresses)]
    columns = ["customer_id", *addresses, *fields]
    rows: list[tuple[object, ...]] = []
    extra = () if platform != "dittofeed" else ("subscribe",)
    bare = {v.label: _without_fallback(v) for v in by_arm.values()}
    lacking: Counter[str] = Counter()
    for row in shop.eligible_rows(parts.audience, columns):
        customer_id = canonical_id(row["customer_id"])
        variant = by_arm.get(arm_of.get(customer_id, ""))
        if variant is not None:
            address = [row.get(a) if a == ADDRESS[variant.channel] else None for a in addresses]
            merged = [clean_value(row.get(f)) or "" for f in fields]
            lacking.update(t for t in bare[variant.label] if t not in fields or not merged[fields.index(t)])
            rows.append((customer_id, *address, arm_of[customer_id], variant.label, *merged, *extra))
    if lacking:
        _refuse_unresolved(lacking)
    names = ["customer_id", *addresses, "arm", "variant", *fields]
    header = tuple(column_name(platform, n) for n in names) + (("action",) if extra else ())
    return FileTable(header, rows, tuple(column_name(platform, a) for a in addresses))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _without_fallback(variant: Variant) -> list[str]:
    """Return the merge tags of a message that stay empty for a person without a value.

    The unsubscribe link is none of them: the sender fills it in.
    """
    tags = merge_fields(variant.fields)
    return [tag for tag, fallback in tags.items() if not fallback and tag != "unsubscribe_url"]


def _refuse_unresolved(lacking: Mapping[str, int]) -> None:
    tags = ", ".join(f"{{{{ {tag} }}}} for {n:,}" for tag, n in lacking.items())
    raise UserFixable(
        f"Some people would read a merge tag that stays empty: {tags}. Nothing was written.",
        hint="Give each tag a default, or leave it out of the message, and ask for the approval again.",
    )


def variant_files(
    variants: Any, render_html: RenderHtml, platform: Platform | None = None
) -> dict[str, str | FileTable]:
    """Return each message as HTML (e-mail), text and JSON; tags rewritten where a platform is named."""
    files: dict[str, str | FileTable] = {}
    for variant in variants:
        fields = dict(variant.fields)
        if platform is not None:
            fields = {k: convert_tags(v, platform) for k, v in fields.items()}
        stem = f"variants/{variant.label}-{variant.channel}"
        if variant.channel == "email":
            files[f"{stem}.html"] = render_html(fields)
        files[f"{stem}.txt"] = "\n\n".join(fields[k] for k in _ORDER if fields.get(k))
        files[f"{stem}.json"] = canonical_json({"label": variant.label, "channel": variant.channel, "fields": fields})
    return files


_ORDER = ("subject", "preheader", "title", "body", "text", "cta", "link", "footer")


def unsubscribe_headers(campaign: Campaign) -> dict[str, Any]:
    """Return the headers every e-mail needs (RFC 2369, RFC 8058); the sender fills in the person's address."""
    return {
        "note": "Put these headers on every e-mail of the campaign, so that a reader can leave with one click.",
        "headers": [
            {"name": "List-Unsubscribe", "value": "<{{ unsubscribe_url }}>"},
            {"name": "List-Unsubscribe-Post", "value": "List-Unsubscribe=One-Click"},
            {"name": "Feedback-ID", "value": f"{campaign.id}:cpo"},
        ],
    }


def manifest(content: Mapping[str, Any], counts: Mapping[str, int], files: Mapping[str, str | FileTable]) -> str:
    """Return the manifest: what was approved, the counts, and a digest of each text and row count of each table."""
    listed = {
        name: {"rows": len(f.rows)} if isinstance(f, FileTable) else {"sha256": hashlib.sha256(f.encode()).hexdigest()}
        for name, f in sorted(files.items())
    }
    assigned = sum(n for name, n in counts.items() if name != HOLDOUT)
    return canonical_json(
        {"approved": digest_of(dict(content)), "campaign": content["campaign_id"], "counts": dict(counts),
         "eligible": content["audience"]["eligible"], "assigned": assigned, "held_out": counts.get(HOLDOUT, 0),
         "people_sha256": content["people_sha256"], "files": listed, "send_on": content["send_on"]}
    )  # fmt: skip


def platforms() -> tuple[Platform, ...]:
    """Return the platforms an export can be made for."""
    return PLATFORMS
