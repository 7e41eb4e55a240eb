"""Take away each gate call and each sink check in turn; the suite must notice every one.

Run as ``make mutants``, or with the paths of files for theirs alone. Works on a copy of the project; prints a line for each mutant and exits 1 when one survives.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SUITE = [  # the quickest to notice come first; pytest runs nothing twice
    "tests/unit/test_gate.py",
    "tests/unit/safety/test_verdict_cache.py",
    "tests/turns/test_leak_matrix.py",
    "tests/turns/test_effects.py",
    "tests/contract/store",
    "tests/surfaces/chat",
    "tests/unit/test_audit.py",
    "tests/turns",
    "tests/wire/openai",
    "tests/surfaces",
]


@dataclass(frozen=True)
class Mutant:
    """One defence taken away: ``old`` stands once in ``file`` and becomes ``new``."""

    name: str
    file: str
    old: str
    new: str


MUTANTS = (
    Mutant(
        "anyone may mint a Released", "app/gate.py",
        "        if mint is not _MINT:\n", "        if False:\n",
    ),
    Mutant(
        "a sink takes plain text", "app/gate.py",
        "        if type(released) is not Released:\n            raise", "        if type(released) is not Released:\n"
        "            return str(released)\n            raise",
    ),
    Mutant(
        "a sink does not verify the code", "app/gate.py",
        "        if not hmac.compare_digest(expected, value.mac):\n", "        if False:\n",
    ),
    Mutant(
        "a blocked text leaves", "app/gate.py",
        "            text = safe_message(verdict.decision, decision_id)\n", "            text = verdict.text or 'CANARY'\n",
    ),
    Mutant(
        "an unwritable audit releases", "app/gate.py",
        '            verdicts = [self._blocked(draft, "audit-unwritable") for draft in drafts]\n', "            pass\n",
    ),
    Mutant(
        "a failing screener releases", "app/gate.py",
        '            return self._blocked(draft, "screener-failed")\n',
        "            return Verdict(decision=Decision.ALLOW, text=draft.text, screened_by='x', policy_hash='x', "
        "surface=draft.surface)\n",
    ),
    Mutant(
        "a late verdict releases", "app/gate.py",
        '            return self._blocked(draft, "late")\n',
        "            return Verdict(decision=Decision.ALLOW, text=draft.text, screened_by='x', policy_hash='x', "
        "surface=draft.surface)\n",
    ),
    Mutant(
        "JSON strings that did not pass stay", "app/gate.py",
        "    return verdict.text if verdict.decision is Decision.REDACT else WITHHELD_LEAF\n", "    return leaf\n",
    ),
    Mutant(
        "what passed on one surface passes on all", "plugins/safety/verdict_cache.py",
        'f"{surface.value}\\x00{text}"', 'f"{text}"',
    ),
    Mutant(
        "a stopped text is remembered as allowed", "plugins/safety/screening.py",
        "            if found.empty:\n", "            if True:\n",
    ),
    Mutant(
        "harm split over strings passes", "app/gate.py",
        "            return whole, WITHHELD_LEAF  #", "            return whole, value  #",
    ),
    Mutant(
        "known-bad canaries do not stop the start", "app/gate.py",
        "            if self._verdict(canary).decision in (Decision.ALLOW, Decision.REDACT):\n", "            if False:\n",
    ),
    Mutant(
        "results of functions are not screened", "app/functions.py",
        "    passage = gate.release_json(result, Surface.UNTRUSTED, subject=\"tool-result\")\n"
        "    if not isinstance",
        "    from app.gate import JsonPassage as J\n"
        "    import json as j\n"
        "    passage = J(result, j.dumps(result), Decision.ALLOW, 'dec-x', 'rules')\n"
        "    if not isinstance",
    ),
    Mutant(
        "arguments that did not pass run the function", "app/functions.py",
        "    if not screened.passed:\n", "    if False:\n",
    ),
    Mutant(
        "exception texts go to the planner", "app/functions.py",
        '        return error_result("failed", reference=reference)\n', '        return error_result(str(failure))\n',
    ),
    Mutant(
        "the kernel's gate is not outermost", "app/kernel.py",
        "        return partial(outermost, next=stack)\n", "        return stack\n",
    ),
    Mutant(
        "services come in unscreened", "app/kernel.py",
        "        return ScreenedChat.around(service, self.gate)\n", "        return service\n",
    ),
    Mutant(
        "names that the model chose are echoed", "app/kernel.py",
        "        if function_call.name not in offered:\n", "        if False:\n",
    ),
    Mutant(
        "the model's answer is not screened", "app/llm/screened.py",
        "            items.insert(0, TextContent(text=str(passage.released)))\n",
        "            items.insert(0, TextContent(text='\\n'.join(texts)))\n",
    ),
    Mutant(
        "a cut-off answer counts as one", "app/llm/screened.py",
        "        if answer.finish_reason is not None and answer.finish_reason not in COMPLETE:\n", "        if False:\n",
    ),
    Mutant(
        "the kernel filter lets replaced results pass", "app/filters.py",
        "        return passage[0].released\n", "        return text\n",
    ),
    Mutant(
        "an effect needs no approval in the database", "app/migrations/versions/0001_first_tables.py",
        "AND a.digest = NEW.digest AND a.kind", "AND a.kind",
    ),
    Mutant(
        "a changed campaign can still be approved", "app/effects.py",
        'row["content"])) != row["digest"]:\n', 'row["content"])) == "never":\n',
    ),

    Mutant(
        "an approval outlives its time", "app/effects.py",
        '        if self._now() > datetime.fromisoformat(row["expires_at"]):\n', "        if False:\n",
    ),
    Mutant(
        "a digest need not be shown", "app/effects.py",
        '        if digest != row["digest"] or digest_of', '        if digest_of',
    ),
    Mutant(
        "events of the chat are not screened", "app/chat_sink.py",
        "        return _replaced(value, self._screen(unknown))\n", "        return value\n",
    ),
    Mutant(
        "the title of a chat is not screened", "app/chat_sink.py",
        '"tags", "player", "page",', '"tags", "player", "page", "interaction",',
    ),
    Mutant(
        "files of the chat are not screened", "app/chat_sink.py",
        "        raw = content.encode() if isinstance(content, str) else bytes(content or b\"\")\n",
        "        return content.encode() if isinstance(content, str) else bytes(content or b\"\")\n",
    ),
    Mutant(
        "a command prints what the audit did not take", "app/console.py",
        "        if not released.recorded:\n            raise not_recorded()\n        return text\n", "        return text\n",
    ),
    Mutant(
        "a file is written that the audit did not take", "app/files.py",
        "    if not text.recorded:\n        raise not_recorded()\n", "",
    ),
    Mutant(
        "errors of requests quote the input", "app/api.py",
        "    served.add_exception_handler(RequestValidationError, not_valid)\n", "",
    ),
    Mutant(
        "details of refused requests are not screened", "app/api.py",
        '        return JSONResponse({"detail": gate.egress(passage.released)}',
        '        return JSONResponse({"detail": str(detail)}',
    ),
    Mutant(
        "why B was blocked comes with the text", "plugins/safety/plugin.py",
        '            "findings": _findings(screened)[:MAX_FINDINGS],',
        '            "findings": _findings(screened)[:MAX_FINDINGS], "text": next(iter(drafts.values())).text + drafts.get("body", next(iter(drafts.values()))).text,',
    ),
)  # fmt: skip


def copied(target: Path) -> None:
    """Copy what the suite needs."""
    skipped = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in ("app", "plugins", "tests", "data", "prompts", "docs", ".chainlit", "public"):
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, target / name, ignore=skipped)
    for name in ("pyproject.toml", "chainlit.md", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", ".env.example"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, target / name)


def survives(mutant: Mutant) -> bool:
    """Return whether the suite stays green without the defence."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        copied(copy)
        file = copy / mutant.file
        text = file.read_text(encoding="utf-8")
        if text.count(mutant.old) < 1:
            raise SystemExit(f"mutant {mutant.name!r} does not apply any more: mend {Path(__file__).name}")
        file.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
        suite = [path for path in SUITE if (copy / path).exists()]
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *suite]
        environment = {"PYTHONPATH": folder, "PATH": "/usr/bin:/bin", "HOME": folder}
        return subprocess.run(command, cwd=copy, env=environment, capture_output=True, check=False).returncode == 0


def main() -> int:
    """Try every mutant, or those of the files that are named."""
    chosen = [mutant for mutant in MUTANTS if mutant.file in sys.argv[1:] or len(sys.argv) == 1]
    survivors = 0
    for mutant in chosen:
        alive = survives(mutant)
        survivors += alive
        print(f"{'SURVIVED' if alive else 'killed  '}  {mutant.name} ({mutant.file})", flush=True)
    print(f"{len(chosen) - survivors} of {len(chosen)} killed")
    return 1 if survivors else 0


if __name__ == "__main__":
    raise SystemExit(main())
