"""Secrets that leak: keys, tokens, connection strings, passwords, tracebacks, the planner's instructions."""

# ruff: noqa: E501 - long patterns are easier to check on one line
from __future__ import annotations

import re
from collections.abc import Iterator

from plugins.safety.reading import Mark, Reading

TOKEN_SHAPES = re.compile(
    r"\b(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)?[-_]?[A-Za-z0-9_-]{16,200}|\bAKIA[0-9A-Z]{12,20}\b|\bASIA[0-9A-Z]{12,20}\b|\bgh[pousr]_[A-Za-z0-9]{16,255}|\bgithub_pat_\w{20,255}"
    r"|\bglpat-[\w-]{16,64}|\bxox[abprs]-[\w-]{10,250}|\bAIza[\w-]{20,45}|\bya29\.[\w-]{20,300}|\beyJ[\w-]{8,1000}\.[\w-]{8,2000}(?:\.[\w-]{0,1000})?|\bSG\.[\w-]{16,40}\.[\w-]{16,60}"
    r"|\bhf_[A-Za-z0-9]{20,60}|\bnpm_[A-Za-z0-9]{30,50}|\bpypi-[\w-]{30,250}|\bdop_v1_[0-9a-f]{32,80}|\bsq0[a-z]{3}-[\w-]{20,60}|\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{20,64}"
    r"|\bAC[0-9a-f]{32}\b|\bkey-[0-9a-f]{32}\b|\bAGE-SECRET-KEY-1[0-9A-Z]{30,80}|\bEAAC[A-Za-z0-9]{20,300}"
)
PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}(?:PRIVATE KEY|CERTIFICATE|PGP MESSAGE|PGP PRIVATE KEY BLOCK)[A-Z ]{0,10}-----(?:.{0,8000}?-----END [A-Z0-9 ]{0,50}-----)?|\bssh-(?:rsa|ed25519) AAAA[\w+/=]{20,2000}",
    re.DOTALL,
)
CONNECTION = re.compile(
    r"\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|redis|rediss|amqps?|mssql|oracle|jdbc:\w+|sftp|ftp|https?|smtp|ldap|clickhouse|snowflake)(?:\+\w+)?://[^\s:/@]{0,80}:[^\s/@]{1,120}@[^\s]{3,300}"
    r"|\b(?:AccountKey|SharedAccessKey|SharedAccessSignature|Pwd|Password|User ID|Uid|SharedSecret)\s?=\s?[^;\s]{4,200};?(?=.{0,200}(?:;|\Z))(?=.{0,200}|)"
    r"|\b(?:DefaultEndpointsProtocol|Endpoint)=[^\s]{6,400}|[?&]sig=[\w%+/=-]{20,200}|\bServer=[^;\s]{2,100};\s?(?:Database|Initial Catalog)=[^;\s]{1,100}",
    re.IGNORECASE,
)
ASSIGNED = re.compile(
    r"(?<![A-Za-z0-9])(?:api|access|secret|private|client|auth|encryption|signing|subscription|account|admin|db|database|root|user)?[ _-]?(?:key|secret|token|passwd|password|passphrase|pwd|credentials?)"
    r"(?:[ _-]?(?:id|key))?['\"]?\s{0,2}(?:=|:|\bis\b)\s{0,2}['\"]?([^\s'\"<>{}]{6,200})",
    re.IGNORECASE,
)
SPOKEN_SIGNS = (
    "pass", "pin", "code", "combination", "key", "opens", "unlocks", "login", "log-in", "panel", "credentials", "ftp", "ssh", "vpn", "end", "router",
)  # fmt: skip
ASSIGNED_SIGNS = ("key", "secret", "token", "pass", "pwd", "credential")
SPOKEN = re.compile(
    r"(?<![A-Za-z0-9])(?:pass(?:word|code|phrase)|pin(?: code| number)?|"
    r"(?:door|gate|alarm|safe|lock(?:er)?|keypad|vault|till|garage|stock ?room|wi-?fi|master|building|back ?door)s?(?: entry| access)? (?:code|password|combination|pin|key))"
    r"(?: (?:for|of|to|in|at|on|from)(?: (?!is |was )[A-Za-z'-]{1,20}){1,5}+)?\s{0,2}(?:(?:is|was|=|:|,|stays|remains)\s{0,2}|(?<=\s))['\"]?([^\s'\"<>{}]{4,60})",
    re.IGNORECASE,
)
"""A code said in words: behind what it opens, a value with a digit in it."""
LOGIN = re.compile(
    r"\b(?:log-?in|panel|credentials|s?ftp|ssh|vpn|back ?end|router)\b[^.\n:=]{0,30}[:=]\s{0,3}[\w.-]{2,30}\s?[:/]\s?(?!/)((?=\S{0,40}\d)(?=\S{0,40}[A-Za-z])[^\s/]{5,60})",
    re.IGNORECASE,
)
"""A name and a password, as in ``panel: admin / Welcome1!``."""
OPENS = re.compile(
    r"\b(?:safe|vault|locker|door|gate|lock) (?:opens|unlocks|code is) (?:with|by|at|on)?\s?#?(\d[\d -]{2,16}\d)",
    re.IGNORECASE,
)
HEADER = re.compile(
    r"\b(?:authorization\s*:\s*\w+|bearer|basic|ocp-apim-subscription-key\s*:|x-api-key\s*:|api-key\s*:|set-cookie\s*:|cookie\s*:)\s+[A-Za-z0-9+/=._~-]{12,2000}",
    re.IGNORECASE,
)
TRACEBACK = re.compile(
    r"Traceback \(most recent call last\)|^\s{0,8}File \"[^\"\n]{1,300}\", line \d+|^\s{0,8}at [\w$.<>]{3,200}\([\w$.]{1,100}(?::\d+)?\)|\b\w{3,60}(?:Error|Exception)\b: .{3,300}(?:\n|\Z)(?=.{0,10})"
    r"|\bException in thread \"|\bpanic: |\bgoroutine \d+ \[|\bsegmentation fault\b|\bFatal error: Uncaught|\bStack ?trace:|\bORA-\d{5}|\bSQLSTATE\[|\bcaused by: [\w.]+(?:Exception|Error)",
    re.IGNORECASE | re.MULTILINE,
)
SQL = re.compile(
    r"\b(?:select\s.{1,200}\sfrom\s+\w+\s+where\s|insert\s+into\s+\w+\s*\(|drop\s+table\s+\w|union\s+(?:all\s+)?select\s|delete\s+from\s+\w+\s*(?:;|where)|update\s+\w+\s+set\s+\w+\s*=)",
    re.IGNORECASE | re.DOTALL,
)
PROMPT = re.compile(
    r"</?(?:tool_?(?:result|call|output)|function_?call|system|assistant|developer|instructions?)\b[^<>]{0,80}>|<!--[^>]{0,300}(?:-->|$)"
    r"|\"name\"\s{0,3}:\s{0,3}\"[a-z]+[-.][a-z_]+\"\s{0,3},\s{0,3}\"arguments\"\s{0,3}:"
    r"|<\|(?:im_start|im_end|system|endoftext|start_header_id|eot_id)\|>|<<\s?SYS\s?>>|\[/?INST\]|\b(?:my|the|your|our|here (?:is|are)(?: my| the)?) (?:system|hidden|initial|developer|secret|internal|original) (?:prompt|instructions?|message|rules|directives?)\b(?! (?:for|is strict))"
    r"|\bsystem prompt\b|\bYou are (?:a|an|the) (?:helpful|AI|marketing|planner|planning|customer|large|virtual|language|orchestrat\w+|assistant|campaign|safety)[\w ,-]{0,60}(?:assistant|model|planner|orchestrator|agent|bot|AI)\b"
    r"|\bas an AI (?:language )?model\b|\b(?:I was|I've been|I have been) (?:instructed|programmed|told|prompted|configured) (?:to|not to|by)\b|^\s{0,4}#{0,4}\s?(?:system|developer)\s?:",
    re.IGNORECASE | re.MULTILINE,
)
PATHS = re.compile(
    r"(?<![\w/.])/(?:home|root|etc|var|usr|opt|srv|proc|tmp|Users)/[\w.-]+(?:/[\w.-]+)+|\b[A-Z]:\\(?:Users|Windows|Program Files|inetpub)\\[^\s\"]{2,200}|\betc/(?:passwd|shadow)\b"
)
SEARCHES: tuple[tuple[str, re.Pattern[str], tuple[str, ...]], ...] = (
    ("secret.token", TOKEN_SHAPES, ("-", "_", "akia", "asia", "eyj", "aiza", "eaac", "sg.", "ac")),
    ("secret.private-key", PRIVATE_KEY, ("-----begin", "ssh-")),
    ("secret.connection", CONNECTION, ("://", "=")),
    ("secret.header", HEADER, ("authorization", "bearer", "basic", "key", "cookie")),
    (
        "secret.traceback",
        TRACEBACK,
        (
            "traceback",
            "error",
            "exception",
            "panic",
            "goroutine",
            "segmentation",
            "stack",
            ", line ",
            "ora-",
            "sqlstate",
            "caused by",
            "\n    at ",
        ),
    ),
    (
        "secret.instructions",
        PROMPT,
        (
            "<|",
            "<!--",
            "result>",
            "call>",
            "output>",
            "system>",
            "assistant>",
            "developer>",
            '"arguments"',
            "sys>",
            "inst]",
            "prompt",
            "instruction",
            "message",
            "rules",
            "directive",
            "you are",
            "as an ai",
            "system:",
            "developer:",
            "programmed",
            "instructed",
            "told",
            "configured",
        ),
    ),
    (
        "secret.path",
        PATHS,
        ("/home", "/root", "/etc", "/var", "/usr", "/opt", "/srv", "/proc", "/tmp", "/users", ":\\", "etc/"),
    ),
    ("secret.sql", SQL, ("select", "insert", "drop", "delete", "update")),
)
DURATION = re.compile(
    r"\d+\s?(?:minutes?|hours?|days?|characters?|digits?|letters?|symbols?|times?|months?|years?)", re.IGNORECASE
)
HARMLESS = re.compile(
    r"(?:required|optional|reset|changed?|forgot\w*|protected|below|above|here|your\w*|needed|missing|not|the|a|to|for|in|valid|expired|incorrect|safe\w*|strong\w*)\Z",
    re.IGNORECASE,
)


def marks(reading: Reading) -> Iterator[Mark]:
    """Yield secrets and inner workings."""
    text, lower = reading.text, reading.text.lower()
    for rule, pattern, signs in SEARCHES:
        if not any(sign in lower for sign in signs):
            continue
        reading.check_time()
        for match in pattern.finditer(text):
            yield Mark(rule, match.start(), match.end())
    for match in ASSIGNED.finditer(text) if any(sign in lower for sign in ASSIGNED_SIGNS) else ():
        value = match.group(1).rstrip(".,;!)")
        if not HARMLESS.match(value) and _secret_like(value, match.group()):
            yield Mark("secret.assigned", match.start(), match.end())
    if any(sign in lower for sign in SPOKEN_SIGNS):
        for match in _spoken(text):
            yield Mark("secret.assigned", match.start(), match.end())


def _spoken(text: str) -> Iterator[re.Match[str]]:
    for match in SPOKEN.finditer(text):
        value = match.group(1).rstrip(".,;)")
        if any(c.isdigit() for c in value) and not HARMLESS.match(value) and not DURATION.match(text, match.start(1)):
            yield match
    yield from OPENS.finditer(text)
    yield from LOGIN.finditer(text)


def _secret_like(value: str, whole: str) -> bool:
    """A value is secret-like when it is no ordinary word; behind '=' or a quote, six characters are enough."""
    mixed = any(c.isdigit() for c in value) or any(c in "!@#$%^&*_+/=" for c in value[:-1])
    return mixed and (len(value) >= 8 or "=" in whole or "pass" in whole.lower() or "pwd" in whole.lower())
