"""Kill -9 the bot at random moments while people ask it on Telegram: `python -m tests.faults.telegram --kills 200`.

Everybody must be answered in the end. An answer may come twice only where the kill fell between the sending of it and
the note that it was sent.
"""

import argparse
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bot.processes import Process, configure
from tests.botapi.remote import WRITING, Remote, remote
from tests.faults.editions import text_of

SECRET = "424242:A-token-of-the-kill-test_of_article-bot"  # noqa: S105 - of a server on loopback
ARTICLES = 20
# Of the kills so many fall into the start, and of the others so many just after several people asked at once.
STARTING_SHARE, CROWDED_SHARE = 0.3, 0.5
CROWD = 10
# The others fall so long after the first poll, at the most.
CROWDED_SECONDS, POLLING_SECONDS = 0.3, 1.5
PROGRESS = 20
LONGEST_SECONDS = 120


@dataclass(slots=True)
class Killed:
    """What was under way at each kill: the start, questions in hand, or nothing but waiting for some."""

    starting: int = 0
    in_hand: int = 0
    polling: int = 0


@dataclass(slots=True)
class Asked:
    """Who asked so far, one question each."""

    chats: list[int] = field(default_factory=list)

    def ask(self, people: Remote, moments: random.Random) -> None:
        """Somebody new asks."""
        person = people.user("Reader")
        people.send(person, f"Which edition does article {moments.randrange(ARTICLES)} come in today?")
        self.chats.append(person)

    @contextmanager
    def asking(self, people: Remote, every: float) -> Iterator[None]:
        """People ask all the while, a new one every so many seconds."""
        done, moments = threading.Event(), random.Random(1)  # noqa: S311 - not a secret

        def go_on() -> None:
            while not done.wait(every):
                self.ask(people, moments)

        thread = threading.Thread(target=go_on)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()


class Answers:
    """What the bot said so far."""

    def __init__(self, people: Remote) -> None:
        self.by_chat = Counter[int]()
        self._people = people
        self._read = 0

    def read(self) -> int:
        """Look for new ones; how many there are."""
        fresh = self._people.written(self._read)
        self._read += len(fresh)
        said = [reply["chat"] for reply in fresh if reply["method"] == WRITING]
        self.by_chat.update(said)
        return len(said)

    def wait_for(self, chats: set[int]) -> None:
        """Wait until everybody is answered, as long as answers come in, and then a little for any that come twice."""
        heard = time.monotonic()
        while chats - self.by_chat.keys() and time.monotonic() < heard + LONGEST_SECONDS:
            time.sleep(1)
            heard = time.monotonic() if self.read() else heard
        time.sleep(3)
        self.read()


def kill_often(people: Remote, config: Path, asked: Asked, said: Answers, *, kills: int, seed: int) -> Killed:
    """Start the bot and kill it, again and again."""
    moments, killed = random.Random(seed), Killed()  # noqa: S311 - not a secret
    start = 0.0
    for number in range(1, kills + 1):
        before = people.state()["calls"]
        process, began = Process(config, SECRET), time.monotonic()
        if start and moments.random() < STARTING_SHARE:
            time.sleep(moments.uniform(0, start))
        else:
            _wait_for_poll(people, before)
            start = time.monotonic() - began
            _pass_time(people, asked, moments)
        process.kill()
        said.read()
        if not _has_polled(people, before):
            killed.starting += 1
        elif len(asked.chats) - people.state()["pending"] > len(said.by_chat):
            killed.in_hand += 1
        else:
            killed.polling += 1
        if number % PROGRESS == 0:
            print(f"{number} kills, {len(asked.chats)} questions, {len(said.by_chat)} answered", flush=True)
    return killed


def _pass_time(people: Remote, asked: Asked, moments: random.Random) -> None:
    """Let the bot poll for a while, or have it killed just when several people ask."""
    if moments.random() < CROWDED_SHARE:
        for _ in range(CROWD):
            asked.ask(people, moments)
        time.sleep(moments.uniform(0, CROWDED_SECONDS))
    else:
        time.sleep(moments.uniform(0, POLLING_SECONDS))


def _wait_for_poll(people: Remote, before: int) -> None:
    deadline = time.monotonic() + LONGEST_SECONDS
    while not _has_polled(people, before):
        if time.monotonic() > deadline:
            raise TimeoutError("The bot does not poll.")
        time.sleep(0.1)


def _has_polled(people: Remote, before: int) -> bool:
    return any(call["method"] == "getUpdates" for call in people.calls(before))


def main() -> None:
    """Kill as often as told and say how it went."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.telegram", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--kills", type=int, default=200, help="how many (default: %(default)s)")
    parser.add_argument("--every", type=float, default=0.25, help="a question so often, s (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the random moments (default: %(default)s)")
    options = parser.parse_args()
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, remote(SECRET) as (people, _):
        config = write_bot(Path(folder), people)
        asked, said = Asked(), Answers(people)
        with asked.asking(people, options.every):
            killed = kill_often(people, config, asked, said, kills=options.kills, seed=options.seed)
        process = Process(config, SECRET)
        try:
            said.wait_for(set(asked.chats))
        finally:
            process.kill()
        lost = set(asked.chats) - said.by_chat.keys()
        twice, pending = said.by_chat.total() - len(said.by_chat), people.state()["pending"]
        if lost:
            print("\n".join(line for line in process.written.splitlines() if " WARNING " in line or " ERROR " in line))
    print(f"{options.kills} kills in {time.perf_counter() - began:.0f} s: {killed.starting} during the start,")
    print(f"{killed.in_hand} with questions in hand, {killed.polling} while waiting for some.")
    print(f"{len(asked.chats)} questions, {len(lost)} lost, {twice} answered twice, {pending} not fetched.")
    if lost:
        raise SystemExit(1)


def write_bot(folder: Path, people: Remote) -> Path:
    """Articles and a configuration for a bot that starts quickly."""
    (folder / "articles").mkdir()
    for number in range(ARTICLES):
        (folder / "articles" / f"a{number}.txt").write_text(text_of(number, 1), encoding="utf-8")
    plenty = "1000000/minute"
    return configure(folder, people, limits={"user": plenty, "chat": plenty, "taps": plenty})


if __name__ == "__main__":
    main()
