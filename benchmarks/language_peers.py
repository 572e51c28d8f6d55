"""Language identification by other tools, Parquet in and Parquet out, each in its documented way.

    python benchmarks/language_peers.py NAME in.parquet out.parquet

For the interpreter that the peers are installed in (`pip install langdetect py3langid
lingua-language-detector pycld2`); benchmarks/language.py calls it. Reads the column text, writes
the column language, and prints the seconds and CPU seconds that the texts took, without
loading of models. One thread each.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

Detector = Callable[[str], str]


def langdetect() -> Detector:
    from langdetect import DetectorFactory, detect
    from langdetect.lang_detect_exception import LangDetectException

    DetectorFactory.seed = 0

    def detector(text: str) -> str:
        try:
            return str(detect(text)).split("-")[0]
        except LangDetectException:
            return "und"

    return detector


def py3langid() -> Detector:
    from py3langid.langid import classify

    return lambda text: str(classify(text)[0])


def lingua() -> Detector:
    return _lingua(low_accuracy=False)


def lingua_low() -> Detector:
    return _lingua(low_accuracy=True)


def _lingua(low_accuracy: bool) -> Detector:
    from lingua import LanguageDetectorBuilder

    builder = LanguageDetectorBuilder.from_all_languages().with_preloaded_language_models()
    built = (builder.with_low_accuracy_mode() if low_accuracy else builder).build()

    def detector(text: str) -> str:
        found = built.detect_language_of(text)
        return str(found.iso_code_639_1.name).lower() if found else "und"

    return detector


def pycld2() -> Detector:
    from pycld2 import detect, error

    def detector(text: str) -> str:
        try:
            name = str(detect(text)[2][0][1])
        except error:
            return "und"
        return {"un": "und", "iw": "he", "no": "nb"}.get(name, name).split("-")[0]

    return detector


PEERS: dict[str, Callable[[], Detector]] = {
    "langdetect": langdetect,
    "py3langid": py3langid,
    "lingua": lingua,
    "lingua-low": lingua_low,
    "pycld2": pycld2,
}
DISTRIBUTIONS = ("langdetect", "py3langid", "lingua-language-detector", "pycld2")


def main() -> None:
    texts = pq.read_table(sys.argv[2], columns=["text"])["text"].to_pylist()
    detector = PEERS[sys.argv[1]]()
    # Models that load at first use.
    detector("A first text, of which no time is taken.")
    started, busy = time.perf_counter(), time.process_time()
    found = [detector(text) for text in texts]
    print(time.perf_counter() - started, time.process_time() - busy)
    pq.write_table(pa.table({"language": pa.array(found, pa.string())}), Path(sys.argv[3]))


if __name__ == "__main__":
    main()
