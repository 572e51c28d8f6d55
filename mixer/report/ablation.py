"""What `mixer ablate` prints: the family it made, or what results on it say."""

from __future__ import annotations

from mixer.ablation.picture import bars
from mixer.ablation.effects import Analysed, Effect
from mixer.ablation.simplex import MixtureModel
from mixer.cards.ablation_card import AblationSummary
from mixer.report.tables import print_table


def print_family(summary: AblationSummary) -> None:
    values = list(summary.members[0].shares)
    rows = [
        [
            one.name,
            one.designs.replace("_", " "),
            *(f"{one.shares[value]:.3f}" for value in values),
            one.feedback_as or "-",
            f"{one.rows:,}",
            f"{one.tokens:,}",
        ]
        for one in summary.members
    ]
    header = ["member", "design", *values, "feedback as", "rows", "tokens"]
    print_table(header, rows, f"{summary.name}: {len(rows)} members of {summary.size} each")
    for note in summary.notes:
        print(f"note: {note}")
    header = ["one", "other", "the difference answers", "records shared"]
    print_table(header, summary.comparisons, "what may be compared")
    print(f"{summary.other_pairs:,} other pairs differ in more than one thing")


def print_effects(found: Analysed, models: list[MixtureModel]) -> None:
    for metric in dict.fromkeys(effect.metric for effect in found.effects):
        own = [effect for effect in found.effects if effect.metric == metric]
        rows = [
            [effect.design.replace("_", " "), *_cells(effect), f"[{bar}]"]
            for effect, bar in zip(own, bars(own), strict=True)
        ]
        header = ["design", "term", "effect", "95 % interval", "runs", "| is no effect"]
        print_table(header, rows, f"effects on {metric}")
    for model in models:
        _print_model(model)
    for note in found.notes:
        print(f"note: {note}")


def _print_model(model: MixtureModel) -> None:
    rows = [_cells(effect) for effect in model.coefficients]
    title = f"{model.metric} foretold by shares (predicted R² {model.predicted_r2:.2f})"
    print_table(["component alone", "result", "95 % interval", "runs"], rows, title)
    best = ", ".join(f"{value} {share:.3g}" for value, share in model.best.items())
    print(f"best foretold within what was tried: {best} → {model.best_value:.4g}")
    print(f"best foretold of the members: {model.tried} → {model.tried_value:.4g}")
    print()


def _cells(effect: Effect) -> list[str]:
    interval = "-"
    if effect.low is not None and effect.high is not None:
        interval = f"{effect.low:+.4g} to {effect.high:+.4g}"
    return [effect.term, f"{effect.estimate:+.4g}", interval, f"{effect.runs}"]
