"""Solving and drawing a mixture: time by number of cells, and how well shares are met beside peers.

    python benchmarks/mixture.py [--repeat 5]

Three parts, on synthetic records (no data needed):
  solve    three columns with targets and others held in natural proportion; rows and tokens
  generic  the same problem given to a generic convex solver, if cvxpy is installed
  shares   a 40 / 35 / 25 mixture of 100,000 rows, beside datasets.interleave_datasets with those
           probabilities; the two alternate, medians are of all runs
"""

from __future__ import annotations

import argparse
import platform
import resource
import statistics
import time
from collections.abc import Callable
from importlib import metadata

import numpy as np

from mixer.mixture.cells import Axis, make_cells
from mixer.mixture.draw import priorities
from mixer.mixture.goals import Goals, Values
from mixer.mixture.problem import Problem
from mixer.mixture.solve import Solution, problem_of, solve
from mixer.mixture.supply import Supply

SHARES = {"short_answer": 0.40, "long_form": 0.35, "creative": 0.25}
SIZE = 100_000
CASES = (
    (20_000, (3, 13, 8), 5_000),
    (200_000, (3, 13, 8, 30), 50_000),
    (1_000_000, (3, 13, 50, 200), 200_000),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=5)
    repeat = parser.parse_args().repeat
    print(_versions())
    _solve_part(repeat)
    _shares_part(repeat)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of this process: {peak:,.0f} MiB")


def _versions() -> str:
    names = ("numpy", "scipy", "datasets", "cvxpy", "clarabel")
    found = [f"{name} {metadata.version(name)}" for name in names if _has(name)]
    return f"CPython {platform.python_version()}, {', '.join(found)}"


def _has(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _solve_part(repeat: int) -> None:
    print(f"{'cells':>9} {'targets':>8} {'unit':>7} {'seconds':>8} {'worst':>7}  generic solver")
    for records, values, size in CASES:
        for unit in ("rows", "tokens"):
            supply, problem, goals = _case((records, values, size), unit)
            solution = solve(problem, goals, supply)
            seconds = _median(lambda p=problem, g=goals, s=supply: solve(p, g, s), repeat)  # type: ignore[misc]  # bound now
            generic = _generic(problem) if unit == "rows" and records < 1_000_000 else ""
            cells, targets = len(problem.low), len(problem.targets)
            worst = _worst(solution)
            print(f"{cells:9,} {targets:8} {unit:>7} {seconds:8.2f} {worst:7.2f}  {generic}")


def _case(case: tuple[int, tuple[int, ...], int], unit: str) -> tuple[Supply, Problem, Goals]:
    records, values, size = case
    generator = np.random.Generator(np.random.PCG64(0))
    axes = []
    for number, count in enumerate(values):
        parts = generator.dirichlet(np.full(count, 0.7))
        names = [f"v{i:03d}" for i in range(count)]
        axes.append(Axis(f"c{number}", names, generator.choice(count, records, p=parts)))
    cells = make_cells(axes, np.ones(records, bool))
    tokens = np.ceil(generator.lognormal(5, 1, records)).astype(np.int64)
    amounts = {"tokens": tokens, "answer_tokens": tokens // 2}
    supply = Supply(cells, generator.permutation(records), amounts)  # type: ignore[arg-type]  # units are literals
    shares: dict[str, str | Values] = {}
    for number, count in enumerate(values):
        available = cells.available(f"c{number}")
        wish = {name: rows * generator.uniform(0.6, 1.4) for name, rows in available.items()}
        total = sum(wish.values())
        stated = dict(list(wish.items())[: max(1, 2 * count // 3)])
        shares[f"c{number}"] = {name: 0.99 * rows / total for name, rows in stated.items()}
        if number == 3:
            shares[f"c{number}"] = "natural"
    sizes = {"rows": size} if unit == "rows" else {"tokens": size * 100}
    goals = Goals(shares=shares, shares_of=unit, max_epochs=2, **sizes)  # type: ignore[arg-type]  # units are literals
    return supply, problem_of(cells, goals, [], supply), goals


def _worst(solution: Solution) -> float:
    """The largest distance of a target from its bounds, in rows of average size."""
    problem, rows = solution.problem, solution.rows.astype(float)
    assert solution.outcome == "met"
    worst = 0.0
    for target in problem.targets:
        low, high = problem.bounds_at(target, rows)
        amount = problem.amount(rows, target)
        off = max(low - amount, amount - high, 0.0)
        worst = max(worst, off * rows.sum() / problem.total(rows, target.unit))
    return worst


def _generic(problem: Problem) -> str:
    """Seconds of cvxpy with Clarabel for the fractional problem alone."""
    if not _has("cvxpy"):
        return "not installed"
    import cvxpy

    from mixer.mixture.problem import rows_of

    assert problem.size is not None
    rows, size = rows_of(problem), problem.size[1]
    natural = problem.cells.records / problem.cells.records.sum()
    share = cvxpy.Variable(len(natural))
    bounds = [
        share >= problem.low / size,
        share <= problem.high / size,
        rows.matrix @ share == rows.least / size,
    ]
    start = time.perf_counter()
    try:
        asked = cvxpy.Problem(cvxpy.Minimize(cvxpy.sum(cvxpy.kl_div(share, natural))), bounds)
        asked.solve(solver=cvxpy.CLARABEL)
    except cvxpy.error.SolverError as error:
        return f"failed: {str(error).split('.')[0]}"
    return f"{time.perf_counter() - start:.2f} s ({asked.status})"


def _shares_part(repeat: int) -> None:
    generator = np.random.Generator(np.random.PCG64(1))
    names = list(SHARES)
    codes = generator.choice(3, 1_000_000, p=[0.7, 0.2, 0.1])
    runs: dict[str, Callable[[], np.ndarray]] = {
        "mixer": lambda: _by_mixer(codes, names),
        "datasets.interleave_datasets": lambda: _by_datasets(codes, names),
    }
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    drawn: dict[str, np.ndarray] = {}
    for _ in range(repeat):
        for name, run in runs.items():
            start = time.perf_counter()
            drawn[name] = run()
            seconds[name].append(time.perf_counter() - start)
    print(f"\n{SIZE:,} of 1,000,000 records at {' / '.join(map(str, SHARES.values()))}")
    for name, counts in drawn.items():
        wanted = np.array([SHARES[each] for each in names]) * SIZE
        off = np.abs(counts - wanted).max()
        rows = int(counts.sum())
        print(
            f"{name:30} {statistics.median(seconds[name]):7.3f} s  {rows:,} rows, off by {off:.0f}"
        )


def _by_mixer(codes: np.ndarray, names: list[str]) -> np.ndarray:
    keys = np.arange(2 * len(codes), dtype=np.uint64).reshape(-1, 2)
    order = sorted(range(3), key=lambda code: names[code])
    rank = np.argsort(order)
    axis = Axis("form", [names[code] for code in order], rank[codes])
    cells = make_cells([axis], np.ones(len(codes), bool))
    supply = Supply(cells, priorities(keys, 7), {})
    goals = Goals(rows=SIZE, shares={"form": dict(SHARES)})
    solution = solve(problem_of(cells, goals, [], supply), goals, supply)
    return np.bincount(codes, supply.repeats(solution.rows), minlength=3)


def _by_datasets(codes: np.ndarray, names: list[str]) -> np.ndarray:
    from datasets import Dataset, interleave_datasets

    parts = [
        Dataset.from_dict({"code": codes[codes == code]}).shuffle(seed=7)
        for code in range(len(names))
    ]
    shares = [SHARES[name] for name in names]
    mixed = interleave_datasets(
        parts, probabilities=shares, seed=7, stopping_strategy="first_exhausted"
    )
    chosen = np.array(mixed.select(range(min(SIZE, len(mixed))))["code"])
    return np.bincount(chosen, minlength=3)


def _median(run: Callable[[], object], repeat: int) -> float:
    seconds = []
    for _ in range(repeat):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()
