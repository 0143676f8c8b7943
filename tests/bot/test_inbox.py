"""Updates that survive a kill."""

import asyncio
from pathlib import Path

import pytest
from telegram import Bot, Update
from telegram.error import NetworkError

from bot.handlers.inbox import MOST_TRIES, OPEN, Inbox, InOrder
from bot.memory import Memory
from retrieval import StoreError

BOT = Bot("1:nothing-is-sent")


class FullMemory(Memory):
    """A memory whose disk is full, until there is room."""

    room = False

    def add(self, space: str, key: str, value: object, *, owner: str = "") -> bool:
        """Keep a value, where there is room."""
        if not self.room:
            raise StoreError("The bot’s memory cannot be used: database or disk is full.")
        return super().add(space, key, value, owner=owner)


def update(number: int, text: str = "Who?", user: int = 7) -> Update:
    made = Update.de_json(
        {
            "update_id": number,
            "message": {
                "message_id": number,
                "date": 0,
                "chat": {"id": user, "type": "private"},
                "from": {"id": user, "is_bot": False, "first_name": "Ann"},
                "text": text,
            },
        },
        BOT,
    )
    assert made is not None
    return made


def waiting(inbox: Inbox) -> list[int]:
    found = []
    while not inbox.empty():
        one = inbox.get_nowait()
        assert isinstance(one, Update)
        found.append(one.update_id)
    return found


def test_what_was_not_handled_comes_back(tmp_path: Path) -> None:
    """An update that an earlier process kept and did not finish is queued again, as it was, in order."""

    async def scenario() -> None:
        first = Inbox(Memory(tmp_path / "bot.sqlite"))
        for number in (10, 9, 11):
            await first.put(update(number, f"Question {number}?"))
        first.finish(9)
        second = Inbox(Memory(tmp_path / "bot.sqlite"))
        assert await second.restore(BOT) == 2
        one = second.get_nowait()
        assert isinstance(one, Update)
        assert one.message is not None
        assert one.message.text == "Question 10?"
        assert waiting(second) == [11]

    asyncio.run(scenario())


def test_an_update_is_taken_once() -> None:
    """The same number is dropped while it waits and after it was handled."""

    async def scenario() -> None:
        inbox = Inbox(Memory())
        for _ in range(2):
            await inbox.put(update(1))
        assert waiting(inbox) == [1]
        inbox.finish(1)
        await inbox.put(update(1))
        assert waiting(inbox) == []

    asyncio.run(scenario())


def test_an_update_that_cannot_be_kept_is_asked_for_again() -> None:
    """A failed write is an error after which polling goes on; the update is taken when it comes again."""

    async def scenario() -> None:
        memory = FullMemory()
        inbox = Inbox(memory)
        with pytest.raises(NetworkError, match="disk is full"):
            await inbox.put(update(1))
        memory.room = True
        await inbox.put(update(1))
        assert waiting(inbox) == [1]

    asyncio.run(scenario())


def test_what_ends_the_process_again_and_again_is_given_up() -> None:
    """An update that was under way at so many ends is dropped, lest it end all to come."""

    async def scenario() -> None:
        memory = Memory()
        await Inbox(memory).put(update(1))
        for _ in range(MOST_TRIES):
            inbox = Inbox(memory)
            assert await inbox.restore(BOT) == 1
            inbox.begin(update(1))
        assert await Inbox(memory).restore(BOT) == 0
        assert memory.all(OPEN) == {}

    asyncio.run(scenario())


def test_what_ends_the_process_takes_nothing_with_it() -> None:
    """What was under way together with an update that ends every process is handled once that is given up."""
    handled: list[int] = []

    async def life(memory: Memory, culprit: int) -> None:
        """One process: updates are begun together, and the culprit's end is the end of all."""
        inbox = Inbox(memory)
        processor, ended = InOrder(inbox, at_once=10), asyncio.Event()

        async def handle(one: Update) -> None:
            inbox.begin(one)
            if one.update_id == culprit:
                ended.set()
            await asyncio.sleep(0.01)  # so that those handled together are all begun
            if ended.is_set():
                await asyncio.Event().wait()
            handled.append(one.update_id)

        await inbox.restore(BOT)
        waiting = [one for _ in range(inbox.qsize()) if isinstance(one := inbox.get_nowait(), Update)]
        works = [handle(one) for one in waiting]
        tasks = [asyncio.create_task(processor.process_update(*both)) for both in zip(waiting, works, strict=True)]
        await asyncio.wait(tasks, timeout=0.2)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for work in works:
            work.close()

    memory = Memory()
    for number in range(1, 6):
        asyncio.run(Inbox(memory).put(update(number, user=number)))
    for _ in range(MOST_TRIES + 1):
        assert 3 not in handled
        asyncio.run(life(memory, culprit=3))
    assert sorted(handled) == [1, 2, 4, 5]
    assert memory.all(OPEN) == {}


def test_what_is_postponed_stays_kept() -> None:
    """An update that could not be answered now is not finished at the end of its turn."""

    async def scenario() -> None:
        memory = Memory()
        inbox = Inbox(memory)
        one = update(1)
        await inbox.put(one)
        assert inbox.postpone(one)
        await inbox.close(one)
        inbox.stop()
        assert list(memory.all(OPEN)) == ["1"]

    asyncio.run(scenario())


def test_what_is_postponed_at_the_end_is_left_to_the_next_process() -> None:
    """After the inbox was stopped nothing waits in this process to be handled again."""

    async def scenario() -> None:
        memory = Memory()
        inbox = Inbox(memory)
        one = update(1)
        await inbox.put(one)
        inbox.stop()
        inbox.postpone(one)
        await inbox.close(one)
        assert list(memory.all(OPEN)) == ["1"]
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(scenario())


def test_what_was_answered_is_not_postponed() -> None:
    """A failure after the answer was sent does not send it again."""

    async def scenario() -> None:
        inbox = Inbox(Memory())
        one = update(1)
        await inbox.put(one)
        inbox.finish(1)
        assert not inbox.postpone(one)

    asyncio.run(scenario())


@pytest.mark.parametrize(("users", "most"), [((7, 7, 7), 1), ((7, 8, 9), 3)])
def test_one_person_waits_for_themselves_and_nobody_else(users: tuple[int, ...], most: int) -> None:
    """Updates of one person in a chat are handled one after the other, those of others at once."""
    under_way, seen = [0], [0]

    async def handle() -> None:
        under_way[0] += 1
        seen[0] = max(seen[0], under_way[0])
        await asyncio.sleep(0.05)
        under_way[0] -= 1

    async def scenario() -> None:
        processor = InOrder(Inbox(Memory()), at_once=10)
        updates = [update(number, user=user) for number, user in enumerate(users, 1)]
        await asyncio.gather(*(processor.process_update(one, handle()) for one in updates))

    asyncio.run(scenario())
    assert seen[0] == most
