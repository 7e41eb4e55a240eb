"""Screening: policy, local rules and, where configured, the hosted service give one verdict; the strictest wins.

Fails closed: whatever goes wrong, too long, too slow or not a text, is a block. ``Screening`` is safe to use from any
thread and any event loop.
"""

from __future__ import annotations

import re
import time
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from app.domain.safety import STRICTNESS, Decision, Draft, Finding, Surface, Verdict
from plugins.safety.known_values import KnownValues
from plugins.safety.local_rules import LocalRules
from plugins.safety.policy import Policy
from plugins.safety.reading import COPY_SURFACES, Mark, OutOfTime
from plugins.safety.verdict_cache import VerdictCache

__all__ = ["HostedScreener", "KnownValues", "Policy", "Screening", "pieces"]

PIECE, OVERLAP, HOSTED_LIMIT = 9_000, 400, 10_000
MAX_FINDINGS = 200
ORDERS = ("injection.", "secret.instructions")
SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n| \| ")
PLACEHOLDERS = {
    "personal.email": "[e-mail removed]",
    "personal.email-hidden": "[e-mail removed]",
    "personal.known-email": "[e-mail removed]",
    "personal.phone": "[phone removed]",
    "personal.known-phone": "[phone removed]",
    "personal.known-name": "[name removed]",
    "personal.sensitive": "[name removed]",
    "personal.card": "[card number removed]",
    "personal.iban": "[account number removed]",
    "personal.address": "[address removed]",
    "personal.birth-date": "[birth date removed]",
    "personal.national-id": "[id number removed]",
}
BY_CATEGORY = {
    "personal_data": "[personal data removed]", "secret": "[secret removed]", "injection": "[instruction removed]",
    "link": "[link removed]", "markup": "[markup removed]", "hate": "[removed]", "self_harm": "[removed]",
    "sexual": "[removed]", "violence": "[removed]",
}  # fmt: skip


class HostedScreener(Protocol):
    """A service asked in addition to the local rules. Returns findings for one text; raises when it has no answer."""

    @property
    def name(self) -> str: ...
    async def findings(self, text: str, folded: str, surface: Surface) -> Sequence[Finding]: ...
    async def close(self) -> None: ...


class Screening:
    """The screener of the product. ``known`` and ``hosted`` add to the local rules; nothing takes them away."""

    def __init__(
        self, policy: Policy, *, known: KnownValues | None = None, hosted: HostedScreener | None = None
    ) -> None:
        self._policy = policy
        self._rules = LocalRules(policy, known)
        self._hosted = hosted
        self._cache = VerdictCache()

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self._policy

    @property
    def policy_hash(self) -> str:
        """The digest of the policy in force."""
        return self._policy.policy_hash

    @property
    def screened_by(self) -> str:
        """``rules``, or ``azure+rules`` when the hosted service is asked too."""
        return f"{self._hosted.name}+rules" if self._hosted is not None else "rules"

    @property
    def remote(self) -> bool:
        """Whether ``screen`` asks a hosted service."""
        return self._hosted is not None

    def knowing(self, customers: Iterable[Mapping[str, Any]], key: bytes) -> Screening:
        """Return the same screening that also knows these customers (see ``KnownValues``)."""
        return Screening(self._policy, known=KnownValues(customers, key), hosted=self._hosted)

    def screen_local(self, draft: Draft) -> Verdict:
        """Judge by the local rules alone, within ``limits.seconds``. Never raises for a text."""
        return self._verdict(draft, self._local(draft), "rules")

    async def screen(self, draft: Draft) -> Verdict:
        """Judge by the local rules and the hosted service; no answer of the service is a block."""
        found = self._local(draft)
        if self._hosted is None or found.blocked:
            return self._verdict(draft, found, "rules")
        try:
            text = unicodedata.normalize("NFC", draft.text)
            folded = self._rules.read(text, draft.surface, float("inf")).plain.text
            found.add(await self._hosted.findings(text, folded, draft.surface))
        except Exception:
            found.add([self._failed("screening.unavailable")])
        return self._verdict(draft, found, self.screened_by)

    async def close(self) -> None:
        """Give back the connections of the hosted service."""
        if self._hosted is not None:
            await self._hosted.close()

    def _local(self, draft: Draft) -> _Found:
        found = _Found()
        if not isinstance(draft.text, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers may be wrong
            found.add([self._failed("screening.not-text")])
            return found
        if len(draft.text) > self._policy.limits.size:
            found.add([self._failed("size.cap")])
            return found
        try:
            text = unicodedata.normalize("NFC", draft.text)
            if draft.surface in COPY_SURFACES and not _visible(text):
                found.add([self._failed("structure.empty")])
                return found
            if self._cache.allows(draft.text, draft.surface):
                return found
            reading = self._rules.read(text, draft.surface, time.thread_time() + self._policy.limits.seconds)
            found.add(self._finding(mark, draft.surface) for mark in self._rules.marks(reading))
            if found.empty:
                self._cache.add(draft.text, draft.surface)
        except OutOfTime:
            found.add([self._failed("screening.late")])
        except Exception:
            found.add([self._failed("screening.failed")])
        return found

    def _finding(self, mark: Mark, surface: Surface) -> Finding | None:
        return self._policy.finding(mark.rule, surface, mark.start, mark.end)

    def _failed(self, rule: str) -> Finding:
        check = self._policy.checks.get(rule)
        return Finding(
            rule=rule, category=check.category if check else "unavailable", severity=7, decision=Decision.BLOCK,
            fix=check.fix if check else "Screening gave no answer, so nothing leaves.",
        )  # fmt: skip

    def _verdict(self, draft: Draft, found: _Found, screened_by: str) -> Verdict:
        findings = found.sorted()
        decision = max((f.decision for f in findings), key=STRICTNESS.__getitem__, default=Decision.ALLOW)
        text = "" if decision is Decision.BLOCK else unicodedata.normalize("NFC", draft.text)
        if decision is Decision.REDACT:
            redacted = redact(text, _whole_orders(text, findings))
            if redacted is None:
                decision, text = Decision.BLOCK, ""
            else:
                text = redacted
        return Verdict(
            decision=decision, text=text, findings=findings, screened_by=screened_by,
            policy_hash=self.policy_hash, surface=draft.surface,
        )  # fmt: skip


class _Found:
    """Findings of one text, each rule and span once."""

    def __init__(self) -> None:
        self._all: dict[tuple[str, int, int], Finding] = {}

    def add(self, findings: Iterable[Finding | None]) -> None:
        for finding in findings:
            if finding is not None and len(self._all) < MAX_FINDINGS * 20:
                self._all.setdefault((finding.rule, finding.start, finding.end), finding)

    @property
    def empty(self) -> bool:
        return not self._all

    @property
    def blocked(self) -> bool:
        return any(f.decision is Decision.BLOCK for f in self._all.values())

    def sorted(self) -> tuple[Finding, ...]:
        """Strictest first; when they are too many the mildest go, but none that redacts."""
        ordered = sorted(self._all.values(), key=lambda f: (-STRICTNESS[f.decision], f.start, f.end, f.rule))
        return tuple(f for i, f in enumerate(ordered) if i < MAX_FINDINGS or f.decision is Decision.REDACT)


def _whole_orders(text: str, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings; an order to a model reaches to the end of its sentence, for what follows is ordered."""
    ends = [match.start() for match in SENTENCE_END.finditer(text)]
    ends.append(len(text))
    return [
        finding.model_copy(update={"end": ends[min(bisect_left(ends, finding.end), len(ends) - 1)]})
        if finding.decision is Decision.REDACT and finding.rule.startswith(ORDERS)
        else finding
        for finding in findings
    ]


def redact(text: str, findings: Sequence[Finding]) -> str | None:
    """Replace every span to be redacted with a placeholder that says what stood there; None if a span is unknown."""
    spans = sorted(
        ((f.start, f.end, PLACEHOLDERS.get(f.rule) or BY_CATEGORY.get(f.category, "[removed]")) for f in findings
         if f.decision is Decision.REDACT), key=lambda s: (s[0], -s[1]),
    )  # fmt: skip
    if any(end <= start for start, end, _ in spans):
        return None
    pieces_out: list[str] = []
    at = 0
    for start, end, placeholder in spans:
        if start >= at:
            pieces_out.extend((text[at:start], placeholder))
        at = max(at, end)
    pieces_out.append(text[at:])
    return "".join(pieces_out)


def _visible(text: str) -> bool:
    return any(unicodedata.category(c)[0] not in "CZM" and c not in "\u115f\u1160\u3164\uffa0\u2800" for c in text)


def pieces(text: str) -> list[str]:
    """Cut a text of more than 10,000 code points into pieces of 9,000 that overlap by 400."""
    if len(text) <= HOSTED_LIMIT:
        return [text]
    step = PIECE - OVERLAP
    return [text[at : at + PIECE] for at in range(0, max(1, len(text) - OVERLAP), step)]
