"""What the offline writer writes, over many seeds and briefs: different, within limits, without findings?

    python tests/benchmarks/generation.py [SEEDS]        (default 100; about a minute)

``before choosing`` are single candidates as they come, ``chosen`` the sets a marketer sees: the writer ranks candidates
by the same copy checks, so only the first row says how good its raw sentences are. Grounding findings are those of the
rules that ``cpo ground`` uses, which the writer does not rank by.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

from app.domain.content import ContentDocument
from app.testing.distinctness import distinct_2, largest_overlap, self_bleu
from plugins.generation.channels import reading_ease, word_count
from plugins.generation.copy_quality import flaws_of
from plugins.generation.drafting import grounding_findings
from plugins.generation.material import CopyRequest, choose_material
from plugins.generation.offline_writer import Copy, Plan, write_set
from plugins.retrieval.embedded_index import EmbeddedIndex
from plugins.retrieval.sample_content import load_sample
from plugins.retrieval.wordstems import Thesaurus

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 6, 15)
BRIEFS = ("summer", "winback", "birthday", "loyalty", "newsletter")
PLANS = [Plan("urgent", label="A"), Plan("informational", label="B"), Plan("friendly", label="C")]


def for_everybody(document: ContentDocument) -> bool:
    """Leave out what only some are entitled to, except what lapsed customers are."""
    return not document.eligibility or "lapsed" in str(document.eligibility)


def main(seeds: int) -> None:
    """Print the statistics of ``seeds`` sets for each brief."""
    index = EmbeddedIndex(":memory:", Thesaurus.load(ROOT / "data" / "thesaurus.yaml"))
    index.ingest(load_sample(ROOT / "data" / "sample" / "content", TODAY))
    started = time.process_time()
    sets: list[list[Copy]] = []
    grounding: Counter[str] = Counter()
    writing = 0.0
    for theme in BRIEFS:
        request = CopyRequest(channel="email", on=TODAY, campaign="Bench 2026-06", theme=theme)
        material = choose_material(index, request, for_everybody)
        for seed in range(seeds):
            before = time.process_time()
            copies = write_set(material, request, PLANS, seed=seed)
            writing += time.process_time() - before
            sets.append(copies)
            for copy in copies:
                found = grounding_findings(copy, material.citable(), TODAY, sender=str(material.brand.facts["name"]))
                grounding.update({finding.rule for finding in found})
    report(sets, grounding, writing)
    print(f"CPU in all: {time.process_time() - started:.0f} s")


def report(sets: list[list[Copy]], grounding: Counter[str], writing: float) -> None:
    """Print one line a measure."""
    bodies = [copy.fields["body"] for copies in sets for copy in copies]
    overlaps = [largest_overlap([c.fields["body"] for c in copies]) for copies in sets]
    bleus = [self_bleu([c.fields["body"] for c in copies]) for copies in sets]
    bigrams = [distinct_2([c.fields["body"] for c in copies]) for copies in sets]
    words = [word_count(body) for body in bodies]
    flaws = Counter(flaw.level for copies in sets for copy in copies for flaw in flaws_of(copy.fields))
    print(f"sets {len(sets)}, e-mails {len(bodies)}, different bodies {len(set(bodies))}")
    print(f"words {min(words)} to {max(words)}")
    print(f"Flesch {min(map(reading_ease, bodies)):.0f} to {max(map(reading_ease, bodies)):.0f}")
    print(f"largest 3-gram overlap in a set: mean {sum(overlaps) / len(overlaps):.2f}, at most {max(overlaps):.2f}")
    print(f"self-BLEU {min(bleus):.2f} to {max(bleus):.2f}; distinct-2 at least {min(bigrams):.2f}")
    print(f"copy checks: {flaws['error']} errors, {flaws['warn']} warnings")
    print(f"e-mails with a grounding finding, by rule: {dict(grounding.most_common()) or 'none'} of {len(bodies)}")
    print(f"CPU {writing / len(sets) * 1000:.0f} ms a set")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
