"""Many people asking at once over Telegram: `python -m tests.bench.telegram --rate 30 --chats 50 --seconds 60`.

Says how many questions were lost or answered twice, and how long people waited. `--installed` takes the bundled models,
otherwise models that need no weights answer, so that it is the bot's own time.
"""

import argparse
import itertools
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from tests.bot.processes import SMALL, Process, configure
from tests.botapi import BotApi
from tests.conftest import NEWS

QUESTIONS = ("Who said nobody wanted this delay?", "What did Colin Peake deny?", "How many passengers in June?")
LONGEST_SECONDS = 120


def main() -> None:
    """Ask and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=30, help="questions a second")
    parser.add_argument("--chats", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--installed", action="store_true", help="with the bundled models")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, BotApi() as server:
        path = Path(folder)
        (path / "articles").mkdir()
        for name, text in NEWS.items():
            (path / "articles" / f"{name}.txt").write_text(text, encoding="utf-8")
        limits = {"user": "100000/minute", "chat": "100000/minute"}
        program = ("-m", "bot", "run", "--config") if options.installed else SMALL
        process = Process(configure(path, server, limits=limits), server.token, program)
        try:
            measure(server, options)
        finally:
            process.stop()


def measure(server: BotApi, options: argparse.Namespace) -> None:
    """Ask at a steady rate, wait for the answers, and say what came of it."""
    people = [server.user(f"Ann {number}") for number in range(options.chats)]
    server.private(people[0]).start(people[0])
    server.private(people[0]).wait_for_reply(LONGEST_SECONDS)
    seen = len(server.world.done)
    asked: dict[int, list[float]] = defaultdict(list)
    total = int(options.rate * options.seconds)
    began = time.time()
    turns = zip(range(total), itertools.cycle(people), itertools.cycle(QUESTIONS), strict=False)
    for number, person, question in turns:
        time.sleep(max(0, began + number / options.rate - time.time()))
        server.private(person).send(person, question)
        asked[person.id].append(time.time())

    def answers() -> dict[int, list[float]]:
        found: dict[int, list[float]] = defaultdict(list)
        for reply in server.world.done[seen:]:
            if reply.method == "sendMessage":
                found[reply.chat].append(reply.at)
        return found

    deadline = time.time() + LONGEST_SECONDS
    while sum(map(len, answers().values())) < total and time.time() < deadline:
        time.sleep(0.1)
    time.sleep(1)  # whatever comes twice
    got = answers()
    waits = [at - since for chat, times in asked.items() for since, at in zip(times, got[chat], strict=False)]
    lost = sum(max(0, len(times) - len(got[chat])) for chat, times in asked.items())
    doubled = sum(max(0, len(got[chat]) - len(times)) for chat, times in asked.items())
    middle, high, most = np.percentile(waits, [50, 99, 100]) * 1000
    print(f"{total} questions, {options.rate:g} a second, {options.chats} chats: {lost} lost, {doubled} doubled")
    print(f"ms until answered: median {middle:.0f}, p99 {high:.0f}, longest {most:.0f}")


if __name__ == "__main__":
    main()
