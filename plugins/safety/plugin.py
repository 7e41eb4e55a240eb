"""The kernel functions about screening. They inform; they can never release."""

from __future__ import annotations

import json
from typing import Annotated, Any, cast

from semantic_kernel.functions import kernel_function

from app.domain.content import Variant
from app.domain.conversation import ToolResult
from app.domain.errors import Refused
from app.domain.safety import Category, Decision, Draft, Finding, Screen, ScreenedDraft, Surface, VerdictRecord
from app.workspace import Workspace
from plugins.safety.policy import Check, Policy

MAX_ROWS = 20
MAX_FINDINGS = 20
WHOLE = "whole"
"""The field name of a whole message, as the verdicts of variants have it."""
SURFACE_OF_CHANNEL = {"email": Surface.EMAIL, "sms": Surface.SMS, "push": Surface.PUSH}


class SafetyPlugin:
    """Check copy, explain verdicts, list rules."""

    def __init__(self, workspace: Workspace, screen: Screen, policy: Policy) -> None:
        self._workspace = workspace
        self._screen = screen
        self._policy = policy

    @kernel_function(
        name="check_copy",
        description=(
            "Check copy against the safety, brand and legal rules without changing or releasing it. Use for 'is B safe "
            "to send?', 'would this pass?', 'check the variants'. Pass labels, or a text of the person. Returns one "
            "decision for each with rules, spans and fixes. To learn why something was blocked, use explain_verdict."
        ),
    )
    def check_copy(
        self,
        variants: Annotated[list[str], "labels or ids of variants, e.g. ['A', 'B']; empty = all of the campaign"] = [],  # noqa: B006
        text: Annotated[str | None, "a text to check instead of variants, e.g. 'Guaranteed results!'"] = None,
        surface: Annotated[Surface | None, "where the text would go; leave out for general copy"] = None,
    ) -> ToolResult:
        """Screen now, under today's policy; every check is audited."""
        if text is not None:
            rows = [self._checked("text", None, {"text": Draft(text=text, surface=surface or Surface.COPY)})]
        else:
            rows = [self._checked(v.label, v.id, self._drafts(v)) for v in self._chosen(variants)]
        counts = {name: sum(row["decision"] in kinds for row in rows) for name, kinds in _GROUPS.items()}
        said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
        by = rows[0]["screened_by"] if rows else self._policy.policy_hash[:8]
        summary = f"Checked {len(rows)}: {said}. Screened by {by}."
        return ToolResult(summary=summary, data={"checked": rows[:MAX_ROWS], **counts, "screened_by": by})

    @kernel_function(
        name="explain_verdict",
        description=(
            "Say why a variant was blocked, held or changed, from the recorded decision: field, rule, span, severity "
            "and what to write instead. Use for 'why was B blocked?', 'what is wrong with A?'. Give a label or id."
        ),
    )
    def explain_verdict(
        self,
        variant: Annotated[str | None, "label or id of the variant, e.g. 'B'"] = None,
        decision_id: Annotated[str | None, "id of a decision, e.g. 'dec-1a2b3c4d5e'"] = None,
    ) -> ToolResult:
        """Read the audit row; nothing is screened again."""
        if decision_id is not None:
            return self._explained(None, [(None, decision_id)])
        chosen = self._one(variant)
        records = [r for r in self._workspace.find(VerdictRecord) if r.subject == chosen.id]
        pairs = [(r.field, r.decision_id) for r in records] or [(None, i) for i in chosen.verdict_ids]
        return self._explained(chosen, list(dict.fromkeys(pairs)))

    @kernel_function(
        name="list_rules",
        description=(
            "List the rules that copy is checked against: id, category, severity, decision, words, jurisdictions, fix. "
            "Use for 'what are the rules?', 'which legal rules apply?'. Filter by category; at most 20 are returned."
        ),
    )
    def list_rules(
        self,
        category: Annotated[Category | None, "hate, legal, brand, link, personal_data, ...; leave out for all"] = None,
    ) -> ToolResult:
        """List the rules of the policy in force, strictest first."""
        about: dict[str, Check] = {**self._policy.checks, **{rule.id: rule for rule in self._policy.rules}}
        chosen = [(i, c) for i, c in about.items() if category is None or c.category == category]
        chosen.sort(key=lambda item: (-item[1].severity, item[0]))
        rules = [self._rule(rule_id, check) for rule_id, check in chosen[:MAX_ROWS]]
        named = f" in {category}" if category else ""
        data: dict[str, Any] = {"rules": rules, "total": len(chosen), "policy_hash": self._policy.policy_hash}
        return ToolResult(summary=f"{len(chosen)} rules{named}; {len(rules)} shown.", data=data)

    def _rule(self, rule_id: str, check: Check) -> dict[str, Any]:
        surface = check.surfaces[0] if check.surfaces else Surface.COPY
        finding = self._policy.finding(rule_id, surface)
        return {
            "id": rule_id, "category": check.category, "severity": check.severity,
            "decision": finding.decision.value if finding else Decision.ALLOW.value, "words": check.words,
            "jurisdictions": list(check.jurisdictions), "fix": check.fix,
        }  # fmt: skip

    def _chosen(self, references: list[str]) -> list[Variant]:
        if references:
            return [self._one(reference) for reference in references[:MAX_ROWS]]
        labels = self._workspace.campaign().variants
        if not labels:
            raise Refused(
                "This campaign has no variants yet; call generation-draft_variants first.", code="no_variants"
            )
        return [self._workspace.get(Variant, variant_id) for variant_id in labels.values()][:MAX_ROWS]

    def _one(self, reference: str | None) -> Variant:
        labels = self._workspace.campaign().variants
        if reference is None:
            variants = [self._workspace.get(Variant, variant_id) for variant_id in labels.values()]
            stopped = [v for v in variants if v.decision in (Decision.BLOCK, Decision.HOLD)]
            if len(stopped) != 1:
                raise Refused("Say which variant.", code="which_variant", field="variant", allowed=sorted(labels))
            return stopped[0]
        label = reference.strip().upper().removeprefix("VARIANT ").strip()
        if label in labels:
            return self._workspace.get(Variant, labels[label])
        if reference in labels.values():
            return self._workspace.get(Variant, reference)
        raise Refused(
            "There is no such variant in the open campaign.", code="not_found", field="variant", allowed=sorted(labels)
        )

    def _checked(self, label: str, variant_id: str | None, drafts: dict[str, Draft]) -> dict[str, Any]:
        screened = dict(zip(drafts, self._screen(list(drafts.values())), strict=True))
        worst = max(screened.values(), key=lambda r: _ORDER.index(r.verdict.decision.value))
        return {
            "label": label, "variant_id": variant_id, "decision": worst.verdict.decision.value,
            "findings": _findings(screened)[:MAX_FINDINGS], "screened_by": worst.verdict.screened_by,
            "decision_id": worst.decision_id,
        }  # fmt: skip

    def _drafts(self, variant: Variant) -> dict[str, Draft]:
        """One draft for each field, and the whole message on the surface of its channel."""
        fields = {name: text for name, text in (variant.fields or self._unsealed(variant)).items() if text}
        drafts = {name: Draft(text=text, surface=Surface.COPY) for name, text in fields.items()}
        whole = Draft(text="\n\n".join(fields.values()), surface=SURFACE_OF_CHANNEL.get(variant.channel, Surface.COPY))
        return {**drafts, WHOLE: whole}

    def _unsealed(self, variant: Variant) -> dict[str, str]:
        """Return the fields that did not pass, to judge them again; nothing here shows them."""
        fields = json.loads(self._workspace.unseal(variant.sealed))["fields"]
        return {str(name): str(text) for name, text in fields.items()}

    def _explained(self, variant: Variant | None, pairs: list[tuple[str | None, str]]) -> ToolResult:
        findings: list[dict[str, Any]] = []
        newest: dict[str, Any] | None = None
        for field, decision_id in pairs:
            row = self._workspace.decision(decision_id)
            if row is None:
                continue
            body = cast("dict[str, Any]", row.get("body", row))
            shown = {**body, "decision_id": decision_id, "at": str(row.get("at", body.get("at", "")))}
            if newest is None or _strictness(shown) > _strictness(newest):
                newest = shown
            findings.extend({"field": field, **finding} for finding in body.get("findings", ()))
        if newest is None:
            raise Refused("There is no recorded decision for this.", code="not_found", field="decision_id")
        return _explanation(variant, newest, findings)


_GROUPS = {"allowed": ("allow", "redact"), "held": ("hold",), "blocked": ("block",)}
_ORDER = ("allow", "redact", "hold", "block")


def _strictness(row: dict[str, Any]) -> int:
    decision = str(row.get("decision", "allow"))
    return _ORDER.index(decision) if decision in _ORDER else len(_ORDER)


def _explanation(variant: Variant | None, row: dict[str, Any], findings: list[dict[str, Any]]) -> ToolResult:
    label = variant.label if variant else "text"
    decision = str(row.get("decision", ""))
    counted = [f for f in findings if f.get("decision", "block") != "allow"]
    why = f"{counted[0]['rule']} ({counted[0]['fix']})" if counted else "no rule fired"
    data = {
        "label": label, "decision": decision, "findings": (counted or findings)[:MAX_FINDINGS],
        "screened_by": row.get("screened_by", ""), "decision_id": row["decision_id"],
        "policy_hash": row.get("policy_hash", ""), "at": row["at"],
    }  # fmt: skip
    return ToolResult(
        summary=f"{label}: {decision}; {why}.", data=data, handle={"decision_id": str(row["decision_id"])}
    )


def _findings(screened: dict[str, ScreenedDraft]) -> list[dict[str, Any]]:
    """Return what was found, with the field that its span counts in; the whole message adds only rules of its own."""
    found: list[dict[str, Any]] = []
    for field, one in screened.items():
        in_fields = {f["rule"] for f in found} if field == WHOLE else set[str]()
        for finding in dict.fromkeys(one.verdict.findings):
            if finding.decision is not Decision.ALLOW and finding.rule not in in_fields:
                found.append({"field": field, **_finding(finding)})
    return found


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule, "category": finding.category, "severity": finding.severity, "start": finding.start,
        "end": finding.end, "fix": finding.fix,
    }  # fmt: skip
