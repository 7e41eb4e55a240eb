"""Taking content in, and a person's approval of it: the two acts that change the index."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from app.domain.content import ContentDocument
from app.domain.errors import UserFixable
from plugins.retrieval.catalogue import read_catalogue
from plugins.retrieval.documents import load_folder, with_hash
from plugins.retrieval.index import ContentIndex, IngestReport
from plugins.retrieval.sample_content import SAMPLE_ORIGIN, load_sample

SHOWN_ROWS = 20


def ensure_sample_content(index: ContentIndex, folder: Path, today: date) -> None:
    """Fill an empty index with the bundled corpus, dated for ``today``; an index that holds anything is left alone."""
    if index.count() == 0:
        index.ingest(load_sample(folder, today))


def ingest_content(
    index: ContentIndex,
    path: Path,
    *,
    person: str,
    now: datetime,
    mapping: Mapping[str, str] | None = None,
    currency: str | None = None,
) -> IngestReport:
    """Take in a folder of documents, one document, or a product catalogue (CSV), whole or not at all.

    The sample shop's content leaves as soon as a shop's own comes in; only its sender (``brand``) stays, with a
    warning, until the shop brings one. ``person`` is recorded as the approver of a catalogue; documents say themselves
    who approved them. Raises ``UserFixable`` with file and line.
    """
    warnings: list[str] = []
    documents = _read(path, person, now, mapping, currency, warnings)
    own_brand = any(d.type == "brand" and d.status == "approved" for d in documents)
    kept = [d for d in _all_documents(index) if not d.origin.startswith(f"{SAMPLE_ORIGIN}/")]
    sample_brand = [d for d in _all_documents(index) if d.type == "brand" and d.origin.startswith(f"{SAMPLE_ORIGIN}/")]
    if not own_brand and not any(d.type == "brand" for d in kept) and sample_brand:
        kept += sample_brand
        warnings.append(
            f"The sender is still the sample shop's ({sample_brand[0].facts['name']}): add a document of type brand "
            "with name, site and postal_address before anything is launched."
        )
    documents = [_as_decided(d, index.get(d.id), warnings) for d in documents]
    given = {d.id for d in documents}
    report = index.ingest([*documents, *(d for d in kept if d.id not in given)], replace=True)
    return IngestReport(report.added, report.changed, report.removed, report.unchanged, tuple(warnings))


def _as_decided(given: ContentDocument, stored: ContentDocument | None, warnings: list[str]) -> ContentDocument:
    """Return the document to store: what a person retired stays retired until its version is raised."""
    if stored is None or given.version > stored.version or given.status == stored.status:
        return given
    if stored.status == "retired":
        warnings.append(f"{given.id} was retired by a person and stays so; raise its version to use it again.")
        return stored
    if stored.status == "approved" and given.status == "draft":
        warnings.append(
            f"{given.id} was approved by {stored.approved_by}, but its file says draft: it is a draft again."
        )
    return given


def _all_documents(index: ContentIndex) -> list[ContentDocument]:
    found = (index.get(document_id) for document_id in index.ids())
    return [document for document in found if document is not None]


def _read(
    path: Path, person: str, now: datetime, mapping: Mapping[str, str] | None, currency: str | None, warnings: list[str]
) -> list[ContentDocument]:
    if path.is_dir():
        return load_folder(path)
    if path.suffix.lower() == ".csv":
        catalogue = read_catalogue(path, approved_by=person, now=now, mapping=mapping, currency=currency)
        read = ", ".join(f"{ours} = {column}" for ours, column in catalogue.columns.items())
        warnings.append(f"Columns read: {read}; prices in {catalogue.currency}.")
        if catalogue.left_out:
            shown = "; ".join(catalogue.left_out[:SHOWN_ROWS])
            warnings.append(f"{len(catalogue.left_out)} rows left out: {shown}")
        return list(catalogue.documents)
    if path.suffix.lower() == ".md" and path.is_file():
        return [d for d in load_folder(path.parent) if d.origin == path.name]
    raise UserFixable(
        f"{path.name} is not content.", hint="Give a folder of *.md documents, or a CSV product catalogue."
    )


def approve(index: ContentIndex, document_id: str, *, person: str, now: datetime) -> ContentDocument:
    """Record that ``person`` approves a draft, and make it usable; ``UserFixable`` when it is not a draft."""
    document = index.get(document_id)
    if document is None:
        raise UserFixable(f"There is no document {document_id!r}.")
    if document.status != "draft":
        raise UserFixable(
            f"{document_id} is {document.status}; only a draft can be approved.",
            hint="To use it again, raise its version, set its status to draft and load it.",
        )
    approved = with_hash(document.model_copy(update={"status": "approved", "approved_by": person, "approved_at": now}))
    index.ingest([approved])
    return approved


def retire(index: ContentIndex, document_id: str) -> ContentDocument:
    """Take a document out of use at once; ``UserFixable`` when there is none."""
    document = index.get(document_id)
    if document is None:
        raise UserFixable(f"There is no document {document_id!r}.")
    retired = with_hash(document.model_copy(update={"status": "retired"}))
    index.ingest([retired])
    return retired
