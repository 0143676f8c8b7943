"""What all tests share: articles built by hand, an archive over them, and no network beyond loopback."""

import hashlib
import re
import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.archive import Archive
from retrieval.config import Config
from retrieval.embed import Vectors
from retrieval.schema import Article, Sentence, Speaker, SpeakerKind, Statement

SAMPLES = Path(__file__).parent.parent / "articles"

NEWS = {
    "bridge": """\
Swing bridge to stay shut

The swing bridge at Harlow Quay will stay shut until October, the council said on Tuesday. Divers had found cracks in a
second pier.

“Nobody wanted this delay less than I did,” Mayor Ana Ruiz told reporters. “But I will not open a bridge that our own
engineers would not drive over.” She added that the repair had cost £3.1m.
""",
    "ferry": """\
Ferry carries more people

The ferry from Harlow Quay carried 12,400 passengers in June, twice as many as a year earlier. Its owner, Colin Peake,
denied that he had raised the fare.
""",
}


class HashingEmbedder:
    """Stands in for a model: a text's vector counts its words, hashed; deterministic and quick."""

    def __init__(self, identity: str = "hashing", dimension: int = 64) -> None:
        self.identity = identity
        self.dimension = dimension
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, (len(texts), dimension)."""
        self.embedded += texts
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                place = int(hashlib.sha256(word.strip(".,“”?!’").encode()).hexdigest(), 16) % self.dimension
                vectors[row, place] += 1
        return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32)


class PatternReader:
    """Stands in for the statement reader: “…” NAME cue, NAME cue “…” and NAME cue that …; deterministic and quick."""

    NAME = r"(?P<name>(?:Mayor )?[A-Z]\w+ [A-Z]\w+|[Tt]he council|She)"
    CUE = r"(?P<cue>said|told reporters|denied|added|warned)"
    FORMS = tuple(
        re.compile(form)
        for form in (
            rf"(?P<content>“[^”]+”) {NAME},?\s{CUE}",
            rf"{NAME},?\s{CUE}\sthat\s(?P<content>[^.]+)",
            rf"(?P<content>[^.]+), {NAME},?\s{CUE}",
        )
    )

    def __init__(self, identity: str = "pattern") -> None:
        self.identity = identity
        self.articles_read: list[str] = []

    def read(self, articles: Sequence[tuple[Article, Sequence[Sentence]]]) -> list[tuple[Statement, ...]]:
        """The statements of each article."""
        self.articles_read += [article.id for article, _ in articles]
        return [tuple(self._statements(sentences)) for _, sentences in articles]

    def _statements(self, sentences: Sequence[Sentence]) -> Iterator[Statement]:
        for sentence in sentences:
            match = next((m for form in self.FORMS if (m := form.search(sentence.text))), None)
            if match is None:
                continue
            name = match["name"].removeprefix("Mayor ").replace("The", "the")
            kind: SpeakerKind = "unnamed" if name == "She" else "organisation" if name == "the council" else "person"
            shown = "she, not named here" if name == "She" else name
            spans = [
                (sentence.start + match.start(group), sentence.start + match.end(group))
                for group in ("name", "cue", "content")
            ]
            speaker = Speaker(name.lower().replace(" ", "-"), shown, kind)
            yield Statement((sentence,), speaker, spans[0], spans[1], (spans[2],), "direct", 0.9)


@pytest.fixture
def embedder() -> HashingEmbedder:
    """A model that needs no weights."""
    return HashingEmbedder()


@pytest.fixture
def reader() -> PatternReader:
    """A statement reader that needs no weights."""
    return PatternReader()


@pytest.fixture
def make_article() -> Callable[..., Article]:
    """Articles built by hand."""

    def make(text: str, key: str = "a", **fields: Any) -> Article:
        version = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return Article(id=key, version=version, title=fields.pop("title", key), text=text, **fields)

    return make


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with a configuration and two small articles."""
    folder = tmp_path / "news"
    (folder / "articles").mkdir(parents=True)
    for name, text in NEWS.items():
        (folder / "articles" / f"{name}.txt").write_text(text, encoding="utf-8")
    (folder / "config.yaml").write_text("retrieval:\n  ranker: none\n", encoding="utf-8")
    return folder


@pytest.fixture
def open_archive(embedder: HashingEmbedder, reader: PatternReader) -> Iterator[Callable[..., Archive]]:
    """Opens archives on a folder with the model that needs no weights, and closes them."""
    opened: list[Archive] = []

    def open_it(
        folder: Path, model: HashingEmbedder = embedder, reader: PatternReader = reader, **settings: Any
    ) -> Archive:
        config = Config(folder=folder, **({"ranker": "none"} | settings))
        opened.append(Archive.open(config, embedder=model, reader=reader))
        return opened[-1]

    yield open_it
    for archive in opened:
        archive.close()


@pytest.fixture
def small_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands embed with the model that needs no weights."""
    opened = Archive.open

    def open_small(config: Config) -> Archive:
        return opened(config, embedder=HashingEmbedder(), reader=PatternReader())

    monkeypatch.setattr(Archive, "open", open_small)


@pytest.fixture(scope="session")
def sample_archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The sample articles with the bundled models; made once, for tests that must see the real thing."""
    config = Config(folder=tmp_path_factory.mktemp("samples"), articles=[str(SAMPLES)])
    archive = Archive.open(config)
    assert archive.reload().failed == ()
    yield archive
    archive.close()


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches beyond loopback fails."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            pytest.fail(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
