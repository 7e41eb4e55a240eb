"""What a failure of a model service means, in the product's own words. No provider text is repeated."""

from __future__ import annotations

from app.domain.errors import CpoError, Unavailable, UserFixable

# Class names of the openai SDK and of semantic-kernel -> (what to say, whether trying again can help).
KINDS: dict[str, tuple[str, bool]] = {
    "AuthenticationError": ("the model service refused the key", False),
    "PermissionDeniedError": ("the key may not use this model", False),
    "NotFoundError": ("the model or deployment does not exist", False),
    "BadRequestError": ("the model service refused the request", False),
    "ContentFilterAIException": ("the model service's own filter stopped the request", False),
    "RateLimitError": ("the model service is over its rate limit", True),
    "InternalServerError": ("the model service failed", True),
    "APITimeoutError": ("the model did not answer in time", True),
    "APIConnectionError": ("the model service cannot be reached", True),
    "JSONDecodeError": ("the model service sent something that is no answer", True),
    "APIError": ("the model service failed", True),
}
HINTS = {
    "AuthenticationError": "Check OPENAI_API_KEY or AZURE_OPENAI_API_KEY.",
    "NotFoundError": "Check OPENAI_CHAT_MODEL_ID or AZURE_OPENAI_CHAT_DEPLOYMENT_NAME.",
    "APIConnectionError": "Check OPENAI_BASE_URL or AZURE_OPENAI_ENDPOINT.",
}


def explain_failure(failure: BaseException) -> CpoError:
    """Return the error to raise for an exception of a chat service or SDK."""
    if isinstance(failure, (Unavailable, UserFixable)):
        return failure
    for link in _chain(failure):
        for cls in type(link).__mro__:
            if cls.__name__ in KINDS:
                words, retryable = KINDS[cls.__name__]
                return Unavailable("planner", words, retryable=retryable, hint=HINTS.get(cls.__name__, ""))
    return Unavailable("planner", "the model service sent something that is no answer", retryable=True)


def _chain(failure: BaseException) -> list[BaseException]:
    links: list[BaseException] = []
    link: BaseException | None = failure
    while link is not None and link not in links:
        links.append(link)
        link = link.__cause__ or link.__context__
    return links
