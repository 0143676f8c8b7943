"""What all tests share: articles built by hand, an archive over them, and no network beyond loopback."""

import hashlib
import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retrieval.archive import Archive
from retrieval.config import Config
from retrieval.embed import Vectors
from retrieval.schema import Article

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
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


@pytest.fixture
def embedder() -> HashingEmbedder:
    """A model that needs no weights."""
    return HashingEmbedder()


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
def open_archive(embedder: HashingEmbedder) -> Iterator[Callable[..., Archive]]:
    """Opens archives on a folder with the model that needs no weights, and closes them."""
    opened: list[Archive] = []

    def open_it(folder: Path, model: HashingEmbedder = embedder, **settings: Any) -> Archive:
        config = Config(folder=folder, **({"ranker": "none"} | settings))
        opened.append(Archive.open(config, embedder=model))
        return opened[-1]

    yield open_it
    for archive in opened:
        archive.close()


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
