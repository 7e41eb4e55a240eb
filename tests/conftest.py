"""Fixtures of the whole suite."""

from __future__ import annotations

from pathlib import Path

import pytest

PROJECT_ROOT = Path(__file__).resolve().parent.parent
REAL_DATA = PROJECT_ROOT.parent / "shared" / "data"


@pytest.fixture(autouse=True)
def no_foreign_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own services out of the tests."""
    for name in (
        "OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_CHAT_MODEL_ID", "AZURE_OPENAI_ENDPOINT", "DATABASE_URL",
        "AZURE_SEARCH_ENDPOINT", "CONTENT_SAFETY_ENDPOINT", "CPO_HOME", "CPO_TODAY", "CPO_PLANNER",
    ):  # fmt: skip
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def project_root() -> Path:
    """The folder of the project."""
    return PROJECT_ROOT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data beside the project; skips the test where it is not."""
    if not REAL_DATA.is_dir():
        pytest.skip("no real data beside the project (../shared/data)")
    return REAL_DATA
