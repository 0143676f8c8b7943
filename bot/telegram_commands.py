"""The commands of the bot on Telegram: run it, and ask a running one how it is. Knows nothing of how it answers."""

import argparse
from collections.abc import Callable

from bot.shell import DONE, FAILED, complain, opened, progress, write

Run = Callable[[argparse.Namespace], int]
Add = Callable[[str, Run, str], argparse.ArgumentParser]


def add_commands(add: Add) -> None:
    """The commands."""
    add("run", _run, "Answer on Telegram until told to stop.")
    add("health", _health, "Say whether the bot that runs here is well.")


def _run(options: argparse.Namespace) -> int:
    from bot.config import TOKEN, load_bot_config, telegram_token
    from bot.handlers.desk import Desk
    from bot.handlers.running import run
    from bot.memory import Memory
    from retrieval import ConfigError

    settings = load_bot_config(options.config)
    token = telegram_token()
    if token is None:
        raise ConfigError(f"{TOKEN} is not set; it must hold the token that @BotFather shows.")
    archive = opened(options)
    if not archive.articles:  # else what is there answers while the sources are read
        for failure in archive.reload(progress("Reading articles")).failed:
            complain(failure, FAILED)
    archive.warm()
    run(Desk.over(archive, Memory(settings.memory_file), settings), token)
    return DONE


def _health(options: argparse.Namespace) -> int:
    from bot.config import load_bot_config
    from bot.server import ask_health
    from retrieval import ConfigError

    settings = load_bot_config(options.config).health
    if settings is None:
        raise ConfigError(f"`bot.health` in {options.config} is not set: the bot that runs cannot be asked.")
    findings = ask_health(settings)
    for part, sound in findings.items():
        write(f"{'ok     ' if sound else 'PROBLEM'}  {part}")
    return DONE if all(findings.values()) else FAILED
