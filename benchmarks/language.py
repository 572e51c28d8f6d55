"""Measures language identification: mixer's detectors beside others, on the same texts.

    python benchmarks/language.py --data PATH [--peers PEERS_PYTHON] [--tools mixer,lingua,...]

PATH (or MIXER_DATA) holds `language-id/*/sentences/CODE.txt` and `alpaca/alpaca_data.json.gz`.
PEERS_PYTHON is the interpreter that the tools of benchmarks/language_peers.py are installed in;
those that are not there are passed over, which is said. Thresholds and priors were fitted to every
second line, so only the others count here; texts above 300 characters are those, joined. Figures
are means over languages. The 50 languages are those that langdetect knows, too.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from language_peers import DISTRIBUTIONS, PEERS

from mixer.annotate.identification.identify import identify
from mixer.annotate.language import Step
from mixer.record_builder import RecordBuilder
from mixer.schema import Record, assistant, user

OWN = ("mixer", "mixer-2-threads", "mixer-langdetect")
KNOWN_TO_ALL = (
    *(
        "af",
        "ar",
        "bg",
        "bn",
        "ca",
        "cs",
        "cy",
        "da",
        "de",
        "el",
        "en",
        "es",
        "et",
        "fa",
        "fi",
        "fr",
    ),
    *(
        "gu",
        "he",
        "hi",
        "hr",
        "hu",
        "id",
        "it",
        "ja",
        "ko",
        "lt",
        "lv",
        "mk",
        "mr",
        "nl",
        "pa",
        "pl",
    ),
    *(
        "pt",
        "ro",
        "ru",
        "sk",
        "sl",
        "so",
        "sq",
        "sv",
        "sw",
        "ta",
        "te",
        "th",
        "tl",
        "tr",
        "uk",
        "ur",
    ),
    *("vi", "zh"),
)
BANDS = ("< 50", "50-200", "> 300")
# Enough for a steady figure; slower tools read all texts once.
LEAST_SECONDS = 3.0


class Texts(NamedTuple):
    text: pa.Array
    language: np.ndarray
    band: np.ndarray


class Found(NamedTuple):
    """Labels, and how long they took, by the clock and of processors."""

    language: np.ndarray
    seconds: float
    cpu: float


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", default=os.environ.get("MIXER_DATA"))
    parser.add_argument("--peers", default=sys.executable)
    parser.add_argument("--tools", default=",".join([*OWN, *PEERS]))
    arguments = parser.parse_args()
    data = Path(arguments.data or "")
    if not arguments.data or not (data / "language-id").is_dir():
        sys.exit("no language-id folder: give --data PATH or set MIXER_DATA")
    tools = arguments.tools.split(",")
    if unknown := set(tools) - {*OWN, *PEERS}:
        parser.error(f"no such tool: {', '.join(sorted(unknown))}")
    texts = _texts(sorted(data.glob("language-id/*/sentences/*.txt")))
    _print_versions(arguments.peers, texts)
    _print_tools(tools, arguments.peers, texts)
    _print_languages(texts)
    _print_reliability(texts)
    _print_nothing()
    _print_real_rows(data / "alpaca" / "alpaca_data.json.gz")


def _texts(paths: list[Path]) -> Texts:
    rows: list[tuple[str, str, int]] = []
    for path in paths:
        lines = path.read_text(encoding="utf-8").splitlines()[1::2]
        short = [(line, len(line) >= 50) for line in lines if len(line) <= 200]
        rows += [(line, path.stem, int(band)) for line, band in short]
        joined = ""
        for line in lines:
            joined = f"{joined} {line}".strip()
            if len(joined) > 300:
                rows.append((joined, path.stem, 2))
                joined = ""
    text, language, band = zip(*rows, strict=True)
    return Texts(pa.array(text, pa.string()), np.array(language), np.array(band))


def _print_versions(peers: str, texts: Texts) -> None:
    own = ", ".join(f"{name} {metadata.version(name)}" for name in ("numba", "numpy", "pyarrow"))
    code = (
        "import importlib.metadata as m; names = {d.metadata['Name'] for d in m.distributions()}; "
        f"print(', '.join(f'{{n}} {{m.version(n)}}' for n in {DISTRIBUTIONS} if n in names))"
    )
    done = subprocess.run([peers, "-c", code], capture_output=True, text=True, check=True)
    print(f"CPython {platform.python_version()}, {own}, {os.cpu_count()} processors")
    print(f"peers: {done.stdout.strip()}; load {os.getloadavg()[0]:.1f}")
    counts = ", ".join(f"{(texts.band == i).sum():,} {BANDS[i]}" for i in range(len(BANDS)))
    size = texts.text.nbytes / len(texts.text)
    print(f"texts by characters: {counts}; {size:.0f} bytes on average")


def _print_tools(tools: list[str], peers: str, texts: Texts) -> None:
    langs = sorted(set(texts.language.tolist()))
    print(f"{'right (und) by characters':<18}{'50 languages':>34}{f'{len(langs)} languages':>45}")
    print(
        f"{'tool':<18}"
        + f"{BANDS[0]:>15}{BANDS[1]:>15}{BANDS[2]:>15}" * 2
        + f"{'texts/s':>11}{'a CPU s':>11}"
    )
    for tool in tools:
        try:
            found, seconds, cpu = _own(tool, texts) if tool in OWN else _peer(tool, peers, texts)
        except subprocess.CalledProcessError as error:
            print(f"{tool:<18} passed over: {(error.stderr.strip() or '?').splitlines()[-1]}")
            continue
        line = f"{tool:<18}"
        for among in (KNOWN_TO_ALL, langs):
            for band in range(len(BANDS)):
                right = _mean(found == texts.language, texts, band, among)
                undetermined = _mean(found == "und", texts, band, among)
                line += f"{f'{right:.3f} ({undetermined:.3f})':>15}"
        print(f"{line}{len(found) / seconds:>11,.0f}{len(found) / cpu:>11,.0f}", flush=True)


def _mean(which: np.ndarray, texts: Texts, band: int, languages: Sequence[str]) -> float:
    """The share of texts, as a mean over languages."""
    rows = [(texts.language == name) & (texts.band == band) for name in languages]
    return float(np.mean([which[mine].mean() for mine in rows if mine.any()]))


def _own(tool: str, texts: Texts) -> Found:
    if tool == "mixer-langdetect":
        from mixer.annotate.identification.language_of import language_of

        def by_langdetect() -> list[np.ndarray]:
            return [np.array([language_of(text)[0] for text in texts.text.to_pylist()])]

        return _timed(by_langdetect, 0.0)
    threads = 2 if tool == "mixer-2-threads" else 1
    identify(texts.text[:100])
    cuts = [texts.text.slice(start, 1_000) for start in range(0, len(texts.text), 1_000)]
    with ThreadPoolExecutor(threads) as pool:
        return _timed(lambda: [one.language for one in pool.map(identify, cuts)], LEAST_SECONDS)


def _timed(run: Callable[[], list[np.ndarray]], least: float) -> Found:
    """The times are those of the fastest of some runs."""
    taken: list[float] = []
    used: list[float] = []
    while not taken or sum(taken) < least:
        started, busy = time.perf_counter(), time.process_time()
        parts = run()
        taken.append(time.perf_counter() - started)
        used.append(time.process_time() - busy)
    return Found(np.concatenate(parts), min(taken), min(used))


def _peer(tool: str, peers: str, texts: Texts) -> Found:
    script = Path(__file__).with_name("language_peers.py")
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "in.parquet", Path(folder) / "out.parquet"
        pq.write_table(pa.table({"text": texts.text}), source)
        command = [peers, f"{script}", tool, f"{source}", f"{out}"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found = pq.read_table(out)["language"].to_pylist()
    # They have one label for both kinds of Norwegian.
    names = ["nb" if name == "no" else name for name in found]
    seconds, cpu = map(float, done.stdout.split())
    return Found(np.array(names), seconds, cpu)


def _print_languages(texts: Texts) -> None:
    found = identify(texts.text).language
    print("mixer by language, all lengths:")
    shares = {
        name: (found[texts.language == name] == name).mean()
        for name in sorted(set(texts.language.tolist()))
    }
    words = [f"{name} {share:.2f}" for name, share in shares.items()]
    for start in range(0, len(words), 13):
        print("  " + " ".join(f"{word:<7}" for word in words[start : start + 13]))


def _print_reliability(texts: Texts) -> None:
    found = identify(texts.text)
    chosen = np.isin(texts.language, KNOWN_TO_ALL) & (found.language != "und")
    print("confidence, 50 languages, all lengths:")
    edges = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)
    for low, high in pairwise(edges):
        rows = chosen & (found.confidence >= low) & (found.confidence < high)
        right = (found.language[rows] == texts.language[rows]).mean()
        mean = found.confidence[rows].mean()
        print(f"  {low:.2f}-{min(1, high):.2f} {rows.sum():>7,} said {mean:.3f} right {right:.3f}")


def _print_nothing() -> None:
    path = Path(__file__).with_name("language_none.json")
    print("texts that are of no language, said to be und (language_none.json):")
    for kind, texts in json.loads(path.read_text(encoding="utf-8")).items():
        found = identify(pa.array(texts, pa.string())).language
        wrong = [text for text, name in zip(texts, found, strict=True) if name != "und"]
        print(f"  {kind:<11}{len(texts) - len(wrong):>3} of {len(texts):>2}", end="")
        print(f", not {', '.join(repr(text[:24]) for text in wrong[:4])}" if wrong else "")


def _print_real_rows(path: Path) -> None:
    builder = RecordBuilder("alpaca", None)
    with gzip.open(path) as file:
        for number, row in enumerate(json.load(file)):
            prompt = [user(f"{row['instruction']}\n{row['input']}")]
            builder.add(f"{number}", Record(prompt, [assistant(row["output"])]))
    batch = builder.take()
    started = time.perf_counter()
    found = Step()(batch)
    seconds = time.perf_counter() - started
    print(
        f"alpaca: {batch.num_rows:,} records, {batch.num_rows / seconds:,.0f} records/s, one core"
    )
    for column in ("language", "prompt_language", "answer_language"):
        names = np.array(found[column].to_pylist())
        print(f"  {column}: {(names == 'en').mean():.1%} en, {(names == 'und').mean():.1%} und")


if __name__ == "__main__":
    main()
