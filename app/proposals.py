"""What a file that a person sends would be loaded as: a mapping of its columns, in words, to confirm or to correct."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.corrections import IGNORED, correction
from app.domain.campaign import Campaign
from app.store import Store

HOW_TO_CORRECT = 'To read a column as something else, say for example "Nation is the country" or "ignore Notes".'
MOST_CAMPAIGNS = 5


@dataclass(frozen=True)
class Target:
    """One way to load a file. ``experiment`` is the one whose results it holds."""

    label: str
    kind: str
    experiment: str | None = None


@dataclass(frozen=True)
class Proposal:
    """What a file seems to be, before anything is loaded. ``mapping`` is {column: field or ``ignore``}."""

    mapping: dict[str, str]
    words: str
    targets: tuple[Target, ...]


class Proposals:
    """Reads files and loads nothing. Results are offered for the campaigns that a person has launched."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def propose(self, path: str, name: str, person: str, chosen: Mapping[str, str] | None = None) -> Proposal:
        """Say what a file would be read as; ``chosen`` ({column: field}) wins over every guess.

        Raises ``UserFixable`` for a file that is no table, ``ColumnsUnclear`` where a person has to say what one is.
        """
        return self._results(path, name, person, chosen) or self._shop(path, name, chosen)

    def corrected(self, path: str, person: str, words: str) -> dict[str, str] | None:
        """Return the ``{column: field}`` that a person's words ask for in this file, or None when they ask for none."""
        from plugins.experiment.results_in import FIELD_NAMES, outcomes_in
        from plugins.segmentation.ingest import columns_of

        found = outcomes_in(Path(path)) if self._launched(person) else None
        columns, fields = (found[0], FIELD_NAMES) if found else columns_of(Path(path))
        return correction(columns, fields, words)

    def _shop(self, path: str, name: str, chosen: Mapping[str, str] | None) -> Proposal:
        from plugins.segmentation.ingest import propose_mapping

        mapping = propose_mapping(Path(path), chosen=chosen)
        columns = mapping.as_json() | dict.fromkeys(mapping.unused, IGNORED)
        target = Target(f"Load as {mapping.kind}", str(mapping.kind))
        return Proposal(columns, _words(name, str(mapping.kind), columns, mapping.assumptions), (target,))

    def _results(self, path: str, name: str, person: str, chosen: Mapping[str, str] | None) -> Proposal | None:
        from plugins.experiment.results_in import outcomes_in

        launched = self._launched(person)
        found = outcomes_in(Path(path), chosen) if launched else None
        if found is None:
            return None
        header, mapping = found
        columns = {column: mapping.get(column, IGNORED) for column in header}
        targets = tuple(Target(f"Load as results of {c.name}", "results", c.experiment_id) for c in launched)
        return Proposal(columns, _words(name, "the results of a campaign", columns, ()), targets)

    def _launched(self, person: str) -> list[Campaign]:
        return [c for c in self._store.all_campaigns(person) if c.takes_results][:MOST_CAMPAIGNS]


def _words(name: str, kind: str, columns: Mapping[str, str], assumptions: tuple[str, ...]) -> str:
    rows = "\n".join(f"| {column} | {field} |" for column, field in columns.items() if field != IGNORED)
    left = [column for column, field in columns.items() if field == IGNORED]
    unused = f"\n\nNot read: {', '.join(left)}." if left else ""
    notes = "".join(f"\n- {note}" for note in assumptions)
    return (
        f"**{name}** looks like {kind}. I would read it like this:\n\n| column | is read as |\n|---|---|\n"
        f"{rows}{unused}\n{notes}\n\nNothing is loaded until you say so. {HOW_TO_CORRECT}"
    )
