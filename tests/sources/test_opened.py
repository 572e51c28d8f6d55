"""Compressed files and archives, whole, cut off, damaged, misnamed or hostile."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from mixer.errors import InputError
from mixer.sources import opened as module
from mixer.sources.archives import holds_data
from mixer.sources.opened import BROKEN, members, opened

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DATA = b"".join(b'{"a": %d}\n' % random.Random(n).getrandbits(60) for n in range(20_000))
COMPRESS = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": lambda data: zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1}),
}
KINDS = sorted(COMPRESS)


def _read(path: Path) -> tuple[dict[str, bytes], str]:
    """What members hold, as far as they go, and what is said where one breaks off."""
    held: dict[str, bytes] = {}
    with opened(str(path)) as file:
        try:
            for member in members(file, str(path)):
                held[member.name] = (member.reason or "").encode()
                while piece := member.stream.read(10_000):
                    held[member.name] += piece
        except BROKEN as error:
            return held, str(error)
    return held, ""


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["a.jsonl.{}", "a.json", "a.gz", "a.zip"])
def test_the_first_bytes_say_how_a_file_is_compressed(kind: str, name: str, tmp_path: Path) -> None:
    path = _written(tmp_path / name.format(kind), COMPRESS[kind](DATA))
    assert _read(path) == ({"": DATA}, "")


@pytest.mark.parametrize("kind", KINDS)
def test_parts_one_after_the_other_are_one_file(kind: str, tmp_path: Path) -> None:
    parts = [COMPRESS[kind](part) for part in (DATA[:1000], b"", DATA[1000:])]
    assert _read(_written(tmp_path / "a", b"".join(parts))) == ({"": DATA}, "")
    twice = COMPRESS[kind](gzip.compress(DATA))
    assert _read(_written(tmp_path / "b", twice)) == ({"": DATA}, "")


@pytest.mark.parametrize("name", ["a.gz", "a.zst", "a.bz2", "a.xz", "a.zip", "a.tar.gz"])
def test_a_plain_file_is_plain_whatever_its_name(name: str, tmp_path: Path) -> None:
    assert _read(_written(tmp_path / name, DATA)) == ({"": DATA}, "")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("kept", [0.3, 0.9, 0.9999])
def test_a_file_that_is_cut_off_gives_what_stands_before(
    kind: str, kept: float, tmp_path: Path
) -> None:
    # Of bz2 whole blocks are read, which are smaller than usual here.
    packed = bz2.compress(DATA, 1) if kind == "bz2" else COMPRESS[kind](DATA)
    held, said = _read(_written(tmp_path / "a", packed[: int(kept * len(packed))]))
    assert "too early" in said
    assert DATA.startswith(held[""])
    assert len(held[""]) > (kept - 0.3) * len(DATA)


@pytest.mark.parametrize("kind", ["gz", "zst", "xz"])
def test_a_changed_byte_is_noticed(kind: str, tmp_path: Path) -> None:
    packed = bytearray(COMPRESS[kind](DATA))
    packed[len(packed) // 2] ^= 255
    held, said = _read(_written(tmp_path / "a", bytes(packed)))
    assert said
    assert held[""][:1000] == DATA[:1000]


def test_what_follows_a_compressed_file_is_told(tmp_path: Path) -> None:
    assert _read(_written(tmp_path / "a", gzip.compress(DATA) + b"\0" * 512)) == ({"": DATA}, "")
    held, said = _read(_written(tmp_path / "b", gzip.compress(DATA) + b"more"))
    assert (held, said) == ({"": DATA}, "what follows the compressed data is none")


def _zip(path: Path, entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def _tar(path: Path, entries: dict[str, bytes], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:
        for name, data in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


HOSTILE = {
    "/etc/one.jsonl": DATA[:100],
    "../../two.jsonl": DATA[100:200],
    "..\\three.jsonl": DATA[200:300],
    "two.jsonl": DATA[300:400],
    "line\nbreak.jsonl": DATA[400:500],
    "..": DATA[500:600],
    "__MACOSX/one.jsonl": b"noise",
    "a/.hidden": b"noise",
    "README.md": b"noise",
}
SAFE = ["etc/one.jsonl", "two.jsonl", "three.jsonl", "two.jsonl~2", "line_break.jsonl", "member"]


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tgz", "a.tar.xz", "a.tar.bz2"])
def test_names_of_members_are_safe_labels(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    if name == "a.zip":
        _zip(path, HOSTILE)
    else:
        modes = {"a.tar": "w", "a.tar.xz": "w:xz", "a.tar.bz2": "w:bz2"}
        _tar(path, HOSTILE, modes.get(name, "w:gz"))
    held, said = _read(path)
    assert (list(held), said) == (SAFE, "")
    assert b"".join(held.values()) == DATA[:600]
    assert list(tmp_path.iterdir()) == [path]


def test_links_and_devices_in_a_tar_are_passed_over(tmp_path: Path) -> None:
    path = _tar(tmp_path / "a.tar", {"a.jsonl": DATA})
    with tarfile.open(path, "a") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
            entry = tarfile.TarInfo("x.jsonl")
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
    assert _read(path) == ({"a.jsonl": DATA}, "")


def test_members_may_be_compressed_but_no_archives(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.jsonl", DATA)
    entries = {"a.jsonl.gz": gzip.compress(DATA), "b.zip": inner.getvalue()}
    for path in (_zip(tmp_path / "a.zip", entries), _tar(tmp_path / "a.tar", entries)):
        held, said = _read(path)
        assert (held["a.jsonl.gz"], said) == (DATA, "")
        assert held["b.zip"].startswith(b"an archive inside another file: unpack it first")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("follow", [False, True])
def test_a_zip_that_is_cut_off_gives_what_stands_before(
    method: int, follow: bool, tmp_path: Path
) -> None:
    entries = {"a.jsonl": DATA[:9000], "b.jsonl": DATA[9000:18000], "c.jsonl": DATA[18000:]}
    path = tmp_path / "a.zip"
    with path.open("wb") as file:
        # Where it cannot go back, zipfile writes the sizes behind the data.
        target = _Unseekable(file) if follow else file
        with zipfile.ZipFile(target, "w", method) as archive:
            for name, data in entries.items():
                archive.writestr(name, data)
    whole = path.read_bytes()
    assert _read(path) == (entries, "")
    held, said = _read(_written(path, whole[: len(whole) - 50_000]))
    assert said
    if follow and method == zipfile.ZIP_STORED:
        assert held == {}
        return
    assert (held["a.jsonl"], held["b.jsonl"]) == (entries["a.jsonl"], entries["b.jsonl"])
    assert len(held["c.jsonl"]) > 50_000
    assert entries["c.jsonl"].startswith(held["c.jsonl"])


class _Unseekable(io.RawIOBase):
    def __init__(self, file: io.BufferedWriter) -> None:
        self._file = file

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return self._file.write(data)


@pytest.mark.parametrize("kept", [600, 512 * 4, 512 * 25, -1])
def test_a_tar_that_is_cut_off_is_told(kept: int, tmp_path: Path) -> None:
    path = _tar(tmp_path / "a.tar", {"a.jsonl": DATA[:1000], "b.jsonl": DATA[:20_000]})
    whole = path.read_bytes().rstrip(b"\0")
    held, said = _read(_written(path, whole[:kept]))
    assert said
    assert all(DATA.startswith(content) for content in held.values())


def test_an_encrypted_member_is_told(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", {"a.jsonl": DATA[:100], "b.jsonl": DATA[100:200]})
    data = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    held, _ = _read(_written(path, bytes(data)))
    assert held["a.jsonl"] == b"this member of the zip is encrypted"
    assert held["b.jsonl"] == DATA[100:200]


@pytest.mark.parametrize("kind", [*KINDS, "zip", "tar.xz", "zst in zst"])
def test_a_bomb_is_stopped(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_EXPANDED_BYTES", 1 << 20)
    monkeypatch.setattr(module, "MAX_EXPANSION", 20)
    zeros = bytes(8 << 20)
    path = tmp_path / "a"
    if kind == "zip":
        _zip(path, {f"{n}.jsonl": zeros[: 1 << 19] for n in range(16)})
    elif kind == "tar.xz":
        _tar(path, {"a.jsonl": zeros}, "w:xz")
    elif kind == "zst in zst":
        path.write_bytes(zstd.compress(zstd.compress(zeros)))
    else:
        path.write_bytes(COMPRESS[kind](zeros))
    held, said = _read(path)
    assert "as a bomb does" in said
    assert sum(map(len, held.values())) <= (1 << 20) + (1 << 17)


def test_pipes_and_devices_are_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "a.jsonl"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero"), tmp_path):
        with pytest.raises(InputError, match="is no regular file"), opened(str(path)):
            pass


def test_names_that_are_about_the_data_hold_none() -> None:
    for name in ("README.md", "a/LICENSE", ".git/config", "x/notice.txt", "a.PNG", "license"):
        assert not holds_data(name)
    for name in ("a.jsonl", "a/b.txt", "readme.jsonl", "../a.csv", "./a", "data"):
        assert holds_data(name)


def _pax_tar(path: Path, headers: dict[str, str]) -> Path:
    """A good member behind one with these headers."""
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        for name, own in (("a.jsonl", headers), ("b.jsonl", {})):
            entry = tarfile.TarInfo(name)
            entry.size, entry.pax_headers = 100, own
            archive.addfile(entry, io.BytesIO(DATA[:100]))
    return path


@pytest.mark.parametrize(
    "headers",
    [
        {"GNU.sparse.map": "a,b"},
        {"GNU.sparse.size": "x"},
        {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "a.jsonl"},
        {"size": "100000000000000000"},
    ],
)
def test_heads_of_a_tar_that_say_nonsense_come_to_an_end(
    headers: dict[str, str], tmp_path: Path
) -> None:
    held, said = _read(_pax_tar(tmp_path / "a.tar", headers))
    assert said
    assert all(content in DATA for content in held.values())


def test_names_of_members_that_are_no_utf8_can_stand_in_ids(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT, encoding="latin-1") as archive:
        entry = tarfile.TarInfo("th\xe9.jsonl")
        entry.size = 10
        archive.addfile(entry, io.BytesIO(DATA[:10]))
    assert _read(path) == ({"th_.jsonl": DATA[:10]}, "")


def test_a_zip_whose_table_leads_elsewhere_is_read_by_its_members(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", {"a.jsonl": DATA[:100], "b.jsonl": DATA[100:200]})
    whole = bytearray(path.read_bytes())
    first = whole.index(b"PK\x01\x02")
    whole[first + 42 : first + 46] = (1).to_bytes(4, "little")
    held, said = _read(_written(path, bytes(whole)))
    assert held == {"a.jsonl": DATA[:100], "b.jsonl": DATA[100:200]}
    assert "its table of contents is damaged" in said
    whole = bytearray(_zip(path, {"a.jsonl": DATA[:100], "b.jsonl": DATA[100:200]}).read_bytes())
    whole[whole.index(b"a.jsonl")] = 0xFF
    whole[6] |= 8
    held, _ = _read(_written(path, bytes(whole)))
    assert held["b.jsonl"] == DATA[100:200]
