"""The kernel functions that write: brief, variants, revisions, previews."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field
from semantic_kernel.functions import kernel_function

from app.domain.audience import Channel, Shop
from app.domain.content import Brief, ContentLibrary, Theme, Tone
from app.domain.conversation import ToolResult
from app.domain.errors import Refused
from app.domain.experiment import MetricName
from app.domain.safety import Screen
from app.workspace import Workspace
from plugins.generation import channels as limits
from plugins.generation.briefs import Wish, write_brief
from plugins.generation.draft_edits import Edit, Wanted
from plugins.generation.drafting import Drafted, Drafting
from plugins.generation.preview import preview
from plugins.generation.revising import Revising
from plugins.generation.variants import Screened
from plugins.generation.writer import HostedWriter

Percent = Annotated[float, Field(ge=0, le=100)]


class GenerationPlugin:
    """Write copy from approved content."""

    def __init__(
        self,
        workspace: Workspace,
        shop: Shop | None,
        library: ContentLibrary,
        screen: Screen,
        *,
        writer: HostedWriter | None = None,
        locale: str = "en-US",
    ) -> None:
        self._workspace = workspace
        self._shop = shop
        self._library = library
        self._locale = locale
        self._drafting = Drafting(workspace, shop, library, screen, writer=writer, locale=locale)

    @kernel_function(
        name="write_brief",
        description=(
            "Start a campaign: record goal, theme, offer, channels, tone, send date and metric, and open it. Call it "
            "first when a campaign is to be built, before draft_variants; call it again to change the brief of the "
            "open draft. Only pass what the person said: the rest is assumed and listed. Discounts are used only when "
            "an approved offer has them. Returns the brief, assumptions, and at most one question."
        ),
    )
    def write_brief(
        self,
        goal: Annotated[str, Field(min_length=1, max_length=2000, description="What the campaign is for, in words")],
        theme: Annotated[Theme | None, "Occasion, e.g. summer, winback, black_friday"] = None,
        channels: Annotated[list[Channel] | None, "Channels; e-mail when not said"] = None,
        tone: Annotated[Tone | None, "One tone for all variants; leave out to test three"] = None,
        offer: Annotated[str | None, "The offer as the person named it, e.g. free shipping"] = None,
        discount_pct: Annotated[Percent | None, "Discount asked for, per cent, e.g. 15; 0 = no discount"] = None,
        send_on: Annotated[str | None, "Send date, YYYY-MM-DD"] = None,
        metric: Annotated[MetricName | None, "Primary metric; conversion_rate when not said"] = None,
        constraints: Annotated[list[str] | None, "Other wishes, e.g. do not mention prices"] = None,
        audience_id: Annotated[str | None, "Audience from segmentation-find_audience"] = None,
    ) -> ToolResult:
        """Create the campaign, or give the open draft a new brief."""
        wish = Wish(
            goal=goal,
            theme=theme,
            channels=tuple(channels or ()),
            tone=tone,
            offer=offer,
            discount_percent=discount_pct,
            send_on=send_on,
            metric=metric,
            constraints=tuple(constraints or ()),
            audience_id=audience_id,
        )
        written = write_brief(self._workspace, self._library, self._shop, wish, locale=self._locale)
        brief, campaign = written.brief, written.campaign
        data = {
            "name": campaign.name,
            "goal": brief.goal,
            "theme": brief.theme,
            "offer": brief.offer,
            "offer_until": brief.offer_until.isoformat() if brief.offer_until else None,
            "send_on": brief.send_on.isoformat() if brief.send_on else None,
            "audience": brief.audience_words or None,
            "channels": list(brief.channels),
            "tones": list(brief.tones),
            "primary_metric": brief.primary_metric,
            "assumptions": list(brief.assumptions),
            "missing": list(brief.missing),
            "question": written.question,
        }
        verb = "started" if written.is_new else "updated"
        return ToolResult(
            summary=f"Campaign '{campaign.name}' {verb}. {len(brief.assumptions)} assumption(s) listed.",
            data=data,
            handle={"brief_id": brief.id, "campaign_id": campaign.id},
            next=["generation-draft_variants"] if brief.audience_words else ["segmentation-find_audience"],
        )

    @kernel_function(
        name="draft_variants",
        description=(
            "Write message variants for the open campaign from approved content, check them against the audience and "
            "screen them. Each differs from the others in one named factor. Needs a brief (write_brief). Returns "
            "labels, subjects, decisions (allow, hold, block) with reasons, and sources. When nothing approved was "
            "found, nothing is written and nothing_found is true."
        ),
    )
    def draft_variants(
        self,
        count: Annotated[int, Field(ge=1, le=8, description="How many variants")] = 3,
        channel: Annotated[Channel | None, "Channel; the brief's first when not said"] = None,
        tone: Annotated[Tone | None, "One tone for all; leave out to compare tones"] = None,
        about: Annotated[str | None, "Product or subject to write about, e.g. coolers"] = None,
        campaign_id: Annotated[str | None, "Leave out for the open campaign"] = None,
    ) -> ToolResult:
        """Write, check, screen and store variants."""
        campaign = self._workspace.campaign(campaign_id)
        if campaign.brief_id is None:
            raise Refused("This campaign has no brief yet. Call generation-write_brief first.", code="no_brief")
        brief = self._workspace.get(Brief, campaign.brief_id)
        try:
            drafted = self._drafting.draft(campaign, brief, count=count, channel=channel, tone=tone, about=about or "")
        except Refused as refusal:
            if refusal.code != "nothing_approved":
                raise
            return ToolResult(
                summary=refusal.instruction,
                handle={"campaign_id": campaign.id},
                warnings=[refusal.instruction],
                data={
                    "channel": channel or brief.channels[0],
                    "variants": [],
                    "sources_used": [],
                    "problems": [refusal.instruction],
                    "nothing_found": True,
                },
            )
        return self._drafted(campaign.id, drafted)

    def _drafted(self, campaign_id: str, drafted: Drafted) -> ToolResult:
        rows = [row_of(s) for s in drafted.screened]
        sources = {c["id"]: c["title"] for row in rows for c in row["sources"]}
        allowed = sum(row["decision"] in ("allow", "redact") for row in rows)
        handle = {"campaign_id": campaign_id}
        handle |= {f"variant_{s.variant.label.lower()}": s.variant.id for s in drafted.screened}
        data: dict[str, Any] = {
            "channel": drafted.channel,
            "variants": rows,
            "sources_used": [{"id": i, "title": t} for i, t in sources.items()],
            "problems": list(drafted.problems),
            "nothing_found": False,
        }
        return ToolResult(
            summary=f"{len(rows)} {drafted.channel} variants written; {allowed} usable, {len(rows) - allowed} not.",
            data=data,
            handle=handle,
            warnings=list(drafted.problems),
            next=["generation-preview_variant", "safety-check_copy"],
        )

    @kernel_function(
        name="revise_variant",
        description=(
            "Change variants of the open campaign as asked and in nothing else: shorter, friendlier, another subject, "
            "mention something approved, no discount, as SMS, mend what was blocked. The old variant is kept. "
            "Returns new ids, what changed, and the new decision. For a change of audience use "
            "segmentation-refine_audience instead."
        ),
    )
    def revise_variant(
        self,
        variants: Annotated[list[str] | None, "Labels (A, B) or ids; leave out for all"] = None,
        edits: Annotated[list[Edit] | None, "What to change, in order"] = None,
        tone: Annotated[Tone | None, "New tone, with change_tone"] = None,
        channel: Annotated[Channel | None, "New channel, with change_channel"] = None,
        mention: Annotated[str | None, "What to mention, e.g. free returns; only approved content is used"] = None,
        remove: Annotated[str | None, "What to leave out"] = None,
        max_length: Annotated[
            int | None, Field(ge=5, le=2000, description="Longest text: words for e-mail, else characters")
        ] = None,
        discount_pct: Annotated[Percent | None, "Discount to use, per cent; needs an approved offer"] = None,
    ) -> ToolResult:  # fmt: skip
        """Revise, re-screen and store as new variants with the old as parents."""
        wanted = Wanted(
            variants=tuple(variants or ()),
            edits=tuple(edits or ()),
            tone=tone,
            channel=channel,
            mention=mention,
            remove=remove,
            max_length=max_length,
            discount_percent=discount_pct,
        )
        campaign = self._workspace.campaign()
        revised = Revising(self._workspace, self._library, self._drafting).revise(campaign, wanted)
        rows = [
            row_of(r.screened) | {
                "previous_id": r.previous.id, "changed_fields": list(r.changed_fields),
                "diff": list(r.diff) if r.screened.variant.fields else [], "notes": list(r.notes),
            }
            for r in revised
        ]  # fmt: skip
        handle = {"campaign_id": campaign.id}
        handle |= {f"variant_{r.screened.variant.label.lower()}": r.screened.variant.id for r in revised}
        notes = list(dict.fromkeys(n for r in revised for n in r.notes))
        summary = "; ".join(
            f"{row['label']}: {', '.join(row['changed_fields']) or 'unchanged'} ({row['decision']})" for row in rows
        )
        return ToolResult(summary=f"Revised {summary}.", data={"variants": rows}, handle=handle, warnings=notes)

    @kernel_function(
        name="preview_variant",
        description=(
            "Show a variant merged for one customer, and the worst cases of the audience: longest and missing names, "
            "other scripts, emoji, names that make an SMS longer, each with a count. Use for 'show me', 'preview', "
            "'how does it look for customer C00123'. Changes nothing."
        ),
    )
    def preview_variant(
        self,
        variant: Annotated[str | None, "Label or id; the first that may be shown when left out"] = None,
        customer_id: Annotated[str | None, "A customer id; an example member when left out"] = None,
    ) -> ToolResult:
        """Render a released variant; a blocked or held one is refused with its decision."""
        campaign = self._workspace.campaign()
        shown = preview(self._workspace, self._shop, campaign, variant, customer_id)
        return ToolResult(
            summary=(
                f"Variant {shown.variant.label} for {shown.customer_id or 'an example without data'}; "
                f"{shown.unresolved} unresolved tags over {shown.recipients:,} recipients."
            ),
            data={
                "label": shown.variant.label,
                "rendered": shown.rendered,
                "customer_id": shown.customer_id,
                "worst_cases": [c.as_row() for c in shown.worst_cases],
                "unresolved_tags": shown.unresolved,
                "recipients": shown.recipients,
                "inbox": shown.inbox,
            },
            handle={"variant_id": shown.variant.id, "campaign_id": campaign.id},
        )


def row_of(screened: Screened) -> dict[str, Any]:
    """Return what the planner may know of a variant: never a word of copy that was not released."""
    variant = screened.variant
    row: dict[str, Any] = {
        "label": variant.label,
        "variant_id": variant.id,
        "tone": variant.tone,
        "factor": variant.factor,
        "hypothesis": variant.hypothesis,
        "decision": variant.decision.value,
        "reasons": list(screened.reasons),
        "sources": [{"id": i, "title": t} for i, t in {c.document_id: c.title for c in variant.citations}.items()],
    }
    fields = variant.fields
    if fields:
        for name in ("subject", "title", "text"):
            if name in fields:
                row[name] = fields[name]
        row["words"] = limits.word_count(fields.get("body") or fields.get("text", ""))
        if "text" in fields:
            row["sms_segments"] = limits.sms_size(fields["text"]).segments
    return row
