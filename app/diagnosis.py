"""Which services are real, which are stand-ins, and what to set: for the header, ``cpo doctor`` and ``/health``."""

from __future__ import annotations

import importlib.metadata
import platform
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from app.domain.errors import CpoError

if TYPE_CHECKING:
    from app.wiring import Application

LIBRARIES = ("semantic-kernel", "chainlit", "openai", "duckdb", "pydantic", "azure-search-documents")


@dataclass(frozen=True)
class Service:
    """One need of the product: what serves it now, whether that is the real service, and how to get the real one."""

    need: str
    serves: str
    real: bool
    to_set: str


def services(application: Application) -> list[Service]:
    """Return the services that the settings select, in the order a person cares."""
    chosen = application.settings
    kind = chosen.planner_kind
    planner = {"offline": "offline planner and writer", "openai": "OpenAI-compatible model", "azure": "Azure OpenAI"}
    return [
        Service(
            "planner and writer", planner[kind], kind != "offline",
            "OPENAI_API_KEY and OPENAI_CHAT_MODEL_ID, or AZURE_OPENAI_ENDPOINT and AZURE_OPENAI_CHAT_DEPLOYMENT_NAME",
        ),
        Service(
            "content index", "Azure AI Search" if chosen.search_endpoint else "local index",
            bool(chosen.search_endpoint), "AZURE_SEARCH_ENDPOINT",
        ),
        Service(
            "screening", application.gate.screened_by, chosen.content_safety_endpoint is not None,
            "CONTENT_SAFETY_ENDPOINT (adds Azure AI Content Safety to the local rules)",
        ),
        Service(
            "store", "PostgreSQL" if chosen.database_url else "SQLite", chosen.database_url is not None, "DATABASE_URL",
        ),
        Service(
            "customer engine", "Spark" if chosen.spark_master else "DuckDB in process", chosen.spark_master is not None,
            "CPO_SPARK_MASTER",
        ),
    ]  # fmt: skip


def services_line(application: Application) -> str:
    """Return the line of the chat's header."""
    found = services(application)
    real = [service.serves for service in found if service.real]
    stand_ins = [service.serves for service in found if not service.real]
    shop = application.datasets.shop()
    parts = [f"Customers: {shop.dataset.manifest.name}"]
    parts += [f"Real services: {', '.join(real)}"] if real else ["No hosted service"]
    parts += [f"Local stand-ins: {', '.join(stand_ins)}"] if stand_ins else []
    return " - ".join(parts)


def diagnosis(application: Application) -> dict[str, Any]:
    """Return versions, services, data and problems as JSON."""
    problems: list[str] = []
    data: dict[str, Any] = {}
    try:
        shop = application.datasets.shop()
        data = {
            "dataset": shop.dataset_id,
            "name": shop.dataset.manifest.name,
            "synthetic": shop.synthetic,
            "customers": shop.total_customers(),
            "as_of": shop.as_of.isoformat(),
        }
    except CpoError as error:
        problems.append(str(error))
    rows, problem = application.store.verify_audit()
    if problem is not None:
        problems.append(f"audit row {problem.seq}: {problem.problem}")
    return {
        "ok": not problems,
        "python": platform.python_version(),
        "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
        "services": [asdict(service) for service in services(application)],
        "policy": application.gate.policy_hash[:16],
        "data": data,
        "audit_rows": rows,
        "problems": problems,
    }


def diagnosis_words(found: dict[str, Any]) -> str:
    """Render a diagnosis for the terminal."""
    lines = [f"Python {found['python']}, " + ", ".join(f"{k} {v}" for k, v in found["libraries"].items()), ""]
    for service in found["services"]:
        state = "real service" if service["real"] else "stand-in"
        lines.append(f"- {service['need']}: {service['serves']} ({state})")
        if not service["real"]:
            lines.append(f"    - to change: {service['to_set']}")
    data = found["data"]
    if data:
        kind = "synthetic sample" if data["synthetic"] else "your data"
        lines.append(f"- customers: {data['name']}, {data['customers']:,} as of {data['as_of']} ({kind})")
    lines.append(f"- audit: {found['audit_rows']:,} rows; policy {found['policy']}")
    lines += [f"- PROBLEM: {problem}" for problem in found["problems"]] or ["", "Everything answers."]
    return "\n".join(lines)


def health(application: Application) -> dict[str, Any]:
    """Return for each dependency whether it answers; no addresses, no secrets."""
    answers: dict[str, str] = {}
    for name, probe in (
        ("store", lambda: application.store.all_campaigns()),
        ("customers", lambda: application.datasets.shop().total_customers()),
        ("screening", lambda: application.gate.self_check()),
    ):
        try:
            probe()
            answers[name] = "ok"
        except Exception:
            answers[name] = "unavailable"
    return {"ok": all(state == "ok" for state in answers.values()), "dependencies": answers}
