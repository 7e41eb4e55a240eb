"""How the product proves itself to Azure: a key where one is set, else the machine's managed identity or login."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_SCOPE = "https://cognitiveservices.azure.com/.default"


def credential_for(key: str | None) -> Any:
    """Return the credential for an asynchronous client."""
    if key is not None:
        from azure.core.credentials import AzureKeyCredential

        return AzureKeyCredential(key)
    from azure.identity.aio import DefaultAzureCredential

    return DefaultAzureCredential()


def waiting_credential() -> Any:
    """Return the managed identity for a client that waits for its answers."""
    from azure.identity import DefaultAzureCredential

    return DefaultAzureCredential()


def entra_tokens() -> Callable[[], Any]:
    """Return a provider of bearer tokens for the model services."""
    from azure.identity.aio import DefaultAzureCredential, get_bearer_token_provider

    return get_bearer_token_provider(DefaultAzureCredential(), _SCOPE)
