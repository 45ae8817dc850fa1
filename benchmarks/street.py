"""The messenger of the benchmarks, a process of its own: the emulator with customers who speak inside it.

They speak without a line of their own (no /ctl between them and the emulator), so that all of this process serves the
bot that is measured. Asked by POST /street with one of the plans below, answers {"seconds", "latencies", "cpu"}.
"""

import asyncio
import random
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bots.emulators.telegram import TelegramEmulator, schema
from bots.emulators.telegram.control import people, staff
from bots.emulators.telegram.emulation import Emulation
from bots.emulators.telegram.world import Chat

#: Seconds a customer waits for an answer before the run is called off.
PATIENCE = 60.0
#: Silence in all chats after which a bot is taken to have said everything, seconds.
QUIET = 0.5


class Unanswered(Exception):
    """A bot did not say what it should have said; the text tells which word of whom."""


@dataclass(slots=True)
class Customer:
    """Somebody with a private chat with one bot."""

    id: int
    chat: Chat
    mix: random.Random


@dataclass(slots=True)
class Street:
    """Who speaks to which bot."""

    emu: Emulation
    texts: list[str] = field(default_factory=list)
    customers: dict[int, list[Customer]] = field(default_factory=dict)

    async def meet(self, bot: int, count: int) -> None:
        """Let customers open their chats: what a bot says to a first word is no part of any figure."""
        until = time.monotonic() + PATIENCE
        while bot not in self.emu.world.bots or self.emu.world.bots[bot].webhook is None:
            if time.monotonic() > until:
                raise Unanswered(f"the webhook of bot {bot}")
            await asyncio.sleep(0.05)
        met = self.customers.setdefault(bot, [])
        for number in range(len(met), count):
            id = int(people.create(self.emu, {"name": f"Customer {number}", "lang": "ru"})["user"]["id"])
            people.say(self.emu, {"user": id, "bot": bot, "text": self.texts[number % len(self.texts)]})
            chat = self.emu.world.private(bot, id)
            assert chat is not None
            met.append(Customer(id, chat, random.Random(number)))
        while any(len(one.chat.posts) < 2 for one in met):
            if not await self.emu.changes.wait(None, PATIENCE):
                raise Unanswered("a first word")
        await self.quiet(bot)

    async def quiet(self, bot: int) -> int:
        """Wait until a bot is silent in the chats of its customers; returns how many messages of its stand there."""
        sent, before = self._sent(bot), -1
        while sent > before:
            await asyncio.sleep(QUIET)
            sent, before = self._sent(bot), sent
        return sent

    def _sent(self, bot: int) -> int:
        return sum(post.sender == bot for one in self.customers[bot] for post in one.chat.posts)

    async def flow(self, bot: int, count: int, words: int) -> list[float]:
        """Let customers say `words` in all, each the next word when the last was answered; returns latencies."""
        left = iter(range(words))

        async def speak(customer: Customer) -> list[float]:
            return [await self._word(bot, customer) for _ in left]

        spoken = await asyncio.gather(*(speak(customer) for customer in self.customers[bot][:count]))
        return [latency for some in spoken for latency in some]

    async def rate(self, bot: int, count: int, words: int, rate: float) -> list[float]:
        """Let a word be said every 1/rate seconds, whoever was answered or not; returns latencies."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        customers = self.customers[bot][:count]
        tasks = []
        for number in range(words):
            tasks.append(asyncio.create_task(self._word(bot, customers[number % count])))
            due += 1 / rate
            await asyncio.sleep(due - loop.time())
        return list(await asyncio.gather(*tasks))

    async def _word(self, bot: int, customer: Customer) -> float:
        chat = customer.chat
        started = time.perf_counter()
        text = customer.mix.choice(self.texts)
        said = people.say(self.emu, {"user": customer.id, "bot": bot, "text": text})["message_id"]
        while not _answered(chat, bot, said):
            if not await self.emu.changes.wait(chat.id, PATIENCE):
                raise Unanswered(f"{text!r} of customer {customer.id}")
        return time.perf_counter() - started


def _answered(chat: Chat, bot: int, said: int) -> bool:
    newest = chat.posts[-1]
    return newest.sender == bot and newest.id > said


async def play(street: Street, plan: dict[str, Any]) -> dict[str, Any]:
    """Do what a plan asks for: {"bot", "customers", "words", "rate"?}. Raises Unanswered."""
    bot, count, words = int(plan["bot"]), int(plan["customers"]), int(plan["words"])
    await street.meet(bot, count)
    before = await street.quiet(bot)
    started, cpu = time.perf_counter(), time.process_time()
    if plan.get("rate"):
        latencies = await street.rate(bot, count, words, float(plan["rate"]))
    else:
        latencies = await street.flow(bot, count, words)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    sent = await street.quiet(bot) - before
    if sent != words:
        raise Unanswered(f"{words} words were said, {sent} answers came")
    return {"seconds": seconds, "latencies": latencies, "cpu": cpu}


async def serve(port: int) -> None:
    """Serve emulator and plans until killed."""
    emulator = TelegramEmulator(open_tokens=True)
    street = Street(emulator.emulation)

    async def asked(request: web.Request) -> web.Response:
        plan = await request.json()
        street.texts = plan.get("texts") or street.texts
        try:
            return web.json_response(await play(street, plan))
        except Unanswered as fault:
            return web.json_response({"fault": str(fault)})

    async def group(request: web.Request) -> web.Response:
        return web.json_response(staff.create(emulator.emulation, await request.json())["group"])

    app = emulator.app()
    app.add_routes([web.post("/street", asked), web.post("/street/group", group)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await schema.load()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
