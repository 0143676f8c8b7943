"""/health and /metrics over HTTP, for whoever watches the bot. Knows no channel and nothing of answers."""

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from bot.config import Health
from bot.metrics import Metrics
from retrieval import ChannelError

# The finding of an examination: what is examined → whether it is sound.
Examine = Callable[[], Awaitable[dict[str, bool]]]
UNHEALTHY = 503
ASKED_SECONDS = 15


class HealthHandler(RequestHandler):
    """200 when everything examined is sound, else 503."""

    def initialize(self, examine: Examine) -> None:
        """Take what examines."""
        self._examine = examine

    async def get(self) -> None:
        """The findings, as JSON."""
        findings = await self._examine()
        self.set_status(200 if all(findings.values()) else UNHEALTHY)
        self.finish(findings)

    def data_received(self, chunk: bytes) -> None:
        """Nothing is streamed to us."""


class MetricsHandler(RequestHandler):
    """The metrics as Prometheus reads them."""

    def initialize(self, metrics: Metrics) -> None:
        """Take what counts."""
        self._metrics = metrics

    async def get(self) -> None:
        """All of them."""
        self.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        self.finish(self._metrics.exposed())

    def data_received(self, chunk: bytes) -> None:
        """Nothing is streamed to us."""


class Server:
    """The HTTP server."""

    def __init__(self, settings: Health, *, examine: Examine, metrics: Metrics) -> None:
        self._settings = settings
        routes: list[Any] = [
            ("/health", HealthHandler, {"examine": examine}),
            ("/metrics", MetricsHandler, {"metrics": metrics}),
        ]
        self._server = HTTPServer(Application(routes, log_function=lambda _: None))

    def start(self) -> None:
        """Listen.

        Raises:
            ChannelError: The address is taken.
        """
        host, port = self._settings.listen, self._settings.port
        try:
            listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        except OSError as error:
            raise ChannelError(f"`bot.health` cannot listen on {host}:{port}: {error.strerror}.") from error
        listening.settimeout(0)  # the event loop waits for it
        self._server.add_sockets([listening])

    async def stop(self) -> None:
        """Listen no more."""
        self._server.stop()
        await self._server.close_all_connections()


def ask_health(settings: Health) -> dict[str, bool]:
    """What a running bot's /health says.

    Raises:
        ChannelError: Nothing answers there.
    """
    url = f"http://{settings.listen}:{settings.port}/health"
    try:
        with urllib.request.urlopen(url, timeout=ASKED_SECONDS) as response:
            findings: dict[str, bool] = json.load(response)
    except urllib.error.HTTPError as error:
        return dict(json.load(error))
    except (OSError, ValueError) as error:
        raise ChannelError(f"No bot answers at {url}.") from error
    return findings
