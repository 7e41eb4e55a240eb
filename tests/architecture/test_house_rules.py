"""The shape of the house: import contracts, sizes, names, pages in step, and who may emit."""

from __future__ import annotations

import ast
import re
import runpy
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HARD_STOP_LINES = 600
FORBIDDEN_NAMES = re.compile(r"^(utils?|helpers?|managers?|common|misc|base|core|processor|orchestrator)$")
NAMES_OF_LIBRARIES = {"openai", "logging", "types", "mcp", "chainlit", "email", "json", "secrets"}


def modules(root: Path) -> Iterator[Path]:
    """Every Python module of the product."""
    for package in ("app", "plugins"):
        yield from (p for p in (root / package).rglob("*.py") if "__pycache__" not in p.parts)


def test_import_contracts_hold(project_root: Path) -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter], cwd=project_root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_no_module_is_longer_than_the_hard_stop(project_root: Path) -> None:
    lengths = {
        str(p.relative_to(project_root)): len(p.read_text(encoding="utf-8").splitlines()) for p in modules(project_root)
    }
    assert {name: n for name, n in lengths.items() if n > HARD_STOP_LINES} == {}


def test_modules_are_named_for_things(project_root: Path) -> None:
    assert [str(p) for p in modules(project_root) if FORBIDDEN_NAMES.match(p.stem)] == []
    assert [p.name for p in (project_root / "app").glob("*.py") if p.stem in NAMES_OF_LIBRARIES] == []


def test_package_files_import_nothing(project_root: Path) -> None:
    for path in modules(project_root):
        if path.name == "__init__.py":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            assert not [n for n in tree.body if isinstance(n, (ast.Import, ast.ImportFrom))], path


def test_generated_pages_are_in_step() -> None:
    from app.documentation import out_of_step

    assert out_of_step() == []


def test_linked_paths_exist(project_root: Path) -> None:
    missing: list[str] = []
    for page in ("ARCHITECTURE.md", "README.md", "CONTRIBUTING.md"):
        for path in re.findall(
            r"`((?:app|plugins|prompts|data|docs|tests)/[\w/.-]+)`", (project_root / page).read_text()
        ):
            if "*" not in path and not (project_root / path).exists():
                missing.append(f"{page}: {path}")
    assert missing == []


DEVELOPER_COMMANDS = {"app/documentation.py", "app/evaluation.py", "app/llm/offline/train.py"}  # print no product text
EMITTERS = {
    "print": set[str](),
    "sys.stdout.write": {"app/console.py"} | DEVELOPER_COMMANDS,
    "sys.stderr.write": {"app/console.py"} | DEVELOPER_COMMANDS,
}


def test_s60_only_sinks_write_to_the_terminal(project_root: Path) -> None:
    wrong: list[str] = []
    for path in modules(project_root):
        name = str(path.relative_to(project_root))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called in EMITTERS and name not in EMITTERS[called]:
                    wrong.append(f"{name}:{node.lineno} {called}")
    assert wrong == []


def test_s12_kernels_and_connectors_are_made_in_one_place(project_root: Path) -> None:
    allowed = {
        "Kernel": set[str](),
        "GuardedKernel": {"app/kernel.py"},
        "OpenAIChatCompletion": {"app/llm/hosted.py"},
        "AzureChatCompletion": {"app/llm/hosted.py"},
        "ChatCompletionAgent": set[str](),
        "Released": {"app/gate.py"},
    }
    wrong: list[str] = []
    for path in modules(project_root):
        name = str(path.relative_to(project_root))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                made = node.func.id
                if made in allowed and name not in allowed[made]:
                    wrong.append(f"{name}:{node.lineno} {made}")
    assert wrong == []


RELEASING = r"(?:await )?self\.(?:(?:_view\.)?released|_sink\.let_through)\("


@pytest.mark.parametrize("name", ["chat_view.py", "chat_uploads.py", "main.py"])
def test_s56_chat_texts_are_released(project_root: Path, name: str) -> None:
    """What is handed to Chainlit as text is a constant or comes out of a call that verifies or releases it."""
    tree = ast.parse((project_root / "app" / name).read_text(encoding="utf-8"))
    wrong: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("cl.Message", "cl.Text", "cl.ErrorMessage"):
            for keyword in node.keywords:
                text = ast.unparse(keyword.value)
                if keyword.arg == "content" and not re.match(RELEASING, text):
                    wrong.append(f"{name}:{node.lineno} {text}")
    assert wrong == []


def test_s65_there_is_no_way_to_switch_screening_off(project_root: Path) -> None:
    suspicious = re.compile(
        r"no[-_]safety|skip[-_]screen|disable[-_](gate|safety|screening)|unsafe_mode", re.IGNORECASE
    )
    found = [str(p) for p in modules(project_root) if suspicious.search(p.read_text(encoding="utf-8"))]
    assert found == []
    wiring = (project_root / "app" / "wiring.py").read_text(encoding="utf-8")
    assert "app.testing" not in wiring


def test_no_addresses_of_registries_and_no_machine_paths(project_root: Path) -> None:
    for name in ("requirements.lock", "requirements-spark.lock"):
        assert "://" not in (project_root / name).read_text(encoding="utf-8")


def test_every_mutant_still_applies(project_root: Path) -> None:
    """A defence that was rewritten takes its mutant with it; `make mutants` would only say so at the end."""
    mutants = runpy.run_path(str(project_root / "tests" / "mutation" / "gate_mutants.py"))["MUTANTS"]
    gone = [m.name for m in mutants if m.old not in (project_root / m.file).read_text(encoding="utf-8")]
    assert gone == []
