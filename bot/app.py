"""The Telegram application: the handler table, in order.

Knows nothing of questions and answers; `running` starts and ends it.
"""

from typing import Any

from pydantic import SecretStr
from telegram import Update
from telegram.ext import (
    AIORateLimiter,
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot import administration
from bot.handlers.admin import Admin
from bot.handlers.buttons import Buttons
from bot.handlers.channels import Channels
from bot.handlers.desk import Desk
from bot.handlers.errors import Errors
from bot.handlers.inbox import InOrder
from bot.handlers.inline import Guests, Inline
from bot.handlers.membership import Membership
from bot.handlers.menus import Menus
from bot.handlers.talk import Talk
from bot.handlers.transport import Bot, Ear, Wire
from bot.publication import PREFIX

# So many updates are under way at most; those of one person in one chat wait for each other.
AT_ONCE = 256
# Requests that Telegram refuses for their number are sent again so often.
RETRIES = 5
UPDATES = [
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CHANNEL_POST,
    Update.EDITED_CHANNEL_POST,
    Update.INLINE_QUERY,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.GUEST_MESSAGE,
]
AnyApplication = Application[Any, Any, Any, Any, Any, Any]


def build(desk: Desk, bot: Bot) -> AnyApplication:
    """The application over a desk; the first handler of the table that takes an update has it."""
    application: AnyApplication = (
        ApplicationBuilder()
        .bot(bot)
        .update_queue(desk.inbox)
        .concurrent_updates(InOrder(desk.inbox, at_once=AT_ONCE))
        .job_queue(None)
        .build()
    )
    talk, buttons, inline, admin = Talk(desk), Buttons(desk), Inline(desk), Admin(desk)
    channels, membership = Channels(desk), Membership(desk)
    new, private = filters.UpdateType.MESSAGE, filters.ChatType.PRIVATE
    words = filters.UpdateType.MESSAGES & (filters.TEXT | filters.CAPTION)
    of_admins = private & filters.User(desk.admins)
    # Edited as well: the document may be another; one that is the same changes nothing.
    uploads = filters.UpdateType.MESSAGES & of_admins & filters.Document.ALL
    application.add_handlers(
        [
            # What is not talk comes first: none of it may be taken for a question.
            ChatMemberHandler(membership.changed, ChatMemberHandler.MY_CHAT_MEMBER),
            MessageHandler(filters.StatusUpdate.MIGRATE, membership.migrated),
            MessageHandler(filters.UpdateType.CHANNEL_POSTS, channels.posted),
            Guests(inline.called),
            InlineQueryHandler(inline.queried),
            # The buttons of admins before all others.
            CallbackQueryHandler(admin.pressed, pattern=f"^{PREFIX}"),
            CallbackQueryHandler(buttons.pressed),
            # Admins' commands before the conversation's, edited as well, for what takes something away asks first.
            # Their documents before captions and what is without words.
            CommandHandler(list(administration.COMMANDS), admin.commanded, filters=filters.UpdateType.MESSAGES),
            MessageHandler(uploads, admin.sent),
            # Talk; then, in private, everything else that somebody sends.
            MessageHandler(words, talk.said),
            MessageHandler(new & private & ~filters.StatusUpdate.ALL, talk.wordless),
        ]
    )
    # Before whatever else becomes of the message, so that the menu is there with the first answer.
    application.add_handler(MessageHandler(new & of_admins, Menus(desk).met), group=-1)
    application.add_error_handler(Errors(desk).handle)
    return application


def bot_of(desk: Desk, token: SecretStr, ear: Ear) -> Bot:
    """The bot behind the application, at the configured Bot API server, within Telegram's rates."""
    api = desk.settings.api
    return Bot(
        token.get_secret_value(),
        base_url=f"{api.url.rstrip('/')}/bot",
        base_file_url=f"{api.url.rstrip('/')}/file/bot",
        request=Wire(
            connection_pool_size=AT_ONCE,
            read_timeout=api.timeout,
            write_timeout=api.timeout,
            connect_timeout=api.timeout,
            pool_timeout=api.timeout,
        ),
        get_updates_request=ear,
        rate_limiter=AIORateLimiter(
            overall_max_rate=api.messages_per_second,
            group_max_rate=api.messages_per_minute_per_group,
            max_retries=RETRIES,
        ),
    )
