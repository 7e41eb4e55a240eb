"""Screeners for tests of the gate. Wiring has no way to take one: they reach a gate only where a test builds it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.domain.safety import Decision, Draft, Finding, Verdict


class ScriptedScreener:
    """Judges by a function of the draft; counts what it was asked."""

    policy_hash = "test-policy"
    screened_by = "rules"
    remote = False

    def __init__(self, judge: Callable[[Draft], Decision]) -> None:
        self._judge = judge
        self.seen: list[str] = []
        self._lock = threading.Lock()

    def screen_local(self, draft: Draft) -> Verdict:
        """Return the verdict of the function; a block comes with a finding."""
        with self._lock:
            self.seen.append(draft.text)
        decision = self._judge(draft)
        findings = () if decision is Decision.ALLOW else (_finding(decision),)
        return Verdict(
            decision=decision,
            text=draft.text if decision in (Decision.ALLOW, Decision.REDACT) else "",
            findings=findings,
            screened_by=self.screened_by,
            policy_hash=self.policy_hash,
            surface=draft.surface,
        )

    async def screen(self, draft: Draft) -> Verdict:
        """Do the same."""
        return self.screen_local(draft)

    async def close(self) -> None:
        """Hold nothing."""


def _finding(decision: Decision) -> Finding:
    return Finding(rule="test.rule", category="structure", severity=7, decision=decision, fix="write something else")


def blocking(word: str) -> ScriptedScreener:
    """Return a screener that blocks every text with ``word`` in it."""
    return ScriptedScreener(lambda draft: Decision.BLOCK if word in draft.text else Decision.ALLOW)


def allowing() -> ScriptedScreener:
    """Return a screener that allows everything."""
    return ScriptedScreener(lambda _: Decision.ALLOW)


def denying() -> ScriptedScreener:
    """Return a screener that blocks everything."""
    return ScriptedScreener(lambda _: Decision.BLOCK)


def raising() -> ScriptedScreener:
    """Return a screener that fails on every text, quoting it."""

    def fail(draft: Draft) -> Decision:
        raise RuntimeError(draft.text)

    return ScriptedScreener(fail)


def hanging(released: threading.Event) -> ScriptedScreener:
    """Return a screener that answers only once ``released`` is set."""

    def wait(_: Draft) -> Decision:
        released.wait(30)
        return Decision.ALLOW

    return ScriptedScreener(wait)
