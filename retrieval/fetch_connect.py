"""Connections that go only where they may, and end in time: the network half of an HTTP client.

The address that was checked is the address connected to, so that a name cannot mean one machine when it is checked and
another when it is used. Knows nothing of URLs or redirects.
"""

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from retrieval.addresses import Allowed, Resolver
from retrieval.errors import ArticleError


class Deadline:
    """A moment by which all must be done, `seconds` from now."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self, timeout: float | None = None) -> float:
        """Seconds left, or `timeout` where that is sooner.

        Raises:
            httpcore.TimeoutException: None are left.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.TimeoutException
        return left if timeout is None else min(left, timeout)


class CheckedNetwork(httpcore.NetworkBackend):
    """Connects to addresses that may be connected to, and to no other.

    Args:
        allowed: What may be connected to beside public addresses.
        resolver: Host and port → addresses.
        deadline: When every connection must be done with.
    """

    def __init__(self, allowed: Allowed, resolver: Resolver, deadline: Deadline) -> None:
        self._allowed = allowed
        self._resolver = resolver
        self._deadline = deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first of the host's addresses that answers.

        Raises:
            ArticleError: The host has no address, or one that may not be connected to.
            httpcore.ConnectError: None answers.
        """
        failure: Exception = httpcore.ConnectError()
        for address in self._addresses(host, port):
            try:
                stream = self._plain.connect_tcp(
                    address, port, self._deadline.left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = list(self._resolver(host, port))
        except (OSError, UnicodeError) as error:
            raise ArticleError(f"The host {host} is not found.") from error
        self._deadline.left()
        if not found:
            raise ArticleError(f"The host {host} is not found.")
        for address in found:
            if not self._allowed.permits(host, address):
                raise ArticleError(
                    f"The host {host} leads to {address}, which is not public (retrieval.fetch.allow may allow it)."
                )
        return found


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step ends by the deadline, however slowly the other side feeds it."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - the interface's own type
        return self._stream.get_extra_info(info)
