"""Measures the estimate of tokens (mixer/tokens.py) against a real tokenizer on real rows.

    python benchmarks/tokens.py --data PATH --tokenizer FILE [--rows 500]

FILE is a Hugging Face `tokenizer.json`, or a list of a byte-pair vocabulary as tiktoken has it (a
line a token: base64, rank; `pip install tiktoken`). PATH is that of benchmarks/screens.py.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from screens import batches, read_shards

from mixer.conversation import conversations
from mixer.tokens import estimate_tokens

SPLIT = (  # of cl100k_base and o200k_base alike, apart from what parts capitals
    r"""'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"""
    r"""| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", default=os.environ.get("MIXER_DATA"))
    parser.add_argument("--tokenizer", required=True, type=Path)
    parser.add_argument("--rows", type=int, default=500, help="of each source")
    parser.add_argument("--work", type=Path)
    arguments = parser.parse_args()
    if not arguments.data or not Path(arguments.data).is_dir():
        sys.exit("no data: give --data PATH or set MIXER_DATA")
    count = _counter(arguments.tokenizer)
    print(f"{'source':<14}{'texts':>7}{'tokens':>10}{'estimate':>10}{'off by, mean':>14}")
    means = []
    with tempfile.TemporaryDirectory() as temporary:
        texts = _texts(arguments, arguments.work or Path(temporary))
    for source, found in texts.items():
        real = np.array([count(text) for text in found], float)
        estimate = np.array([estimate_tokens(text) for text in found], float)
        means.append(np.mean(np.abs(estimate - real) / real))
        share = estimate.sum() / real.sum()
        print(f"{source:<14}{len(found):>7,}{real.sum():>10,.0f}{share:>10.3f}{means[-1]:>14.1%}")
    print(f"mean of the sources: {np.mean(means):.1%}")


def _texts(arguments: argparse.Namespace, work: Path) -> dict[str, list[str]]:
    """So many random prompts and best answers of each source."""
    generator = random.Random(7)
    found: dict[str, list[str]] = {}
    for source, batch in batches(read_shards(arguments.data, work), ["prompt", "answers"]):
        for one in conversations(batch):
            prompt = "\n".join(text for _, text in one.turns)
            found.setdefault(source, []).extend(filter(str.strip, (prompt, one.best_answer or "")))
    return {
        source: generator.sample(texts, min(len(texts), 2 * arguments.rows))
        for source, texts in found.items()
    }


def _counter(path: Path) -> Callable[[str], int]:
    if path.suffix == ".json":
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(path))
        return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)
    import tiktoken
    from tiktoken.load import load_tiktoken_bpe

    ranks = load_tiktoken_bpe(str(path))
    encoding = tiktoken.Encoding(path.stem, pat_str=SPLIT, mergeable_ranks=ranks, special_tokens={})
    return lambda text: len(encoding.encode(text, disallowed_special=()))


if __name__ == "__main__":
    main()
