"""The pages made from the code: settings, functions, safety statements. ``check`` fails when one is out of step."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.settings import PROJECT_ROOT, env_example, settings_table
from app.statements import Statement, collect_proofs, load_statements, statement_problems, statements_page

TESTS = PROJECT_ROOT / "tests"


def settings_page() -> str:
    """Return docs/settings.md."""
    lines = [
        "# Settings",
        "",
        "Read once at start from the environment and `.env`. All are optional; a wrong value stops the start with",
        "every accepted name. Made by `make docs` from `app/settings.py`.",
        "",
        "| name | default | meaning |",
        "|---|---|---|",
    ]
    for names, default, description in settings_table():
        shown = ", ".join(f"`{name}`" for name in names.split(" or "))
        lines.append(f"| {shown} | {f'`{default}`' if default else ''} | {description} |")
    return "\n".join(lines) + "\n"


def tools_page() -> str:
    """Return docs/tools.md: every function as the planner sees it."""
    from app.functions import describe_plugin
    from app.wiring import plugin_classes

    lines = [
        "# Functions the planner sees",
        "",
        "Made by `make docs` from the plugins. Every result is JSON: `ok, summary, data, handle, warnings, next`, or",
        "an `error` with what to change.",
    ]
    for name, plugin in plugin_classes().items():
        for function in describe_plugin(name, plugin):
            lines += ["", f"## {function.name}", "", function.description, ""]
            if function.parameters:
                lines += ["| parameter | type | meaning |", "|---|---|---|"]
            for parameter, schema in function.parameters.items():
                needed = " (required)" if parameter in function.required else ""
                meaning = str(schema.get("description", "")).replace("|", "\\|")
                lines.append(f"| `{parameter}`{needed} | {_type_words(schema)} | {meaning} |")
    return "\n".join(lines) + "\n"


def _type_words(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "array":
        return "list of " + _type_words(schema.get("items", {}))
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_type_words(branch) for branch in schema["anyOf"]))
    bounds = [
        f"{word} {json.dumps(schema[key])}" for key, word in (("minimum", ">="), ("maximum", "<=")) if key in schema
    ]
    return " ".join([str(schema.get("type", "object")), *bounds])


def pages() -> dict[Path, str]:
    """Return every generated page with its text."""
    return {
        PROJECT_ROOT / ".env.example": env_example(),
        PROJECT_ROOT / "docs" / "settings.md": settings_page(),
        PROJECT_ROOT / "docs" / "tools.md": tools_page(),
        PROJECT_ROOT / "docs" / "statements.md": statements_page(_statements(), collect_proofs(TESTS)),
    }


def _statements() -> list[Statement]:
    return load_statements(TESTS / "statements.yaml")


def out_of_step() -> list[str]:
    """Return a difference for every page that is not what the code makes, and every statement without a test."""
    problems = statement_problems(_statements(), collect_proofs(TESTS))
    for path, wanted in pages().items():
        found = path.read_text(encoding="utf-8") if path.exists() else ""
        if found != wanted:
            difference = difflib.unified_diff(
                found.splitlines(), wanted.splitlines(), path.name, "made now", lineterm=""
            )
            problems.append("\n".join(list(difference)[:20]))
    return problems


def main(verb: str) -> int:
    """``write`` the pages, or ``check`` them."""
    if verb == "write":
        for path, text in pages().items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return 0
    problems = out_of_step()
    sys.stderr.write("\n".join(problems) + ("\nRun `make docs`.\n" if problems else ""))
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
