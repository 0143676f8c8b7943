"""Who may import whom: the table of the design, held."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = [
    path
    for folder in ("retrieval", "bot")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "training" not in path.relative_to(ROOT).parts
]
# The only modules that may import these libraries.
OWNERS = {
    "faiss": {"retrieval.vectors"},
    "bm25s": {"retrieval.lexical"},
    "sqlalchemy": {
        "retrieval.tables",
        "retrieval.database",
        "retrieval.store",
        "retrieval.journal",
        "retrieval.records",
        "retrieval.releases",
        "retrieval.visits",
        "retrieval.migrations.versions.r0001_first",
        "retrieval.migrations.versions.r0002_versions_and_journal",
        "retrieval.migrations.versions.r0003_sketches",
        "retrieval.migrations.versions.r0004_nearly",
    },
    "alembic": {
        "retrieval.database",
        "retrieval.migrations.env",
        "retrieval.migrations.versions.r0001_first",
        "retrieval.migrations.versions.r0002_versions_and_journal",
        "retrieval.migrations.versions.r0003_sketches",
        "retrieval.migrations.versions.r0004_nearly",
    },
    "httpx": {"retrieval.fetch_web", "bot.handlers.transport"},
    "httpcore": {"retrieval.fetch_web", "retrieval.fetch_connect"},
    "lxml": {"retrieval.blocks", "retrieval.article_blocks", "retrieval.parse_html", "retrieval.parse_docx"},
    "pypdf": {"retrieval.parse_pdf"},
    "docx": {"retrieval.parse_docx"},
    "defusedxml": {"retrieval.parse_epub"},
    "trafilatura": {"retrieval.article_blocks", "retrieval.parse_html"},
    "feedparser": {"retrieval.parse_feed"},
    "charset_normalizer": {"retrieval.sniff"},
    "resource": {"retrieval.sandbox_process"},
    "filelock": {"retrieval.lock"},
    "datasketch": {"retrieval.sketch"},
    "py3langid": {"retrieval.language"},
    "limits": {"bot.limits"},
    "matplotlib": {"bot.plot"},
    "prometheus_client": {"bot.metrics"},
    "tornado": {"bot.server"},
    "sentencex": {"retrieval.sentences"},
    "sentence_transformers": {"retrieval.embed", "retrieval.rank"},
}
# Nouns, errors and the pure text of links stand below everything.
GROUND = {"retrieval.errors", "retrieval.schema"}
BELOW_SCHEMA = {"retrieval.fragments"}
PARTS_AS_ARGUMENTS = {"retrieval.rank", "retrieval.answer"}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> set[str]:
    """Every module imported anywhere in a file, `from package import name` as `package` and `package.name`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def ours(path: Path) -> set[str]:
    modules = {name_of(module) for module in MODULES}
    return {name for name in imports_of(path) if name in modules and name.count(".")}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_libraries_are_imported_by_their_owners_only(path: Path) -> None:
    """A library with an owner is imported nowhere else."""
    for name in {imported.partition(".")[0] for imported in imports_of(path)}:
        assert name not in OWNERS or name_of(path) in OWNERS[name], name


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_retrieval_knows_nothing_of_the_bot(path: Path) -> None:
    """Retrieval imports neither the bot nor Telegram; the bot imports retrieval's public names and nothing deeper."""
    imported = imports_of(path)
    if name_of(path).startswith("retrieval"):
        assert not {name for name in imported if name.partition(".")[0] in ("bot", "telegram")}
    else:
        assert not {name for name in ours(path) if name.startswith("retrieval.")}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_the_nouns_import_nothing_of_ours(path: Path) -> None:
    """Errors import nothing, the nouns only the text of links, and what takes its parts as arguments no other part."""
    name, imported = name_of(path), ours(path) - {name_of(path)}
    if name in BELOW_SCHEMA or name == "retrieval.errors":
        assert imported == set()
    elif name in GROUND:
        assert imported <= BELOW_SCHEMA
    elif name in PARTS_AS_ARGUMENTS:
        assert "retrieval.archive" not in imported
        assert not imported & {"retrieval.store", "retrieval.vectors", "retrieval.lexical", "retrieval.embed"}


def test_only_the_archive_composes() -> None:
    """Store and indexes meet in the archive, its intake and what is live of it, and in the survey of its parts."""
    users = {name_of(path) for path in MODULES if "retrieval.store.Store" in imports_of(path)}
    assert users == {"retrieval.archive", "retrieval.intake", "retrieval.live", "retrieval.survey"}


def test_telegram_is_imported_where_it_belongs() -> None:
    """The conversation, the rendering and the terminal know no Telegram."""
    users = {name_of(path) for path in MODULES if any(name.startswith("telegram") for name in imports_of(path))}
    assert all(name in ("bot.app", "bot.limits") or name.startswith("bot.handlers") for name in users)


def test_the_parser_needs_nothing_heavy() -> None:
    """Making the command line imports no library that takes time to load."""
    code = "import sys; import bot.cli; bot.cli.make_parser(); print(' '.join(sys.modules))"
    import subprocess

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"torch", "transformers", "numpy", "faiss", "pydantic", "sqlalchemy", "telegram"} & set(loaded)
