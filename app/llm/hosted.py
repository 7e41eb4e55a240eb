"""The hosted planner services: semantic-kernel's connectors over clients built from values, with explicit patience.

Neither the SDK nor semantic-kernel reads the environment here: everything comes from ``Settings`` through wiring.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import httpx2
from openai import AsyncAzureOpenAI, AsyncOpenAI, OpenAIError
from semantic_kernel.connectors.ai.open_ai import AzureChatCompletion, OpenAIChatCompletion

from app.domain.errors import Unavailable

CONNECT_SECONDS = 5.0


def openai_chat(
    *, api_key: str, base_url: str | None, model: str, timeout_seconds: float, max_retries: int
) -> OpenAIChatCompletion:
    """Return the chat service of OpenAI or of a compatible endpoint."""
    client = AsyncOpenAI(
        api_key=api_key,
        base_url=base_url or "https://api.openai.com/v1",
        organization=None,
        project=None,
        timeout=httpx2.Timeout(timeout_seconds, connect=CONNECT_SECONDS),
        max_retries=max_retries,
    )
    return OpenAIChatCompletion(ai_model_id=model, async_client=client)


def azure_embeddings(
    *,
    endpoint: str,
    deployment: str,
    api_version: str,
    api_key: str | None,
    token_provider: Callable[[], Awaitable[str]] | None,
    timeout_seconds: float,
    max_retries: int,
) -> Callable[[Sequence[str]], Awaitable[list[list[float]]]]:
    """Return what turns texts into vectors, in order, with an embedding deployment of Azure OpenAI.

    Raises ``Unavailable`` when the service does not answer.
    """

    async def embed(texts: Sequence[str]) -> list[list[float]]:
        client = AsyncAzureOpenAI(
            azure_endpoint=endpoint, azure_deployment=deployment, api_version=api_version, api_key=api_key,
            azure_ad_token_provider=token_provider, max_retries=max_retries,
            timeout=httpx2.Timeout(timeout_seconds, connect=CONNECT_SECONDS),
        )  # fmt: skip
        try:
            async with client:
                found = await client.embeddings.create(model=deployment, input=list(texts), encoding_format="float")
        except OpenAIError as error:
            status = getattr(error, "status_code", None)
            raise Unavailable("embeddings", f"status {status or 'no connection'}", retryable=status != 401) from error
        return [item.embedding for item in sorted(found.data, key=lambda item: item.index)]

    return embed


def azure_chat(
    *,
    endpoint: str,
    deployment: str,
    api_version: str,
    api_key: str | None,
    token_provider: Callable[[], Awaitable[str]] | None,
    timeout_seconds: float,
    max_retries: int,
) -> AzureChatCompletion:
    """Return the chat service of an Azure OpenAI deployment, by key or by Entra token."""
    client = AsyncAzureOpenAI(
        azure_endpoint=endpoint,
        azure_deployment=deployment,
        api_version=api_version,
        api_key=api_key,
        azure_ad_token_provider=token_provider,
        timeout=httpx2.Timeout(timeout_seconds, connect=CONNECT_SECONDS),
        max_retries=max_retries,
    )
    return AzureChatCompletion(deployment_name=deployment, async_client=client)
