"""The sink for files: written whole or not at all, and only text that the gate released."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

from app.gate import Gate, Released, not_recorded


def write_released(gate: Gate, path: Path, text: Released, *, byte_order_mark: bool = False) -> None:
    """Write a released text as UTF-8; the file appears complete or not at all, and not without its audit entry."""
    emitted = gate.egress(text)
    if not text.recorded:
        raise not_recorded()
    data = emitted.encode("utf-8-sig" if byte_order_mark else "utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=WRITING)
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


WRITING = ".writing-"
"""How a file or folder that is still being written begins."""


@contextlib.contextmanager
def folder_in_the_making(beside: Path) -> Generator[Path]:
    """Give a temporary folder in ``beside``; it is gone at the end unless it was put in its place."""
    beside.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=beside, prefix=WRITING))
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextlib.contextmanager
def put_in_place(temporary: Path, target: Path) -> Generator[None]:
    """Make a finished folder appear as ``target``; it is removed again if what follows fails.

    Whoever calls this holds the lock that decides who may: what stands at ``target`` is taken for a remnant.
    """
    if target.exists():
        shutil.rmtree(target)
    temporary.rename(target)
    try:
        yield
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
