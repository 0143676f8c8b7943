"""Many people ask the bot on Telegram at once: is a question lost or answered twice, and how long does the bot take?

`python -m tests.bench.telegram` starts a Bot API server, `article-bot run` over real news with the bundled models, and
50 people who ask 1,800 different questions in a minute, each a process of its own; then the same with a bare bot that
echoes. The bot's own time is from the moment that the server hands a question out to the moment that the answer comes
in. What the server and the people take of the processor is told apart: on a real day they are elsewhere.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.config import TOKEN
from tests.bench import material
from tests.bot.processes import SMALL
from tests.botapi.refusal import Json
from tests.botapi.remote import WRITING, Remote, remote

SECRET = "424242:A-token-of-the-load-test_of_article-bot"  # noqa: S105 - of a server on loopback
PLENTY = "1000000/minute"
START_SECONDS = 3_600  # articles may have to be read first
# After so long without an answer what has not come is lost.
PATIENCE_SECONDS = 60
WARMING = 3
TICKS = os.sysconf("SC_CLK_TCK")
ROW = (
    "bot", "asked", "answered", "lost", "doubled", "found", "p50, ms", "p99, ms",
    "CPU, ms a question", "server's CPU, ms", "questions/s", "memory, MB", "peak, MB",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked: so many questions a second, from so many private chats in turn."""

    questions: Sequence[str]
    rate: float
    chats: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of it; `taken` is the bot's own time for each answer, ms, and CPU is in ms a question."""

    asked: int
    lost: int
    doubled: int
    found: int
    taken: Sequence[float]
    cpu: float
    server_cpu: float
    rate: float
    memory: float
    peak: float

    def row(self, name: str) -> list[str]:
        """The cells of a table."""
        p50, p99 = (material.percentile(self.taken, percent) for percent in (50, 99))
        counts = (self.asked, self.asked - self.lost, self.lost, self.doubled, self.found)
        times = (f"{p50:.0f}", f"{p99:.0f}", f"{self.cpu:.1f}", f"{self.server_cpu:.1f}", f"{self.rate:.1f}")
        return [name, *map(str, counts), *times, f"{self.memory:.0f}", f"{self.peak:.0f}"]


class Process:
    """The bot in a process, and what the kernel counts of it.

    Args:
        command: What Python runs.
        log: Where it writes.
    """

    def __init__(self, command: Sequence[str], log: Path) -> None:
        self._log = log
        environment = os.environ | material.OFFLINE | {TOKEN: SECRET, "PYTHONPATH": str(material.ROOT)}
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, *command], cwd=material.ROOT, env=environment, stdout=out, stderr=out
            )

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def written(self) -> str:
        """All that it wrote."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def check(self) -> None:
        """See that it runs.

        Raises:
            RuntimeError: It has ended.
        """
        if self._process.poll() is not None:
            raise RuntimeError(f"The bot has ended:\n{self.written[-3000:]}")

    def stop(self) -> None:
        """End it, and wait for its end."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(60)


def cpu_seconds(pid: int) -> float:
    """The processor's time that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def megabytes(pid: int, name: str) -> float:
    """Memory of a process as /proc/PID/status names it, such as VmRSS, in MB; Linux counts in KiB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(rf"{name}:\s+(\d+)", status)
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def measure(load: Load, people: Remote, server: int, process: Process) -> Measured:
    """Put a load on a bot that is ready."""
    chats = [people.user(f"Reader {number}") for number in range(load.chats)]
    calls, before = people.state()["calls"], (cpu_seconds(process.pid), cpu_seconds(server))
    began = time.perf_counter()
    asked = _ask(load, people, chats)
    _wait(people, process, calls, len(load.questions))
    seconds = time.perf_counter() - began
    after = (cpu_seconds(process.pid), cpu_seconds(server))
    given, answered = _journal(people.calls(calls))
    pairs = [pair for chat in chats for pair in zip(given[chat], answered[chat], strict=False)]
    cpu, server_cpu = (1000 * (then - now) / len(load.questions) for now, then in zip(before, after, strict=True))
    return Measured(
        asked=len(load.questions),
        lost=sum(max(0, asked[chat] - len(answered[chat])) for chat in chats),
        doubled=sum(max(0, len(answered[chat]) - asked[chat]) for chat in chats),
        found=sum(count != "0" for count in re.findall(r"replied .* found=(\d+)", process.written)[WARMING:]),
        taken=[1000 * (there - here) for here, there in pairs],
        cpu=cpu,
        server_cpu=server_cpu,
        rate=len(pairs) / seconds,
        memory=megabytes(process.pid, "VmRSS"),
        peak=megabytes(process.pid, "VmHWM"),
    )


def _ask(load: Load, people: Remote, chats: Sequence[int]) -> dict[int, int]:
    """Ask in time, whatever the bot does; how many were asked in each chat."""
    asked: dict[int, int] = defaultdict(int)
    began = time.perf_counter()
    for number, question in enumerate(load.questions):
        time.sleep(max(0.0, began + number / load.rate - time.perf_counter()))
        chat = chats[number % len(chats)]
        people.send(chat, question)
        asked[chat] += 1
    late = time.perf_counter() - began - len(load.questions) / load.rate
    if late > 1:
        print(f"The people were {late:.1f} s late: this machine is too busy to ask so fast.")
    return asked


def _wait(people: Remote, process: Process, calls: int, wanted: int) -> None:
    """Wait until so many answers were sent, and then a little for any sent twice."""
    sent, heard = 0, time.monotonic()
    while sent < wanted and time.monotonic() < heard + PATIENCE_SECONDS:
        process.check()
        fresh = people.calls(calls)
        calls += len(fresh)
        if count := sum(call["method"] == WRITING and call["status"] == 200 for call in fresh):
            sent, heard = sent + count, time.monotonic()
        time.sleep(1)


def _journal(calls: Sequence[Json]) -> tuple[dict[int, list[float]], dict[int, list[float]]]:
    """When each chat's questions were handed out, each the first time, and when answers to it came in."""
    given, answered = defaultdict[int, list[float]](list), defaultdict[int, list[float]](list)
    seen: set[int] = set()
    for call in calls:
        if call["method"] == "getUpdates" and call["status"] == 200:
            for update in call["answer"]["result"]:
                if update["update_id"] not in seen:
                    seen.add(update["update_id"])
                    given[update["message"]["chat"]["id"]].append(call["at"] + call["took"])
        elif call["method"] == WRITING and call["status"] == 200:
            answered[int(call["parameters"]["chat_id"])].append(call["at"])
    return given, answered


def warm(people: Remote, process: Process) -> None:
    """Wait until the bot answers, a few questions long."""
    guest = people.user("Guest")
    for number in range(WARMING):
        people.send(guest, f"What happened on day {number}?")
        deadline = time.monotonic() + START_SECONDS
        while sum(reply["method"] == WRITING for reply in people.written(wait=1)) <= number:
            process.check()
            if time.monotonic() > deadline:
                raise TimeoutError(f"The bot does not answer:\n{process.written[-3000:]}")
            time.sleep(0.2)


@contextmanager
def asked_bot(command: Sequence[str], log: Path, people: Remote) -> Iterator[Process]:
    """A bot that runs and answers."""
    process = Process(command, log)
    try:
        warm(people, process)
        yield process
    finally:
        process.stop()


def ours(load: Load, folder: Path, *, models: bool) -> Measured:
    """The load on `article-bot run`; without models, on the same with ones that need no weights."""
    with remote(SECRET) as (people, server):
        config = str(write_config(folder, people.address, models=models))
        command = ["-m", "bot", "run", "--config", config] if models else [*SMALL, config]
        with asked_bot(command, folder / "written.log", people) as process:
            return measure(load, people, server, process)


def echoed(load: Load, folder: Path) -> Measured:
    """The load on the bare bot."""
    with (
        remote(SECRET) as (people, server),
        asked_bot(["-m", "tests.bench.echo", people.address], folder / "echo.log", people) as process,
    ):
        return measure(load, people, server, process)


def write_config(folder: Path, address: str, *, models: bool) -> Path:
    """The configuration that ships, but for the server, how much a person may ask, and models that are left out."""
    content = yaml.safe_load((material.ROOT / "config.yaml").read_text(encoding="utf-8"))
    content["bot"]["api"] |= {"url": address, "messages_per_second": 1000}
    # Each server numbers its updates from the same one, so that a bot which remembers takes them for ones it had.
    content["bot"]["memory"] = str(Path(tempfile.mkdtemp(dir=folder)) / "bot.sqlite")
    content["bot"]["limits"] = {"user": PLENTY, "chat": PLENTY, "taps": PLENTY}
    if not models:
        content["retrieval"] |= {"ranker": "none", "data": "data-without-models"}
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def main() -> None:
    """Write articles, ask, print."""
    options = _arguments().parse_args()
    print(material.machine("article-bot", "python-telegram-bot", "torch"))
    with tempfile.TemporaryDirectory() as work:
        folder = options.folder or Path(work)
        articles = folder / "articles"
        if not articles.exists():
            print(material.write_articles(articles, options.sentences))
        asked = material.questions(articles, round(options.rate * options.seconds))
        load = Load(asked, options.rate, options.chats)
        print(f"{len(asked)} different questions, {load.rate:g} a second, from {load.chats} chats")
        bare = echoed(load, folder)
        bot = ours(load, folder, models=not options.without_models)
    print(material.table([ROW, bot.row("article-bot"), bare.row("echo")]))
    print(f"An answer takes {bot.cpu / bare.cpu:.1f} times the CPU of an echo.")
    print(material.machine("torch"))


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.telegram", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--rate", type=float, default=30, help="questions a second (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=60, help="for so long (default: %(default)s)")
    parser.add_argument("--chats", type=int, default=50, help="from so many people (default: %(default)s)")
    parser.add_argument("--sentences", type=int, default=4_000, help="articles to index (default: %(default)s)")
    parser.add_argument("--folder", type=Path, help="keep articles and store there for the next time")
    parser.add_argument("--without-models", action="store_true", help="with stand-ins: what the rest takes")
    return parser


if __name__ == "__main__":
    main()
