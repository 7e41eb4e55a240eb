"""The composition root: settings in, a working application out. The only module that knows every class.

Parts are made when they are first needed, so that a bulk command pays for the gate and not for the planner.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.azure_credentials import credential_for, entra_tokens, waiting_credential
from app.datasets import Datasets
from app.domain.audience import Audience, AudienceDefinition
from app.domain.errors import UserFixable
from app.gate import Gate
from app.keys import Keys, load_keys
from app.settings import Settings, load_settings
from app.store import Store, sqlite_url
from app.telemetry import configure_logging
from app.workspace import Workspace

if TYPE_CHECKING:
    from semantic_kernel.connectors.ai.chat_completion_client_base import ChatCompletionClientBase

    from app.agent import Agent, Session
    from app.content_desk import ContentDesk
    from app.domain.audience import Condition
    from app.domain.campaign import Campaign
    from app.domain.conversation import Turn
    from app.domain.safety import Draft, Verdict
    from app.effects import Effector, Effects, Package
    from app.esp.drafts import EspDrafts
    from app.identity.people import People
    from app.identity.users import UsersFile
    from app.kernel import GuardedKernel
    from app.llm.completion import HostedCompletion
    from app.loading import Loading
    from app.proposals import Proposals
    from plugins.experiment.effectors import ExportEffector, LaunchEffector
    from plugins.generation.writer import HostedWriter
    from plugins.retrieval.azure_index import Vectors
    from plugins.retrieval.index import ContentIndex
    from plugins.safety.policy import Policy
    from plugins.safety.screening import HostedScreener, Screening
    from plugins.segmentation.engine import Engine
    from plugins.segmentation.shop import LoadedShop


class Application:
    """Everything one process works with. ``close`` gives it back."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.RLock()
        configure_logging(settings.log_level)

    # --- time
    def now(self) -> datetime:
        """Return the current moment, UTC."""
        return datetime.now(UTC)

    @property
    def today(self) -> date:
        """Return the reference date of the installation."""
        return date.fromisoformat(self.settings.today) if self.settings.today else self.now().date()

    # --- the foundation
    @cached_property
    def keys(self) -> Keys:
        """The secrets of this installation."""
        configured = self.settings.secret_key
        return load_keys(self.settings.home, configured.get_secret_value() if configured else None)

    @cached_property
    def store(self) -> Store:
        """The store, at the newest schema."""
        configured = self.settings.database_url
        url = configured.get_secret_value() if configured else sqlite_url(self.settings.home)
        store = Store(url, self.keys, self.settings.home / "audit" / "checkpoints.txt")
        store.upgrade()
        return store

    @cached_property
    def gate(self) -> Gate:
        """The gate, after its self-check."""
        gate = Gate(self._screening(), self.store.record_decisions, self.keys)
        gate.self_check()
        return gate

    @cached_property
    def people(self) -> People:
        """Who may come in, and how."""
        from app.identity.people import People, Proxy
        from app.identity.tokens import Tokens

        chosen = self.settings
        proxy = None
        if chosen.proxy_user_header is not None:
            addresses = frozenset(a.strip() for a in chosen.trusted_proxies.split(",") if a.strip())
            proxy = Proxy(chosen.proxy_user_header, chosen.proxy_roles_header, addresses)
        users = self.users_file if chosen.users_file is not None else None
        tokens = Tokens(self.keys.derive("api-token"), chosen.token_minutes, self.now)
        return People(users=users, proxy=proxy, tokens=tokens)

    @cached_property
    def users_file(self) -> UsersFile:
        """The users file; raises ``UserFixable`` where none is set."""
        from app.identity.users import UsersFile

        if self.settings.users_file is None:
            raise UserFixable("No users file is set.", hint="Set CPO_USERS_FILE to the path of a YAML file.")
        return UsersFile(self.settings.users_file)

    def record_people(self, event: str, name: str, roles: Sequence[str]) -> None:
        """Record a change of who may come in."""
        self.store.record_decisions([{"event": event, "user": name, "roles": list(roles)}], self.now())

    @cached_property
    def policy(self) -> Policy:
        """The safety policy in force."""
        from plugins.safety.policy import Policy

        return Policy.load(self.settings.data_dir / "policy")

    def bulk_screening(self, policy: Path | None) -> Screening:
        """Return the local rules, with a file of the caller's laid over the policy, for bulk screening."""
        from plugins.safety.policy import Policy
        from plugins.safety.screening import Screening

        own = self.settings.data_dir / "policy"
        return Screening(Policy.load(own, policy) if policy else self.policy)

    def record_bulk(self, what: str, lines: int, decisions: Mapping[str, int]) -> None:
        """Record a bulk run in the audit: one row with its counts."""
        body = {
            "event": f"bulk-{what}",
            "lines": lines,
            "decisions": dict(decisions),
            "policy_hash": self.policy.policy_hash,
        }
        self.store.record_decisions([body], self.now())

    def _screening(self) -> CurrentScreening:
        from plugins.safety.screening import Screening

        screening = Screening(self.policy, hosted=self._content_safety())
        return CurrentScreening(screening, self.datasets, self.keys.derive("known-values"))

    def _content_safety(self) -> HostedScreener | None:
        chosen = self.settings
        if chosen.content_safety_endpoint is None:
            return None
        from plugins.safety.azure_content_safety import AzureContentSafety

        key = chosen.content_safety_key
        return AzureContentSafety(
            chosen.content_safety_endpoint,
            credential_for(key.get_secret_value() if key else None),
            block_at=chosen.severity_block_at,
            blocklists=[chosen.content_safety_blocklist] if chosen.content_safety_blocklist else [],
        )

    def sync_blocklist(self) -> tuple[int, int]:
        """Make the blocklist on the hosted service hold what the policy's brand never says; return (added, removed)."""
        from plugins.safety.azure_content_safety import sync_blocklist

        chosen = self.settings
        if chosen.content_safety_endpoint is None or chosen.content_safety_blocklist is None:
            raise UserFixable(
                "There is no blocklist on a hosted service.",
                hint="Set CONTENT_SAFETY_ENDPOINT and CPO_CONTENT_SAFETY_BLOCKLIST (the name of the list).",
            )
        key = chosen.content_safety_key
        credential = key.get_secret_value() if key else waiting_credential()
        terms = self.policy.blocklist
        counts = sync_blocklist(chosen.content_safety_endpoint, credential, chosen.content_safety_blocklist, terms)
        body = {"event": "blocklist-synced", "terms": len(terms), "policy_hash": self.policy.policy_hash}
        self.store.record_decisions([body], self.now())
        return counts

    def warm_up(self) -> None:
        """Make, before anybody waits for it, what the first turn needs: data, content, planner, functions."""
        agent = self.agent
        self.kernel_over(self.open_workspace("warm-up", "nobody", self.now()))
        self.datasets.shop().check(AudienceDefinition())
        if agent.planner_name == "offline-planner":
            self.conditions_in("customers in the UK")

    # --- data
    @cached_property
    def datasets(self) -> Datasets:
        """The loaded customers."""
        return Datasets(self.settings.home, self._make_engine, self.today)

    def _make_engine(self) -> Engine:
        if self.settings.spark_master:
            from plugins.segmentation.spark_engine import SparkEngine

            return SparkEngine(self.settings.spark_master)
        from plugins.segmentation.duckdb_engine import DuckDBEngine

        return DuckDBEngine(spill=self.settings.home / "spill")

    @contextmanager
    def shop_at(self, path: Path | None, as_of: str | None, mapping: Mapping[str, str]) -> Generator[LoadedShop]:
        """Give the shop at a path (a table or a folder), or the loaded one, as of a date."""
        from plugins.segmentation.command import parse_date, shop_from_path
        from plugins.segmentation.shop import LoadedShop

        day = parse_date(as_of)
        if path is not None:
            with shop_from_path(path, self._make_engine, now=self.now(), as_of=day, mapping=mapping or None) as shop:
                yield shop
            return
        loaded = self.datasets.shop()
        yield LoadedShop(loaded.engine, loaded.dataset, as_of=day) if day else loaded

    def conditions_in(self, text: str) -> tuple[Sequence[Condition], Sequence[str]]:
        """Return the audience conditions that the offline planner reads in a text, and the phrases it cannot read."""
        from app.domain.audience import Condition
        from app.llm.offline.audience import parse_audience

        leaves, unread = parse_audience(text, self.today)
        return [Condition.model_validate(leaf.as_dict()) for leaf in leaves], unread

    @cached_property
    def content(self) -> ContentIndex:
        """The approved content."""
        chosen = self.settings
        if chosen.search_endpoint is not None:
            from plugins.retrieval.azure_index import AzureIndex

            key = chosen.search_api_key
            credential = credential_for(key.get_secret_value() if key else None)
            return AzureIndex(chosen.search_endpoint, chosen.search_index, credential, vectors=self._vectors())
        from plugins.retrieval.embedded_index import EmbeddedIndex
        from plugins.retrieval.wordstems import Thesaurus

        thesaurus = Thesaurus.load(chosen.data_dir / "thesaurus.yaml")
        return EmbeddedIndex(chosen.home / "content" / "index.sqlite", thesaurus)

    def _vectors(self) -> Vectors | None:
        """Return the vector leg of the hosted index, when an embedding deployment is set."""
        chosen = self.settings
        if chosen.search_embedding_deployment is None:
            return None
        if chosen.azure_openai_endpoint is None:
            raise UserFixable(
                "An embedding deployment is set, but no Azure OpenAI endpoint.", hint="Set AZURE_OPENAI_ENDPOINT too."
            )
        from app.llm.hosted import azure_embeddings
        from plugins.retrieval.azure_index import Vectors

        key = chosen.azure_openai_api_key
        embed = azure_embeddings(
            endpoint=chosen.azure_openai_endpoint,
            deployment=chosen.search_embedding_deployment,
            api_version=chosen.azure_openai_api_version,
            api_key=key.get_secret_value() if key else None,
            token_provider=None if key else entra_tokens(),
            timeout_seconds=chosen.llm_timeout_seconds,
            max_retries=chosen.llm_max_retries,
        )
        return Vectors(
            chosen.azure_openai_endpoint, chosen.search_embedding_deployment, chosen.search_embedding_model,
            chosen.search_embedding_dimensions, embed,
        )  # fmt: skip

    @cached_property
    def loading(self) -> Loading:
        """What takes files in."""
        from app.loading import Loading

        return Loading(datasets=self.datasets, store=self.store, content=lambda: self.content, now=self.now)

    @cached_property
    def proposals(self) -> Proposals:
        """What says how a file would be loaded."""
        from app.proposals import Proposals

        return Proposals(self.store)

    @cached_property
    def content_desk(self) -> ContentDesk:
        """Where persons approve and retire content."""
        from app.content_desk import ContentDesk

        self.prepare()
        return ContentDesk(index=self.content, store=self.store, now=self.now, today=lambda: self.today)

    # --- the turn
    def open_workspace(self, conversation_id: str, person: str, now: datetime) -> Workspace:
        """Return the workspace of one turn."""
        return Workspace(
            self.store,
            conversation_id,
            now=now,
            today=self.today,
            person=person,
            policy_hash=self.gate.policy_hash,
            screened_by=self.gate.screened_by,
            approval_hours=self.settings.approval_hours,
        )

    def open_session(self, conversation_id: str, person: str, now: datetime) -> Session:
        """Return what one turn works with: a workspace and a kernel around it."""
        from app.agent import Session

        workspace = self.open_workspace(conversation_id, person, now)
        return Session(workspace, self.kernel_over(workspace))

    def kernel_over(self, workspace: Workspace) -> GuardedKernel:
        """Return a guarded kernel with every capability over a workspace."""
        from app.kernel import make_kernel

        kernel = make_kernel(self.gate)
        for name, plugin in self.plugins(workspace).items():
            kernel.add_plugin(plugin, name)
        return kernel

    def open_kernel(self, conversation_id: str) -> GuardedKernel:
        """Return a kernel over a workspace that nobody commits (for read-only surfaces)."""
        return self.kernel_over(self.open_workspace(conversation_id, "read-only", self.now()))

    def plugins(self, workspace: Workspace) -> Mapping[str, object]:
        """Return the plugin objects of one turn by name."""
        from plugins.experiment.plugin import ExperimentPlugin
        from plugins.generation.plugin import GenerationPlugin
        from plugins.history.plugin import HistoryPlugin
        from plugins.retrieval.plugin import RetrievalPlugin
        from plugins.safety.plugin import SafetyPlugin
        from plugins.segmentation.plugin import SegmentationPlugin

        shop = self.datasets.shop().seeing(lambda audience_id: workspace.get(Audience, audience_id))
        return {
            "segmentation": SegmentationPlugin(workspace, shop),
            "retrieval": RetrievalPlugin(workspace, self.content),
            "generation": GenerationPlugin(workspace, shop, self.content, self.gate.screen, writer=self._writer),
            "safety": SafetyPlugin(workspace, self.gate.screen, self.policy),
            "experiment": ExperimentPlugin(
                workspace, shop, self.content, new_salt=lambda campaign: self._salt(campaign, workspace)
            ),
            "history": HistoryPlugin(workspace),
        }

    def _salt(self, campaign_id: str, workspace: Workspace) -> str:
        """Return the salt of a new plan: unpredictable outside, and the same when the turn is replayed."""
        return f"{campaign_id}:{self.keys.code('salt', f'{campaign_id} {workspace.now.isoformat()}'.encode())[:16]}"

    @cached_property
    def _completion(self) -> HostedCompletion:
        from app.llm.completion import HostedCompletion
        from app.llm.screened import ScreenedChat

        return HostedCompletion(
            lambda: ScreenedChat.around(self._planner(), self.gate),
            price_in=self.settings.price_in_per_million,
            price_out=self.settings.price_out_per_million,
            patience_seconds=self.settings.llm_timeout_seconds * (1 + self.settings.llm_max_retries),
            structured=self.settings.llm_structured_output,
        )

    @cached_property
    def _writer(self) -> HostedWriter | None:
        if self.settings.planner_kind == "offline":
            return None
        from plugins.generation.writer import HostedWriter, Prompts

        prompts = Prompts.load(self.settings.prompts_dir / "generation")
        return HostedWriter(self._completion, prompts, name=self.settings.planner_kind)

    @cached_property
    def agent(self) -> Agent:
        """The agent with the planner that the settings select."""
        self.prepare()
        return self._agent(self._planner())

    def recorded_agent(self, turn: Turn) -> Agent:
        """Return an agent that answers as the planner of a stored turn did."""
        from app.llm.recorded import RecordedPlanner

        return self._agent(RecordedPlanner.of(turn.planner, turn.answers))

    def prepare(self) -> None:
        """Give a fresh installation its sample shop, content and finished experiment; cheap when they are there."""
        from app.first_start import install_finished_example
        from plugins.retrieval.ingest import ensure_sample_content

        install_finished_example(self.store, self.datasets, self.now())
        ensure_sample_content(self.content, self.settings.data_dir / "sample" / "content", self.today)

    def _agent(self, planner: ChatCompletionClientBase) -> Agent:
        from app.agent import Agent, Budgets, Prices
        from app.context import load_prompt
        from app.llm.screened import ScreenedChat

        chosen = self.settings
        return Agent(
            gate=self.gate,
            planner=ScreenedChat.around(planner, self.gate),
            open_session=self.open_session,
            prompt=load_prompt(chosen.prompts_dir / "planner.yaml"),
            budgets=Budgets(
                calls=chosen.budget_calls,
                rounds=chosen.budget_rounds,
                seconds=chosen.budget_seconds,
                tokens=chosen.budget_tokens,
                cost=chosen.budget_cost,
            ),
            prices=Prices(chosen.price_in_per_million, chosen.price_out_per_million),
            history_turns=chosen.history_turns,
            seed=chosen.llm_seed,
            now=self.now,
        )

    def _planner(self) -> ChatCompletionClientBase:
        chosen = self.settings
        if chosen.planner_kind == "offline":
            from app.llm.offline.service import OfflinePlanner

            return OfflinePlanner(today=lambda: self.today)
        from app.llm.hosted import azure_chat, openai_chat

        if chosen.planner_kind == "openai":
            return openai_chat(
                api_key=chosen.openai_api_key.get_secret_value() if chosen.openai_api_key else "none",
                base_url=chosen.openai_base_url,
                model=str(chosen.openai_model),
                timeout_seconds=chosen.llm_timeout_seconds,
                max_retries=chosen.llm_max_retries,
            )
        return azure_chat(
            endpoint=str(chosen.azure_openai_endpoint),
            deployment=str(chosen.azure_openai_deployment),
            api_version=chosen.azure_openai_api_version,
            api_key=chosen.azure_openai_api_key.get_secret_value() if chosen.azure_openai_api_key else None,
            token_provider=None if chosen.azure_openai_api_key else entra_tokens(),
            timeout_seconds=chosen.llm_timeout_seconds,
            max_retries=chosen.llm_max_retries,
        )

    @cached_property
    def effects(self) -> Effects:
        """What persons approve."""
        from app.effects import Effects

        effects = Effects(
            store=self.store,
            gate=self.gate,
            effectors=self._effectors(),
            open_workspace=self.open_workspace,
            exports=self.settings.home / "exports",
            four_eyes=self.settings.four_eyes,
            now=self.now,
        )
        effects.clean_up()
        return effects

    @cached_property
    def esp_drafts(self) -> EspDrafts:
        """Drafts in an e-mail service; switched off without its settings."""
        from app.esp.drafts import EspDrafts, EspSettings, Sender

        chosen, key, found = self.settings, self.settings.esp_key, None
        if chosen.esp != "off" and key is not None:
            sender = Sender(chosen.esp_list, chosen.esp_from_name, chosen.esp_reply_to)
            times = chosen.esp_timeout_seconds, chosen.esp_deadline_seconds
            found = EspSettings(chosen.esp, key.get_secret_value(), chosen.esp_url, sender, *times)
        return EspDrafts(found, store=self.store, gate=self.gate, exports=chosen.home / "exports", now=self.now)

    def _effectors(self) -> Mapping[str, Effector]:
        from plugins.experiment.effectors import ExportEffector, LaunchEffector
        from plugins.generation.rendering import render_html

        return {
            "launch": PackedEffector(LaunchEffector(self.datasets.shop, render_html, lambda: self.content)),
            "export": PackedEffector(ExportEffector(self.datasets.shop, render_html, lambda: self.content)),
        }

    def close(self) -> None:
        """Give back threads, files and connections of whatever was made."""
        made = self.__dict__
        if "_completion" in made:
            self._completion.close()
        if "gate" in made:
            self.gate.close()
        if "datasets" in made:
            self.datasets.close()
        if "content" in made:
            self.content.close()
        if "store" in made:
            self.store.close()


def plugin_classes() -> Mapping[str, type]:
    """Return the plugin classes by name, in the order of the catalogue."""
    from plugins.experiment.plugin import ExperimentPlugin
    from plugins.generation.plugin import GenerationPlugin
    from plugins.history.plugin import HistoryPlugin
    from plugins.retrieval.plugin import RetrievalPlugin
    from plugins.safety.plugin import SafetyPlugin
    from plugins.segmentation.plugin import SegmentationPlugin

    return {
        "segmentation": SegmentationPlugin,
        "retrieval": RetrievalPlugin,
        "generation": GenerationPlugin,
        "safety": SafetyPlugin,
        "experiment": ExperimentPlugin,
        "history": HistoryPlugin,
    }


class CurrentScreening:
    """The screening that knows the customers loaded now; learns them anew when another dataset is used."""

    def __init__(self, screening: Screening, datasets: Datasets, key: bytes) -> None:
        self._bare = screening
        self._datasets = datasets
        self._key = key
        self._lock = threading.Lock()
        self._known: tuple[str, Screening] | None = None

    @property
    def policy_hash(self) -> str:
        return self._bare.policy_hash

    @property
    def screened_by(self) -> str:
        return self._bare.screened_by

    @property
    def remote(self) -> bool:
        return self._bare.remote

    def screen_local(self, draft: Draft) -> Verdict:
        return self._knowing().screen_local(draft)

    async def screen(self, draft: Draft) -> Verdict:
        return await self._knowing().screen(draft)

    async def close(self) -> None:
        await self._bare.close()

    def _knowing(self) -> Screening:
        loaded = self._datasets.version()
        with self._lock:
            if self._known is None or self._known[0] != loaded:
                known = self._bare if loaded == "" else self._bare.knowing(self._datasets.shop().people(), self._key)
                self._known = (loaded, known)
            return self._known[1]


class PackedEffector:
    """An effector of the experiment capability, its tables given as the file sink takes them."""

    def __init__(self, effector: LaunchEffector | ExportEffector) -> None:
        self._effector = effector

    def content(self, workspace: Workspace, campaign: Campaign, request: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._effector.content(workspace, campaign, request)

    def package(self, workspace: Workspace, campaign: Campaign, content: Mapping[str, Any]) -> Package:
        from app.effects import Package, Table

        parcel = self._effector.package(workspace, campaign, content)
        files = {
            name: file if isinstance(file, str) else Table(file.header, file.rows, file.addresses)
            for name, file in parcel.files.items()
        }
        return Package(files, parcel.words, parcel.assignments, parcel.details)


def build_application(settings: Settings | None = None) -> Application:
    """Return an application over these settings, or over those of the environment."""
    return Application(settings or load_settings())


_running: list[Application] = []


def running_application(settings: Settings | None = None) -> Application:
    """Return the application of this server process: the first call makes it, later ones share it."""
    if not _running:
        _running.append(build_application(settings))
    return _running[0]
