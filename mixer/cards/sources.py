"""The section of a mixture's card on its sources: what they are, who made them, what to beware."""

from __future__ import annotations

from mixer.cards.markdown import escaped, table
from mixer.cards.source_card import KnownBad, SourceCard, source_card
from mixer.cards.summary import SourceSummary, Summary


def sources(summary: Summary) -> str:
    header = ["source", "rows", "licence", "prompts made by", "answers made by", "cautions"]
    cells = [_cells(source, _card(source)) for source in summary.sources]
    return "\n".join(["## Sources\n", table(header, cells), *map(_source, summary.sources)])


def _cells(source: SourceSummary, card: SourceCard | None) -> list[str]:
    drawn = [source.name, f"{source.drawn_rows:,}", source.license]
    if card is None:
        return [*drawn, "unknown", "unknown", ""]
    cautions = len(card.cautions) + len(_bad(source, card))
    return [*drawn, card.prompts_made, card.answers_made, str(cautions)]


def _source(source: SourceSummary) -> str:
    facts = [
        f"### {source.name}\n",
        f"- read: {escaped(source.origin)} as `{source.format}`",
        f"- records: {source.read:,} read, {sum(source.quarantined.values()):,} quarantined, "
        f"{sum(source.dropped.values()):,} dropped, {source.not_drawn:,} not drawn, "
        f"{source.drawn:,} drawn as {source.drawn_rows:,} rows"
        + (f", {source.removed:,} removed afterwards" if source.removed else ""),
        f"- licence: {escaped(source.license)}",
    ]
    facts += [f"- treatment: {escaped(name)} ({n:,})" for name, n in source.treatments.items()]
    return "\n".join([*facts, *_card_facts(source, _card(source))]) + "\n"


def _card_facts(source: SourceSummary, card: SourceCard | None) -> list[str]:
    if card is None:
        return ["- no data card: `card:` in the recipe names one"]
    facts = [
        f"- data card `{card.name}`: {card.title} ({card.homepage}), {card.released}",
        f"- paper: {card.paper}",
        f"- prompts: {card.prompts_by}",
        f"- answers: {card.answers_by}",
    ]
    if parents := [*(f"`{name}`" for name in card.parents), *card.other_parents]:
        facts.append(f"- made from: {', '.join(parents)}")
    facts.append(f"- intended use: {card.intended_use}")
    facts += [f"- caution: {caution}" for caution in card.cautions]
    facts += [_beware(bad) for bad in _bad(source, card)]
    against = sorted(set(source.use or ()) & set(card.not_for))
    facts += [f"- **used for `{use}` although its card warns against it**" for use in against]
    return facts


def _bad(source: SourceSummary, card: SourceCard) -> list[KnownBad]:
    """What may have been read: of a source of files nobody knows the revision."""
    return [
        bad
        for bad in card.known_bad
        if source.revision is None or bad.revision in (None, source.revision)
    ]


def _beware(bad: KnownBad) -> str:
    if bad.version is not None:
        return f"- caution, known to be bad: {bad.version}: {bad.why} ({bad.reference})"
    return f"- **revision {bad.revision} is known to be bad**: {bad.why} ({bad.reference})"


def _card(source: SourceSummary) -> SourceCard | None:
    return source_card(source.card) if source.card else None
