"""The server as a process of its own: python -m tests.botapi --port N --token T."""

import argparse
import signal
import sys
from pathlib import Path

from tests.botapi.server import TOKEN, BotApi


def main() -> None:
    """Serves until SIGTERM, SIGINT or POST /control/end; says where on the first line."""
    parser = argparse.ArgumentParser(prog="python -m tests.botapi", description="A Bot API server for tests.")
    parser.add_argument("--port", type=int, default=0, help="where to listen on 127.0.0.1; a free one by default")
    parser.add_argument("--token", default=TOKEN, help="the bot's token")
    parser.add_argument("--username", default="article_bot", help="the bot's name after the @")
    parser.add_argument("--privacy", action="store_true", help="the bot does not get all of a group's messages")
    parser.add_argument("--spec", type=Path, help="a machine-readable Bot API")
    given = parser.parse_args()
    server = BotApi(
        token=given.token,
        port=given.port,
        username=given.username,
        reads_all=not given.privacy,
        spec=given.spec,
        control=True,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    with server:
        sys.stdout.write(f"{server.address}\n")
        sys.stdout.flush()
        server.wait()


if __name__ == "__main__":
    main()
