"""config.yaml → Config."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.config import BotConfig, load_bot_config
from retrieval.config import Config, load_config
from retrieval.errors import ConfigError

SHIPPED = Path(__file__).parent.parent.parent / "config.yaml"


def written(folder: Path, content: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(content, encoding="utf-8")
    return path


def test_the_shipped_file_holds_every_key_with_its_default() -> None:
    """Whoever reads config.yaml has read all there is to set."""
    shipped = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    for section, model in (("retrieval", Config), ("bot", BotConfig)):
        assert shipped[section] == model().model_dump()


def test_an_empty_file_means_defaults(tmp_path: Path) -> None:
    """Nothing has to be written."""
    assert load_config(written(tmp_path, "")) == Config(folder=tmp_path)


def test_paths_begin_at_the_files_folder(tmp_path: Path) -> None:
    """Wherever the command is run."""
    config = load_config(written(tmp_path, "retrieval:\n  articles: [news, /var/news]\n  data: kept\n"))
    assert config.sources == [tmp_path / "news", Path("/var/news")]
    assert config.store == tmp_path / "kept" / "articles.sqlite"


def test_a_model_folder_beside_the_file_is_a_path(tmp_path: Path) -> None:
    """A name stays a name unless there is such a folder."""
    (tmp_path / "mine").mkdir()
    config = load_config(written(tmp_path, "retrieval:\n  model: mine\n  ranker: org/other\n"))
    assert (config.model_path, config.ranker_path) == (str(tmp_path / "mine"), "org/other")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("retrieval:\n  treshold: 0.5\n", "unknown key `retrieval.treshold`; known are articles"),
        ("retrieval:\n  folder: /tmp\n", "unknown key `retrieval.folder`"),
        ("retrieval:\n  threshold: high\n", "`retrieval.threshold` is 'high': input should be a valid number"),
        ("retrieval:\n  threshold: 1.5\n", "`retrieval.threshold` is 1.5: input should be less than or equal to 1"),
        ("retrieval:\n  articles: news\n", "`retrieval.articles` is 'news': input should be a valid list"),
        ("retrieval:\n  articles: [3]\n", "`retrieval.articles.0` is 3"),
        ("retrieval:\n  candidates: 0\n", "`retrieval.candidates` is 0"),
        ("retrieval: 3\n", "`retrieval` must hold `key: value` lines, not 3"),
        ("retrievel:\n", "unknown section `retrievel`; known are retrieval and bot"),
        ("- a\n", "must hold the sections retrieval and bot, not list"),
        ("a: [\n", "line 2 is not valid YAML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, content: str, words: str) -> None:
    """One sentence with the file and the key."""
    path = written(tmp_path, content)
    with pytest.raises(ConfigError) as raised:
        load_config(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert words in str(raised.value)


def test_the_bots_half_is_checked_too(tmp_path: Path) -> None:
    """An unknown key of the bot's is named as its own."""
    with pytest.raises(ConfigError, match=r"unknown key `bot\.histroy`"):
        load_bot_config(written(tmp_path, "bot:\n  histroy: x\n"))


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    """With what to do."""
    with pytest.raises(ConfigError, match=r"There is no configuration file .*; name one with --config"):
        load_config(tmp_path / "none.yaml")


def test_a_folder_or_bytes_cannot_be_read(tmp_path: Path) -> None:
    """Neither is a configuration file."""
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path)
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path / "b.yaml")


@given(st.text(max_size=80))
def test_any_text_is_a_config_or_our_error(tmp_path_factory: pytest.TempPathFactory, content: str) -> None:
    """Whatever stands in the file."""
    path = tmp_path_factory.mktemp("any") / "config.yaml"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    try:
        load_config(path)
    except ConfigError:
        return
