"""Disks that are full or cannot be written, and two processes at once."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.editions import check_file, editions, open_archive, write_edition

ROOT = Path(__file__).parents[2]
# Runs in a process of its own, so that a limit or a mount is its alone; says what it could do.
PROGRAM = """\
import json, resource, signal, sys
from pathlib import Path
from retrieval.errors import StoreError
from tests.faults.editions import editions, open_archive

folder, limit = Path(sys.argv[1]), int(sys.argv[2])
archive = open_archive(folder, **json.loads(sys.argv[3]))
if limit:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
error = None
try:
    archive.reload()
except StoreError as raised:
    error = str(raised)
try:
    archive.keep(archive.ask("Which edition does article 3 come in?"))
    kept = None
except StoreError as raised:
    kept = str(raised)
answer = archive.ask("Which edition does article 3 come in?")
print(json.dumps({"error": error, "kept": kept, "ranked": len(answer.ranked), "editions": editions(archive)}))
"""


def run(folder: Path, *before: str, limit: int = 0, **settings: object) -> dict[str, object]:
    command = [*before, sys.executable, "-c", PROGRAM, str(folder), str(limit), json.dumps(settings)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Articles in an edition that is kept and one that is not yet."""
    write_edition(tmp_path, 30, 0)
    archive = open_archive(tmp_path)
    archive.reload()
    archive.close()
    write_edition(tmp_path, 30, 1)
    return tmp_path


def test_a_full_disk(folder: Path) -> None:
    """The error says so, the old archive answers on, each article is whole, and with room the reload completes."""
    size = (folder / "data" / "articles.sqlite").stat().st_size
    found = run(folder, limit=size // 4)
    assert "disk" in str(found["error"])
    assert str(found["error"]).startswith("The store ")
    assert found["ranked"]
    check_file(folder)
    archive = open_archive(folder)
    kept = editions(archive)
    assert (len(kept), set(kept.values()) <= {0, 1}) == (30, True)
    archive.reload()
    assert set(editions(archive).values()) == {1}
    archive.close()


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs unshare to mount in private")
def test_a_disk_that_cannot_be_written(folder: Path) -> None:
    """The archive opens, answers, and says what it cannot do."""
    private = ["unshare", "--mount", "--map-root-user"]
    if subprocess.run([*private, "true"], check=False, capture_output=True).returncode:
        pytest.skip("private mounts are not allowed here")
    mount = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    found = run(folder, *private, "sh", "-c", mount, str(folder))
    assert "cannot be changed" in str(found["error"])
    assert found["kept"] is not None
    assert found["ranked"]
    assert set(dict(found["editions"]).values()) == {0}  # type: ignore[call-overload]


def test_two_processes_reload_at_once(folder: Path) -> None:
    """Both end well, one after the other, and the articles are what they are to be."""
    command = [sys.executable, "-c", PROGRAM, str(folder), "0", "{}"]
    both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    found = [json.loads(process.communicate()[0]) for process in both]
    assert [one["error"] for one in found] == [None, None]
    assert [set(one["editions"].values()) for one in found] == [{1}, {1}]


def test_a_process_that_does_not_wait_says_so(folder: Path) -> None:
    """In one sentence; what it knows answers on."""
    archive = open_archive(folder)
    with archive._live.changing():
        found = run(folder, wait_seconds=0.1)
    assert "is being changed by another process" in str(found["error"])
    assert found["ranked"]
    archive.close()
