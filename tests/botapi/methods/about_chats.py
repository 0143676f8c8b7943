"""getChat, getChatMember, getChatAdministrators, getChatMemberCount, leaveChat: who is where."""

from tests.botapi.methods.registry import method
from tests.botapi.nouns import HERE, Chat, Status
from tests.botapi.refusal import Json, bad_request
from tests.botapi.world import World

RIGHTS = set(
    "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
    "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories".split()
)


@method
def get_chat(world: World, args: Json) -> Json:
    """Everything about a chat."""
    chat = world.reachable(args["chat_id"])
    more = {"accent_color_id": 0, "max_reaction_count": 11}
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    return chat.to_json() | more | {"accepted_gift_types": dict.fromkeys(gifts, False)}


@method
def get_chat_member(world: World, args: Json) -> Json:
    """What somebody is in a chat."""
    chat = world.reachable(args["chat_id"])
    if args["user_id"] not in world.users:
        raise bad_request("invalid user_id specified")
    if chat.person:
        status: Status = "member" if args["user_id"] in {chat.person.id, world.bot.id} else "left"
        return member_json(world, args["user_id"], status)
    return member_json(world, args["user_id"], chat.members.get(args["user_id"], "left"))


@method
def get_chat_administrators(world: World, args: Json) -> list[Json]:
    """Who runs a group or channel; other bots are left out."""
    chat = _with_members(world, args, "there are no administrators in the private chat")
    return [
        member_json(world, user, status)
        for user, status in chat.members.items()
        if status in {"creator", "administrator"}
    ]


@method
def get_chat_member_count(world: World, args: Json) -> int:
    """How many are in a chat."""
    chat = world.reachable(args["chat_id"])
    return 2 if chat.person else sum(status in HERE for status in chat.members.values())


@method
def leave_chat(world: World, args: Json) -> bool:
    """The bot goes."""
    chat = _with_members(world, args, "chat member status can't be changed in private chats")
    chat.members[world.bot.id] = "left"
    world.show_action("leaveChat", chat, "")
    return True


def member_json(world: World, user: int, status: Status) -> Json:
    """As a ChatMember."""
    member: Json = {"status": status, "user": world.users[user].to_json()}
    if status == "creator":
        return member | {"is_anonymous": False}
    if status == "administrator":
        return member | dict.fromkeys(sorted(RIGHTS), True) | {"is_anonymous": False}
    return member | ({"until_date": 0} if status == "kicked" else {})


def _with_members(world: World, args: Json, refusal: str) -> Chat:
    chat = world.reachable(args["chat_id"])
    if chat.kind == "private":
        raise bad_request(refusal)
    return chat
