"""How a file of delimited text is written - packed or not, encoding, separator - and its rows; nothing is interpreted.

Comma, tab, semicolon, bar or white space; UTF-8 with or without its mark, UTF-16, Windows-1252, Latin-1; gzip or plain.
What was found is said (``Written.words``), so that a wrong guess is seen.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from app.domain.errors import UserFixable

SAMPLE_BYTES = 262_144
DELIMITERS = (",", "\t", ";", "|")
WHITESPACE = " "
LONGEST_CELL = 1_000_000
_NAMES = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar", WHITESPACE: "white space"}


@dataclass(frozen=True)
class Written:
    """How a text is written. ``delimiter`` is a blank for columns set apart by white space."""

    encoding: str
    delimiter: str

    @property
    def words(self) -> str:
        """Say how the file is read."""
        return f"text in {self.encoding}, separated by {_NAMES[self.delimiter]}"

    @property
    def usual(self) -> bool:
        """Whether it is what everybody expects: UTF-8 and commas."""
        return self.encoding.startswith("utf-8") and self.delimiter == ","


def recognise(path: Path) -> tuple[Written, list[str]]:
    """Return how a file is written, and its first lines that are not blank.

    Raises ``UserFixable`` for one that is missing, empty, a spreadsheet, or damaged.
    """
    if not path.is_file():
        raise UserFixable(f"There is no file {path.name}.", hint="Give the path of a CSV file.")
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise UserFixable(f"{path.name} is empty.", hint="Export it again.")
    if start in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise UserFixable(f"{path.name} is a spreadsheet or zip archive.", hint="Save it as CSV, or unpack it first.")
    encoding = encoding_of(path)
    with binary(path) as file:
        sample = codecs.getincrementaldecoder(encoding)("replace").decode(file.read(SAMPLE_BYTES))
    lines = [line for line in sample.splitlines()[:200] if line.strip()]
    if not lines:
        raise UserFixable(f"{path.name} holds no rows.", hint="Export it again.")
    return Written(encoding, delimiter_of(lines)), lines


def rows(path: Path, written: Written) -> Iterator[list[str]]:
    """Yield the cells of every line that is not empty, the header included; an unreadable one as a single cell."""
    with binary(path) as file:
        text = io.TextIOWrapper(file, encoding=written.encoding, errors="strict", newline="")
        lines = (line.replace("\x00", "") for line in text)
        if written.delimiter == WHITESPACE:
            yield from (line.split() for line in lines if line.strip())
            return
        csv.field_size_limit(LONGEST_CELL)
        reader = csv.reader(lines, delimiter=written.delimiter)
        while True:
            try:
                found = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield [f"unreadable: {error}"]
                continue
            if found:
                yield found


def binary(path: Path) -> IO[bytes]:
    """Open a file for reading, unpacked where it is gzip."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.GzipFile(path, "rb")) if packed else path.open("rb")


def encoding_of(path: Path) -> str:
    """Return the encoding: by its mark, by its zeros (UTF-16), or the first that can read the whole file."""
    with binary(path) as file:
        try:
            start = file.read(4096)
        except (OSError, EOFError) as error:
            raise UserFixable(f"{path.name} cannot be unpacked.", hint=str(error)[:200]) from error
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start.count(0) > len(start) // 4:
        return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
    return next(name for name in ("utf-8", "cp1252", "latin-1") if _decodes(path, name))


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    with binary(path) as file:
        try:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        except (OSError, EOFError) as error:
            raise UserFixable(f"{path.name} is cut off or damaged.", hint=str(error)[:200]) from error
    return True


def delimiter_of(lines: list[str]) -> str:
    """Choose the separator that cuts the lines most alike, into the most columns."""
    best, best_score = WHITESPACE, 0.0
    for delimiter in DELIMITERS:
        widths = [len(cells(line, delimiter)) for line in lines]
        usual = max(set(widths), key=widths.count)
        alike = widths.count(usual) / len(widths)
        score = alike * (1 + min(usual, 50) / 100) if usual > 1 else 0.0
        if score > best_score + 1e-9:
            best, best_score = delimiter, score
    if best_score >= 0.6:
        return best
    widths = [len(line.split()) for line in lines]
    usual = max(set(widths), key=widths.count)
    return WHITESPACE if usual > 1 and widths.count(usual) / len(widths) > 0.8 else best if best_score else ","


def cells(line: str, delimiter: str) -> list[str]:
    """Cut one line."""
    if delimiter == WHITESPACE:
        return line.split()
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return line.split(delimiter)
