"""The gate: the one place where text becomes fit to leave.

``Draft -> Gate.release -> Passage.released`` (a ``Released``). A ``Released`` is a ``str`` that only this module can
make, carrying the decision, the policy and a code over exactly its characters. Every sink takes nothing else and calls
``Gate.egress`` on what it is about to emit. No verdict, a late verdict, an error or an unwritable audit row: a fixed
message leaves instead of the text.

Python cannot stop hostile code in the same process; this stops every accident, and the tests prove which.
"""

from __future__ import annotations

import asyncio
import contextlib
import csv
import hashlib
import hmac
import io
import json
import threading
import time
import unicodedata
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, Self, cast, get_args

from app.cells import formula_safe, is_contact
from app.domain.errors import ScreeningFailed, Unavailable, UserFixable
from app.domain.safety import STRICTNESS, Category, Decision, Draft, Finding, ScreenedDraft, Surface, Verdict
from app.keys import Keys
from app.pages import words_of_page

DEADLINE_SECONDS = 10.0
WITHHELD_LEAF = "[withheld]"
UNRECORDED = "dec-unrecorded"
NOT_RECORDED = "nothing is shown, because the audit took no entry for it"
HOW_TO_RECORD = (
    "Check that the database (in CPO_HOME, or the one that DATABASE_URL names) has room, may be written and is not "
    "locked by another program; then run the command again."
)
JOINED_LIMIT = 60_000
CATEGORY_NAMES = frozenset(get_args(Category))
"""Words of our own that name what is screened for, and would be stopped by it."""
_MINT = object()

CANARIES = (
    Draft(text="Pay with card 4111 1111 1111 1111 today.", surface=Surface.COPY),
    Draft(text="Hello <script>fetch('https://example.org')</script>", surface=Surface.CHAT),
    Draft(text='=HYPERLINK("https://example.org")', surface=Surface.CSV_CELL),
)


class Unreleased(TypeError):
    """A sink was given something that the gate did not release. Always a bug; nothing was emitted."""


class Screener(Protocol):
    """What the gate asks. ``remote`` tells whether ``screen`` adds a hosted service to the local rules."""

    @property
    def policy_hash(self) -> str: ...
    @property
    def screened_by(self) -> str: ...
    @property
    def remote(self) -> bool: ...
    def screen_local(self, draft: Draft) -> Verdict: ...
    async def screen(self, draft: Draft) -> Verdict: ...
    async def close(self) -> None: ...


class RecordDecisions(Protocol):
    """Append audit rows in one transaction and return their decision ids."""

    def __call__(self, bodies: Sequence[Mapping[str, Any]], at: datetime, /) -> list[str]: ...


class Released(str):
    """Text that has passed the gate. Any string operation on it gives a plain ``str``, which no sink accepts."""

    decision_id: str
    policy_hash: str
    surface: Surface
    mac: str

    def __new__(cls, text: str, mint: object, decision_id: str, policy_hash: str, surface: Surface, mac: str) -> Self:
        if mint is not _MINT:
            raise Unreleased("Only the gate can make a Released.")
        self = super().__new__(cls, text)
        self.decision_id, self.policy_hash, self.surface, self.mac = decision_id, policy_hash, surface, mac
        return self

    def __reduce__(self) -> Any:
        raise Unreleased("A Released cannot be copied or pickled.")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        return self

    @property
    def recorded(self) -> bool:
        """Whether its decision stands in the audit; the fixed message that replaces a text may not."""
        return self.decision_id != UNRECORDED

    @property
    def sha256(self) -> str:
        """The SHA-256 of the UTF-8 bytes."""
        return hashlib.sha256(self.encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class Passage:
    """The outcome for one draft: ``released`` is the text, or the fixed message where it did not pass."""

    released: Released
    verdict: Verdict
    decision_id: str

    @property
    def passed(self) -> bool:
        """Whether the text itself (perhaps redacted) leaves."""
        return self.verdict.decision in (Decision.ALLOW, Decision.REDACT)


@dataclass(frozen=True)
class JsonPassage:
    """The outcome for a JSON value: strings that did not pass are replaced in ``value``, and ``decision`` says so.

    ``released`` is the serialised ``value``.
    """

    value: Any
    released: Released
    decision: Decision
    decision_id: str
    screened_by: str

    @property
    def passed(self) -> bool:
        """Whether every string left as it was or redacted."""
        return self.decision in (Decision.ALLOW, Decision.REDACT)


@dataclass(frozen=True)
class TablePassage:
    """A table as released CSV text; ``withheld`` counts the cells that did not pass."""

    released: Released
    rows: int
    withheld: int
    decision_id: str
    passed: bool


class Gate:
    """Screen, record, release. One per process; safe to use from any thread and any event loop."""

    def __init__(
        self,
        screener: Screener,
        record: RecordDecisions,
        keys: Keys,
        *,
        deadline_seconds: float = DEADLINE_SECONDS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._screener = screener
        self._record = record
        self._keys = keys
        self._deadline = deadline_seconds
        self._now = now
        self._pool = ThreadPoolExecutor(max_workers=8, thread_name_prefix="gate")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._loop_lock = threading.Lock()
        self._remote_thread: threading.Thread | None = None

    # --- what may be asked
    @property
    def policy_hash(self) -> str:
        """The digest of the policy in force."""
        return self._screener.policy_hash

    @property
    def screened_by(self) -> str:
        """``rules`` or ``azure+rules``."""
        return self._screener.screened_by

    def release(self, drafts: Sequence[Draft], *, subject: str = "") -> list[Passage]:
        """Screen the drafts in order, record one decision each, and release what passed. Never raises for a text."""
        started = time.perf_counter()
        verdicts = [self._verdict(draft) for draft in drafts]
        elapsed = (time.perf_counter() - started) * 1000
        bodies = [self._body(d, v, subject, elapsed) for d, v in zip(drafts, verdicts, strict=True)]
        try:
            ids = self._record(bodies, self._now())
            if len(ids) != len(drafts):
                raise ScreeningFailed("the audit did not take every row")
        except Exception:
            verdicts = [self._blocked(draft, "audit-unwritable") for draft in drafts]
            ids = [UNRECORDED] * len(drafts)
        return [self._passage(v, i) for v, i in zip(verdicts, ids, strict=True)]

    async def release_async(self, drafts: Sequence[Draft], *, subject: str = "") -> list[Passage]:
        """Do the same without holding up the event loop; a cancelled caller releases nothing."""
        return await asyncio.get_running_loop().run_in_executor(None, lambda: self.release(drafts, subject=subject))

    def release_text(self, text: str, surface: Surface, *, subject: str = "") -> Passage:
        """Release one text."""
        return self.release([Draft.model_construct(text=text, surface=surface)], subject=subject)[0]

    def release_page(self, page: str, surface: Surface, *, subject: str = "") -> Passage:
        """Release an HTML page of ours: its markup is checked against a list, its words are screened."""
        try:
            words = words_of_page(page)
        except ScreeningFailed:
            words = ""
        passage = self.release_text(words, surface, subject=subject)
        if not words or passage.verdict.decision is not Decision.ALLOW:
            blocked = self._blocked(Draft(text="", surface=surface), "page")
            return self._passage(blocked, passage.decision_id)
        released = self._mint(page, passage.decision_id, passage.verdict.policy_hash, surface)
        return Passage(released=released, verdict=passage.verdict, decision_id=passage.decision_id)

    def screen(self, drafts: Sequence[Draft]) -> list[ScreenedDraft]:
        """Screen and record for a capability that needs the verdicts but emits nothing (``Screen`` protocol)."""
        return [ScreenedDraft(verdict=p.verdict, decision_id=p.decision_id) for p in self.release(drafts)]

    def release_json(self, value: Any, surface: Surface, *, subject: str = "") -> JsonPassage:
        """Release a JSON value string by string; keys count as strings. Records one decision."""
        return self.release_json_values([value], surface, subject=subject)[0]

    def release_json_values(self, values: Sequence[Any], surface: Surface, *, subject: str = "") -> list[JsonPassage]:
        """Release JSON values, each by itself, in order. Records one decision each, all of them together or none."""
        judged = [self._judged_json(value, surface) for value in values]
        bodies = [
            self._body(Draft.model_construct(text=joined, surface=surface), verdict, subject, 0.0)
            for _, verdict, joined in judged
        ]
        try:
            ids = self._record(bodies, self._now()) if bodies else []
            if len(ids) != len(judged):
                raise ScreeningFailed("the audit did not take every row")
        except Exception:
            blocked = self._blocked(Draft.model_construct(text="", surface=surface), "audit-unwritable")
            judged, ids = [(WITHHELD_LEAF, blocked, "") for _ in judged], [UNRECORDED] * len(judged)
        return [
            self._json_passage(value, verdict, decision_id, surface)
            for (value, verdict, _), decision_id in zip(judged, ids, strict=True)
        ]

    def _judged_json(self, value: Any, surface: Surface) -> tuple[Any, Verdict, str]:
        """Return what may leave of a JSON value, the verdict on it, and the text that was judged."""
        leaves = list(dict.fromkeys(_strings(value)))
        joined = "\n".join(leaves)
        if len(joined) <= JOINED_LIMIT:
            whole = self._verdict(Draft.model_construct(text=joined, surface=surface))
        else:
            whole = self._blocked(Draft.model_construct(text="", surface=surface), "size")
        if not leaves or whole.decision is Decision.ALLOW:
            return value, whole if leaves else _empty_verdict(whole), joined
        verdict, result = self._leaf_by_leaf(value, leaves, surface, whole)
        return result, verdict, joined

    def release_table(
        self,
        header: Sequence[str],
        rows: Sequence[Sequence[object]],
        *,
        subject: str = "",
        addresses: Sequence[str] = (),
    ) -> TablePassage:
        """Release a table as CSV text, each distinct cell screened as ``csv_cell``; one audit row, with the counts.

        ``addresses`` names the columns of a recipient list that a person approved: well-formed e-mail addresses and
        telephone numbers in them leave as they are, for that is what the sender needs.

        A text cell that begins like a formula is prefixed with ``'`` (OWASP; undone by removing it), numbers stay
        numbers. A cell that does not pass is replaced by ``[withheld]`` and counted.
        """
        verdicts: dict[str, Verdict] = {}
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\r\n")
        count = withheld = 0
        free = {position for position, name in enumerate(header) if name in addresses}
        for number, row in enumerate([header, *rows]):
            cells = [
                c if number and i in free and is_contact(c) else self._cell(c, verdicts) for i, c in enumerate(row)
            ]
            withheld += cells.count(WITHHELD_LEAF)
            writer.writerow(cells)
            count += 1
        worst = max(verdicts.values(), key=lambda v: STRICTNESS[v.decision], default=None)
        draft = Draft.model_construct(text=buffer.getvalue(), surface=Surface.CSV_CELL)
        verdict = worst or self._verdict(Draft(text="table", surface=Surface.CSV_CELL))
        body = self._body(draft, verdict, subject, 0.0) | {"rows": count - 1, "cells_withheld": withheld}
        try:
            decision_id = self._record([body], self._now())[0]
        except Exception:
            decision_id, verdict = UNRECORDED, self._blocked(draft, "audit-unwritable")
            draft = Draft.model_construct(text=safe_message(Decision.BLOCK, UNRECORDED), surface=Surface.CSV_CELL)
        released = self._mint(draft.text, decision_id, self.policy_hash, Surface.CSV_CELL)
        return TablePassage(released, count - 1, withheld, decision_id, released.recorded)

    def _cell(self, cell: object, verdicts: dict[str, Verdict]) -> object:
        if cell is None or isinstance(cell, (bool, int, float)):
            return cell
        text = formula_safe(str(cell))
        if not text:
            return text
        if text not in verdicts:
            verdicts[text] = self._verdict(Draft.model_construct(text=text, surface=Surface.CSV_CELL))
        verdict = verdicts[text]
        if verdict.decision in (Decision.ALLOW, Decision.REDACT):
            return verdict.text
        return WITHHELD_LEAF

    def egress(self, released: object) -> str:
        """Return the exact text to emit; raise ``Unreleased`` for anything the gate did not release."""
        if type(released) is not Released:
            raise Unreleased(f"A sink was given {type(released).__name__}, not Released.")
        value = released
        expected = self._code(str.__str__(value), value.decision_id, value.policy_hash, value.surface)
        if not hmac.compare_digest(expected, value.mac):
            raise Unreleased("A Released was changed after the gate made it.")
        return str.__str__(value)

    def self_check(self) -> None:
        """Screen known-bad canaries; raise ``UserFixable`` when one passes. Called at start."""
        for canary in CANARIES:
            if self._verdict(canary).decision in (Decision.ALLOW, Decision.REDACT):
                raise UserFixable(
                    "The safety policy let a known-bad text through, so nothing is started.",
                    hint="Restore data/policy from the release.",
                )

    def close(self) -> None:
        """Stop the worker threads and give back the connections of a hosted service."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        with self._loop_lock:
            loop, self._loop = self._loop, None
        if loop is None or self._remote_thread is None:
            return
        with contextlib.suppress(Exception):  # a connection that does not close ends with the process
            asyncio.run_coroutine_threadsafe(self._screener.close(), loop).result(self._deadline)
        loop.call_soon_threadsafe(loop.stop)
        self._remote_thread.join(self._deadline)
        if not loop.is_running():
            loop.close()

    # --- how a verdict is reached
    def _verdict(self, draft: Draft) -> Verdict:
        if not isinstance(draft.text, str):  # pyright: ignore[reportUnnecessaryIsInstance] - callers may be wrong
            return self._blocked(Draft(text="", surface=draft.surface), "not-text")
        future: Future[Verdict] | None = None
        try:
            future = self._ask(draft)
            verdict = future.result(timeout=self._deadline)
            if type(verdict) is not Verdict or type(verdict.decision) is not Decision:
                raise ScreeningFailed("the screener returned no verdict")
            return verdict
        except FutureTimeout:
            if future is not None:
                future.cancel()
            return self._blocked(draft, "late")
        except Exception:
            return self._blocked(draft, "screener-failed")

    def _ask(self, draft: Draft) -> Future[Verdict]:
        if self._screener.remote:
            return asyncio.run_coroutine_threadsafe(self._remote(draft), self._remote_loop())
        return self._pool.submit(self._screener.screen_local, draft)

    def _remote(self, draft: Draft) -> Coroutine[Any, Any, Verdict]:
        return self._screener.screen(draft)

    def _remote_loop(self) -> asyncio.AbstractEventLoop:
        with self._loop_lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._remote_thread = threading.Thread(target=self._loop.run_forever, name="gate-remote", daemon=True)
                self._remote_thread.start()
            return self._loop

    def _blocked(self, draft: Draft, why: str) -> Verdict:
        finding = Finding(
            rule=f"gate.{why}", category="unavailable", severity=7, decision=Decision.BLOCK,
            fix="Screening gave no answer, so nothing leaves. Try again; see cpo doctor.",
        )  # fmt: skip
        return Verdict(
            decision=Decision.BLOCK, text="", findings=(finding,), screened_by=self._screener.screened_by,
            policy_hash=self._screener.policy_hash, surface=draft.surface,
        )  # fmt: skip

    def _leaf_by_leaf(self, value: Any, leaves: Sequence[str], surface: Surface, whole: Verdict) -> tuple[Verdict, Any]:
        verdicts = {leaf: self._verdict(Draft.model_construct(text=leaf, surface=surface)) for leaf in leaves}
        strictest = max(verdicts.values(), key=lambda v: STRICTNESS[v.decision])
        found = tuple(f for v in verdicts.values() for f in v.findings)
        if strictest.decision is Decision.ALLOW and whole.decision is Decision.BLOCK:
            return whole, WITHHELD_LEAF  # only the strings together are at fault, as when harm is split up
        replaced = {leaf: _leaf_text(leaf, verdict) for leaf, verdict in verdicts.items()}
        return strictest.model_copy(update={"findings": found}), _replace(value, replaced)

    # --- records and codes
    def _json_passage(self, value: Any, verdict: Verdict, decision_id: str, surface: Surface) -> JsonPassage:
        text = json.dumps(value, ensure_ascii=False)
        released = self._mint(text, decision_id, verdict.policy_hash, surface)
        return JsonPassage(value, released, verdict.decision, decision_id, verdict.screened_by)

    def _body(self, draft: Draft, verdict: Verdict, subject: str, elapsed_ms: float) -> dict[str, Any]:
        text = draft.text if isinstance(draft.text, str) else ""  # pyright: ignore[reportUnnecessaryIsInstance]
        return {
            "event": "screen",
            "decision": verdict.decision.value,
            "surface": draft.surface.value,
            "subject": subject,
            "findings": [
                {
                    "rule": f.rule, "category": f.category, "severity": f.severity,
                    "decision": f.decision.value, "start": f.start, "end": f.end, "fix": f.fix,
                }
                for f in verdict.findings[:50]
            ],
            "policy_hash": verdict.policy_hash,
            "screened_by": verdict.screened_by,
            "text_code": self._keys.code("text", text.encode("utf-8", "surrogatepass"))[:32],
            "length": len(text),
            "latency_ms": round(elapsed_ms, 1),
        }  # fmt: skip

    def _passage(self, verdict: Verdict, decision_id: str) -> Passage:
        if verdict.decision in (Decision.ALLOW, Decision.REDACT):
            text = unicodedata.normalize("NFC", verdict.text)
        else:
            text = safe_message(verdict.decision, decision_id)
        released = self._mint(text, decision_id, verdict.policy_hash, verdict.surface)
        return Passage(released=released, verdict=verdict, decision_id=decision_id)

    def _mint(self, text: str, decision_id: str, policy_hash: str, surface: Surface) -> Released:
        code = self._code(text, decision_id, policy_hash, surface)
        return Released(text, _MINT, decision_id, policy_hash, surface, code)

    def _code(self, text: str, decision_id: str, policy_hash: str, surface: Surface) -> str:
        parts = "\x00".join((decision_id, policy_hash, surface.value, text))
        return self._keys.code("released", parts.encode("utf-8", "surrogatepass"))


def not_recorded() -> Unavailable:
    """Return the error for output that was withheld because its decision could not be recorded."""
    return Unavailable("audit", NOT_RECORDED, hint=HOW_TO_RECORD)


def safe_message(decision: Decision, decision_id: str) -> str:
    """Return the fixed text that leaves instead of a blocked or held one; it quotes nothing."""
    if decision is Decision.HOLD:
        return f"This text is held for a reviewer (decision {decision_id})."
    return f"This text was withheld by the safety check (decision {decision_id})."


def _empty_verdict(verdict: Verdict) -> Verdict:
    return verdict.model_copy(update={"decision": Decision.ALLOW, "findings": ()})


def _leaf_text(leaf: str, verdict: Verdict) -> str:
    if verdict.decision is Decision.ALLOW:
        return leaf
    return verdict.text if verdict.decision is Decision.REDACT else WITHHELD_LEAF


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value and value not in CATEGORY_NAMES else []
    if isinstance(value, Mapping):
        pairs = cast("Mapping[Any, Any]", value).items()
        return [s for key, item in pairs for part in (str(key), item) for s in _strings(part)]
    if isinstance(value, (list, tuple)):
        return [s for item in cast("Sequence[Any]", value) for s in _strings(item)]
    return []


def _replace(value: Any, replaced: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return replaced.get(value, value)
    if isinstance(value, Mapping):
        pairs = cast("Mapping[Any, Any]", value).items()
        return {_replace(str(key), replaced): _replace(item, replaced) for key, item in pairs}
    if isinstance(value, (list, tuple)):
        return [_replace(item, replaced) for item in cast("Sequence[Any]", value)]
    return value
