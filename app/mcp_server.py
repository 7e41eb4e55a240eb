"""The read-only functions over MCP: the same kernel, the same gate, no approval and no effect possible through it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from semantic_kernel.contents import ChatHistory, FunctionCallContent, FunctionResultContent

from app.domain.entities import fresh_id
from app.kernel import GuardedKernel

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
        history = ChatHistory()
        await kernel.invoke_function_call(call, history)
        (item,) = [i for i in history.messages[-1].items if isinstance(i, FunctionResultContent)]
        text = str(item.result)
        return _answer(text, failed='"ok": false' in text)

    server.list_tools()(list_tools)
    server.call_tool(validate_input=False)(call_tool)

    return server


def _answer(text: str, *, failed: bool) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], isError=failed)


async def _serve(server: Server[Any]) -> None:
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def serve_stdio() -> None:
    """Serve on standard input and output until the client leaves."""
    from app.wiring import running_application

    application = running_application()
    asyncio.run(_serve(create_server(application.open_kernel)))
