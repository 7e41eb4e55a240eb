"""Fixtures of the whole suite."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from app.wiring import Application

TODAY = "2026-06-15"

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")  # how long an example takes says how busy the machine is, not whether it is right

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


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes the golden traces anew."""
    parser.addoption("--update-golden", action="store_true", help="write the golden traces anew")


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with the sample shop as of a fixed day, made once."""
    from app.testing.builders import some_settings
    from app.wiring import build_application

    home = tmp_path_factory.mktemp("home")
    application = build_application(some_settings(home=home, today=TODAY))
    application.prepare()
    application.close()
    return home


@pytest.fixture
def application(sample_home: Path, tmp_path: Path) -> Generator[Application]:
    """A whole application over a copy of the sample home, offline, as of a fixed day."""
    from app.testing.builders import some_settings
    from app.wiring import build_application

    home = tmp_path / "home"
    shutil.copytree(sample_home, home)
    made = build_application(some_settings(home=home, today=TODAY))
    yield made
    made.close()
