"""Measures language identification: accuracy on sentences, word pairs and single words of known
language, how often the English fast path is wrong there, its agreement with plain langdetect on
real rows, and rows/s.

    python benchmarks/language.py --data PATH

PATH (or MIXER_DATA) holds `language-id/*/{sentences,word-pairs,single-words}/CODE.txt` and
`alpaca/alpaca_data.json.gz`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import sys
import time
from pathlib import Path

from mixer.annotate.identification import language_of as module
from mixer.annotate.identification.language_of import language_of

LINES = 100
SAMPLE_ROWS = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", default=os.environ.get("MIXER_DATA"))
    data = parser.parse_args().data
    if not data or not (Path(data) / "language-id").is_dir():
        sys.exit("no language-id folder: give --data PATH or set MIXER_DATA")
    for kind in ("sentences", "word-pairs", "single-words"):
        _accuracy(kind, sorted(Path(data).glob(f"language-id/*/{kind}/*.txt")))
    _real_rows(Path(data) / "alpaca" / "alpaca_data.json.gz")


def _accuracy(kind: str, paths: list[Path]) -> None:
    supported = set(_supported())
    right: dict[str, float] = {}
    undetermined = rows = false_english = 0
    for path in paths:
        lines = path.read_text(encoding="utf-8").splitlines()[:LINES]
        found = [language_of(line)[0] for line in lines]
        rows += len(lines)
        undetermined += found.count("und")
        if path.stem != "en":
            fast = (module._is_plainly_english(module._first_words(line)) for line in lines)
            false_english += sum(fast)
        if path.stem in supported:
            right[path.stem] = found.count(path.stem) / len(lines)
    mean = sum(right.values()) / len(right)
    print(
        f"{kind}: {rows:,} lines of {len(paths)} languages, {undetermined / rows:.1%} undetermined"
    )
    print(f"  fast path says English of {false_english} lines in other languages")
    print(f"  mean accuracy over the {len(right)} languages that langdetect knows: {mean:.3f}")
    print("  " + ", ".join(f"{language} {share:.2f}" for language, share in sorted(right.items())))


def _supported() -> list[str]:
    return [language.split("-")[0] for language in module._factory().langlist]


def _real_rows(path: Path) -> None:
    with gzip.open(path) as file:
        rows = json.load(file)
    sample = random.Random(7).sample(rows, SAMPLE_ROWS)
    texts = [f"{row['instruction']} {row['input']}\n{row['output']}" for row in sample]
    started = time.perf_counter()
    found = [language_of(text)[0] for text in texts]
    seconds = time.perf_counter() - started
    words = [module._first_words(text) for text in texts]
    fast = [each for each in words if module._is_plainly_english(each)]
    agree = sum(module._detected(" ".join(each))[0] == "en" for each in fast)
    print(f"real rows: {len(texts):,} of alpaca, {len(texts) / seconds:,.0f} rows/s on one core")
    print(f"  {found.count('en') / len(texts):.1%} English, {len(fast):,} by the fast path,")
    print(f"  of which plain langdetect says English too: {agree / len(fast):.4f}")


if __name__ == "__main__":
    main()
