"""Fixtures of the safety tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.safety.policy import Policy
from plugins.safety.screening import Screening


@pytest.fixture(scope="session")
def policy(project_root: Path) -> Policy:
    return Policy.load(project_root / "data" / "policy")


@pytest.fixture(scope="session")
def screening(policy: Policy) -> Screening:
    return Screening(policy)
