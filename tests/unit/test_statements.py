"""The table of safety statements is made from the tests, and says when one is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import UserFixable
from app.statements import Proof, Statement, collect_proofs, load_statements, statement_problems, statements_page

SOURCE = """
import pytest, a_framework_nobody_has

def test_s1_s2_both() -> None: ...

class TestThings:
    @pytest.mark.slow
    @pytest.mark.statement("S3", "S4")
    async def test_marked(self) -> None: ...

def test_s5x_is_no_name() -> None: ...
def helper_s6_is_no_test() -> None: ...
"""


def test_tests_are_found_by_name_and_by_mark_without_importing_them(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text(SOURCE)
    found = collect_proofs(tmp_path / "tests")
    assert sorted((p.statement, p.test) for p in found) == [
        ("S1", "test_s1_s2_both"), ("S2", "test_s1_s2_both"), ("S3", "test_marked"), ("S4", "test_marked"),
    ]  # fmt: skip
    assert {p.file for p in found} == {"tests/test_x.py"}


def test_every_way_to_be_out_of_step_is_a_problem() -> None:
    statements = [Statement("S1", "a"), Statement("S2", "b", "no mail is sent yet"), Statement("S3", "c")]
    proofs = [Proof("S2", "test_two", "tests/t.py"), Proof("S3", "test_three", "tests/t.py"), Proof("S9", "t", "f")]
    problems = statement_problems(statements, proofs)
    assert [p.split(" ")[0] for p in problems] == ["S1", "S2", "f"]
    assert statement_problems(statements[2:], proofs[1:2]) == []


def test_the_page_names_tests_and_reasons() -> None:
    page = statements_page([Statement("S1", "a"), Statement("S2", "b", "no mail")], [Proof("S1", "t", "tests/t.py")])
    assert "| S1 | a | `t` (t) |" in page and "| S2 | b | not yet: no mail |" in page


@pytest.mark.parametrize("content", ["S1: {say: x}", "T1: x", "S1: ''"])
def test_a_wrong_entry_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "s.yaml").write_text(content)
    with pytest.raises(UserFixable):
        load_statements(tmp_path / "s.yaml")


def test_all_66_statements_are_there(project_root: Path) -> None:
    assert [s.id for s in load_statements(project_root / "tests" / "statements.yaml")] == [
        f"S{n}" for n in range(1, 67)
    ]
