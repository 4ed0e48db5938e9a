"""Whether anything is lost or said twice when the bot is killed, and how fast it takes events in.

Input: optional; one text a line (blank lines are skipped). Those that the bot's rules take for a
question are asked, the others are the talk around them; both are used again and again. Without
it, a few built-in texts.

The bot is `python app.py run` as a process of its own, joined by Socket Mode to a sandbox in this
process, with a new SQLite file. 3,000 messages in 40 help channels, one in ten a question; every
question is by somebody who wrote nothing else there (the bot joins what one person writes in a
row). Three parts, each with a new sandbox and a new file:

The killing: 400 messages a second, whatever the bot does. It is killed with SIGKILL, and started
  again at once, three times: when it has acknowledged a quarter, half and three quarters of them.
  The sandbox sends an envelope again every 10 s while it is not acknowledged, 4 times in all;
  `given_up` counts those it gave up then (0 unless the machine is very slow). Afterwards, when
  nothing is owed or under way any more (`settled`, waited for at most 120 s): `lost` are
  acknowledged questions without a card, `duplicates` questions with more than one, as people see
  them in Slack. `ack_p50_ms` and `ack_p99_ms` are the times from posting to acknowledgement of
  messages that were posted and acknowledged while one process was connected; those posted right
  after a start wait behind what piled up before it. `acknowledged_per_second` is over all of the
  part, with the time the bot was down.
The rate: the same messages, no kill, 64 of them on their way at any time: `events_per_second` is
  messages acknowledged a second, from the first sent to the last acknowledged, while the bot also
  posts its cards and hears their echoes. `unhurried_ack_p…` are the times at 100 a second.
The processor: `cpu_ms_per_message`, what the bot's process takes for each of 1,000 messages of
  talk, and `cpu_ms_per_question`, for each of 160 questions with all that follows: its card and
  its reaction, their echoes, who asked, a hint (Linux only).
Other trouble: the connections of a PostgreSQL cut, clocks that differ or jump, a token revoked for
  a minute; see `bench/_cuts.py`: `cuts_lost`, `cuts_twice`, and so with skew_, jump_, revoked_.
The bare app: the same rate for a Bolt AsyncApp with an empty listener, `bare_events_per_second`,
  and for one that posts to each question and keeps nothing, `bare_same_work_per_second`; our share
  of it is `share_of_bare_same_work`.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench._bot_process import (
    ROOT,
    BareProcess,
    BotProcess,
    Process,
    cards_in,
    last_delivery,
    listen_in,
    percentile,
)
from bench._cuts import troubles
from bot.detection import asks_something
from sandbox import Channel, Sandbox, User
from sandbox.delivery import ACKED, GAVE_UP, Delivery

MESSAGES = 3_000
A_SECOND = 400
UNHURRIED_A_SECOND = 100
KILLS = 3
CHANNELS = 40
ONE_IN = 10  # is a question
ON_THEIR_WAY = 64
SETTLES_WITHIN = 120.0  # seconds
CPU_MESSAGES, CPU_QUESTIONS, WARMED_UP, FEW_ON_THEIR_WAY = 1_000, 160, 40, 8

ASKING = (
    "How do I get access to the staging database?",
    "Does anyone know who owns the billing service?",
    "The VPN keeps dropping every ten minutes, any ideas what to check?",
    "Where can I find the template for a customs declaration to Norway?",
    "I get an error when I scan pallets in zone C: `E-4711 location locked`. What does it mean?",
)
TALKING = (
    "Good morning all :sunny:",
    "The maintenance window starts at 18:00 UTC.",
    "FYI: the office is closed on Monday.",
    "Thanks everyone, that fixed it!",
    "Lunch menu: <https://example.com/menu|today>",
    "I have restarted the scanner in zone C after the update.",
)


@dataclass(frozen=True)
class Texts:
    asking: Sequence[str] = ASKING
    talking: Sequence[str] = TALKING


@dataclass
class Said:
    is_question: bool
    channel: Channel
    ts: str
    posted_at: float
    delivery: Delivery

    @property
    def acked_at(self) -> float:
        return self.posted_at + (self.delivery.ms or 0) / 1000


@dataclass
class Crowd:
    """Who writes where: person and channel of the n-th message."""

    slack: Sandbox
    admin: User
    askers: list[User]
    talkers: list[User]
    channels: list[Channel]

    async def say(self, number: int, texts: Texts) -> Said:
        is_question = number % ONE_IN == 0
        if is_question:
            turn = number // ONE_IN
            # The next asker for each round of the channels: nobody asks twice in one.
            person = self.askers[turn // CHANNELS]
            text = texts.asking[turn % len(texts.asking)]
            channel = self.channels[turn % CHANNELS]
        else:
            person = self.talkers[number % len(self.talkers)]
            text = texts.talking[number % len(texts.talking)]
            channel = self.channels[number * 7 % CHANNELS]
        posted_at = time.monotonic()
        ts = await self.slack.act_as(person).post(channel, text)
        return Said(is_question, channel, ts, posted_at, last_delivery(self.slack))


async def run(data: Path | None) -> dict[str, Any]:
    texts = read(data) if data else Texts()
    figures = await killing(texts)
    print(f"killed {figures['kills']} times: {figures}")
    async with workspace() as (crowd, folder):
        bot = BotProcess(crowd.slack, folder)
        async with at_work(bot, crowd):
            print("unhurried …")
            calm = await stream(crowd, texts, MESSAGES // 6, UNHURRIED_A_SECOND)
            await bot.settled(SETTLES_WITHIN)
            figures |= acknowledgements(calm, bot, "unhurried_ack")
    async with workspace() as (crowd, folder):
        bot = BotProcess(crowd.slack, folder)
        async with at_work(bot, crowd):
            figures["events_per_second"] = await flat_out(crowd, texts)
            await bot.settled(SETTLES_WITHIN)
    print(f"flat out: {figures['events_per_second']} messages a second")
    figures |= await processor(texts)
    figures |= await troubles()
    async with workspace() as (crowd, folder), at_work(BareProcess(crowd.slack, folder), crowd):
        figures["bare_events_per_second"] = await flat_out(crowd, texts)
    async with (
        workspace() as (crowd, folder),
        at_work(BareProcess(crowd.slack, folder, "post"), crowd),
    ):
        bare = await flat_out(crowd, texts)
    figures["bare_same_work_per_second"] = bare
    figures["share_of_bare_same_work"] = round(figures["events_per_second"] / bare, 2)
    print(f"{figures['share_of_bare_same_work']:.0%} of what a bare app does, which keeps nothing")
    return figures


def read(data: Path) -> Texts:
    lines = [line.strip() for line in data.read_text(encoding="utf-8").splitlines()]
    asking = [line for line in lines if line and asks_something(line)]
    talking = [line for line in lines if line and not asks_something(line)]
    if not asking or not talking:
        raise ValueError("it needs at least one text that asks something and one that does not")
    return Texts(asking, talking)


@asynccontextmanager
async def workspace() -> AsyncIterator[tuple[Crowd, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        async with Sandbox(ROOT / "manifest.yml") as slack:
            admin = slack.add_user("admin", is_admin=True)
            rounds = -(-MESSAGES // ONE_IN // CHANNELS)
            askers = [slack.add_user(f"asker-{number}") for number in range(rounds)]
            talkers = [slack.add_user(f"talker-{number}") for number in range(23)]
            members = [admin, *askers, *talkers, slack.bot]
            channels = [slack.add_channel(f"help-{number}", members) for number in range(CHANNELS)]
            yield Crowd(slack, admin, askers, talkers, channels), Path(folder)


@asynccontextmanager
async def at_work(app: Process, crowd: Crowd) -> AsyncIterator[None]:
    """Started and stopped; the bot has read its channels and listens in all of them."""
    try:
        await app.start()
        if isinstance(app, BotProcess):
            await app.settled(SETTLES_WITHIN)
            await listen_in(crowd.slack, crowd.admin, crowd.channels)
        yield
    finally:
        await app.stop()


# The killing


async def killing(texts: Texts) -> dict[str, Any]:
    async with workspace() as (crowd, folder):
        bot = BotProcess(crowd.slack, folder)
        async with at_work(bot, crowd):
            said: list[Said] = []
            killer = asyncio.create_task(kill_at_quarters(bot, said))
            await stream(crowd, texts, MESSAGES, A_SECOND, said)
            kills = await killer
            settled = await bot.settled(SETTLES_WITHIN)
            times = acknowledgements(said, bot, "ack")
            failed = await bot.count_failed()
        questions = [each for each in said if each.is_question]
        cards = [cards_in(crowd.slack, each.channel, each.ts) for each in questions]
        acked = [each.delivery.status == ACKED for each in questions]
        return {
            "events": len(said),
            "kills": kills,
            "questions": len(questions),
            "acknowledged": sum(each.delivery.status == ACKED for each in said),
            "given_up": sum(each.delivery.status == GAVE_UP for each in said),
            "lost": sum(was and not number for was, number in zip(acked, cards, strict=True)),
            "duplicates": sum(number > 1 for number in cards),
            "settled": settled,
            "failed_events": failed,
            "logged_errors": bot.count_errors(),
            "sent_again": sum(each.delivery.attempts > 1 for each in said),
            "offered_per_second": rate_of([each.posted_at for each in said]),
            "acknowledged_per_second": rate_of([each.acked_at for each in said]),
            **times,
        }


async def kill_at_quarters(bot: BotProcess, said: Sequence[Said]) -> int:
    for kill in range(1, KILLS + 1):
        await bot.slack.until(partial(_heard, bot, said, kill / (KILLS + 1)), SETTLES_WITHIN)
        await bot.kill()
        await bot.start()
    return KILLS


def _heard(bot: BotProcess, said: Sequence[Said], share: float) -> bool:
    """Whether this share is acknowledged; a few echoes of the bot's own posts may be under way."""
    return len(said) - len(bot.slack.outbound.pending) >= MESSAGES * share


async def stream(
    crowd: Crowd, texts: Texts, messages: int, a_second: int, said: list[Said] | None = None
) -> list[Said]:
    """Post at this rate, whatever the bot does; into `said`, for who wants to look meanwhile."""
    said = [] if said is None else said
    began = time.monotonic()
    for number in range(messages):
        await asyncio.sleep(max(0.0, began + number / a_second - time.monotonic()))
        said.append(await crowd.say(number, texts))
    return said


def rate_of(times: Sequence[float]) -> float:
    """How many a second, from the first to the last."""
    return round((len(times) - 1) / (max(times) - min(times)), 1)


def acknowledgements(said: Sequence[Said], bot: Process, name: str) -> dict[str, float]:
    times = [
        each.delivery.ms
        for each in said
        if each.delivery.ms is not None and bot.was_up(each.posted_at, each.acked_at)
    ]
    return {f"{name}_p50_ms": percentile(times, 0.5), f"{name}_p99_ms": percentile(times, 0.99)}


# The processor


async def processor(texts: Texts) -> dict[str, float]:
    async with workspace() as (crowd, folder):
        bot = BotProcess(crowd.slack, folder)
        async with at_work(bot, crowd):
            talk = [number for number in range(CPU_MESSAGES * 2) if number % ONE_IN]
            asking = [number * ONE_IN for number in range(WARMED_UP + CPU_QUESTIONS)]
            await spent(crowd, bot, texts, talk[:WARMED_UP] + asking[:WARMED_UP])
            return {
                "cpu_ms_per_message": await spent(crowd, bot, texts, talk[-CPU_MESSAGES:]),
                "cpu_ms_per_question": await spent(crowd, bot, texts, asking[WARMED_UP:]),
            }


async def spent(crowd: Crowd, bot: BotProcess, texts: Texts, numbers: Sequence[int]) -> float:
    """Processor time of the bot for each of these messages and what follows, in ms."""
    began = bot.cpu_seconds()
    for number in numbers:
        await crowd.say(number, texts)
        await crowd.slack.until(partial(has_few, crowd.slack), SETTLES_WITHIN)
    await bot.settled(SETTLES_WITHIN)
    return round(1000 * (bot.cpu_seconds() - began) / len(numbers), 2)


def has_few(slack: Sandbox) -> bool:
    return len(slack.outbound.pending) < FEW_ON_THEIR_WAY


# The rate


async def flat_out(crowd: Crowd, texts: Texts) -> float:
    """Messages acknowledged a second, when as many as possible are sent."""
    places = asyncio.Semaphore(ON_THEIR_WAY)
    began = time.monotonic()
    for number in range(MESSAGES):
        await places.acquire()
        said = await crowd.say(number, texts)
        answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        answered.add_done_callback(lambda _: places.release())
        said.delivery.answered = answered
    for _ in range(ON_THEIR_WAY):
        await places.acquire()
    return round(MESSAGES / (time.monotonic() - began), 1)
