"""The kernel functions about tests: size them, plan them, ask for the launch, read what came back."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import Field
from semantic_kernel.functions import kernel_function

from app.domain.audience import Shop
from app.domain.campaign import Campaign
from app.domain.content import ContentLibrary
from app.domain.conversation import ToolResult
from app.domain.entities import canonical_json
from app.domain.errors import Refused, UserFixable
from app.domain.experiment import Experiment, MetricName, Simulation
from app.workspace import Workspace
from plugins.experiment.answers import (
    arm_rows,
    breakdown_of,
    campaigns_compared,
    did_worse,
    headline,
    metric_of,
    pair,
    results_data,
    row_for_chat,
)
from plugins.experiment.design import Plan, answer_body
from plugins.experiment.export import HOLDS_COPY, export_content, export_summary, released_variants
from plugins.experiment.launch import assignment_of, blockers, launch_content, launch_summary, parts_of
from plugins.experiment.planning import (
    ASSUMED_DAYS,
    ASSUMED_RATE,
    STRATA,
    PlanContext,
    kept_control_share,
    needed_people,
    plan_data,
    plan_or_refused,
    question_or_refused,
)
from plugins.experiment.simulation import Assumptions, simulate
from plugins.experiment.sources import require_sources
from plugins.experiment.stored_results import StoredResults, arm_named, mark_of

CampaignRef = Annotated[str | None, "campaign id, name or 'previous'; leave out for the open campaign"]
Metric = Annotated[MetricName | None, "metric to answer on; leave out for the one fixed before launch"]


def random_salt(campaign_id: str) -> str:
    """Return the campaign's id with a random part, so that two campaigns never share a deal."""
    return f"{campaign_id}:{secrets.token_hex(8)}"


class ExperimentPlugin:
    """Design, launch requests and results of tests."""

    def __init__(
        self,
        workspace: Workspace,
        shop: Shop,
        library: ContentLibrary,
        *,
        new_salt: Callable[[str], str] = random_salt,
    ) -> None:
        self._workspace = workspace
        self._shop = shop
        self._library = library
        self._new_salt = new_salt
        self._plans = PlanContext(workspace, shop)
        self._results = StoredResults(workspace)

    # --- before the launch
    @kernel_function(
        name="estimate_sample_size",
        description=(
            "Say whether a number of people is enough for a test, and how many are needed. Use for 'how many people do "
            "I need', 'can we test this with 208 people in 4 arms', 'how long must it run'. Changes nothing. Returns "
            "feasible yes/no, smallest lift that would be found, people needed per arm, alternatives."
        ),
    )
    def estimate_sample_size(
        self,
        n: Annotated[int | None, Field(ge=1), "people available, e.g. 5000; leave out for the current audience"] = None,
        arms: Annotated[int | None, Field(ge=2, le=10), "groups including the control, e.g. 2"] = None,
        baseline: Annotated[float | None, Field(gt=0), "control's rate as a fraction, 0.05 = 5 %"] = None,
        lift: Annotated[float | None, Field(gt=-1), "relative lift to find, 0.2 = +20 %"] = None,
        power: Annotated[float, Field(gt=0, lt=1), "chance to find it, 0.8 = 80 %"] = 0.8,
        alpha: Annotated[float, Field(gt=0, lt=1), "false alarm rate, 0.05 = 5 %"] = 0.05,
        metric: Annotated[MetricName | None, "what is measured; leave out for conversion_rate"] = None,
        duration_days: Annotated[int | None, Field(ge=1, le=365), "days the test would run"] = None,
        audience_id: Annotated[str | None, "audience to take the people from; leave out for the current one"] = None,
    ) -> ToolResult:
        """Answer from ``n`` or an audience; what is assumed is said."""
        stated = self._plans.people(n, audience_id)
        if stated is not None and stated < 1:
            raise Refused("The audience has nobody to test with.", code="empty_audience", field="n")
        days = duration_days or ASSUMED_DAYS
        rate, sd, source = self._plans.baseline(metric or "conversion_rate", baseline, days)
        groups = arms or self._plans.arms_now()
        people = stated if stated is not None else needed_people(groups, rate, lift, power=power, alpha=alpha, sd=sd)
        daily = people / duration_days if duration_days else None
        body = answer_body(
            question_or_refused(
                n=people, arms=groups, baseline=rate, lift=lift, power=power, alpha=alpha, sd=sd, daily=daily
            )
        )
        warnings = [f"The baseline of {rate:.3g} is {source}."] if baseline is None else []
        if stated is None:
            warnings.append(f"No audience is set: {people:,} people are what such a test takes.")
        data = {**body, "metric": metric or "conversion_rate", "baseline_source": source}
        return ToolResult(
            summary=str(body["words"]), data=data, warnings=warnings,
            next=["experiment-plan_experiment"] if body["feasible"] else list(body["alternatives"])[:2],
        )  # fmt: skip

    @kernel_function(
        name="plan_experiment",
        description=(
            "Plan the test of the open campaign: control, arms, holdout, deciding metric, duration. Use for 'set up an "
            "A/B test', 'hold out 10 %', 'use a 20 % control', 'measure revenue'. Calling it again replaces the plan. "
            "Needs an audience and at least one variant. Returns arms with exact people, power and warnings."
        ),
    )
    def plan_experiment(
        self,
        control_share: Annotated[float | None, Field(gt=0, lt=1), "share of people in the control, 0.1 = 10 %"] = None,
        holdout_share: Annotated[float | None, Field(ge=0, lt=1), "share kept out of the test, 0.05 = 5 %"] = None,
        metric: Annotated[MetricName | None, "the one metric that decides, e.g. conversion_rate"] = None,
        arms: Annotated[int | None, Field(ge=2, le=10), "groups including the control; fewer drops variants"] = None,
        duration_days: Annotated[int | None, Field(ge=1, le=365), "days until the readout, e.g. 14"] = None,
        alpha: Annotated[float | None, Field(gt=0, lt=1), "false alarm rate, 0.05 = 5 %"] = None,
        power: Annotated[float | None, Field(gt=0, lt=1), "chance to find the lift, 0.8 = 80 %"] = None,
        baseline: Annotated[float | None, Field(gt=0), "control's rate as a fraction, 0.05 = 5 %"] = None,
        mde: Annotated[float | None, Field(gt=0), "smallest relative lift worth finding, 0.2 = +20 %"] = None,
    ) -> ToolResult:
        """Store a plan; what is left out keeps the earlier plan's value, else the default."""
        campaign = self._plans.draft_campaign()
        before = self._plans.planned(campaign)
        audience = self._plans.audience(campaign.audience_id)
        chosen = metric or self._plans.metric_of(campaign, before)
        days = duration_days or (before.duration_days if before else ASSUMED_DAYS)
        rate, sd, source = self._plans.baseline(chosen, baseline, days)
        labels = self._plans.labels(campaign, arms, chosen)
        request = Plan(
            campaign_id=campaign.id, variants={k: campaign.variants[k] for k in labels}, eligible=audience.eligible,
            metric=chosen, baseline=rate, baseline_source=source,
            control_share=control_share or kept_control_share(before),
            holdout_share=holdout_share if holdout_share is not None else (before.holdout_share if before else 0.0),
            duration_days=days, alpha=alpha or (before.alpha if before else 0.05),
            power=power or (before.power if before else 0.8), lift=mde, sd=sd,
            send_on=self._plans.send_on(campaign, None),
            stratify_by=tuple(f for f in STRATA if f in self._shop.columns()),
        )  # fmt: skip
        experiment, warnings = plan_or_refused(request, before.salt if before else self._new_salt(campaign.id))
        self._workspace.put(experiment)
        saved = self._workspace.save_campaign(
            campaign.model_copy(update={"experiment_id": experiment.id}), "planned the test"
        )
        return self._plan_result(saved, experiment, list(warnings))

    def _plan_result(self, campaign: Campaign, experiment: Experiment, warnings: list[str]) -> ToolResult:
        dealt, _ = assignment_of(parts_of(self._workspace, campaign), self._shop)
        data = plan_data(experiment, dealt.counts(), warnings)
        return ToolResult(
            summary=experiment.words, data=data, warnings=warnings,
            handle={"experiment_id": experiment.id, "campaign_id": campaign.id},
            next=["experiment-request_launch", *experiment.power_answer.alternatives[:1]],
        )  # fmt: skip

    @kernel_function(
        name="request_launch",
        description=(
            "Ask a person to approve the launch of a campaign. It sends nothing and changes nothing: a named person "
            "must approve what is shown. Use for 'launch it', 'send it on 3 June'. Returns the pending approval with "
            "its digest, or the blockers that stand against it."
        ),
    )
    def request_launch(
        self,
        send_on: Annotated[str | None, "send date YYYY-MM-DD; leave out to send by hand after approval"] = None,
        ramp_share: Annotated[float, "share of each arm to send to first, 0.1 = 10 %; 1 = everybody"] = 1.0,
        campaign_id: CampaignRef = None,
    ) -> ToolResult:
        """Create the pending approval, or name what is missing."""
        campaign = self._workspace.campaign(campaign_id)
        day = self._plans.send_on(campaign, send_on)
        found = blockers(self._workspace, self._shop, campaign, day, self._library)
        if found:
            return ToolResult(
                ok=False, summary=f"{campaign.name} cannot be launched: {' '.join(found)}",
                data={"blockers": found, "people": 0}, handle={"campaign_id": campaign.id},
            )  # fmt: skip
        try:
            content = launch_content(
                self._workspace, self._shop, campaign, send_on=day.isoformat() if day else None, ramp_share=ramp_share
            )
        except UserFixable as problem:
            raise Refused(f"{problem.problem} {problem.hint}", code="bad_share", field="ramp_share") from problem
        summary = launch_summary(content)
        pending = self._workspace.request_approval("launch", campaign.id, content, summary)
        experiment = self._plans.planned(campaign)
        warnings = [experiment.power_answer.words] if experiment and not experiment.power_answer.feasible else []
        data = {
            "digest": pending.digest, "summary": summary, "send_on": content["send_on"],
            "people": content["audience"]["eligible"], "arms": content["arms"], "held_out": content["held_out"],
            "blockers": [],
        }  # fmt: skip
        return ToolResult(
            summary=f"Waiting for a person to approve. {summary}", data=data, warnings=warnings,
            handle={"approval_id": pending.id, "campaign_id": campaign.id},
            next=["A named person approves it in the chat or with `cpo approve`."],
        )  # fmt: skip

    @kernel_function(
        name="request_export",
        description=(
            "Ask a person to approve an export of files: approved_copy, audience, results, all, trace, rollout (the "
            "winner to everybody who has not had it) or ramp (the next share of a launch that began small). Use for "
            "'export for Klaviyo', 'download the list', 'roll out the winner', 'raise it to 50 %'. Writes nothing "
            "until a named person approves."
        ),
    )
    def request_export(
        self,
        what: Annotated[
            Literal["approved_copy", "audience", "results", "all", "trace", "rollout", "ramp"], "what the files hold"
        ] = "all",
        format: Annotated[
            Literal[
                "csv", "json", "html", "txt", "mailchimp", "klaviyo", "braze", "mautic", "customer_io", "dittofeed"
            ],
            "file format, or the sending platform whose columns are wanted",
        ] = "csv",
        ramp_share: Annotated[float | None, "for ramp: share of each arm to have reached, 0.5 = half"] = None,
        campaign_id: CampaignRef = None,
    ) -> ToolResult:
        """Create the pending approval of an export."""
        campaign = self._workspace.campaign(campaign_id)
        trace = None
        if what == "trace":
            trace = canonical_json([turn.model_dump(mode="json") for turn in self._workspace.turns()])
        try:
            if what in HOLDS_COPY:
                require_sources(released_variants(self._workspace, campaign), self._library, self._workspace.today)
            content = export_content(
                self._workspace, self._shop, campaign, what=what, form=format, trace=trace, ramp_share=ramp_share
            )
        except UserFixable as problem:
            raise Refused(f"{problem.problem} {problem.hint}", code="nothing_to_export") from problem
        summary = export_summary(campaign, content)
        pending = self._workspace.request_approval("export", campaign.id, content, summary)
        data = {"digest": pending.digest, "summary": summary, "what": what, "format": format}
        return ToolResult(
            summary=f"Waiting for a person to approve. {summary}", data=data,
            handle={"approval_id": pending.id, "campaign_id": campaign.id},
        )  # fmt: skip

    # --- afterwards
    @kernel_function(
        name="read_results",
        description=(
            "Read the stored results of a campaign: rates by arm, differences with intervals, winner or no winner. Use "
            "for 'which one won', 'how did it do', 'was it significant', 'by country'. Only observed results; to try "
            "out a made-up future use simulate_results. Every figure carries its calculation id."
        ),
    )
    def read_results(
        self,
        campaign_id: CampaignRef = None,
        metric: Metric = None,
        by: Annotated[str | None, "attribute to break the effect down by, e.g. country"] = None,
    ) -> ToolResult:
        """Answer from the newest stored readout."""
        campaign, readout = self._results.readout(campaign_id)
        body = readout.body
        name = metric_of(body, metric)
        decision, mark = body["decision"], mark_of(readout)
        decides = name == body["primary"]
        reason = str(decision["reason"]) if decides else f"{name} is not the deciding metric ({body['primary']} is)."
        data: dict[str, Any] = {"campaign": campaign.name, "synthetic": readout.synthetic}
        data["simulated"] = readout.simulated
        data |= results_data(body, name)
        words = headline(body, name)
        if by is not None:
            data["breakdown"] = breakdown_of(body, by)
            words = str(data["breakdown"]["words"])
        summary = f"{mark}{campaign.name}: {reason} {words} Calculation {readout.id}."
        return ToolResult(
            summary=summary, data=data, warnings=[mark.strip()] if mark else [],
            handle={"readout_id": readout.id, "campaign_id": campaign.id},
            next=["experiment-explain_drivers", "experiment-compare_variants", "experiment-request_export rollout"],
        )  # fmt: skip

    @kernel_function(
        name="compare_variants",
        description=(
            "Compare two arms of a campaign on a metric, from stored results. Use for 'how much better was B than A', "
            "'B against the control'. Returns difference and lift with intervals, p, and the calculation id."
        ),
    )
    def compare_variants(
        self,
        variant_a: Annotated[str, "label of the arm, e.g. 'B' or 'control'"],
        variant_b: Annotated[str, "label of the arm it is compared with"] = "control",
        metric: Metric = None,
        campaign_id: CampaignRef = None,
    ) -> ToolResult:
        """Answer from the stored comparison of the two arms."""
        campaign, readout = self._results.readout(campaign_id)
        a, b = (arm_named(readout, campaign, given) for given in (variant_a, variant_b))
        if a == b:
            raise Refused("Name two different arms.", code="same_arm", field="variant_b")
        row = pair(readout.body, a, b, metric_of(readout.body, metric))
        summary = f"{mark_of(readout)}{row['words']} Calculation {readout.id}."
        data = {**row, "campaign": campaign.name, "synthetic": readout.synthetic, "calculation_id": readout.id}
        return ToolResult(summary=summary, data=data, handle={"readout_id": readout.id, "campaign_id": campaign.id})

    @kernel_function(
        name="compare_campaigns",
        description=(
            "Compare the effects of two finished campaigns, from their stored results. Use for 'did it do better than "
            "the last one'. It compares two tests of different people and says so."
        ),
    )
    def compare_campaigns(
        self,
        campaign_a: CampaignRef = None,
        campaign_b: Annotated[str | None, "the other campaign; leave out for the previous one with results"] = None,
        metric: Metric = None,
    ) -> ToolResult:
        """Compare best effects, each against its own control."""
        first, one = self._results.readout(campaign_a)
        second, two = self._results.readout(campaign_b) if campaign_b else self._results.other_with_results(first)
        if first.id == second.id:
            raise Refused(
                f"{first.name} cannot be compared with itself, and no other campaign has results.",
                code="same_campaign", field="campaign_b",
            )  # fmt: skip
        name = metric_of(one.body, metric)
        data = campaigns_compared((first.name, one.body), (second.name, two.body), metric_of(two.body, name))
        gap = data["difference_of_effects"]
        summary = f"{mark_of(one)}{first.name} against {second.name} on {name}: effects differ by {gap:+.4f}."
        summary += f" {data['caveat']}"
        return ToolResult(summary=summary, data=data, handle={"campaign_id": first.id})

    @kernel_function(
        name="explain_drivers",
        description=(
            "Say for whom a campaign worked: which attributes change its effect, corrected for how many were asked. "
            "Use for 'why did B win', 'who responded', 'who should we not mail'. Association only, never a cause."
        ),
    )
    def explain_drivers(
        self,
        campaign_id: CampaignRef = None,
        variant: Annotated[str | None, "label of the arm to explain, e.g. 'B'; leave out for the winner"] = None,
    ) -> ToolResult:
        """Answer from the tests stored with the readout."""
        campaign, readout = self._results.readout(campaign_id)
        drivers = readout.body.get("drivers")
        if drivers is None:
            raise Refused(
                "No attributes are stored with these results: there were none, or it was an early look.",
                code="no_attributes",
            )
        arm = arm_named(readout, campaign, variant) if variant else readout.body["decision"]["winner"]
        rows = [r for r in drivers["attributes"] if arm is None or r["arm"] == arm]
        uplift = readout.body.get("uplift", {}).get("variants", [])
        data = {
            "arm": arm, "metric": drivers["metric"], "scale": drivers["scale"],
            "attributes": sorted(rows, key=lambda r: (r["p"], r["attribute"], r["level"]))[:20],
            "tests": [t for t in drivers["tests"] if arm is None or t["arm"] == arm][:20],
            "who_responds_anyway": [
                {k: a[k] for k in ("attribute", "p", "p_adjusted")} for a in drivers["anyway"]
            ],
            "headline": drivers["headline"], "association_only": True, "adjustment": drivers["adjustment"],
            "did_worse": did_worse(drivers, arm, float(readout.body["alpha"])),
            "uplift": [u for u in uplift if arm is None or u["arm"] == arm], "calculation_id": readout.id,
            "synthetic": readout.synthetic,
        }  # fmt: skip
        held = " ".join(f"{u['arm']}: {u['words']}" for u in uplift if arm is None or u["arm"] == arm)
        summary = f"{mark_of(readout)}{drivers['headline']} {held} Calculation {readout.id}."
        return ToolResult(summary=summary, data=data, handle={"readout_id": readout.id, "campaign_id": campaign.id})

    @kernel_function(
        name="simulate_results",
        description=(
            "Make up results of the planned test from stated assumptions, only when the person asks to simulate. Can "
            "lose. Every figure is marked simulated and never stored with observed results."
        ),
    )
    def simulate_results(
        self,
        effect: Annotated[
            float | None, Field(ge=-0.99, le=10), "planted relative lift of the first variant, 0 = none"
        ] = None,
        seed: Annotated[int | None, Field(ge=0, le=2**31), "seed; the same seed gives the same figures"] = None,
        campaign_id: CampaignRef = None,
    ) -> ToolResult:
        """Store a simulation under its own kind and return it, marked."""
        campaign = self._workspace.campaign(campaign_id)
        experiment = self._plans.planned(campaign)
        if experiment is None:
            raise Refused("Plan the test first with experiment-plan_experiment.", code="no_plan")
        assumed = Assumptions(experiment.baseline if experiment.baseline < 1 else ASSUMED_RATE, effect or 0.0)
        number = seed if seed is not None else 1
        body = simulate(experiment, assumed, seed=number)
        entity = Simulation(
            id=str(body["calculation_id"]).replace("calc-", "sim-"), campaign_id=campaign.id, body=body,
            calculated_at=self._workspace.now, seed=number, assumptions=tuple(body["assumptions"]),
        )  # fmt: skip
        self._workspace.put(entity)
        data = {
            "simulated": True, "seed": number, "assumptions": body["assumptions"], "planted_effect": assumed.effect,
            "arms": [{**a, "outcomes": None} for a in arm_rows(body, str(body["primary"]))],
            "comparisons": [row_for_chat(r) for r in body["comparisons"]][:20], "winner": body["decision"]["winner"],
            "reason": body["decision"]["reason"], "wins_in_simulations": body["wins_in_simulations"],
            "caveats": body["caveats"], "calculation_id": entity.id,
        }  # fmt: skip
        share = body["wins_in_simulations"]["any_winner"]
        summary = (
            f"{body['decision']['reason']} Under these assumptions a winner is found in {share:.0%} of simulated tests."
        )
        return ToolResult(
            summary=summary, data=data, warnings=["SIMULATED: nobody was mailed."],
            handle={"simulation_id": entity.id, "campaign_id": campaign.id},
        )  # fmt: skip

    @kernel_function(
        name="list_campaigns",
        description=(
            "List the campaigns there are, newest first, with state and winner. Use for 'what campaigns do we have', "
            "'which ones are running'. To open one use history-open_campaign."
        ),
    )
    def list_campaigns(
        self,
        state: Annotated[
            Literal["draft", "approved", "running", "analysed"] | None, "only campaigns in this state"
        ] = None,
        query: Annotated[str | None, "words of the name or theme, e.g. 'summer'"] = None,
    ) -> ToolResult:
        """Number the campaigns and remember the numbering for 'the second one'."""
        found = [c for c in self._workspace.campaigns() if state is None or c.state.value == state]
        if query:
            words = query.lower().split()
            found = [c for c in found if all(w in f"{c.name} {c.theme or ''}".lower().replace("_", " ") for w in words)]
        shown = found[:20]
        self._workspace.note("campaigns_shown", [c.id for c in shown])
        rows = [self._campaign_row(i, c) for i, c in enumerate(shown, start=1)]
        names = "; ".join(f"{r['number']}. {r['name']} ({r['state']})" for r in rows[:5])
        summary = f"{len(found)} campaigns. {names}" if rows else "There are no such campaigns."
        return ToolResult(
            summary=summary, data={"campaigns": rows, "total": len(found)}, next=["history-open_campaign"]
        )

    def _campaign_row(self, number: int, campaign: Campaign) -> dict[str, Any]:
        readout = self._results.newest_of(campaign)
        reached = [] if readout is None else readout.body.get("reached", [])
        return {
            "number": number, "campaign_id": campaign.id, "name": campaign.name, "state": campaign.state.value,
            "channel": ", ".join(campaign.channels), "variants": len(campaign.variants) or len(reached),
            "changed_at": campaign.changed_at.isoformat(), "synthetic": campaign.synthetic,
            "winner": None if readout is None else readout.body["decision"]["winner"],
        }  # fmt: skip
