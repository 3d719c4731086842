"""Verdicts on all pairs as a sheet: a square of marks, words and letters for the reasons."""

from collections.abc import Iterable, Mapping, Sequence

from thbstats.display import Cell, Column, Sheet, Tone, count
from thbstats.results import Verdict

__all__ = ["square_sheet", "tally_sheet"]

_TONES = {
    Verdict.COMPARABLE: Tone.GOOD,
    Verdict.WITH_CAUTION: Tone.WARN,
    Verdict.NOT_COMPARABLE: Tone.BAD,
    Verdict.CANNOT_TELL: Tone.MUTED,
}
_LEGEND = "✓ comparable, ! comparable with caution, ✗ not comparable, ? cannot tell; letters: why."
_SHORT = 4
"""Names of this length head a column; longer ones are numbered."""


def square_sheet(
    caption: str,
    names: Sequence[str],
    kinds: Sequence[tuple[Verdict, str]],
    square: Sequence[Sequence[int]],
) -> Sheet:
    """Return verdicts as a square: each cell has a mark, a word and the letter of its reasons.

    Parameters
    ----------
    caption : str
        What is compared.
    names : sequence of str
        The numbers.
    kinds : sequence of (Verdict, str)
        What a cell can say: a verdict, and the codes of its reasons.
    square : sequence of sequences of int
        Which of them each cell says; -1 where it is empty.
    """
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
    """Return of how many pairs each rule speaks.

    Parameters
    ----------
    caption : str
        What is compared.
    tally : mapping of str to mapping of str to int
        By rule, and by what it says, a number of pairs.
    """
    heads = list(dict.fromkeys(name for told in tally.values() for name in told))
    rows = [
        [code, *(count(told[name]) if told[name] else "" for name in heads)]
        for code, told in tally.items()
    ]
    return Sheet(
        caption=caption,
        columns=["rule", *(Column(name, "right") for name in heads)],
        rows=rows,
        notes=["How many pairs each rule speaks of, by what it says of them."],
    )


def _cell(verdict: Verdict, codes: str, letter: str) -> Cell:
    sign = "?" if verdict is Verdict.CANNOT_TELL else ""  # the others have the mark of their tone
    hint = ": ".join(filter(None, [verdict.label, codes]))
    return Cell(f"{sign} {letter or 'yes'}".strip(), tone=_TONES[verdict], title=hint)


def _letters(reasons: Iterable[str]) -> dict[str, str]:
    """Return a letter for each reason, then two; none for the absence of reasons."""
    found = [codes for codes in dict.fromkeys(reasons) if codes]
    return {"": ""} | {codes: _letter(place) for place, codes in enumerate(found)}


def _letter(place: int) -> str:
    before, own = divmod(place, 26)
    return (_letter(before - 1) if before else "") + chr(ord("a") + own)
