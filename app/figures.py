"""Numbers come from tools: find the figures of a reply that stand in no tool result.

A figure of the reply is grounded when some number of the results, shown with the reply's own number of decimals, gives
it: directly, as a per cent (times 100), as thousands (``12.3k``), or without its sign (``fell by 4 points``). Numbers
inside ids, list markers and the user's own words are not figures of ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, cast

NUMBER = re.compile(r"(?<![\w.-])[-+\u2212]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w]|\.\d)")
SCALED = re.compile(r"(?<![\w.-])[-+\u2212]?\d+(?:\.\d+)?(?=[kKmM]\b)")
NOT_FIGURES = re.compile(
    r"`[^`]*`"  # code: ids and commands
    r"|\b[a-z]{2,12}-[0-9a-z-]+\b"  # ids such as aud-1f2e3d4c5b
    r"|^\s*\d+[.)]\s"  # list markers
    r"|\{\{.*?\}\}"  # merge tags
    r"|https?://\S+",
    re.MULTILINE,
)


class Sources:
    """The numbers that replies may use: those of the tool results, and the words they came in."""

    def __init__(self, results: Iterable[Any], spoken: Iterable[str] = ()) -> None:
        self.values: list[float] = []
        self.texts: list[str] = list(spoken)
        self.lengths: set[int] = set()
        for result in results:
            self._walk(result)
        for text in self.texts:
            self.values += [_value(m) for m in NUMBER.findall(text)]
        self._joined = "\n".join(self.texts)

    def _walk(self, node: Any) -> None:
        if isinstance(node, bool) or node is None:
            return
        if isinstance(node, (int, float)):
            self.values.append(float(node))
        elif isinstance(node, str):
            self.texts.append(node)
        elif isinstance(node, dict):
            for key, value in cast("dict[str, Any]", node).items():
                self._walk(key)
                self._walk(value)
        elif isinstance(node, (list, tuple)):
            items = cast("list[Any]", node)
            self.lengths.add(len(items))
            for item in items:
                self._walk(item)

    def hold(self, figure: str) -> bool:
        """Return whether a figure, as written, can be read off the sources."""
        if figure in self._joined:
            return True
        shown = _value(figure)
        decimals = len(figure.partition(".")[2]) if "." in figure else 0
        if decimals == 0 and shown in self.lengths:
            return True
        tolerance = 0.5 * 10**-decimals + 1e-9
        return any(abs(abs(v * scale) - abs(shown)) <= tolerance for v in self.values for scale in (1.0, 100.0))

    def hold_scaled(self, figure: str) -> bool:
        """Return whether a figure in thousands or millions can be read off the sources."""
        shown = _value(figure)
        decimals = len(figure.partition(".")[2]) if "." in figure else 0
        tolerance = 0.5 * 10**-decimals + 1e-9
        return any(abs(abs(v / scale) - abs(shown)) <= tolerance for v in self.values for scale in (1e3, 1e6))


def ungrounded(reply: str, sources: Sources) -> list[str]:
    """Return the figures of ``reply`` that stand in no source, in order, each once."""
    text = NOT_FIGURES.sub(" ", reply)
    scaled = SCALED.findall(text)
    missing = [figure for figure in scaled if not sources.hold_scaled(figure)]
    for figure in NUMBER.findall(SCALED.sub(" ", text)):
        if not sources.hold(figure):
            missing.append(figure)
    return list(dict.fromkeys(missing))


def sources_of(results: Iterable[dict[str, Any]], spoken: Iterable[str] = ()) -> Sources:
    """Collect the sources from tool results (JSON objects) and what the person said; ISO dates count as their parts."""
    kept = list(results)
    dates = re.findall(r"\b(\d{4})-(\d{2})-(\d{2})\b", json.dumps(kept, default=str))
    parts = [f"{int(year)} {int(month)} {int(day)}" for year, month, day in dates]
    return Sources(kept, [*spoken, *parts])


def _value(figure: str) -> float:
    return float(figure.replace(",", "").replace("\u2212", "-"))
