"""The `retrieval:` half of config.yaml → Config.

A key that is missing has the default given here; an unknown key or a wrong type is an error that names it. Knows
nothing of the bot's half but that it exists.
"""

from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from retrieval.addresses import Allowed
from retrieval.errors import ConfigError

SECTIONS = ("retrieval", "bot")
Section = TypeVar("Section", bound=BaseModel)
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class FetchConfig(BaseModel):
    """How URLs are read: `allow` names hosts and networks that are not public, `seconds` are in all."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    allow: list[Text] = []
    ports: list[Annotated[int, Field(ge=1, le=65_535)]] = [80, 443]
    seconds: float = Field(default=30.0, gt=0, le=600)
    redirects: int = Field(default=5, ge=0, le=20)
    items: int = Field(default=50, ge=1, le=1_000)
    robots: bool = True

    @field_validator("allow")
    @classmethod
    def _can_be_read(cls, entries: list[str]) -> list[str]:
        Allowed.of(entries)
        return entries


class ParseConfig(BaseModel):
    """How far pages are read that are more than plain text; `seconds` and `megabytes` of memory are for one page."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    pages: int = Field(default=1_000, ge=1, le=100_000)
    seconds: float = Field(default=30.0, gt=0, le=600)
    megabytes: int = Field(default=1_000, ge=300, le=64_000)


class Config(BaseModel):
    """What retrieval can be told. `folder` is where relative paths begin: the configuration file's own folder."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    folder: Path = Field(default=Path(), exclude=True)
    articles: list[Text] = ["articles"]
    data: Text = "data"
    model: Text = "bundled"
    ranker: Text = "bundled"
    candidates: int = Field(default=16, ge=1, le=200)
    threshold: float = Field(default=0.5, ge=0, le=1)
    max_citations: int = Field(default=5, ge=1, le=50)
    max_question_chars: int = Field(default=2000, ge=10, le=100_000)
    max_article_bytes: int = Field(default=5_000_000, ge=1_000)
    publish: Literal["at once", "approve"] = "at once"
    golden: Text | None = None
    keep_versions: int = Field(default=10, ge=1, le=1_000)
    wait_seconds: float = Field(default=30.0, ge=0, le=3_600)
    max_page_bytes: int = Field(default=20_000_000, ge=1_000)
    fetch: FetchConfig = FetchConfig()
    parse: ParseConfig = ParseConfig()
    threads: int = Field(default=0, ge=0, le=1024)

    @property
    def sources(self) -> list[Path | str]:
        """Where articles come from: files and folders as paths, URLs as text."""
        return [source if "://" in source else self.folder / Path(source).expanduser() for source in self.articles]

    @property
    def store(self) -> Path:
        """The store's file."""
        return self.folder / Path(self.data).expanduser() / "articles.sqlite"

    @property
    def golden_file(self) -> Path | None:
        """The golden questions that are asked before publication."""
        return self.folder / Path(self.golden).expanduser() if self.golden else None

    @property
    def model_path(self) -> str:
        """The model's name, or its path when there is such a folder beside the configuration."""
        return _name_or_path(self.folder, self.model)

    @property
    def ranker_path(self) -> str:
        """The ranker's name, or its path when there is such a folder beside the configuration."""
        return _name_or_path(self.folder, self.ranker)


def load_config(path: str | Path) -> Config:
    """Read the `retrieval:` section of a configuration file.

    Raises:
        ConfigError: The file cannot be read or a key in it is wrong.
    """
    return read_section(Config, Path(path), "retrieval", folder=Path(path).resolve().parent)


def read_section(model: type[Section], path: Path, section: str, **extra: Any) -> Section:  # noqa: ANN401 - any field
    """One section of a configuration file, checked against `model`.

    Raises:
        ConfigError: The file cannot be read or a key in it is wrong; names file and key.
    """
    values = _read(path).get(section)
    if values is not None and not isinstance(values, dict):
        raise ConfigError(f"{path}: `{section}` must hold `key: value` lines, not {values!r}.")
    given = {str(key): value for key, value in (values or {}).items()}
    for key in extra:
        if key in given:
            raise ConfigError(f"{path}: unknown key `{section}.{key}`.")
    try:
        return model(**given, **extra)
    except ValidationError as error:
        raise ConfigError(f"{path}: {_explain(section, model, error)}") from error


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise ConfigError(f"There is no configuration file {path}; name one with --config.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The configuration file {path} cannot be read: {error}.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "it"
        raise ConfigError(f"{path}: {where} is not valid YAML: {getattr(error, 'problem', error)}.") from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ConfigError(f"{path}: must hold the sections {' and '.join(SECTIONS)}, not {type(content).__name__}.")
    for key in content:
        if key not in SECTIONS:
            raise ConfigError(f"{path}: unknown section `{key}`; known are {' and '.join(SECTIONS)}.")
    return content


def _explain(section: str, model: type[BaseModel], error: ValidationError) -> str:
    first = error.errors()[0]
    key = ".".join([section, *map(str, first["loc"])])
    if first["type"] == "extra_forbidden":
        known = [name for name, field in model.model_fields.items() if not field.exclude]
        return f"unknown key `{key}`; known are {', '.join(known)}."
    return f"`{key}` is {first['input']!r}: {first['msg'][0].lower()}{first['msg'][1:]}."


def _name_or_path(folder: Path, name: str) -> str:
    path = folder / Path(name).expanduser()
    return str(path) if path.is_dir() else name
