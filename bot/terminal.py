"""The conversation at a prompt, with line editing and history. Knows nothing of Telegram."""

import contextlib
import sys
from pathlib import Path
from typing import TextIO

from bot.conversation import Conversation
from bot.render import plain
from bot.turns import Asker

try:
    import readline
except ImportError:  # not on every system; the prompt works without
    readline = None  # type: ignore[assignment]

HISTORY_LINES = 1000
# Whoever sits at the terminal.
HERE = Asker(chat="terminal", user="terminal")


def show(text: str, output: TextIO) -> None:
    """Write a reply: on a terminal wrapped to its width, places dimmed and addresses made links; elsewhere as it is."""
    if not output.isatty():
        output.write(f"{text}\n")
        return
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console = Console(file=output, highlight=False)
    for line in text.split("\n"):
        bare = line.lstrip(" ")
        style = "dim" if bare.startswith(("— ", "http")) else ""
        shown = Text(bare, style=f"{style} link {bare}" if bare.startswith("http") else style)
        console.print(Padding(shown, (0, 0, 0, len(line) - len(bare))))


def talk(conversation: Conversation, *, history: Path, output: TextIO) -> None:
    """Read lines from standard input and answer each, until the person ends it."""
    interactive = sys.stdin.isatty()
    if interactive and readline:
        with contextlib.suppress(OSError):
            readline.read_history_file(history)
    output.write(conversation.greeting(HERE) + "\n")
    try:
        _turns(conversation, "\n› " if interactive else "", output)
    finally:
        if interactive and readline:
            _keep_history(history)


def _turns(conversation: Conversation, prompt: str, output: TextIO) -> None:
    while True:
        try:
            line = input(prompt)
        except EOFError:
            output.write("\n")
            return
        if not line.strip():
            continue
        reply = conversation.reply(line, HERE)
        output.write("\n")
        show(plain(reply.blocks, conversation.words(HERE)), output)
        output.flush()
        if reply.ended:
            return


def _keep_history(history: Path) -> None:
    readline.set_history_length(HISTORY_LINES)
    with contextlib.suppress(OSError):  # a history that cannot be kept must not spoil the goodbye
        history.parent.mkdir(parents=True, exist_ok=True)
        readline.write_history_file(history)
