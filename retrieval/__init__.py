"""Articles in, cited answers out: the public names. Each is imported when first asked for; none costs another."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from retrieval.archive import Archive
    from retrieval.before import Before
    from retrieval.config import Config, load_config, read_section
    from retrieval.edits import Edit, SentenceChange
    from retrieval.entries import Asked, Unanswered
    from retrieval.errors import (
        ArticleBotError,
        ArticleError,
        ChannelError,
        ConfigError,
        GoldenError,
        ModelError,
        QuestionError,
        StoreError,
    )
    from retrieval.evaluate import (
        MEASURES,
        Comparison,
        Golden,
        Measure,
        Outcome,
        Run,
        compare,
        load_run,
        run_golden,
        run_json,
        save_run,
    )
    from retrieval.followup import is_courtesy, is_unclear
    from retrieval.golden import GoldenFile, load_golden
    from retrieval.history import Version
    from retrieval.leaning import needs_after, needs_before
    from retrieval.message import split_questions
    from retrieval.outdated import Outdated
    from retrieval.proof import Proof
    from retrieval.quotecheck import Difference, differences
    from retrieval.report import Report
    from retrieval.schema import (
        Answer,
        Article,
        Citation,
        Excerpt,
        Question,
        Ranked,
        Reference,
        Sentence,
        Speaker,
        Statement,
    )
    from retrieval.survey import survey_parts

__all__ = [
    "MEASURES",
    "Answer",
    "Archive",
    "Article",
    "ArticleBotError",
    "ArticleError",
    "Asked",
    "Before",
    "ChannelError",
    "Citation",
    "Comparison",
    "Config",
    "ConfigError",
    "Difference",
    "Edit",
    "Excerpt",
    "Golden",
    "GoldenError",
    "GoldenFile",
    "Measure",
    "ModelError",
    "Outcome",
    "Outdated",
    "Proof",
    "Question",
    "QuestionError",
    "Ranked",
    "Reference",
    "Report",
    "Run",
    "Sentence",
    "SentenceChange",
    "Speaker",
    "Statement",
    "StoreError",
    "Unanswered",
    "Version",
    "compare",
    "differences",
    "is_courtesy",
    "is_unclear",
    "load_config",
    "load_golden",
    "load_run",
    "needs_after",
    "needs_before",
    "read_section",
    "run_golden",
    "run_json",
    "save_run",
    "split_questions",
    "survey_parts",
]
# The lightest first.
_MODULES = (
    "errors",
    "schema",
    "evaluate",
    "message",
    "before",
    "config",
    "quotecheck",
    "followup",
    "leaning",
    "golden",
    "edits",
    "entries",
    "report",
    "history",
    "proof",
    "outdated",
    "archive",
    "survey",
)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    """A public name, from the first module that has it."""
    if name in __all__:
        for module in _MODULES:
            found = vars(import_module(f"retrieval.{module}")).get(name)
            if found is not None:
                return found
    raise AttributeError(f"module 'retrieval' has no attribute {name!r}")
