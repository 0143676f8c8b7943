"""`python -m bot` is `article-bot`."""

from bot.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
