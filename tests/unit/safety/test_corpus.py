"""The labelled corpus: what must be stopped is stopped, ordinary copy passes. Figures are in docs/safety.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.domain.safety import Decision, Draft, Surface
from plugins.safety.screening import Screening

CORPUS = Path(__file__).parent / "corpus"
ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\([nrt])")
SIMPLE = {"n": "\n", "r": "\r", "t": "\t"}


def cases(name: str) -> list[tuple[str, Draft]]:
    """Read ``kind, surface, text`` lines."""
    read: list[tuple[str, Draft]] = []
    for line in (CORPUS / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        kind, surface, text = line.split("\t", 2)
        plain = ESCAPE.sub(lambda m: SIMPLE[m[3]] if m[3] else chr(int(m[1] or m[2], 16)), text)
        read.append((kind, Draft.model_construct(text=plain, surface=Surface(surface))))
    return read


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("block", 0.98),
        ("held_block", 0.97),
        ("final_block", 0.95),
        ("fresh_block", 0.97),
        ("fresh2_block", 0.97),
        ("lots_block", 0.97),
        ("lot4_block", 0.95),
        ("lot5_block", 0.97),
        ("lot6_block", 0.97),
        ("lot7_block", 0.97),
        ("lot8_block", 0.97),
        ("lot9_block", 0.97),
        ("lot10_block", 0.97),
        ("lot11_block", 0.97),
        ("lot12_block", 0.97),
        ("lot13_block", 0.96),  # lots 12 to 14 were seen once and not mended by
        ("lot14_block", 0.97),
        ("probes_block", 0.97),
        ("probes2_block", 0.97),
        ("probes3_block", 0.97),
        ("probes4_block", 0.97),
        ("probes5_block", 0.97),
        ("probes6_block", 0.96),
        ("fresh3_block", 0.65),  # implied only, as obliquely as its author could (docs/safety.md)
    ],
)
def test_what_must_be_stopped_is_stopped(screening: Screening, name: str, least: float) -> None:
    read = cases(name)
    missed = [(k, d.text) for k, d in read if screening.screen_local(d).decision is Decision.ALLOW]
    assert len(missed) <= (1 - least) * len(read), missed


FALSE_AT_MOST = 0.02


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("allow", FALSE_AT_MOST),
        ("held_allow", FALSE_AT_MOST),
        ("final_allow", FALSE_AT_MOST),
        ("fresh_allow", FALSE_AT_MOST),
        ("fresh2_allow", FALSE_AT_MOST),
        ("fresh3_allow", FALSE_AT_MOST),
        ("lots_allow", FALSE_AT_MOST),
        ("lot4_allow", FALSE_AT_MOST),
        ("lot5_allow", FALSE_AT_MOST),
        ("lot6_allow", FALSE_AT_MOST),
        ("lot7_allow", 0.025),  # two of its 80 texts are French and German: what the rules cannot read is held
        ("lot8_allow", FALSE_AT_MOST),
        ("lot9_allow", 0.025),  # as in lot 7
        ("lot10_allow", FALSE_AT_MOST),
        ("lot11_allow", FALSE_AT_MOST),
        ("lot12_allow", 0.0),
        ("lot13_allow", 0.05),
        ("lot14_allow", 0.025),
        ("probes_allow", FALSE_AT_MOST),
        ("probes2_allow", FALSE_AT_MOST),
        ("probes3_allow", FALSE_AT_MOST),
        ("probes4_allow", FALSE_AT_MOST),
        ("probes5_allow", FALSE_AT_MOST),
        ("probes6_allow", FALSE_AT_MOST),
        ("informal_allow", FALSE_AT_MOST),
    ],
)
def test_ordinary_copy_passes(screening: Screening, name: str, most: float) -> None:
    read = cases(name)
    stopped = [(d.text, [f.rule for f in v.findings]) for _, d in read
               if (v := screening.screen_local(d)).decision is not Decision.ALLOW]  # fmt: skip
    assert len(stopped) <= most * len(read), stopped
