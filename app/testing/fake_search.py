"""A small Azure AI Search on 127.0.0.1: enough of the wire format for the real SDK, strict where a service is strict.

Filters are evaluated by ``search_filters``, unknown body fields and enum values are refused with 400, and a ``Trouble``
makes the next requests fail: a status, headers, rejected keys in a 207, or a degraded semantic answer (206).
"""

from __future__ import annotations

import contextlib
import json
import math
import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from app.testing.fake_openai import serving
from app.testing.search_filters import FilterError, evaluate

KNOWN = frozenset(
    """search filter top skip select orderby count facets queryType searchMode searchFields semanticConfiguration
    captions answers semanticErrorHandling semanticMaxWaitInMilliseconds vectorQueries vectorFilterMode scoringProfile
    highlight minimumCoverage sessionId""".split()  # noqa: SIM905
)
ENUMS: Mapping[str, str] = {
    "queryType": r"simple|full|semantic",
    "searchMode": r"any|all",
    "captions": r"none|extractive(\|highlight-(true|false))?",
    "answers": r"none|extractive(\|count-\d+)?",
    "semanticErrorHandling": r"partial|fail",
}
PAGE = 50


@dataclass
class Trouble:
    """What goes wrong with the next ``times`` requests whose path contains ``path``."""

    status: int
    path: str = ""
    times: int = 1
    headers: dict[str, str] = field(default_factory=dict[str, str])
    rejected: dict[str, int] = field(default_factory=dict[str, int])


@dataclass
class FakeSearch:
    """The running service: its ``documents`` by index and key, and every request it was sent."""

    url: str = ""
    key: str = "fake-key"
    indexes: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    documents: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict[str, dict[str, dict[str, Any]]])
    requests: list[tuple[str, str, Any]] = field(default_factory=list[tuple[str, str, Any]])
    troubles: list[Trouble] = field(default_factory=list[Trouble])
    embed: Callable[[str], list[float]] | None = None
    """What the vectorizer of the service makes of a query."""

    async def answer(self, request: Request) -> Response:
        """Answer any request of the SDK."""
        raw = await request.body()
        body = json.loads(raw) if raw else None
        path = request.url.path
        self.requests.append((request.method, path, body))
        if request.headers.get("api-key") != self.key:
            return JSONResponse({"error": {"code": "", "message": "wrong key"}}, 403)
        if "api-version" not in request.query_params:
            return _refused("api-version is missing")
        trouble = next((t for t in self.troubles if t.path in path and t.times > 0), None)
        if trouble:
            trouble.times -= 1
            if trouble.status >= 400:
                return JSONResponse(
                    {"error": {"code": "trouble", "message": "try later"}}, trouble.status, trouble.headers
                )
        return self._route(request, path, body, trouble)

    def _route(self, request: Request, path: str, body: Any, trouble: Trouble | None) -> Response:
        found = re.match(r"^/indexes\('([^']+)'\)(.*)$", path)
        if not found:
            return JSONResponse({"error": {"code": "", "message": "not found"}}, 404)
        name, rest = found[1], found[2]
        if rest == "":
            return self._definition(request.method, name, body)
        held = self.documents.setdefault(name, {})
        if name not in self.indexes:
            return JSONResponse({"error": {"code": "", "message": "no such index"}}, 404)
        if rest == "/docs/search.post.search":
            return self._search(held, body, trouble, self.indexes[name])
        if rest == "/docs/search.index":
            return self._index(held, body, trouble, self.indexes[name])
        if rest == "/docs/$count":
            return PlainTextResponse(str(len(held)))
        key = re.match(r"^/docs\('([^']+)'\)$", rest)
        if key and key[1] in held:
            return JSONResponse(held[key[1]])
        return Response(status_code=404)

    def _definition(self, method: str, name: str, body: Any) -> Response:
        if method == "PUT":
            created = name not in self.indexes
            self.indexes[name] = body
            return JSONResponse(body, 201 if created else 200)
        return JSONResponse(self.indexes[name]) if name in self.indexes else Response(status_code=404)

    def _near(self, rows: list[dict[str, Any]], body: dict[str, Any]) -> dict[str, float]:
        """Return the cosine of each of the ``k`` nearest rows to the query, by key."""
        found: dict[str, float] = {}
        for leg in body.get("vectorQueries") or []:
            wanted = leg["vector"] if leg["kind"] == "vector" else self.embed(leg["text"]) if self.embed else []
            held = [(str(r["id"]), _cosine(wanted, r[leg["fields"]])) for r in rows if r.get(leg["fields"])]
            found |= dict(sorted(held, key=lambda item: -item[1])[: leg["k"]])
        return found

    def _index(
        self, held: dict[str, dict[str, Any]], body: Any, trouble: Trouble | None, index: dict[str, Any]
    ) -> Response:
        if problem := _vectors_wrong(index, body["value"]):
            return _refused(problem)
        results: list[dict[str, Any]] = []
        rejected = trouble.rejected if trouble else {}
        for action in body["value"]:
            document = dict(action)
            kind = document.pop("@search.action")
            key = document["id"]
            status = rejected.get(key, 200)
            if status == 200 and kind == "delete":
                held.pop(key, None)
            elif status == 200:
                held[key] = document
            ok = status == 200
            results.append({"key": key, "status": ok, "errorMessage": None if ok else "no", "statusCode": status})
        return JSONResponse({"value": results}, 200 if all(r["status"] for r in results) else 207)

    def _search(
        self, held: dict[str, dict[str, Any]], body: dict[str, Any], trouble: Trouble | None, index: dict[str, Any]
    ) -> Response:
        unknown = set(body) - KNOWN
        if unknown:
            return _refused(f"unknown field {sorted(unknown)}")
        for name, allowed in ENUMS.items():
            if name in body and not re.fullmatch(allowed, str(body[name])):
                return _refused(f"{name} {body[name]!r} is not valid")
        try:
            rows = [d for d in held.values() if not body.get("filter") or evaluate(body["filter"], d)]
        except FilterError as error:
            return _refused(str(error))
        degraded = trouble is not None and trouble.status == 206
        if problem := _leg_wrong(index, body):
            return _refused(problem)
        ranked = _ranked(rows, body, degraded=degraded, near=self._near(rows, body))
        skip, top = int(body.get("skip") or 0), body.get("top")
        wanted = PAGE if top is None else min(int(top), PAGE)
        page = ranked[skip : skip + wanted]
        hidden = {f["name"] for f in index["fields"] if f.get("retrievable") is False}
        answer: dict[str, Any] = {
            "value": [{k: v for k, v in _selected(row, body).items() if k not in hidden} for row in page]
        }
        if body.get("count"):
            answer["@odata.count"] = len(ranked)
        left = len(ranked) - skip - len(page)
        if left > 0 and (top is None or int(top) > wanted):
            following = {**body, "skip": skip + len(page)} | ({"top": int(top) - wanted} if top is not None else {})
            answer["@search.nextPageParameters"] = following
            answer["@odata.nextLink"] = f"{self.url}/indexes('x')/docs/search.post.search?api-version=1"
        if degraded:
            answer["@search.semanticPartialResponseReason"] = "capacityOverloaded"
        return JSONResponse(answer, 206 if degraded else 200)


def _vector_field(index: dict[str, Any]) -> dict[str, Any] | None:
    return next((f for f in index["fields"] if f.get("dimensions")), None)


def _vectors_wrong(index: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    known = {f["name"]: f for f in index["fields"]}
    for row in rows:
        for name, value in row.items():
            if name.startswith("@"):
                continue
            if name not in known:
                return f"the index has no field {name}"
            size = known[name].get("dimensions")
            if size and value is not None and len(value) != size:
                return f"{name} needs {size} numbers, not {len(value)}"
    return ""


def _leg_wrong(index: dict[str, Any], body: dict[str, Any]) -> str:
    """Say what a strict service would refuse in the vector queries of a search."""
    for leg in body.get("vectorQueries") or []:
        field = _vector_field(index)
        if field is None or leg.get("fields") != field["name"]:
            return f"{leg.get('fields')!r} is not a vector field of the index"
        if set(leg) - {"kind", "text", "vector", "k", "fields", "weight"} or leg.get("kind") not in ("text", "vector"):
            return f"vector query {leg} is not valid"
        if leg["kind"] == "text" and not (index.get("vectorSearch") or {}).get("vectorizers"):
            return "a vector query of kind text needs a vectorizer in the index"
    if body.get("vectorFilterMode") not in (None, "preFilter", "postFilter"):
        return f"vectorFilterMode {body['vectorFilterMode']!r} is not valid"
    return ""


def _refused(message: str) -> Response:
    return JSONResponse({"error": {"code": "InvalidRequestParameter", "message": message}}, 400)


def _ranked(
    rows: list[dict[str, Any]], body: dict[str, Any], *, degraded: bool, near: Mapping[str, float]
) -> list[dict[str, Any]]:
    query = str(body.get("search") or "*")
    order = [part.strip().split(" ") for part in str(body.get("orderby") or "").split(",") if part.strip()]
    if query == "*":
        ranked = sorted(rows, key=lambda d: str(d["id"]))
        for name, *direction in reversed(order):
            ranked.sort(key=lambda d, n=name: (d.get(n) is not None, d.get(n)), reverse=direction == ["desc"])
        return [{**d, "@search.score": 1.0} for d in ranked]
    words = set(re.findall(r"\w+", query.lower()))
    found: list[dict[str, Any]] = []
    for document in rows:
        text = " ".join([str(document["title"]), str(document["body"]), *document["tags"], *document["themes"]]).lower()
        hits = sum(w in text or w.rstrip("s") in text for w in words)
        close = near.get(str(document["id"]), 0.0)
        if hits or close > 0:
            row = {**document, "@search.score": 0.01 * hits + 0.01 * close}
            if body.get("queryType") == "semantic" and not degraded:
                row["@search.rerankerScore"] = 4.0 * max(hits / len(words), close)
                row["@search.captions"] = [{"text": document["body"][:120], "highlights": ""}]
            found.append(row)
    return sorted(found, key=lambda d: (-float(d["@search.score"]), str(d["id"])))


def _cosine(one: list[float], other: list[float]) -> float:
    size = math.hypot(*one) * math.hypot(*other)
    return sum(a * b for a, b in zip(one, other, strict=True)) / size if size else 0.0


def _selected(row: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    wanted = {name.strip() for name in str(body.get("select") or "").split(",") if name.strip()}
    return {k: v for k, v in row.items() if not wanted or k in wanted or k.startswith("@")}


@contextlib.contextmanager
def fake_search() -> Generator[FakeSearch]:
    """Serve an empty search service on 127.0.0.1 until the block ends."""
    fake = FakeSearch()
    methods = ["GET", "POST", "PUT", "DELETE"]
    with serving(Starlette(routes=[Route("/{path:path}", fake.answer, methods=methods)])) as url:
        fake.url = url
        yield fake
