"""Every setting of the product, and the only module that reads the environment.

Names follow the SDKs; the second name in ``validation_alias`` is accepted as well. A wrong value stops the start with
all accepted names. ``settings_table`` is what ``.env.example`` and ``docs/settings.md`` are generated from.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.domain.errors import UserFixable

PROJECT_ROOT = Path(__file__).resolve().parent.parent


def _names(*names: str) -> AliasChoices:
    return AliasChoices(*names)


class Settings(BaseSettings):
    """The settings tree: read once at an entry point, frozen, passed down as plain values."""

    model_config = SettingsConfigDict(
        env_file=PROJECT_ROOT / ".env",
        env_prefix="CPO_",  # fields are also looked up by their names: never by HOME, HOST or PORT alone
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        populate_by_name=True,
    )

    # --- where things lie
    home: Path = Field(
        PROJECT_ROOT / "var", validation_alias=_names("CPO_HOME"),
        description="Folder for the database, datasets, keys, exports and uploads.",
    )  # fmt: skip
    data_dir: Path = Field(
        PROJECT_ROOT / "data", validation_alias=_names("CPO_DATA_DIR", "DATA_DIR"),
        description="Folder with the policy, the sample content and the evaluation sets.",
    )  # fmt: skip
    prompts_dir: Path = Field(
        PROJECT_ROOT / "prompts", validation_alias=_names("CPO_PROMPTS_DIR", "PROMPTS_DIR"),
        description="Folder with the prompt files.",
    )  # fmt: skip
    database_url: SecretStr | None = Field(
        None, validation_alias=_names("DATABASE_URL"),
        description="PostgreSQL (postgresql+psycopg://user:password@host/db); without it SQLite in CPO_HOME.",
    )  # fmt: skip

    # --- the planner and the writer
    planner: Literal["auto", "offline", "openai", "azure"] = Field(
        "auto", validation_alias=_names("CPO_PLANNER"),
        description="Which planner: auto takes Azure OpenAI, then OpenAI, where their settings are complete.",
    )  # fmt: skip
    openai_api_key: SecretStr | None = Field(
        None, validation_alias=_names("OPENAI_API_KEY"), description="Key of OpenAI or a compatible service."
    )
    openai_base_url: str | None = Field(
        None, validation_alias=_names("OPENAI_BASE_URL"),
        description="Address of an OpenAI-compatible service (Ollama, vLLM ...).",
    )  # fmt: skip
    openai_model: str | None = Field(
        None, validation_alias=_names("OPENAI_CHAT_MODEL_ID", "OPENAI_MODEL"), description="Model name."
    )
    azure_openai_endpoint: str | None = Field(
        None, validation_alias=_names("AZURE_OPENAI_ENDPOINT"), description="Azure OpenAI endpoint."
    )
    azure_openai_api_key: SecretStr | None = Field(
        None, validation_alias=_names("AZURE_OPENAI_API_KEY"),
        description="Azure OpenAI key; without it the managed identity is used.",
    )  # fmt: skip
    azure_openai_api_version: str = Field(
        "2024-10-21", validation_alias=_names("AZURE_OPENAI_API_VERSION", "OPENAI_API_VERSION"),
        description="API version of Azure OpenAI.",
    )  # fmt: skip
    azure_openai_deployment: str | None = Field(
        None,
        validation_alias=_names(
            "AZURE_OPENAI_CHAT_DEPLOYMENT_NAME", "AZURE_OPENAI_DEPLOYMENT_NAME", "AZURE_OPENAI_CHAT_DEPLOYMENT"
        ),
        description="Azure OpenAI chat deployment.",
    )
    llm_timeout_seconds: float = Field(
        60.0, gt=0, le=600, validation_alias=_names("CPO_LLM_TIMEOUT_SECONDS"),
        description="Longest wait for one answer of the model.",
    )  # fmt: skip
    llm_max_retries: int = Field(
        2, ge=0, le=5, validation_alias=_names("CPO_LLM_MAX_RETRIES"), description="Retries of the model's SDK."
    )
    llm_seed: int | None = Field(
        None, validation_alias=_names("CPO_LLM_SEED"), description="Seed sent to the model, where it takes one."
    )
    llm_structured_output: bool = Field(
        True, validation_alias=_names("CPO_LLM_STRUCTURED_OUTPUT"),
        description="Hold the hosted writer to a JSON schema (response_format); false for endpoints that lack it.",
    )  # fmt: skip
    price_in_per_million: float = Field(
        0.0, ge=0, validation_alias=_names("CPO_PRICE_IN_PER_MILLION"),
        description="US dollars for a million prompt tokens, for the cost shown with each turn.",
    )  # fmt: skip
    price_out_per_million: float = Field(
        0.0, ge=0, validation_alias=_names("CPO_PRICE_OUT_PER_MILLION"),
        description="US dollars for a million answer tokens.",
    )  # fmt: skip

    # --- approved content
    search_endpoint: str | None = Field(
        None,
        validation_alias=_names("AZURE_SEARCH_ENDPOINT", "AZURE_AI_SEARCH_ENDPOINT", "AZURE_SEARCH_SERVICE_ENDPOINT"),
        description="Azure AI Search endpoint; without it the local index.",
    )
    search_index: str = Field(
        "brand-content", validation_alias=_names("AZURE_SEARCH_INDEX_NAME", "AZURE_AI_SEARCH_INDEX_NAME"),
        description="Name of the search index.",
    )  # fmt: skip
    search_api_key: SecretStr | None = Field(
        None, validation_alias=_names("AZURE_SEARCH_API_KEY", "AZURE_AI_SEARCH_API_KEY"),
        description="Query key (app) or admin key (indexing); without it the managed identity.",
    )  # fmt: skip
    search_embedding_deployment: str | None = Field(
        None, validation_alias=_names("AZURE_OPENAI_EMBEDDING_DEPLOYMENT_NAME", "AZURE_OPENAI_EMBEDDING_DEPLOYMENT"),
        description="Embedding deployment at the Azure OpenAI endpoint; adds a vector leg to the search index.",
    )  # fmt: skip
    search_embedding_model: str = Field(
        "text-embedding-3-small", validation_alias=_names("AZURE_SEARCH_EMBEDDING_MODEL"),
        description="Model of that deployment, as the search service names it.",
    )  # fmt: skip
    search_embedding_dimensions: int = Field(
        1536, ge=1, le=4096, validation_alias=_names("AZURE_SEARCH_EMBEDDING_DIMENSIONS"),
        description="Length of its vectors.",
    )  # fmt: skip

    # --- screening
    content_safety_endpoint: str | None = Field(
        None, validation_alias=_names("CONTENT_SAFETY_ENDPOINT", "AZURE_CONTENT_SAFETY_ENDPOINT"),
        description="Azure AI Content Safety endpoint; screens in addition to the local rules.",
    )  # fmt: skip
    content_safety_key: SecretStr | None = Field(
        None, validation_alias=_names("CONTENT_SAFETY_KEY", "AZURE_CONTENT_SAFETY_KEY", "AZURE_CONTENT_SAFETY_API_KEY"),
        description="Its key; without it the managed identity is used.",
    )  # fmt: skip
    content_safety_blocklist: str | None = Field(
        None, validation_alias=_names("CPO_CONTENT_SAFETY_BLOCKLIST"), pattern=r"^[0-9A-Za-z._~-]{1,64}$",
        description="Blocklist on it with what the brand never says; `cpo blocklist` makes and fills it.",
    )  # fmt: skip
    severity_block_at: int = Field(
        4, ge=1, le=5, validation_alias=_names("CPO_SEVERITY_BLOCK_AT"),
        description="Azure severity (0..7) from which copy is blocked; 5 is noted in every audit row.",
    )  # fmt: skip

    # --- drafts in an e-mail service
    esp: Literal["off", "mailchimp", "mautic"] = Field(
        "off", validation_alias=_names("CPO_ESP"),
        description="E-mail service in which `cpo export draft` makes drafts; it never sends.",
    )  # fmt: skip
    esp_key: SecretStr | None = Field(
        None, validation_alias=_names("CPO_ESP_KEY", "MAILCHIMP_API_KEY"),
        description="Its key: Mailchimp's API key; for Mautic user:password or a bearer token.",
    )  # fmt: skip
    esp_url: str | None = Field(
        None, validation_alias=_names("CPO_ESP_URL"),
        description="Its address, https; for Mailchimp it follows from the key (https://us21.api.mailchimp.com/3.0).",
    )  # fmt: skip
    esp_list: str | None = Field(
        None, validation_alias=_names("CPO_ESP_LIST"), pattern=r"^[0-9A-Za-z]{1,40}$",
        description="Audience id (Mailchimp) or segment number (Mautic) the draft is for.",
    )  # fmt: skip
    esp_from_name: str | None = Field(
        None, validation_alias=_names("CPO_ESP_FROM_NAME"), description="Name of the sender in the draft."
    )
    esp_reply_to: str | None = Field(
        None, validation_alias=_names("CPO_ESP_REPLY_TO"), pattern=r"^[^@\s]+@[^@\s]+$",
        description="Address for replies in the draft.",
    )  # fmt: skip
    esp_timeout_seconds: float = Field(
        10.0, gt=0, le=120, validation_alias=_names("CPO_ESP_TIMEOUT_SECONDS"),
        description="Longest wait for one answer of the e-mail service.",
    )  # fmt: skip
    esp_deadline_seconds: float = Field(
        60.0, gt=0, le=600, validation_alias=_names("CPO_ESP_DEADLINE_SECONDS"),
        description="Longest time for one draft, waits and repeats included.",
    )  # fmt: skip

    # --- one turn
    budget_calls: int = Field(
        24, ge=1, le=200, validation_alias=_names("CPO_BUDGET_CALLS"), description="Function calls in one turn."
    )
    budget_rounds: int = Field(
        14, ge=1, le=100, validation_alias=_names("CPO_BUDGET_ROUNDS"), description="Planner rounds in one turn."
    )
    budget_seconds: float = Field(
        120.0, gt=0, le=3600, validation_alias=_names("CPO_BUDGET_SECONDS"), description="Seconds for one turn."
    )
    budget_tokens: int = Field(
        120_000, ge=1000, validation_alias=_names("CPO_BUDGET_TOKENS"), description="Tokens for one turn."
    )
    budget_cost: float = Field(
        1.0, gt=0, validation_alias=_names("CPO_BUDGET_COST"), description="US dollars for one turn."
    )
    history_turns: int = Field(
        12, ge=1, le=100, validation_alias=_names("CPO_HISTORY_TURNS"),
        description="Earlier turns the planner is shown.",
    )  # fmt: skip
    approval_hours: float = Field(
        72.0, gt=0, validation_alias=_names("CPO_APPROVAL_HOURS"), description="Hours until a pending approval expires."
    )

    # --- serving
    host: str = Field("127.0.0.1", validation_alias=_names("CPO_HOST", "CHAINLIT_HOST"), description="Address to serve")
    port: int = Field(
        8000, ge=1, le=65535, validation_alias=_names("CPO_PORT", "CHAINLIT_PORT"), description="Port to serve on."
    )
    auth_secret: SecretStr | None = Field(
        None, validation_alias=_names("CHAINLIT_AUTH_SECRET"),
        description="Signs the login cookie of the chat; without it one is derived from CPO_SECRET_KEY.",
    )  # fmt: skip
    users_file: Path | None = Field(
        None, validation_alias=_names("CPO_USERS_FILE"),
        description="YAML file with users, roles and password hashes; without it local mode, loopback only.",
    )  # fmt: skip
    proxy_user_header: str | None = Field(
        None, validation_alias=_names("CPO_PROXY_USER_HEADER"), pattern=r"^[A-Za-z0-9-]+$",
        description="Header in which a proxy that has checked the login names the person, e.g. X-Forwarded-User.",
    )  # fmt: skip
    proxy_roles_header: str | None = Field(
        None, validation_alias=_names("CPO_PROXY_ROLES_HEADER"), pattern=r"^[A-Za-z0-9-]+$",
        description="Header in which it names the roles, comma-separated; without it they are in the users file.",
    )  # fmt: skip
    trusted_proxies: str = Field(
        "127.0.0.1,::1", validation_alias=_names("CPO_TRUSTED_PROXIES"),
        description="Addresses of that proxy, comma-separated; the same headers from anywhere else are ignored.",
    )  # fmt: skip
    public_url: str | None = Field(
        None, validation_alias=_names("CPO_PUBLIC_URL"), pattern=r"^https?://[^/\s]+$",
        description="Address under which people reach it, e.g. https://desk.example.com; https makes cookies Secure.",
    )  # fmt: skip
    token_minutes: float = Field(
        30.0, gt=0, le=1440, validation_alias=_names("CPO_TOKEN_MINUTES"), description="Minutes a REST token holds."
    )
    requests_per_minute: int = Field(
        600, ge=1, validation_alias=_names("CPO_REQUESTS_PER_MINUTE"),
        description="REST requests of one person or address in a minute; a local installation is not limited.",
    )  # fmt: skip
    four_eyes: bool = Field(
        False, validation_alias=_names("CPO_FOUR_EYES"),
        description="An approver may not approve what they asked for themselves.",
    )  # fmt: skip
    secret_key: SecretStr | None = Field(
        None, validation_alias=_names("CPO_SECRET_KEY"),
        description="Key for seals, audit codes and hashed ids; without it one is made in CPO_HOME/keys.",
    )  # fmt: skip

    # --- the shop
    spark_master: str | None = Field(
        None, validation_alias=_names("CPO_SPARK_MASTER"),
        description="Spark master, or session for the one that is there; without it DuckDB in process.",
    )  # fmt: skip
    today: str | None = Field(
        None, validation_alias=_names("CPO_TODAY"), pattern=r"^\d{4}-\d{2}-\d{2}$",
        description="Reference date for reproducible runs (YYYY-MM-DD); without it the current date.",
    )  # fmt: skip
    otlp_endpoint: str | None = Field(
        None, validation_alias=_names("OTEL_EXPORTER_OTLP_ENDPOINT"), description="OpenTelemetry collector."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "WARNING", validation_alias=_names("CPO_LOG_LEVEL"), description="Level of the log on stderr."
    )

    @property
    def has_login(self) -> bool:
        """Return whether people have to say who they are."""
        return self.users_file is not None or self.proxy_user_header is not None

    @property
    def planner_kind(self) -> Literal["offline", "openai", "azure"]:
        """Return the planner that these settings select."""
        if self.planner != "auto":
            return self.planner
        if self.azure_openai_endpoint and self.azure_openai_deployment:
            return "azure"
        if self.openai_model and (self.openai_api_key or self.openai_base_url):
            return "openai"
        return "offline"

    def required(self) -> list[tuple[str, str]]:
        """List (field, accepted names) that the chosen combination needs and that are not set."""
        needs = {
            "azure": ["azure_openai_endpoint", "azure_openai_deployment"],
            "openai": ["openai_model"],
            "offline": [],
        }[self.planner_kind]
        return [(name, accepted_names(name)) for name in needs if getattr(self, name) is None]


def accepted_names(field: str) -> str:
    """Return the environment names of a field, joined by ' or '."""
    alias = Settings.model_fields[field].validation_alias
    choices = alias.choices if isinstance(alias, AliasChoices) else [field]
    return " or ".join(str(choice) for choice in choices)


def settings_table() -> list[tuple[str, str, str]]:
    """Return (accepted names, default as text, description) for every setting, in order of definition."""
    rows: list[tuple[str, str, str]] = []
    for name, info in Settings.model_fields.items():
        default = info.default
        text = "" if default is None else str(default)
        if isinstance(default, Path):
            text = str(default.relative_to(PROJECT_ROOT)) if default.is_relative_to(PROJECT_ROOT) else text
        rows.append((accepted_names(name), text, info.description or ""))
    return rows


def env_example() -> str:
    """Return the text of ``.env.example``: every setting, commented out, with its default and meaning."""
    lines = ["# Every setting of the product. Copy to .env and uncomment what you need. All are optional.", ""]
    for names, default, description in settings_table():
        first, *others = names.split(" or ")
        also = f" (also {', '.join(others)})" if others else ""
        lines += [f"# {description}{also}", f"# {first}={default}", ""]
    return "\n".join(lines)


def _unknown_names(environment: Mapping[str, str]) -> list[str]:
    known = {name for field in Settings.model_fields for name in accepted_names(field).split(" or ")}
    known.add("CPO_TEST_DATABASE_URL")
    problems: list[str] = []
    for name in sorted(environment):
        if name.startswith("CPO_") and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            problems.append(f"{name} is not a setting" + (f"; did you mean {near[0]}?" if near else "."))
    return problems


def load_settings(**overrides: Any) -> Settings:
    """Read and validate the settings; raise ``UserFixable`` naming every accepted name of what is wrong."""
    problems = _unknown_names(os.environ)  # noqa: TID251 - this module is the one reader of the environment
    if problems:
        raise UserFixable("\n".join(problems), hint="See docs/settings.md for the list of settings.")
    try:
        settings = Settings(**overrides)
    except ValidationError as error:
        raise UserFixable(_in_words(error), hint="See docs/settings.md for the list of settings.") from None
    missing = settings.required()
    if missing:
        names = "; ".join(names for _, names in missing)
        hint = "Set them, or CPO_PLANNER=offline."
        raise UserFixable(f"The {settings.planner_kind} planner needs: {names}", hint=hint)
    return settings


def _in_words(error: ValidationError) -> str:
    lines: list[str] = []
    for item in error.errors(include_input=False, include_url=False):
        key = str(item["loc"][0])
        field = next((f for f in Settings.model_fields if key == f or key in accepted_names(f).split(" or ")), None)
        names = accepted_names(field) if field else key
        lines.append(f"{names}: {item['msg']}")
    return "\n".join(lines)


def hand_to_chainlit(settings: Settings, secret: str) -> None:
    """Set what Chainlit reads from the process environment when it is imported: its folder, secret and cookie.

    The cookie is SameSite=Strict; with OAuth it is Lax, because the provider's page leads back here.
    """
    environment = os.environ  # noqa: TID251 - this module is the one reader and writer of the environment
    environment["CHAINLIT_APP_ROOT"] = str(PROJECT_ROOT)
    configured = settings.auth_secret
    environment["CHAINLIT_AUTH_SECRET"] = configured.get_secret_value() if configured else secret
    by_oauth = any(name.startswith("OAUTH_") for name in environment)
    environment.setdefault("CHAINLIT_COOKIE_SAMESITE", "lax" if by_oauth else "strict")
    if settings.public_url is not None:
        environment.setdefault("CHAINLIT_URL", settings.public_url)
