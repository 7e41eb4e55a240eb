"""Files of lines for the bulk commands: read as they come, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import TextIO

from app.domain.errors import UserFixable


@contextlib.contextmanager
def read_lines(path: Path) -> Generator[Iterable[str]]:
    """Open a UTF-8 file line by line; bytes that are no UTF-8 are kept as replacement characters."""
    if not path.is_file():
        raise UserFixable(f"There is no file {path}.", hint="Give a file with one JSON object a line.")
    with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as file:
        yield file


@contextlib.contextmanager
def whole_file(path: Path) -> Generator[TextIO]:
    """Open a file that takes its place only when the block ends well."""
    if path.is_dir():
        raise UserFixable(f"{path} is a folder.", hint="Give the name of a file to write.")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            yield file
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise
