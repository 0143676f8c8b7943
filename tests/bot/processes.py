"""The bot as a process: started, talked to over HTTP, stopped or killed, and all that it wrote."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.botapi import BotApi
from tests.botapi.remote import Remote

ROOT = Path(__file__).parent.parent.parent
SMALL = ("-m", "tests.bot.small")
LONGEST_SECONDS = 60


def configure(folder: Path, server: BotApi | Remote, **bot: Any) -> Path:
    """Write a configuration for a bot that talks to a server."""
    api = {"url": server.address, "messages_per_second": 1000, "timeout": 5} | bot.pop("api", {})
    content = {"retrieval": {"ranker": "none", "threshold": 0.2}, "bot": {"api": api} | bot}
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def wait_for_metrics(port: int, *wanted: str) -> None:
    """Wait until /metrics shows what is wanted: an answer is counted after Telegram has taken it.

    Raises:
        TimeoutError: It did not in time.
    """
    deadline = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < deadline:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as response:
            metrics = response.read().decode()
        if all(one in metrics for one in wanted):
            return
        time.sleep(0.05)
    raise TimeoutError(f"waited for {', '.join(wanted)} in:\n{metrics}")


class Process:
    """The bot in a process.

    Args:
        config: Its configuration.
        token: Its token; none is set where it is empty.
        program: What Python runs.
        environment: More variables.
    """

    def __init__(self, config: Path, token: str, program: Sequence[str] = SMALL, **environment: str) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ARTICLE_BOT_")}
        secrets = {"ARTICLE_BOT_TOKEN": token} if token else {}
        self._log = config.parent / "written.log"
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *program, str(config)],
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=clean | secrets | {"PYTHONPATH": str(ROOT), "OMP_WAIT_POLICY": "passive"} | environment,
            )

    @property
    def written(self) -> str:
        """All that it wrote, to standard output and standard error."""
        return self._log.read_text(encoding="utf-8")

    def stop(self) -> int:
        """Send SIGTERM; the exit status."""
        self._process.send_signal(signal.SIGTERM)
        return self.wait()

    def kill(self) -> None:
        """Send SIGKILL, which nobody survives."""
        self._process.kill()
        self._process.wait()

    def wait(self) -> int:
        """The exit status, when it has ended."""
        return self._process.wait(LONGEST_SECONDS)
