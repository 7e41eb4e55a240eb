"""Settings come from the variables they name, and from no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from app.settings import PROJECT_ROOT, Settings


def read() -> Settings:
    return cast("Any", Settings)(_env_file=None)


def test_the_variables_of_every_shell_change_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    plain = read()
    for name in Settings.model_fields:
        monkeypatch.setenv(name.upper(), str(tmp_path))
    kept = read()
    assert (kept.home, kept.host, kept.port, kept.today) == (PROJECT_ROOT / "var", "127.0.0.1", 8000, plain.today)


def test_its_own_variable_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CPO_HOME", str(tmp_path))
    assert read().home == tmp_path
