"""The server as a process of its own, driven from this one, as load and kill tests need it.

Two processes share no interpreter, so that neither the people nor the server take time from each other's threads. Knows
nothing of the bot.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.botapi.refusal import Json

ROOT = Path(__file__).parents[2]
WRITING = "sendMessage"


class Remote:
    """A running server's people and what the bot did to them.

    Args:
        address: Where it listens.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._client = httpx.Client(base_url=f"{address}/control", timeout=60)

    def user(self, name: str) -> int:
        """Somebody new; their id, and that of their private chat."""
        return int(self._act("user", name=name)["id"])

    def send(self, user: int, text: str) -> int:
        """Somebody writes to the bot in private; the message's id."""
        return int(self._act("send", user=user, text=text)["message_id"])

    def calls(self, after: int = 0) -> list[Json]:
        """The bot's requests with their answers, but the first so many."""
        return list(self._client.get("/journal", params={"after": after}).raise_for_status().json())

    def written(self, after: int = 0, *, wait: float = 0) -> list[Json]:
        """What the bot did, but the first so many; waits up to `wait` seconds for something new."""
        found = self._client.get("/replies", params={"after": after, "wait": wait}).raise_for_status()
        return list(found.json())

    def state(self) -> Mapping[str, int]:
        """How many updates wait, are confirmed, and how often the bot called."""
        found: dict[str, int] = self._client.get("/state").raise_for_status().json()
        return found

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def _act(self, act: str, **body: object) -> Json:
        found: Json = self._client.post(f"/{act}", json=body).raise_for_status().json()
        return found


@contextmanager
def remote(token: str) -> Iterator[tuple[Remote, int]]:
    """A server in a process of its own, and that process's id."""
    command = [sys.executable, "-m", "tests.botapi", "--token", token]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE) as process:
        address = process.stdout.readline().strip() if process.stdout else ""
        people = Remote(address)
        try:
            yield people, process.pid
        finally:
            people.close()
            process.terminate()
