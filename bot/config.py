"""The `bot:` half of config.yaml, and the secrets, which come from the environment only.

Knows nothing of retrieval's half.
"""

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from retrieval import read_section

TOKEN = "ARTICLE_BOT_TOKEN"  # noqa: S105 - the variable's name, not a token


class BotConfig(BaseModel):
    """What the bot can be told. `folder` is where relative paths begin: the configuration file's own folder."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    folder: Path = Field(default=Path(), exclude=True)
    history: str = "data/chat-history"
    memory: str = "data/bot.sqlite"

    @property
    def history_file(self) -> Path:
        """The file that keeps the lines typed in `article-bot chat`."""
        return self.folder / Path(self.history).expanduser()

    @property
    def memory_file(self) -> Path:
        """The file that keeps turns, settings and what else outlives a message."""
        return self.folder / Path(self.memory).expanduser()


def load_bot_config(path: str | Path) -> BotConfig:
    """Read the `bot:` section of a configuration file.

    Raises:
        ConfigError: The file cannot be read or a key in it is wrong.
    """
    return read_section(BotConfig, Path(path), "bot", folder=Path(path).resolve().parent)


def telegram_token() -> SecretStr | None:
    """The bot's token, from the environment; None where it is not set."""
    value = os.environ.get(TOKEN, "").strip()
    return SecretStr(value) if value else None
