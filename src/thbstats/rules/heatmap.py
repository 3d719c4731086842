"""Sheets of the verdicts for all pairs of some numbers."""

from collections.abc import Iterable, Mapping, Sequence

from thbstats.display import Cell, Column, Sheet, Tone, count
from thbstats.panel import Verdict

__all__ = ["square_sheet", "tally_sheet"]

_TONES = {
    Verdict.COMPARABLE: Tone.GOOD,
    Verdict.WITH_CAUTION: Tone.WARN,
    Verdict.NOT_COMPARABLE: Tone.BAD,
    Verdict.NOT_ASSESSABLE: Tone.MUTED,
}
_LEGEND = (
    "✓ comparable, ! comparable with caution, ✗ not comparable, ? not assessable; the letters "
    "are the reasons."
)
_SHORT = 4
"""Names of this length are column heads; longer names get numbers."""


def square_sheet(
    caption: str,
    names: Sequence[str],
    kinds: Sequence[tuple[Verdict, str]],
    square: Sequence[Sequence[int]],
) -> Sheet:
    """Return verdicts as a square of marks and letters."""
    letters = _letters(codes for _, codes in kinds)
    cells = [_cell(verdict, codes, letters[codes]) for verdict, codes in kinds]
    short = max(map(len, names), default=0) <= _SHORT
    heads = list(names) if short else [str(place + 1) for place in range(len(names))]
    rows = [
        [name if short else f"{head} {name}", *(cells[kind] if kind >= 0 else "" for kind in row)]
        for head, name, row in zip(heads, names, square, strict=True)
    ]
    notes = [f"{letter}: {codes}." for codes, letter in letters.items() if codes]
    return Sheet(caption=caption, columns=["", *heads], rows=rows, notes=[_LEGEND, *notes])


def tally_sheet(caption: str, tally: Mapping[str, Mapping[str, int]]) -> Sheet:
    """Return the number of pairs by rule and level."""
    heads = list(dict.fromkeys(name for levels in tally.values() for name in levels))
    rows = [
        [code, *(count(levels[name]) if levels.get(name) else "" for name in heads)]
        for code, levels in tally.items()
    ]
    return Sheet(
        caption=caption,
        columns=["rule", *(Column(name, "right") for name in heads)],
        rows=rows,
        notes=["Number of pairs by rule and level."],
    )


def _cell(verdict: Verdict, codes: str, letter: str) -> Cell:
    # The other verdicts have the mark of their tone.
    sign = "?" if verdict is Verdict.NOT_ASSESSABLE else ""
    title = ": ".join(filter(None, [verdict.label, codes]))
    return Cell(f"{sign} {letter or 'yes'}".strip(), tone=_TONES[verdict], title=title)


def _letters(reasons: Iterable[str]) -> dict[str, str]:
    """Return one letter per reason, then two; none for the absence of reasons."""
    found = [codes for codes in dict.fromkeys(reasons) if codes]
    return {"": ""} | {codes: _letter(place) for place, codes in enumerate(found)}


def _letter(place: int) -> str:
    before, own = divmod(place, 26)
    return (_letter(before - 1) if before else "") + chr(ord("a") + own)
