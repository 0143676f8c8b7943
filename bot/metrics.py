"""What is counted of a running bot, in the form that Prometheus reads. Knows no channel."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.blocks import Reply

SECONDS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, 10)


class Metrics:
    """Counters of one bot; nothing is shared with another in the same process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "article_bot_questions",
            "Questions answered, by whether the articles say.",
            ["found"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "article_bot_reply_seconds",
            "From a message's handling to its reply, sending included.",
            buckets=SECONDS,
            registry=self._registry,
        )
        self._errors = Counter("article_bot_errors", "Errors, by kind.", ["kind"], registry=self._registry)
        self._queue = Gauge("article_bot_queue", "Updates that wait to be handled.", registry=self._registry)

    def replied(self, reply: Reply, seconds: float) -> None:
        """Count a reply and its questions."""
        self._seconds.observe(seconds)
        for answer in reply.answers:
            self._questions.labels(found="yes" if answer.found else "no").inc()

    def failed(self, kind: str) -> None:
        """Count an error."""
        self._errors.labels(kind=kind).inc()

    def watch_queue(self, length: Callable[[], int]) -> None:
        """Have the length of the queue read when metrics are."""
        self._queue.set_function(length)

    def exposed(self) -> bytes:
        """All metrics, as text."""
        return generate_latest(self._registry)
