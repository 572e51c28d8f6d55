"""Coverage-guided search for input that makes reading fail; run by hand, for as long as one likes.

    pip install atheris==3.0.0
    python tests/fuzz/fuzz_formats.py rows FOLDER -max_total_time=600
    python tests/fuzz/fuzz_formats.py files FOLDER -max_total_time=600

`rows` changes the rows that tests/formats/hostile_rows.py makes for each format, `files` the bytes
of files of each kind; both are read as a build reads them. What fails is printed once for each
place in the code, and the file or row kept in FOLDER/failures: it belongs into a test before it is
mended. FOLDER keeps the inputs that reached new code, for the next run. atheris is no dependency
of the project: it is large, and Linux's alone.
"""

from __future__ import annotations

import hashlib
import random
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import atheris

sys.path.insert(0, str(Path(__file__).parents[1] / "formats"))

# Compiled loops cannot be instrumented: the compiler reads their bytecode.
from mixer import fingerprints  # noqa: F401 - imported before the others are instrumented
from mixer.sources import json_kernel  # noqa: F401 - the same

with atheris.instrument_imports(include=["mixer"]):
    from checked_reading import check, read_rows

    from mixer import formats
    from mixer.errors import InputError
    from mixer.phases.read import layout_of
    from mixer.sources.containers import raw_rows
    from mixer.sources.raw_row import RawRow

    for each in formats.names():
        formats.load(each)

from file_bytes import ENDINGS, seeds
from hostile_rows import hostile_rows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace


def rows(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(formats.names()))
    upstream = data.draw(hostile_rows(name))
    found = [RawRow(7, b"raw", upstream.row, upstream.header, member_row=7)]
    read(name, upstream.options, found)


def files(data: bytes) -> None:
    """The first byte names the format, the second the ending of the file."""
    if len(data) < 2:
        return
    name = formats.names()[data[0] % len(formats.names())]
    options = formats.options_type(name)()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"f{ENDINGS[data[1] % len(ENDINGS)]}")
        path.write_bytes(data[2:])
        try:
            found = list(raw_rows(str(path), layout_of(name)))
        except InputError:
            return
        # The rows of all members are numbered on; ids name the member, and the row in it.
    read(name, options, [replace(row, member="", member_row=row.row) for row in found])


def read(name: str, options: Any, found: list[RawRow]) -> None:
    try:
        check(read_rows(name, options, found), found)
    except Exception as error:
        error.add_note(name)
        error.add_note(repr([row.value for row in found]))
        raise


class Failures:
    """Calls a target; what fails is kept, the first input of each format and place in the code."""

    def __init__(self, folder: Path, target: Callable[[Any], None]) -> None:
        self.folder = folder
        self.target = target
        self.seen: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def __call__(self, data: Any) -> None:
        try:
            self.target(data)
        except (Exception, RecursionError) as error:  # noqa: BLE001 - any of them is a find
            self.note(error, data)

    def note(self, error: BaseException, data: Any) -> None:
        last = traceback.extract_tb(error.__traceback__)[-1]
        notes: list[str] = getattr(error, "__notes__", [])
        names = [*notes[:1], type(error).__name__, Path(last.filename).stem]
        place = f"{'-'.join(names)}-{last.lineno}"
        if place in self.seen:
            return
        self.seen.add(place)
        told = "\n".join([str(error), *notes[1:]]).encode(errors="backslashreplace")
        text = data if isinstance(data, bytes) else told
        digest = hashlib.sha256(text).hexdigest()[:8]
        Path(self.folder, f"{place}-{digest}").write_bytes(text)
        print(f"FAILURE {place}: {str(error)[:300]!r}", file=sys.stderr, flush=True)


def main() -> None:
    target, folder = sys.argv[1], Path(sys.argv[2])
    inputs = folder / "inputs"
    inputs.mkdir(parents=True, exist_ok=True)
    failures = Failures(folder / "failures", {"rows": rows, "files": files}[target])
    # Rows are made from as many bytes as they need: any will do.
    random_bytes = [random.Random(n).randbytes(100 * n) for n in range(1, 41)]
    for number, data in enumerate(seeds() if target == "files" else random_bytes):
        Path(inputs, f"seed-{number}").write_bytes(data)
    flags = ["-len_control=0", "-max_len=8192", *sys.argv[3:]]
    atheris.Setup([sys.argv[0], str(inputs), *flags], _one_input(target, failures))
    atheris.Fuzz()


def _one_input(target: str, failures: Failures) -> Callable[[bytes], Any]:
    if target == "files":
        return failures

    @settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def one_row(data: st.DataObject) -> None:
        failures(data)

    return one_row.hypothesis.fuzz_one_input


if __name__ == "__main__":
    main()
