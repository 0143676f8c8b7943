"""The bot: conversations about articles, whatever the channel."""
