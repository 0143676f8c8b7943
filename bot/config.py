"""The `bot:` half of config.yaml, and the secrets, which come from the environment only.

Knows nothing of retrieval's half.
"""

import hashlib
import hmac
import os
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints

from retrieval import ConfigError, read_section

TOKEN = "ARTICLE_BOT_TOKEN"  # noqa: S105 - the variable's name, not a token
TOKEN_FILE = "ARTICLE_BOT_TOKEN_FILE"  # noqa: S105 - the same
ADMINS = "ARTICLE_BOT_ADMINS"
HEALTH_PORT = "ARTICLE_BOT_HEALTH_PORT"
WEBHOOK_SECRET = "ARTICLE_BOT_WEBHOOK_SECRET"  # noqa: S105 - the same

Rate = Annotated[str, StringConstraints(pattern=r"^\d+ */ *(\d+ *)?(second|minute|hour|day)s?$")]
Port = Annotated[int, Field(ge=0, le=65535)]


class Part(BaseModel):
    """What every part of the configuration has in common: no unknown keys, no changes, no guessed types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Api(Part):
    """The Bot API server to talk to: Telegram's own, or one of ours."""

    url: str = "https://api.telegram.org"
    messages_per_second: int = Field(default=30, ge=1)
    messages_per_minute_per_group: int = Field(default=20, ge=1)
    timeout: float = Field(default=20, gt=0)


class Rates(Part):
    """How much one person or chat may ask. `taps` are inline queries and presses of buttons."""

    user: Rate = "20/minute"
    chat: Rate = "60/minute"
    taps: Rate = "120/minute"


class Webhook(Part):
    """Where Telegram delivers updates, and where we listen for them behind a proxy that speaks TLS."""

    url: str
    listen: str = "127.0.0.1"
    port: Port = 8443
    path: str = "telegram"


class Health(Part):
    """Where /health and /metrics are served."""

    listen: str = "127.0.0.1"
    port: Port = 8080


class BotConfig(Part):
    """What the bot can be told. `folder` is where relative paths begin: the configuration file's own folder."""

    folder: Path = Field(default=Path(), exclude=True)
    history: str = "data/chat-history"
    memory: str = "data/bot.sqlite"
    uploads: str = "data/uploads"
    remembered: float = Field(default=3600, ge=0)
    admins: list[int] = []
    channels: list[int | str] = []
    api: Api = Api()
    limits: Rates = Rates()
    webhook: Webhook | None = None
    health: Health | None = None
    reload_minutes: float = Field(default=0, ge=0)
    grace: float = Field(default=20, ge=0)
    upload_bytes: int = Field(default=5_000_000, ge=1_000)

    @property
    def history_file(self) -> Path:
        """The file that keeps the lines typed in `article-bot chat`."""
        return self.folder / Path(self.history).expanduser()

    @property
    def memory_file(self) -> Path:
        """The file that keeps turns, settings and what else outlives a message."""
        return self.folder / Path(self.memory).expanduser()

    @property
    def uploads_folder(self) -> Path:
        """The folder that keeps the documents that admins sent."""
        return self.folder / Path(self.uploads).expanduser()


def load_bot_config(path: str | Path) -> BotConfig:
    """Read the `bot:` section of a configuration file; admins and health's port may also stand in the environment.

    Raises:
        ConfigError: The file cannot be read, a key in it is wrong, or the environment's admins or port are no numbers.
    """
    config = read_section(BotConfig, Path(path), "bot", folder=Path(path).resolve().parent)
    return config.model_copy(update={"admins": [*config.admins, *_more_admins()], "health": config.health or _health()})


def _more_admins() -> list[int]:
    named = os.environ.get(ADMINS, "").replace(",", " ").split()
    if not all(name.isdigit() for name in named):
        raise ConfigError(f"{ADMINS} must hold the numeric Telegram ids of admins, separated by commas.")
    return [int(name) for name in named]


def _health() -> Health | None:
    """Where a container is asked how it is, whatever configuration is mounted into it."""
    port = os.environ.get(HEALTH_PORT, "").strip()
    if not port:
        return None
    if not (port.isdecimal() and 0 < int(port) < 1 << 16):
        raise ConfigError(f"{HEALTH_PORT} must hold the number of a port, 1 to 65535.")
    return Health(port=int(port))


def telegram_token() -> SecretStr | None:
    """The bot's token, from the environment or the file that it names; None where neither is set.

    Raises:
        ConfigError: The file cannot be read.
    """
    value = os.environ.get(TOKEN, "").strip()
    path = os.environ.get(TOKEN_FILE, "").strip()
    if not value and path:
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"The file that {TOKEN_FILE} names cannot be read: {path}.") from error
    return SecretStr(value) if value else None


def webhook_secret(token: SecretStr) -> str:
    """What Telegram proves itself with at the webhook: from the environment, else derived from the token one way."""
    given = os.environ.get(WEBHOOK_SECRET, "").strip()
    return given or hmac.new(token.get_secret_value().encode(), b"webhook", hashlib.sha256).hexdigest()
