"""The process that reads pages: limits itself, then answers one page after another until the other side is gone.

Knows nothing of where pages come from. It may neither write files nor outlive its limits.
"""

import json
import math
import resource
import socket
import struct
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from retrieval.errors import ArticleError
from retrieval.fetch import Page
from retrieval.parse import items, parse

LENGTH = struct.Struct("!Q")
MEGABYTE = 1 << 20
READY = b"\x01"


def main(arguments: list[str]) -> None:
    """Serve the connection whose file descriptor is the first argument, under the limits that are the second."""
    limits = json.loads(arguments[1])
    _limit(resource.RLIMIT_AS, limits["megabytes"] * MEGABYTE)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_CORE, 0)
    with socket.socket(fileno=int(arguments[0])) as connection:
        connection.sendall(READY)
        with connection.makefile("rb") as questions:
            while (question := _part(questions)) is not None:
                content = _part(questions) or b""
                _limit_time(limits["seconds"])
                answer = json.dumps(answer_of(json.loads(question), content, limits)).encode()
                connection.sendall(LENGTH.pack(len(answer)) + answer)


def answer_of(question: dict[str, Any], content: bytes, limits: dict[str, Any]) -> dict[str, Any]:
    """What was found, or a sentence that says why nothing was."""
    origin = Path(question["name"]) if question["file"] else question["name"]
    page = Page(origin, content, media=question["media"], url=question["url"])
    try:
        if question["task"] == "items":
            return {"found": [asdict(item) for item in items(page)]}
        return {"found": asdict(parse(page, max_pages=limits["pages"]))}
    except ArticleError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": f"{page.name}: needs more memory than it may (retrieval.parse.megabytes)."}


def _part(stream: BinaryIO) -> bytes | None:
    length = stream.read(LENGTH.size)
    return stream.read(LENGTH.unpack(length)[0]) if length else None


def _limit(what: int, most: int) -> None:
    resource.setrlimit(what, (most, most))


def _limit_time(seconds: float) -> None:
    """Let the next page have its seconds, counted from what the process has used so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime + seconds) + 1, hard))


if __name__ == "__main__":
    main(sys.argv[1:])
