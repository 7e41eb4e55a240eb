"""The part of a document that answers a query: always a verbatim substring, cut between words."""

from __future__ import annotations

from collections.abc import Sequence

from plugins.retrieval.wordstems import stem, words_of

LENGTH = 200


def snippet_of(body: str, words: Sequence[str], length: int = LENGTH) -> str:
    """Return at most ``length`` characters of ``body`` around the first word that was asked for."""
    if len(body) <= length:
        return body
    wanted = {stem(w) for w in words}
    position = 0
    for piece in body.split(" "):
        if any(stem(w) in wanted for w in words_of(piece)):
            break
        position += len(piece) + 1
    start = max(0, min(position - length // 4, len(body) - length))
    while start and not body[start - 1].isspace():
        start -= 1
    end = min(len(body), start + length)
    while end < len(body) and end > start + 1 and not body[end].isspace():
        end -= 1
    return body[start:end].strip()
