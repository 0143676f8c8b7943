"""Look at each part of an archive by itself and say in a sentence how it is.

Knows nothing of who asks. Changes nothing.
"""

from collections.abc import Callable

from retrieval.config import Config
from retrieval.embed import Embedder
from retrieval.errors import ArticleError
from retrieval.rank import load_ranker
from retrieval.sources import Sources
from retrieval.store import Store

PROBE = "A council voted on Tuesday."


def survey_parts(config: Config) -> dict[str, Callable[[], str]]:
    """The parts by name, each with a function that says how it is or raises one of our errors."""
    return {
        "articles": lambda: _articles(config),
        "model": lambda: _model(config),
        "ranker": lambda: _ranker(config),
        "store": lambda: _store(config),
    }


def _articles(config: Config) -> str:
    sources = Sources(config, {})
    if sources.failed:
        raise ArticleError(sources.failed[0])
    return f"{len(sources.fresh)} can be read."


def _model(config: Config) -> str:
    embedder = Embedder(config.model_path, threads=config.threads)
    vectors = embedder.embed([PROBE])
    return f"{embedder.identity} gives vectors of {vectors.shape[1]} numbers."


def _ranker(config: Config) -> str:
    load_ranker(config.ranker_path, candidates=config.candidates)
    return f"{config.ranker} is loaded."


def _store(config: Config) -> str:
    if not config.store.exists():
        return f"{config.store} is not there yet; the first question makes it."
    store = Store(config.store)
    identity = Embedder(config.model_path).identity
    records = list(store.records())
    store.close()
    stale = sum(record.model != identity for record in records)
    also = f", {stale} to be embedded anew with {identity}" if stale else ""
    return f"{config.store} keeps {len(records)} articles{also}."
