"""Articles in, cited answers out: the public names. Each is imported when first asked for; none costs another."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from retrieval.archive import Archive, Report
    from retrieval.config import Config, load_config, read_section
    from retrieval.errors import ArticleBotError, ArticleError, ConfigError, ModelError, QuestionError, StoreError
    from retrieval.quotecheck import Difference, differences
    from retrieval.schema import Answer, Article, Citation, Excerpt, Question, Ranked, Sentence, Speaker, Statement
    from retrieval.survey import survey_parts

__all__ = [
    "Answer",
    "Archive",
    "Article",
    "ArticleBotError",
    "ArticleError",
    "Citation",
    "Config",
    "ConfigError",
    "Difference",
    "Excerpt",
    "ModelError",
    "Question",
    "QuestionError",
    "Ranked",
    "Report",
    "Sentence",
    "Speaker",
    "Statement",
    "StoreError",
    "differences",
    "load_config",
    "read_section",
    "survey_parts",
]
_MODULES = ("errors", "schema", "config", "quotecheck", "archive", "survey")  # the lightest first


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    """A public name, from the first module that has it."""
    if name in __all__:
        for module in _MODULES:
            found = vars(import_module(f"retrieval.{module}")).get(name)
            if found is not None:
                return found
    raise AttributeError(f"module 'retrieval' has no attribute {name!r}")
