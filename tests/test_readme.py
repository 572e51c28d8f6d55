"""What the README shows is what happens."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from mixer import formats, steps
from mixer.ablation.design import Ablate
from mixer.decontaminate.rules import Rules
from mixer.mixture.goals import Goals, Order, Select, SubsetGoals
from mixer.mixture.share import ShareWords
from mixer.taxonomy import INSTRUCTGPT_USE_CASES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
_SECONDS = re.compile(r"\d+\.\d s")


def _quickstart(folder: Path) -> str:
    command = [sys.executable, "-m", "mixer", "build", "quickstart", "--workers", "1"]
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True
    )
    # Said on a machine's first run alone.
    return re.sub(r"compiling, once on this machine.*\n", "", done.stdout)


def test_the_quickstart_prints_what_the_readme_shows(tmp_path: Path) -> None:
    _, shown, _ = re.split(r"<!-- /?quickstart -->", README)
    printed = _SECONDS.sub("0.0 s", _quickstart(tmp_path))
    assert _SECONDS.sub("0.0 s", shown).strip() == f"```text\n{printed}```"


def test_the_readme_is_short_and_its_commands_are_the_ones_ci_runs() -> None:
    assert len(README.splitlines()) <= 200
    blocks = re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)
    assert blocks[:2] == [
        "pip install . && mixer build quickstart\n",
        "pip install -e '.[dev]' && pytest\n",
    ]


def test_every_format_has_a_module_docstring_with_a_raw_row_and_a_case() -> None:
    for name in formats.names():
        document = formats.load(name).__doc__
        assert "\n    " in document
        assert (ROOT / "tests" / "formats" / f"test_{name}.py").is_file()


def test_every_step_says_what_it_does() -> None:
    for kind in ("annotate", "screen", "dedup"):
        for name in steps.names(kind):
            assert steps.step_type(kind, name).__doc__


def test_the_recipes_page_names_every_recipe_and_every_goal() -> None:
    page = (ROOT / "recipes" / "README.md").read_text(encoding="utf-8")
    for recipe in sorted((ROOT / "recipes").glob("*.yaml")):
        assert f"| `{recipe.stem}` |" in page
    structs = (Goals, Select, Order, SubsetGoals, ShareWords, Ablate, Rules)
    fields = {field for struct in structs for field in struct.__struct_fields__}
    missing = sorted(field for field in fields if not re.search(rf"\b{field}\b", page))
    assert not missing


def test_the_recipes_page_names_every_task_type_with_its_use_case() -> None:
    page = (ROOT / "recipes" / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| (\w+) \|$", page, flags=re.MULTILINE))
    assert rows == INSTRUCTGPT_USE_CASES
