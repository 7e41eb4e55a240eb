"""The kernel functions about customers and audiences: parse, ask the shop, summarise."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field
from semantic_kernel.functions import kernel_function

from app.domain.audience import Audience, AudienceDefinition, Channel, Condition, ContactRules, FieldName
from app.domain.campaign import CampaignState
from app.domain.conversation import ToolResult
from app.domain.errors import Refused
from app.workspace import Workspace
from plugins.segmentation import audiences, summaries
from plugins.segmentation.describing import describe, members_of_segment, profile
from plugins.segmentation.membership import explain
from plugins.segmentation.methods import MethodName, Segmenter
from plugins.segmentation.shop import LoadedShop

Conditions = Annotated[
    list[Condition],
    Field(
        max_length=40,
        description="All of these hold. Each is one of: {field, op, value} | {bought: {category|product}, within_days, "
        "at_least} | {opened: true, within_days} | {clicked: true} | {any_of: [...]} | {not: {...}} | {audience: id}. "
        'Example: [{"field": "lifecycle", "op": "eq", "value": "lapsed"}, {"bought": {"category": "shoes"}}]. '
        "lapsed, churned, dormant = lifecycle lapsed; VIP, best = value_tier high; countries as ISO codes; "
        'not bought in 90 days = {"field": "last_purchase_days", "op": "gte", "value": 90}.',
    ),
]
OptionalChannel = Annotated[Channel | None, "email, sms or push; leave out to keep the one in use"]
AudienceId = Annotated[str | None, "Audience id; leave out for the current audience"]
LAST_AUDIENCE = "audience_id"


class SegmentationPlugin:
    """One turn's view of the shop. ``rules`` are the contact rules of the house; running campaigns are added here."""

    def __init__(self, workspace: Workspace, shop: LoadedShop, *, rules: ContactRules | None = None) -> None:
        self._workspace = workspace
        self._shop = shop.seeing(lambda audience_id: workspace.get(Audience, audience_id))
        self._rules = rules or ContactRules()

    @kernel_function(
        name="describe_customers",
        description="Describe the customer base: how many customers and orders, lifecycle and value tiers, countries, "
        "consent, which fields can be used. Use it for questions about the whole base; for a part of it use "
        "profile_audience. Changes nothing.",
    )
    def describe_customers(self) -> ToolResult:
        """Describe the loaded dataset as of its reference date."""
        data = describe(self._shop)
        return ToolResult(summary=summaries.base(data), data=data, next=["find_audience", "segment_customers"])

    @kernel_function(
        name="count_audience",
        description="Count how many customers meet conditions, without making an audience. Use it for 'how many ...'. "
        "To work with the people use find_audience. Changes nothing.",
    )
    def count_audience(self, conditions: Conditions, channel: OptionalChannel = None) -> ToolResult:
        """Count the matched, and the eligible where a channel is given."""
        found = self._find(conditions, channel or "email", name="", parent=None)
        data = summaries.counted(found, with_eligible=channel is not None)
        data["meaning"] = audiences.meaning(self._shop, self._shop.definition_of(found))
        return ToolResult(summary=summaries.count(data), data=data, warnings=list(found.warnings))

    @kernel_function(
        name="find_audience",
        description="Find the customers who meet conditions and make them the current audience (of the open campaign, "
        "if one is open). Returns audience_id, the definition in words, matched, eligible and why the others cannot be "
        "contacted. To change an audience use refine_audience.",
    )
    def find_audience(
        self,
        conditions: Conditions,
        channel: Annotated[Channel, "How they will be contacted"] = "email",
        name: Annotated[str | None, "A short name, e.g. Lapsed VIPs"] = None,
        campaign_id: Annotated[str | None, "Campaign; leave out for the open one"] = None,
    ) -> ToolResult:
        """Find, store and attach an audience."""
        before = self._current()
        found = self._find(conditions, channel, name=name or "", parent=before.id if before else None)
        self._keep(found, campaign_id)
        data = summaries.found(found, self._meaning(found), before.matched if before else None)
        data |= self._emptied(found)
        return ToolResult(
            summary=summaries.audience(data),
            data=data,
            handle={"audience_id": found.id},
            warnings=list(found.warnings),
            next=["refine_audience", "explain_membership", "profile_audience", "write_brief"],
        )

    @kernel_function(
        name="refine_audience",
        description="Change the current audience (or audience_id) and keep the rest: 'make it 120 days', "
        "'only France', 'without Germany'. Returns a new audience_id and how many joined and left.",
    )
    def refine_audience(
        self,
        change: Conditions,
        mode: Annotated[
            Literal["replace_same_field", "add", "remove_field", "replace_all"],
            "replace_same_field: what was said about the same fields is replaced; add: one more condition; "
            "remove_field: drop what was said about remove_fields; replace_all: start again",
        ] = "replace_same_field",
        remove_fields: Annotated[list[FieldName] | None, "Fields whose conditions are dropped"] = None,
        channel: OptionalChannel = None,
        audience_id: AudienceId = None,
    ) -> ToolResult:
        """Make a new audience from an old one."""
        before = self._audience(audience_id)
        definition = self._shop.definition_of(before)
        conditions = audiences.changed(definition.all_of, self._checked(change), mode, remove_fields or [])
        changed = definition.model_copy(update={"all_of": tuple(conditions)})
        found = self._find(changed, channel or before.channel, name="", parent=before.id)
        self._keep(found, None)
        joined, left = audiences.joined_and_left(self._shop, before, found)
        data = summaries.found(found, self._meaning(found), before.matched) | self._emptied(found)
        data |= {"after": found.matched, "joined": joined, "left": left}
        return ToolResult(
            summary=summaries.refined(data),
            data=data,
            handle={"audience_id": found.id, "previous_audience_id": before.id},
            warnings=list(found.warnings),
            next=["refine_audience", "profile_audience", "draft_variants"],
        )

    @kernel_function(
        name="segment_customers",
        description="Divide the customers (or an audience) into named groups: rfm is the usual choice; kmeans, "
        "hdbscan, dbscan and hierarchical find groups in recency, orders and spend. Everybody is in exactly one group "
        "or counted as left out. Changes nothing.",
    )
    def segment_customers(
        self,
        method: Annotated[MethodName, "How to divide"] = "rfm",
        k: Annotated[int | None, Field(ge=2, le=12, description="Number of groups; left out = chosen")] = None,
        audience_id: Annotated[str | None, "Only these customers; leave out for everybody"] = None,
    ) -> ToolResult:
        """Segment, remember the list for 'the second one', and summarise."""
        within = self._members(self._audience(audience_id)) if audience_id else None
        result = Segmenter(self._shop).segment(method, k=k, members=within)
        data = summaries.segmented(result, self._shop.as_of)
        self._workspace.note("segments_shown", {"method": method, "k": k, "names": [s.name for s in result.segments]})
        unused = k is not None and method not in ("kmeans", "hierarchical")
        warnings = [f"{method} finds its own number of groups; {k} was not used."] if unused else []
        following = ["profile_audience", "find_audience"]
        return ToolResult(summary=summaries.segments(data), data=data, warnings=warnings, next=following)

    @kernel_function(
        name="profile_audience",
        description="Profile an audience, a segment of the list shown last (by name or number), or conditions: size, "
        "share of spend, recency, categories, countries. Changes nothing.",
    )
    def profile_audience(
        self,
        audience_id: AudienceId = None,
        segment: Annotated[str | None, "Name or number of a segment, e.g. champions or 2"] = None,
        conditions: Annotated[list[Condition] | None, "Conditions instead of an audience"] = None,
    ) -> ToolResult:
        """Profile one group; groups below the privacy floor are only counted."""
        definition, members, name = self._asked(audience_id, segment, conditions)
        data: dict[str, Any] = profile(self._shop, members, definition) | {"name": name}
        if data["customers"] < audiences.PRIVACY_FLOOR:
            small = {"customers": data["customers"], "name": name, "share": data["share"]}
            warning = f"Fewer than {audiences.PRIVACY_FLOOR} customers: not described, to protect them."
            return ToolResult(summary=f"{name}: {data['customers']} customers.", data=small, warnings=[warning])
        return ToolResult(summary=summaries.profiled(data), data=data, next=["find_audience", "write_brief"])

    @kernel_function(
        name="explain_membership",
        description="Say why a customer is or is not in an audience, with the facts and the deciding condition. "
        "Without customer_id: three examples. Changes nothing.",
    )
    def explain_membership(
        self,
        customer_id: Annotated[str | None, "Customer id, e.g. C00123"] = None,
        audience_id: AudienceId = None,
    ) -> ToolResult:
        """Explain one customer, or the three sample members."""
        audience = self._audience(audience_id)
        if customer_id is None:
            explained = [explain(self._shop, audience, member.customer_id) for member in audience.sample]
            data: dict[str, Any] = {"words": audience.words, "examples": [summaries.membership(e) for e in explained]}
            return ToolResult(summary=summaries.examples(data), data=data)
        data = summaries.membership(explain(self._shop, audience, customer_id))
        return ToolResult(summary=summaries.explained(data), data=data | {"words": audience.words})

    @kernel_function(
        name="compare_audiences",
        description="Compare two audiences: how many each has, how many both have, and how many only one of them. Each "
        "side is an audience id, or conditions ('compare it with lapsed customers in Germany'), or, left out, the "
        "current audience. Changes nothing: the current audience stays.",
    )
    def compare_audiences(
        self,
        audience_a: AudienceId = None,
        audience_b: AudienceId = None,
        conditions_a: Annotated[list[Condition] | None, "Conditions instead of audience_a"] = None,
        conditions_b: Annotated[list[Condition] | None, "Conditions instead of audience_b"] = None,
    ) -> ToolResult:
        """Compare by matched customers; ``Refused`` where both sides are the same audience."""
        a, b = self._side(audience_a, conditions_a), self._side(audience_b, conditions_b)
        if a.id == b.id:
            raise Refused(
                "There is only one audience to compare: say with whom, for instance 'compare it with new customers'.",
                code="one_audience", field="conditions_b",
            )  # fmt: skip
        both = audiences.overlap(self._shop, a, b)
        data = {
            "a": {"audience_id": a.id, "words": a.words, "matched": a.matched},
            "b": {"audience_id": b.id, "words": b.words, "matched": b.matched},
            "both": both,
            "only_a": a.matched - both,
            "only_b": b.matched - both,
        }
        return ToolResult(summary=summaries.compared(data), data=data)

    # --- what the functions share
    def _side(self, audience_id: str | None, conditions: list[Condition] | None) -> Audience:
        """Return one side of a comparison; conditions are counted and not kept."""
        if conditions is None:
            return self._audience(audience_id)
        return self._find(conditions, "email", name="", parent=None)

    def _checked(self, conditions: list[Condition]) -> tuple[Condition, ...]:
        return self._shop.check(AudienceDefinition(all_of=tuple(conditions))).all_of

    def _find(
        self, conditions: list[Condition] | AudienceDefinition, channel: Channel, *, name: str, parent: str | None
    ) -> Audience:
        if isinstance(conditions, AudienceDefinition):
            definition = conditions
        else:
            definition = AudienceDefinition(all_of=tuple(conditions))
        campaign = self._workspace.campaign() if self._workspace.has_campaign() else None
        live = [
            c.audience_id
            for c in self._workspace.campaigns()
            if c.state is CampaignState.RUNNING and c.audience_id and (campaign is None or c.id != campaign.id)
        ]
        known = [i for i in live if self._is_of_this_shop(i)]
        rules = self._rules.model_copy(update={"live_audiences": tuple(sorted(set(known)))})
        return audiences.find(self._shop, definition, channel, rules, name=name, parent_id=parent)

    def _is_of_this_shop(self, audience_id: str) -> bool:
        try:
            return self._workspace.get(Audience, audience_id).dataset_id == self._shop.dataset_id
        except Refused:
            return False

    def _keep(self, found: Audience, campaign_id: str | None) -> None:
        self._workspace.put(found)
        self._workspace.note(LAST_AUDIENCE, found.id)
        if campaign_id is None and not self._workspace.has_campaign():
            return
        campaign = self._workspace.campaign(campaign_id)
        if campaign.state is CampaignState.DRAFT and campaign.audience_id != found.id:
            changed = campaign.model_copy(update={"audience_id": found.id})
            self._workspace.save_campaign(changed, f"audience: {found.words} ({found.eligible:,} eligible)")

    def _current(self) -> Audience | None:
        campaign = self._workspace.campaign() if self._workspace.has_campaign() else None
        known = (campaign and campaign.audience_id) or self._workspace.noted(LAST_AUDIENCE)
        return self._workspace.get(Audience, str(known)) if known else None

    def _audience(self, audience_id: str | None) -> Audience:
        found = self._workspace.get(Audience, audience_id) if audience_id else self._current()
        if found is None:
            raise Refused("There is no audience yet: call find_audience first.", code="no_audience")
        return found

    def _members(self, audience: Audience) -> Any:
        definition = self._shop.definition_of(audience)
        return self._shop.compiler(definition.thresholds, audience.as_of).members(definition)

    def _meaning(self, audience: Audience) -> str:
        return audiences.meaning(self._shop, self._shop.definition_of(audience))

    def _emptied(self, found: Audience) -> dict[str, Any]:
        guilty = audiences.emptied_by(self._shop, self._shop.definition_of(found)) if not found.matched else None
        return {} if guilty is None else {"emptied_by": summaries.emptied(guilty)}

    def _shown(self) -> tuple[MethodName, int | None]:
        noted: Any = self._workspace.noted("segments_shown")
        return ("rfm", None) if noted is None else (noted["method"], noted["k"])

    def _asked(
        self, audience_id: str | None, segment: str | None, conditions: list[Condition] | None
    ) -> tuple[AudienceDefinition, Any, str]:
        if conditions is not None:
            definition = self._shop.check(AudienceDefinition(all_of=tuple(conditions)))
            return (
                definition,
                self._shop.compiler(definition.thresholds).members(definition),
                summaries.named(definition),
            )
        if segment is not None:
            method, k = self._shown()
            result = Segmenter(self._shop).segment(method, k=k)
            key, name = summaries.pick(result, segment)
            return AudienceDefinition(), members_of_segment(self._shop, result.members, key), name
        audience = self._audience(audience_id)
        return self._shop.definition_of(audience), self._members(audience), audience.name or audience.words
