"""What a commit adds, replaces and deletes, told from hashes alone."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mixer.hub.changes import Changes, RemoteFile, changes, git_blob
from mixer.phases.lock import Output


def local(path: str, data: bytes) -> Output:
    return Output(path, len(data), hashlib.sha256(data).hexdigest())


def large(path: str, data: bytes) -> RemoteFile:
    return RemoteFile(path, "0" * 40, hashlib.sha256(data).hexdigest())


def names(found: Changes) -> tuple[list[str], list[str], list[str]]:
    return [file.path for file in found.add], [file.path for file in found.replace], found.delete


def test_a_small_file_has_the_name_that_git_gives_it() -> None:
    # `printf 'hello\n' | git hash-object --stdin`
    assert git_blob(b"hello\n") == "ce013625030ba8dba906f756967f9e9ca394464a"


def test_large_files_are_compared_without_reading_them(tmp_path: Path) -> None:
    here = [local("data/a.parquet", b"same"), local("data/b.parquet", b"new")]
    there = [large("data/a.parquet", b"same"), large("data/b.parquet", b"old")]
    assert names(changes(tmp_path, here, there)) == ([], ["data/b.parquet"], [])


def test_small_files_are_compared_by_the_hash_of_git(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_bytes(b"hello\n")
    here = [local("README.md", b"hello\n")]
    assert changes(tmp_path, here, [RemoteFile("README.md", git_blob(b"hello\n"), None)]).nothing
    found = changes(tmp_path, here, [RemoteFile("README.md", git_blob(b"other\n"), None)])
    assert names(found) == ([], ["README.md"], [])


def test_what_an_earlier_mixture_left_goes_and_what_people_put_there_stays(tmp_path: Path) -> None:
    stale = [
        "contamination.parquet",
        "data/sft/train-00001-of-00002.parquet",
        "exports/jsonl/sft.jsonl",
        "quarantine.parquet",
    ]
    kept = [".gitattributes", "LICENSE", "database.txt", "figures/data/x.png"]
    found = changes(tmp_path, [], [large(path, b"x") for path in stale + kept])
    assert names(found) == ([], [], stale)


def test_bytes_to_upload_are_of_the_files_that_differ(tmp_path: Path) -> None:
    here = [local("data/a.parquet", b"same"), local("data/b.parquet", b"longer"), local("c", b"1")]
    there = [large("data/a.parquet", b"same"), large("data/b.parquet", b"old")]
    found = changes(tmp_path, here, there)
    assert (found.upload_bytes, found.nothing) == (7, False)
