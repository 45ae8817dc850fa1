"""Panels that are open and listen, a process of their own: `python -m benchmarks.panel.watchers`, told on stdin.

{"url", "tokens", "panels", "slow", "seconds"}: so many live lines are opened, and `slow` more that never read. Prints
"ready" when all are greeted, and at the end one JSON: latencies in ms (words carry `t=<monotonic ns>`), how many words
each panel got, and how many lines of slow ones were cut.
"""

import asyncio
import json
import re
import socket
import statistics
import sys
import time
from typing import Any

import aiohttp

#: Bytes the system keeps for a line that is not read.
NARROW = 4096
SENT = re.compile(r'"text": ?"t=(\d+)')


async def main(plan: dict[str, Any]) -> dict[str, Any]:
    """Open the lines, listen, count."""
    until = time.monotonic() + float(plan["seconds"]) + 3600  # the real end is told by stdin's end
    latencies: list[float] = []
    counts = [0] * int(plan["panels"])
    loop = asyncio.get_running_loop()
    ended = loop.create_future()
    loop.add_reader(sys.stdin.fileno(), lambda: sys.stdin.read(1) or ended.done() or ended.set_result(None))
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, socket_factory=_narrow)) as thin,
    ):
        lines = [await _line(session, plan, number) for number in range(len(counts))]
        slow = [await _line(thin, plan, number) for number in range(int(plan["slow"]))]
        for line in slow:
            line._response.connection.transport.pause_reading()  # type: ignore[union-attr]
        print("ready", flush=True)
        tasks = [asyncio.create_task(_listen(line, counts, number, latencies)) for number, line in enumerate(lines)]
        await asyncio.wait({ended}, timeout=until - time.monotonic())
        for task in tasks:
            task.cancel()
        lost = [number for number, task in enumerate(tasks) if task.done() and not task.cancelled()]
        for line in slow:
            line._response.connection.transport.resume_reading()  # type: ignore[union-attr]
        cut = 0
        for line in slow:
            cut += await _was_cut(line)
    cuts = statistics.quantiles(latencies, n=100)
    return {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "words": counts, "lost": lost, "slow_cut": cut}


def _narrow(address: Any) -> socket.socket:
    """Make a socket that takes in little: who does not read is felt by the server soon."""
    made = socket.socket(address[0], address[1], address[2])
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, NARROW)
    return made


async def _line(session: aiohttp.ClientSession, plan: dict[str, Any], number: int) -> aiohttp.ClientWebSocketResponse:
    token = plan["tokens"][number % len(plan["tokens"])]
    line = await session.ws_connect(f"{plan['url']}/live", headers={"Authorization": f"Bearer {token}"}, max_msg_size=0)
    await line.receive_str()
    return line


async def _listen(
    line: aiohttp.ClientWebSocketResponse, counts: list[int], number: int, latencies: list[float]
) -> None:
    async for frame in line:
        now = time.monotonic_ns()
        if frame.type is not aiohttp.WSMsgType.TEXT or '"type":"message.created"' not in frame.data[:60].replace(
            " ", ""
        ):
            continue
        sent = SENT.search(frame.data)
        if sent is not None:
            counts[number] += 1
            latencies.append((now - int(sent.group(1))) / 1e6)


async def _was_cut(line: aiohttp.ClientWebSocketResponse) -> bool:
    try:
        async with asyncio.timeout(10):
            async for _ in line:
                pass
    except (TimeoutError, ConnectionError):
        return not isinstance(sys.exc_info()[1], TimeoutError)
    return line.closed


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(json.loads(sys.stdin.readline())))), flush=True)
