"""Logging: structured events on stderr, by name and id only; no prompt, copy or customer field is ever a value.

The frameworks' own loggers print tool arguments, results and exception texts, so they are raised to WARNING whatever
the level of ours is, and their records keep nothing but name and level.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

FRAMEWORKS = frozenset({
    "semantic_kernel", "openai", "httpx", "httpx2", "azure", "chainlit", "mcp", "asyncio", "engineio", "socketio",
    "uvicorn",
})  # fmt: skip
ALLOWED_KEYS = frozenset({
    "event", "level", "timestamp", "logger", "reference", "function", "type", "turn", "conversation", "decision",
    "decision_id", "milliseconds", "service", "count",
})  # fmt: skip


def _record_without_content(*args: Any, **kwargs: Any) -> logging.LogRecord:
    """Make a log record; one of a framework keeps its name and level only, for its message can hold anything."""
    record = logging.LogRecord(*args, **kwargs)
    if record.name.split(".")[0] in FRAMEWORKS and record.name != "uvicorn.access":  # served without an access log
        record.msg, record.args = f"{record.name} reported {record.levelname.lower()}", ()
        record.exc_info, record.exc_text, record.stack_info = None, None, None
    return record


def _only_allowed(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in ALLOWED_KEYS}


def configure_logging(level: str) -> None:
    """Set up logging for a process; safe to repeat."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # the stream of now: who runs us may exchange it
        cache_logger_on_first_use=False,
    )
    logging.setLogRecordFactory(_record_without_content)
    for name in FRAMEWORKS:
        logging.getLogger(name).setLevel(logging.WARNING)
