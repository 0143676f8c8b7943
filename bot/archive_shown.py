"""What the archive's commands show: reports, histories, proofs, as plain text and as JSON. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from bot.jsonl import citation_json
from retrieval import Edit, Outcome, Outdated, Proof, Report, Sentence, SentenceChange, Version

Json = dict[str, Any]
SHORT = 12


def report(done: Report) -> str:
    """What a change did, with the sentences that changed."""
    edits = {edit.after.id: edit for edit in done.edits}
    lines = [f"added    {key}" for key in done.added]
    for key in done.changed:
        lines += [f"changed  {key}", *_changes(edits[key])]
    lines += [f"removed  {key}" for key in done.removed]
    counts = f"{len(done.added)} added, {len(done.changed)} changed, {len(done.removed)} removed"
    lines.append(f"{counts}, {len(done.failed)} failed, {done.unchanged} unchanged in {done.seconds:.1f} s.")
    if done.staged and done.touches:
        lines.append("It is staged: `article-bot publish` makes it live, `article-bot discard` forgets it.")
    return "\n".join(lines)


def report_json(done: Report) -> Json:
    """The same for machines."""
    return {
        "added": done.added,
        "changed": [{"article": edit.after.id, **_edit_json(edit)} for edit in done.edits],
        "removed": done.removed,
        "failed": done.failed,
        "unchanged": done.unchanged,
        "seconds": round(done.seconds, 3),
        "staged": done.staged,
    }


def version(one: Version) -> str:
    """A version of an article with what changed in it."""
    what = "removed" if one.version is None else one.version[:SHORT]
    mark = "" if one.kept or one.version is None else "  (no longer kept)"
    heading = f"release {one.release}  {one.at:%Y-%m-%d %H:%M} UTC  {what}{mark}"
    return "\n".join([heading, *(_changes(one.edit) if one.edit else ())])


def version_json(one: Version) -> Json:
    """The same for machines."""
    found: Json = {"release": one.release, "at": one.at.isoformat(), "version": one.version, "kept": one.kept}
    return found | (_edit_json(one.edit) if one.edit else {})


def outdated(one: Outdated) -> str:
    """An answer that rests on a sentence that has changed or vanished."""
    was, now = _folded(one.citation.text), _folded(one.present.text) if one.present else "(nothing like it)"
    asked = f"{one.asked.at:%Y-%m-%d %H:%M} UTC  {one.asked.key}  {_folded(one.asked.question)}"
    return f"{asked}\n  {one.citation.article.id}\n  - {was}\n  + {now}"


def outdated_json(one: Outdated) -> Json:
    """The same for machines."""
    return {
        "key": one.asked.key,
        "at": one.asked.at.isoformat(),
        "question": one.asked.question,
        "asker": one.asked.asker,
        "citation": citation_json(one.citation),
        "present": _sentence_json(one.present),
    }


def proof(found: Proof) -> str:
    """What becomes of golden questions when what is staged is published."""
    blocks = [
        *_outcomes("Better", (now for _, now in found.compared.better)),
        *_outcomes("Worse", (now for _, now in found.compared.worse)),
        *_moved(found),
        *(f"Lost     {key}\n  its right sentence is gone" for key in found.lost),
    ]
    counts = f"{len(found.compared.better)} better, {len(found.compared.worse)} worse, {len(found.moved)} with another"
    return "\n".join([*blocks, f"Golden questions: {counts} citation, {len(found.lost)} lost."])


def proof_json(found: Proof) -> Json:
    """The same for machines."""
    return {
        "better": [asdict(now) for _, now in found.compared.better],
        "worse": [asdict(now) for _, now in found.compared.worse],
        "moved": [{"question": now.question, "before": was.given, "after": now.given} for was, now in found.moved],
        "lost": found.lost,
        "harms": found.harms,
    }


def _outcomes(heading: str, outcomes: Iterable[Outcome]) -> Iterator[str]:
    for one in outcomes:
        yield f"{heading:7}  {one.question}\n  {_folded(one.given or '(the articles do not say)')}"


def _moved(found: Proof) -> Iterator[str]:
    told = {now.key for _, now in (*found.compared.better, *found.compared.worse)}
    for was, now in found.moved:
        if now.key not in told:
            yield f"Other    {now.question}\n  - {_folded(was.given or '')}\n  + {_folded(now.given or '')}"


def _changes(edit: Edit) -> Iterator[str]:
    for name in edit.fields:
        yield f"  - {name}: {getattr(edit.before, name)}\n  + {name}: {getattr(edit.after, name)}"
    for change in edit.sentences:
        yield from _sides(change)


def _sides(change: SentenceChange) -> Iterator[str]:
    if change.before:
        yield f"  - {_folded(change.before.text)}"
    if change.after:
        yield f"  + {_folded(change.after.text)}"


def _edit_json(edit: Edit) -> Json:
    sentences = [{"before": _sentence_json(one.before), "after": _sentence_json(one.after)} for one in edit.sentences]
    return {"before": edit.before.version, "after": edit.after.version, "fields": edit.fields, "sentences": sentences}


def _sentence_json(sentence: Sentence | None) -> Json | None:
    return {"start": sentence.start, "end": sentence.end, "text": sentence.text} if sentence else None


def _folded(text: str) -> str:
    return " ".join(text.split())
