"""Embeddings over real HTTP: one vector a text, in the order of the texts, and a failure that names the service."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from app.domain.errors import Unavailable
from app.llm.hosted import azure_embeddings
from app.testing.fake_openai import FakeOpenAI, Fault, fake_openai


def embedder(service: FakeOpenAI) -> Callable[[Sequence[str]], Awaitable[list[list[float]]]]:
    return azure_embeddings(
        endpoint=service.url, deployment="embed-small", api_version="2024-10-21", api_key="k", token_provider=None,
        timeout_seconds=5, max_retries=0,
    )  # fmt: skip


def test_vectors_come_in_the_order_of_the_texts() -> None:
    with fake_openai() as service:
        found = asyncio.run(embedder(service)(["a", "four", "to"]))  # pyright: ignore[reportArgumentType]
        assert found == [[1.0, 1.0], [4.0, 1.0], [2.0, 1.0]]
        assert service.paths == ["/openai/deployments/embed-small/embeddings"]
        assert service.requests[0]["encoding_format"] == "float"


def test_a_service_that_refuses_is_unavailable() -> None:
    with fake_openai(Fault(status=429)) as service, pytest.raises(Unavailable, match=r"embeddings.*429"):
        asyncio.run(embedder(service)(["a"]))  # pyright: ignore[reportArgumentType]
