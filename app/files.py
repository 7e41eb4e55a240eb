"""The sink for files: written whole or not at all, and only text that the gate released."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

from app.gate import Gate, Released


def write_released(gate: Gate, path: Path, text: Released, *, byte_order_mark: bool = False) -> None:
    """Write a released text as UTF-8; the file appears complete or not at all."""
    emitted = gate.egress(text)
    data = emitted.encode("utf-8-sig" if byte_order_mark else "utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise


@contextlib.contextmanager
def whole_folder(target: Path) -> Generator[Path]:
    """Give a temporary folder that becomes ``target`` at a good end; nothing is left behind otherwise."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=target.parent, prefix=".writing-"))
    try:
        yield temporary
        if target.exists():
            shutil.rmtree(target)
        temporary.rename(target)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
