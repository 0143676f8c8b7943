"""Channels that the bot reads: their posts are articles."""

from bot.handlers.inbox import HANDLED
from tests.bot.conftest import Running, Start
from tests.botapi import BotApi
from tests.botapi.rooms import Room

POST = "Library opens late\n\nThe library will open at noon on Monday, librarian Mona Field said."
CHANGED = "Library opens early\n\nThe library will open at eight on Monday, librarian Mona Field said."


def handled(server: BotApi, running: Running) -> None:
    """Wait until the last update has been handled."""
    last = server.world.updates.last
    assert last is not None
    key = str(last["update_id"])
    server.world.wait_until(
        lambda: running.desk.memory.get(HANDLED, key), timeout=10, awaited=lambda: "the post to be handled"
    )


def titles(running: Running) -> set[str]:
    return {article.title for article in running.desk.archive.articles}


def channel(server: BotApi) -> Room:
    return server.channel("Harlow News", server.user("Editor"), username="harlow_news")


def test_a_post_becomes_an_article_and_an_edit_changes_it(server: BotApi, start: Start) -> None:
    """A post is an article with the channel as its source and a link to the post; its edit takes its place."""
    running = start(channels=["@Harlow_News"])
    news = channel(server)
    post = news.post(POST)
    server.wait_until_confirmed()
    handled(server, running)
    article = next(one for one in running.desk.archive.articles if one.title == "Library opens late")
    assert (article.source, article.url) == ("Harlow News", f"https://t.me/harlow_news/{post.id}")
    news.edit_post(post, CHANGED)
    server.wait_until_confirmed()
    handled(server, running)
    assert "Library opens early" in titles(running)
    assert "Library opens late" not in titles(running)


def test_posts_survive_a_reload(server: BotApi, start: Start) -> None:
    """Posts are no files: a reload of the files leaves them."""
    running = start(channels=[channel(server).id])
    server.channel("Elsewhere", server.user("Editor")).post(POST)
    server._room(next(chat for chat in server.world.chats.values() if chat.username == "harlow_news")).post(POST)
    server.wait_until_confirmed()
    handled(server, running)
    running.desk.archive.reload()
    assert "Library opens late" in titles(running)


def test_other_channels_are_not_read(server: BotApi, start: Start) -> None:
    """A channel that the configuration does not name is left alone."""
    running = start()
    channel(server).post(POST)
    server.wait_until_confirmed()
    handled(server, running)
    assert "Library opens late" not in titles(running)
