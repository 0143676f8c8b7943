"""`article-bot run` over models that need no weights, as a process of its own: `python -m tests.bot.small CONFIG`.

The question CRASH makes the model fail, with the token in the error's text.
"""

import sys
from collections.abc import Sequence

from bot.config import load_bot_config, telegram_token
from bot.handlers.desk import Desk
from bot.handlers.running import run
from bot.memory import Memory
from bot.shell import DONE, FAILED
from retrieval import Archive, ArticleBotError, load_config
from retrieval.embed import Vectors
from tests.conftest import HashingEmbedder, PatternReader

CRASH = "Does a crash come through?"


class FragileEmbedder(HashingEmbedder):
    """A model that fails when told to, with the token in the error's text."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, unless a text asks for a failure."""
        if CRASH in texts:
            raise RuntimeError(f"https://api.telegram.org/bot{self._token}/getMe cannot be reached")
        return super().embed(texts)


def main(path: str) -> int:
    """Run until told to stop; the exit status."""
    token = telegram_token()
    if token is None:
        return FAILED
    settings = load_bot_config(path)
    archive = Archive.open(
        load_config(path), embedder=FragileEmbedder(token.get_secret_value()), reader=PatternReader()
    )
    archive.reload()
    archive.warm()
    try:
        run(Desk.over(archive, Memory(settings.memory_file), settings), token)
    except ArticleBotError as error:
        sys.stderr.write(f"article-bot: {error}\n")
        return FAILED
    return DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
