"""What the environment adds to the bot's configuration."""

from pathlib import Path

import pytest

from bot.config import ADMINS, HEALTH_PORT, Health, load_bot_config
from retrieval import ConfigError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    written = tmp_path / "config.yaml"
    written.write_text("bot:\n  admins: [1]\n", encoding="utf-8")
    return written


def test_the_environment_adds_admins(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Admins of the environment stand beside those of the file."""
    monkeypatch.setenv(ADMINS, "2, 3")
    assert load_bot_config(path).admins == [1, 2, 3]


def test_the_environment_opens_health(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Health is served on the environment's port of loopback where the file says nothing of it, else nowhere."""
    assert load_bot_config(path).health is None
    monkeypatch.setenv(HEALTH_PORT, "8090")
    assert load_bot_config(path).health == Health(listen="127.0.0.1", port=8090)


def test_the_file_says_where_health_is_served(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the file says of health is kept, whatever the environment says."""
    monkeypatch.setenv(HEALTH_PORT, "8090")
    path.write_text("bot:\n  health: {port: 8091}\n", encoding="utf-8")
    assert load_bot_config(path).health == Health(port=8091)


@pytest.mark.parametrize(
    ("name", "value"), [(ADMINS, "@ann"), (HEALTH_PORT, "0"), (HEALTH_PORT, "65536"), (HEALTH_PORT, "http")]
)
def test_a_wrong_environment_is_named(path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """An error names the variable that holds what cannot be used."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=name):
        load_bot_config(path)
