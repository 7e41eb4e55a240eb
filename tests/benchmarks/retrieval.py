"""How well the content index finds what a marketer asks for, on questions written without knowing the thesaurus.

    python tests/benchmarks/retrieval.py            (a few seconds)

``retrieval_questions.jsonl`` holds ``{id, query, relevant, kind}``; where ``relevant`` is empty nothing in the content
answers and nothing should be found. Recall at 5 is the share of the relevant documents (at most five) among the first
five, MRR the mean of one over the rank of the first relevant one, with 95% bootstrap intervals over questions.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from app.domain.content import ContentFilter
from plugins.retrieval.embedded_index import EmbeddedIndex
from plugins.retrieval.sample_content import load_sample
from plugins.retrieval.wordstems import Thesaurus

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 6, 15)
FIRST = 5


def main() -> None:
    """Print the figures, with the thesaurus and without."""
    questions = [json.loads(line) for line in Path(__file__).with_name("retrieval_questions.jsonl").open()]
    for name, thesaurus in (
        ("with the thesaurus", Thesaurus.load(ROOT / "data" / "thesaurus.yaml")),
        ("without", Thesaurus({})),
    ):
        index = EmbeddedIndex(":memory:", thesaurus)
        index.ingest(load_sample(ROOT / "data" / "sample" / "content", TODAY))
        print(f"== {name}, threshold {index.threshold}")
        report(index, questions)


def report(index: EmbeddedIndex, questions: Sequence[dict[str, Any]]) -> None:
    """Print recall at 5, MRR, how often nothing was found and how often something was where nothing answers."""
    recalls: dict[str, list[float]] = defaultdict(list)
    ranks: dict[str, list[float]] = defaultdict(list)
    empty = wrong = unanswerable = 0
    started = time.process_time()
    for question in questions:
        hits = [h.document_id for h in index.search(question["query"], ContentFilter(on=TODAY), limit=FIRST)]
        relevant = set(question["relevant"])
        if not relevant:
            unanswerable += 1
            wrong += bool(hits)
            continue
        empty += not hits
        found = [at for at, document in enumerate(hits, start=1) if document in relevant]
        for kind in ("all", question["kind"]):
            recalls[kind].append(len(found) / min(FIRST, len(relevant)))
            ranks[kind].append(1 / found[0] if found else 0.0)
    spent = (time.process_time() - started) / len(questions)
    for kind, values in recalls.items():
        low, high = interval(values)
        mrr = sum(ranks[kind]) / len(values)
        print(f"{kind:11} n={len(values):3}  recall@5 {mean(values):.2f} ({low:.2f} to {high:.2f})  MRR {mrr:.2f}")
    print(f"nothing found for {empty} of {len(recalls['all'])} with an answer")
    print(f"something found for {wrong} of {unanswerable} without one")
    print(f"CPU {spent * 1000:.1f} ms a question")


def mean(values: Sequence[float]) -> float:
    """Return the arithmetic mean."""
    return sum(values) / len(values)


def interval(values: Sequence[float]) -> tuple[float, float]:
    """Return the 95% bootstrap percentile interval of the mean, from 2,000 resamples with a fixed seed."""
    dice = random.Random(7)
    means = sorted(mean(dice.choices(values, k=len(values))) for _ in range(2_000))
    return means[49], means[1949]


if __name__ == "__main__":
    sys.exit(main())
