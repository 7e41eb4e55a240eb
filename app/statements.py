"""The safety statements S1 to S66 and the tests that hold each: collected from the test files, never by hand.

A test names a statement in its name (``test_s17_...``, ``test_s8_s10_...``) or by ``@pytest.mark.statement("S37")``.
What a statement says, and why one has no test yet, stands in ``tests/statements.yaml``. The files are parsed, not
imported, so that the page can be made without any framework.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from app.domain.errors import UserFixable

IN_A_NAME = re.compile(r"^test_((?:s\d+_)+)")
MARK = "pytest.mark.statement"


@dataclass(frozen=True)
class Statement:
    """One line of the acceptance list; ``not_yet`` says in one line why no test can exist, else it is empty."""

    id: str
    says: str
    not_yet: str = ""


@dataclass(frozen=True)
class Proof:
    """A test that names a statement. ``file`` is relative to the project."""

    statement: str
    test: str
    file: str


def load_statements(path: Path) -> list[Statement]:
    """Read the statements in order; raise ``UserFixable`` for an entry that is neither words nor words and a reason."""
    read: Mapping[str, object] = yaml.safe_load(path.read_text(encoding="utf-8"))
    statements: list[Statement] = []
    for identifier, entry in read.items():
        fields = entry if isinstance(entry, dict) else {"says": entry}
        if not re.fullmatch(r"S\d+", identifier) or set(fields) - {"says", "not_yet"} or not fields.get("says"):
            raise UserFixable(f"{path.name}: {identifier} is not `S<number>: words`.", hint="See the lines around it.")
        statements.append(Statement(identifier, str(fields["says"]), str(fields.get("not_yet", ""))))
    return statements


def collect_proofs(tests: Path) -> list[Proof]:
    """Return every naming of a statement in ``test_*.py`` below ``tests``, by file and line."""
    proofs: list[Proof] = []
    for file in sorted(tests.rglob("test_*.py")):
        relative = file.relative_to(tests.parent).as_posix()
        for function in _tests_in(ast.parse(file.read_text(encoding="utf-8"))):
            proofs += [Proof(identifier, function.name, relative) for identifier in _named(function)]
    return proofs


def _tests_in(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test_"):
            yield node


def _named(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    in_name = IN_A_NAME.match(function.name)
    named = [part.upper() for part in in_name[1].split("_") if part] if in_name else []
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == MARK:
            named += [str(ast.literal_eval(argument)) for argument in decorator.args]
    return list(dict.fromkeys(named))


def statement_problems(statements: Sequence[Statement], proofs: Sequence[Proof]) -> list[str]:
    """Return what is wrong: a statement with neither test nor reason, or with both, or a name nobody knows."""
    known = {s.id for s in statements}
    proved = {p.statement for p in proofs}
    problems = [f"{s.id} has neither a test nor a reason" for s in statements if s.id not in proved and not s.not_yet]
    problems += [f"{s.id} has a test and a reason why not" for s in statements if s.id in proved and s.not_yet]
    problems += [f"{p.file} {p.test} names {p.statement}, unknown" for p in proofs if p.statement not in known]
    return problems


def statements_page(statements: Sequence[Statement], proofs: Sequence[Proof]) -> str:
    """Return docs/statements.md: a line for each statement, with its tests or the reason why there is none."""
    lines = [
        "# The safety statements and their tests",
        "",
        "Made by `make docs` from the names and marks in `tests/` and from `tests/statements.yaml`. `make check` fails",
        "when a statement has neither a test nor a reason.",
        "",
        "| | required | held by |",
        "|---|---|---|",
    ]
    for statement in statements:
        held = [f"`{p.test}` ({_short(p.file)})" for p in proofs if p.statement == statement.id]
        lines.append(f"| {statement.id} | {statement.says} | {'<br>'.join(held) or 'not yet: ' + statement.not_yet} |")
    return "\n".join(lines) + "\n"


def _short(file: str) -> str:
    return file.removeprefix("tests/").removesuffix(".py")
