"""The command line: `article-bot COMMAND`.

Exit statuses: 0 done, 1 the articles do not say, something was not found or a measure is below its bound, 2 used
wrongly, 3 failed. Imports nothing heavy before a command needs it. Knows nothing of how answers are found.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from bot import archive_commands, evaluation, telegram_commands
from bot.shell import (
    DONE,
    FAILED,
    INTERRUPTED,
    NOT_FOUND,
    USED_WRONGLY,
    complain,
    progress,
    up_to_date,
    write_json,
)

if TYPE_CHECKING:
    from bot.blocks import Block


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    parser = make_parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return USED_WRONGLY
    try:
        return _run(options)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def make_parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--config", metavar="PATH", default=argparse.SUPPRESS, help="the configuration file (default: config.yaml)"
    )
    parser = argparse.ArgumentParser(
        prog="article-bot",
        description="Answers questions about articles with sentences of the articles.",
        parents=[common],
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('article-bot')}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    def add(name: str, run: Callable[[argparse.Namespace], int], summary: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=summary, description=summary, parents=[common])
        command.set_defaults(run=run)
        return command

    ask = add("ask", _ask, "Answer a question, or questions from standard input.")
    ask.add_argument("question", nargs="?", help="the question; without one, standard input is read")
    ask.add_argument("--article", metavar="ID", help="ask this article only")
    ask.add_argument("--context", action="store_true", help="show the sentences around each citation")
    form = ask.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="write the answer as JSON")
    form.add_argument(
        "--jsonl", action="store_true", help='read {"id", "question", "article"?} lines, write answers in order'
    )
    add("chat", _chat, "Talk with the articles.")
    telegram_commands.add_commands(add)
    archive_commands.add_commands(add)
    people = add("people", _people, "List everybody who says something, whoever says most first.")
    people.add_argument("--jsonl", action="store_true", help="write one JSON object a line")
    statements = add("statements", _statements, "List who said what.")
    statements.add_argument("--speaker", metavar="NAME", help="only what this speaker said")
    statements.add_argument("--about", metavar="TOPIC", help="only the most relevant to this, best first")
    statements.add_argument("--jsonl", action="store_true", help="write one JSON object a line, with offsets")
    check = add("check-quote", _check_quote, "Say whether a quotation is word for word, and whose it is.")
    check.add_argument("quote", help="the quotation")
    check.add_argument("--speaker", metavar="NAME", help="who is supposed to have said it")
    check.add_argument("--json", action="store_true", help="write the answer as JSON")
    evaluation.add_options(add("eval", _eval, "Measure the answers to golden questions."))
    add("doctor", _doctor, "Say what is wrong with configuration, models, store, articles and token.")
    completion = add("completion", _completion, "Print the completion script for a shell.")
    completion.add_argument("shell", choices=("bash", "zsh", "tcsh"))
    return parser


def _run(options: argparse.Namespace) -> int:
    from retrieval import ArticleBotError, GoldenError, QuestionError

    options.config = getattr(options, "config", "config.yaml")
    try:
        status: int = options.run(options)
    except (GoldenError, QuestionError) as error:
        return complain(str(error), USED_WRONGLY)
    except ArticleBotError as error:
        return complain(str(error), FAILED)
    return status


def _ask(options: argparse.Namespace) -> int:
    from bot import compose, jsonl
    from bot.words import ENGLISH, Words
    from retrieval import Answer, Before, split_questions

    question = options.question
    if options.jsonl:
        return (
            complain("--jsonl reads its questions from standard input.", USED_WRONGLY)
            if question
            else _ask_lines(options)
        )
    if question is None:
        question = sys.stdin.read()
    archive = up_to_date(options)
    questions = [question] if options.json else split_questions(question)
    answers: list[Answer] = []
    for one in questions:
        before = Before.of(answers[-1]) if answers else None
        answers.append(archive.ask(one, article=options.article, before=before))
    if options.json:
        write_json(jsonl.to_json(answers[0]))
    else:
        _show(compose.numbered(answers, Words.of(ENGLISH), context=options.context))
    return DONE if all(answer.found for answer in answers) else NOT_FOUND


def _ask_lines(options: argparse.Namespace) -> int:
    """Answer each line as it comes; a line that cannot be asked gets its reason and the others their answers."""
    from bot import jsonl
    from retrieval import QuestionError

    archive = up_to_date(options)
    status = DONE
    for number, line in enumerate(_lines(), 1):
        key = None
        try:
            row = _question_row(line, number)
            key = row.get("id")
            answer = archive.ask(row["question"], article=row.get("article", options.article))
            written = jsonl.to_json(answer, key=key)
        except QuestionError as error:
            status = complain(f"line {number}: {error}", USED_WRONGLY)
            written = jsonl.refusal_json(str(error), key=key)
        write_json(written)
    return status


def _question_row(line: str, number: int) -> dict[str, Any]:
    from retrieval import QuestionError

    try:
        row = json.loads(line)
    except ValueError as error:
        raise QuestionError(f"Line {number} is not JSON.") from error
    if not isinstance(row, dict) or not isinstance(row.get("question"), str):
        raise QuestionError(f'Line {number} is not an object with a text under "question".')
    if not isinstance(row.get("article"), str | None):
        raise QuestionError(f'Line {number}: "article" must be the id of an article.')
    return row


def _lines() -> Iterator[str]:
    stream = sys.stdin.buffer
    while raw := stream.readline():
        line = raw.decode("utf-8", "replace").strip("\ufeff \t\r\n")
        if line:
            yield line


def _chat(options: argparse.Namespace) -> int:
    from bot.config import load_bot_config
    from bot.conversation import Conversation
    from bot.memory import Memory
    from bot.terminal import talk

    settings = load_bot_config(options.config)
    archive = up_to_date(options)
    archive.warm()
    conversation = Conversation(archive, Memory(settings.memory_file), remembered=settings.remembered, paged=False)
    talk(conversation, history=settings.history_file, output=sys.stdout)
    return DONE


def _people(options: argparse.Namespace) -> int:
    from bot import compose, jsonl
    from bot.words import ENGLISH, Words

    speakers = [speaker for speaker in up_to_date(options).speakers if speaker.kind != "unnamed"]
    if options.jsonl:
        for speaker in speakers:
            write_json(jsonl.speaker_json(speaker))
    else:
        _show([compose.people_listed(speakers, Words.of(ENGLISH))])
    return DONE if speakers else NOT_FOUND


def _statements(options: argparse.Namespace) -> int:
    from bot import compose, jsonl
    from bot.words import ENGLISH, Words

    found = up_to_date(options).statements(speaker=options.speaker, about=options.about)
    if options.jsonl:
        for statement in found:
            write_json(jsonl.statement_json(statement))
    else:
        _show([compose.statement(one, Words.of(ENGLISH), named=True) for one in found])
    return DONE if found else NOT_FOUND


def _check_quote(options: argparse.Namespace) -> int:
    from bot import compose, jsonl
    from bot.words import ENGLISH, Words

    answer = up_to_date(options).check_quote(options.quote, speaker=options.speaker)
    if options.json:
        write_json(jsonl.to_json(answer))
    else:
        _show(compose.answered(answer, Words.of(ENGLISH)))
    return DONE if answer.found else NOT_FOUND


def _eval(options: argparse.Namespace) -> int:
    held = evaluation.evaluate_golden(up_to_date(options), options, progress("Asking"))
    return DONE if held else NOT_FOUND


def _doctor(options: argparse.Namespace) -> int:
    from bot.doctor import examine

    sound = True
    for finding in examine(options.config):
        sound = sound and finding.sound
        sys.stdout.write(f"{'ok     ' if finding.sound else 'PROBLEM'}  {finding.part:14} {finding.text}\n")
    return DONE if sound else FAILED


def _completion(options: argparse.Namespace) -> int:
    import shtab

    sys.stdout.write(shtab.complete(make_parser(), shell=options.shell) + "\n")
    return DONE


def _show(blocks: "Sequence[Block]") -> None:
    from bot import render
    from bot.terminal import show
    from bot.words import ENGLISH, Words

    show(render.plain(blocks, Words.of(ENGLISH)), sys.stdout)
