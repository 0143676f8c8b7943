"""A bare python-telegram-bot bot that says what it hears: the least that a bot can cost.

`python -m tests.bench.echo SERVER`, with the token in the environment.
"""

import os
import sys

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from bot.config import TOKEN


async def echo(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Say what was heard."""
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


def main(address: str) -> None:
    """Echo until told to stop."""
    builder = Application.builder().token(os.environ[TOKEN]).concurrent_updates(True)  # noqa: FBT003 - the library's
    application = builder.base_url(f"{address}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


if __name__ == "__main__":
    main(sys.argv[1])
