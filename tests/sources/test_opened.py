"""Bytes of files, compressed or not, line by line."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.sources import opened as module
from mixer.sources.opened import lines, opened, whole

DATA = b'{"a": 1}\n{"a": 2}\n'


class _Dribble(io.RawIOBase):
    """A stream that gives `size` bytes at a time, as a slow network would."""

    def __init__(self, data: bytes, size: int) -> None:
        self._data = io.BytesIO(data)
        self._size = size

    def read(self, size: int = -1) -> bytes:
        return self._data.read(self._size)


@given(st.binary(max_size=60).map(lambda b: b.replace(b"x", b"\n")), st.integers(1, 9))
def test_lines_equal_a_split_of_the_whole(data: bytes, size: int) -> None:
    expected = [line.removesuffix(b"\r") for line in data.split(b"\n")]
    if expected[-1] == b"" and not data.endswith(b"\r"):
        expected.pop()
    assert list(lines(_Dribble(data, size), 100)) == expected


@given(st.lists(st.integers(0, 30), max_size=8), st.integers(1, 7))
def test_long_lines_come_cut_and_the_others_whole(lengths: list[int], size: int) -> None:
    data = b"".join(b"a" * length + b"\n" for length in lengths)
    found = list(lines(_Dribble(data, size), 10))
    assert found == [b"a" * min(length, 11) for length in lengths]


def _compressed(kind: str) -> bytes:
    if kind == "zst":
        sink = pa.BufferOutputStream()
        with pa.CompressedOutputStream(sink, "zstd") as stream:
            stream.write(DATA)
        return bytes(sink.getvalue().to_pybytes())
    return {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}[kind](DATA)


@pytest.mark.parametrize("kind", ["gz", "bz2", "xz", "zst"])
def test_compressed_files_read_as_their_content(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.jsonl.{kind}"
    path.write_bytes(_compressed(kind))
    with opened(str(path)) as members:
        ((name, stream),) = ((name, stream.read()) for name, stream in members)
    assert (name, stream) == (str(tmp_path / "a.jsonl"), DATA)


def test_a_zip_gives_its_members_without_unpacking(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../one.jsonl", DATA)
        archive.writestr("__MACOSX/one.jsonl", b"noise")
        archive.writestr("folder/", b"")
    with opened(str(path)) as members:
        assert [(name, stream.read()) for name, stream in members] == [("../one.jsonl", DATA)]
    assert sorted(tmp_path.iterdir()) == [path]


def test_reading_a_whole_stream_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CHUNK_BYTES", 10)
    assert whole(io.BytesIO(b"a" * 20), 30) == b"a" * 20
    assert len(whole(io.BytesIO(b"a" * 1000), 30)) == 40
