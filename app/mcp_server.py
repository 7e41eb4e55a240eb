"""The read-only functions over MCP: the same kernel, the same gate, no approval and no effect possible through it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import uvicorn
from fastapi import FastAPI, Request
from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from semantic_kernel.contents import ChatHistory, FunctionCallContent
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.console import announce
from app.domain.entities import fresh_id
from app.domain.people import Right
from app.domain.safety import Surface
from app.functions import CallSlot, current_call
from app.identity.attempts import Attempts
from app.kernel import GuardedKernel
from app.rest.access import BEARER, who_calls
from app.rest.doorway import Doorway, House
from app.rest.errors import install_errors

if TYPE_CHECKING:
    from app.wiring import Application

CHAT_PATH = "/chat"

READ_ONLY = frozenset({
    "segmentation-describe_customers", "segmentation-count_audience", "segmentation-segment_customers",
    "segmentation-profile_audience", "segmentation-explain_membership", "segmentation-compare_audiences",
    "retrieval-search_content", "retrieval-get_content",
    "safety-check_copy", "safety-explain_verdict", "safety-list_rules",
    "experiment-estimate_sample_size", "experiment-read_results", "experiment-compare_variants",
    "experiment-compare_campaigns", "experiment-explain_drivers", "experiment-list_campaigns",
})  # fmt: skip
INSTRUCTIONS = (
    "Read-only functions about customers, approved content, checks and experiments. Nothing can be sent from here."
)


def create_server(open_kernel: Callable[[str], GuardedKernel]) -> Server[Any]:
    """Return an MCP server; ``open_kernel`` gives a kernel for a conversation id whose workspace is not committed."""
    server: Server[Any] = Server("cpo", instructions=INSTRUCTIONS)

    async def list_tools() -> list[types.Tool]:
        kernel = await asyncio.to_thread(open_kernel, fresh_id("mcp"))
        tools: list[types.Tool] = []
        for function in kernel.get_full_list_of_function_metadata():
            if function.fully_qualified_name in READ_ONLY:
                properties = {p.name: p.schema_data for p in function.parameters if p.name}
                required = [p.name for p in function.parameters if p.name and p.is_required]
                schema = {"type": "object", "properties": properties, "required": required}
                name = function.fully_qualified_name
                tools.append(types.Tool(name=name, description=function.description, inputSchema=schema))
        return tools

    async def call_tool(name: str, arguments: dict[str, Any] | None) -> types.CallToolResult:
        if name not in READ_ONLY:
            return _answer('{"ok": false, "error": "unknown_function"}', failed=True)
        kernel = await asyncio.to_thread(open_kernel, fresh_id("mcp"))
        plugin, _, function = name.partition("-")
        call = FunctionCallContent(
            id="mcp",
            index=0,
            name=name,
            plugin_name=plugin,
            function_name=function,
            arguments=json.dumps(arguments or {}),
        )
        slot = CallSlot()
        current_call.set(slot)
        await kernel.invoke_function_call(call, ChatHistory())
        passage = await asyncio.to_thread(kernel.gate.release_json, slot.result, Surface.CHAT, subject="mcp")
        return _answer(kernel.gate.egress(passage.released), failed=not (passage.passed and slot.ok))

    server.list_tools()(list_tools)
    server.call_tool(validate_input=False)(call_tool)

    return server


def _answer(text: str, *, failed: bool) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], isError=failed)


async def _serve(server: Server[Any]) -> None:
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def http_app(application: Application) -> ASGIApp:
    """Return the ASGI application for streamable HTTP at ``/mcp``, behind the same doorway and logins as REST."""
    sessions = StreamableHTTPSessionManager(create_server(application.open_kernel), json_response=True, stateless=True)

    @asynccontextmanager
    async def running(_app: FastAPI) -> AsyncGenerator[None]:
        async with sessions.run():
            yield

    api = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=running)
    api.state.application = application
    api.state.limit = Attempts(application.settings.requests_per_minute)
    install_errors(api)

    class Endpoint:
        """Lets in who may work on campaigns, then hands the request to the protocol."""

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            request = Request(scope, receive)
            person = await who_calls(request, await BEARER(request))
            person.require(Right.WORK)
            await sessions.handle_request(scope, receive, send)

    api.router.routes.append(Route("/mcp", endpoint=Endpoint(), methods=["GET", "POST", "DELETE"]))
    api.add_middleware(Doorway, house=House.of(application, CHAT_PATH))
    return api


def serve_http(port: int) -> None:
    """Serve streamable HTTP on this machine until interrupted; put a proxy before it to serve others."""
    from app.wiring import running_application

    application = running_application()
    announce(f"Serving MCP on http://127.0.0.1:{port}/mcp - stop with Ctrl-C")
    uvicorn.run(
        http_app(application), host="127.0.0.1", port=port, log_level="warning", access_log=False,
        server_header=False, proxy_headers=False,
    )  # fmt: skip


def serve_stdio() -> None:
    """Serve on standard input and output until the client leaves."""
    from app.wiring import running_application

    application = running_application()
    asyncio.run(_serve(create_server(application.open_kernel)))
