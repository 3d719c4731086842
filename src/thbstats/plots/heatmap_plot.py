"""Which of some numbers may be compared with which: a square of signs and letters."""

from collections.abc import Iterable, Sequence
from string import ascii_lowercase

from attrs import frozen
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle

from thbstats.comparability import Comparisons
from thbstats.display import count
from thbstats.errors import InvalidValue
from thbstats.plots.canvas import WIDTH, open_axes, room
from thbstats.plots.footnotes import CODES, footer, where
from thbstats.plots.layout import PAD, Around, Body, Key, frame, plain
from thbstats.plots.lettering import capital, height_of, wide, wrapped
from thbstats.plots.style import BLACK, BLUE, GREY, INK, PAPER, RULE, TEXT
from thbstats.plots.wording import subject_of
from thbstats.results import Verdict, Warnings

__all__ = ["heatmap"]

_SMALLEST, _LARGEST = 9.0, 26.0
"""Points: a cell in which a sign can be read, and one that needs no more room."""
_BESIDE = 6.0
_NAMES = 0.34
_SHORT = 4
"""Names of this length head a column; longer ones are numbered."""
_SPOKEN = 8
"""Of so many numbers at most the alt text names every pair."""


@frozen
class _Look:
    """How a verdict is drawn: its sign, the colours of the cell and of the sign."""

    sign: str
    face: str
    ink: str


_LOOKS = {
    Verdict.COMPARABLE: _Look("=", BLUE, PAPER),
    Verdict.WITH_CAUTION: _Look("!", "#F6D2BC", BLACK),
    Verdict.NOT_COMPARABLE: _Look("x", INK, PAPER),
    Verdict.CANNOT_TELL: _Look("?", PAPER, BLACK),
}
_LABELS = {verdict.label: verdict for verdict in Verdict}


@frozen(kw_only=True)
class _Cell:
    """What is said of two numbers: the verdict and the codes of its reasons."""

    row: int
    column: int
    verdict: Verdict
    codes: str


def heatmap(
    found: Comparisons,
    *,
    ax: Axes | None = None,
    width: float = WIDTH,
    title: str = "",
) -> Axes:
    """Draw the verdict on every pair of numbers as a cell with a sign and a letter for its reasons.

    Parameters
    ----------
    found : Comparisons
        What `compare_all` gave; rows and columns have the order of its numbers.
    ax, width, title : optional
        As for `bars`.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InvalidValue
        If there are fewer than two numbers, or so many that no sign could be read.

    Examples
    --------
    >>> import thbstats as thb
    >>> found = thb.compare_all(thb.funnel(thb.publications.com_2018_777().data.justice))
    >>> ax = thb.plots.heatmap(found)
    >>> sorted({text.get_text() for text in ax.texts if text.get_gid().startswith("cell")})
    ['xa']
    """
    names = found.names
    if len(names) < 2:
        raise InvalidValue(
            "a comparison is of two numbers", field="found", value=len(names), mend="Give two"
        )
    axes = open_axes(ax, width)
    body, side = _set_up(axes, names)
    cells = _cells(found)
    letters = _letters(cell.codes for cell in cells)
    for cell in cells:
        _draw(axes, cell, letters[cell.codes], side)
    for place in range(len(names)):
        _box(axes, place, place, RULE).set_gid(f"itself-{place}")
    numbers = found.numbers.items
    around = Around(
        kind=f"Heat map, {len(names)} by {len(names)}",
        title=title or "Which of these numbers may be compared",
        where=f"{_subject(found)}, {where(numbers)}",
        footer=[
            *_reasons(letters),
            *_gaps(found.left_out),
            *footer(numbers, Warnings()),
        ],
        said=[found.heading, *_pairs(names, cells)],
    )
    return frame(axes, around, body, _keys(found))


def _set_up(ax: Axes, names: Sequence[str]) -> tuple[Body, float]:
    """Give axes a row and a column for each number; return the room and the side of a cell."""
    whole, size = room(ax), len(names)
    short = max(map(len, names)) <= _SHORT
    heads = list(names) if short else [str(place + 1) for place in range(size)]
    told = [
        name if short else wrapped(f"{head} {name}", whole * _NAMES, TEXT)
        for head, name in zip(heads, names, strict=True)
    ]
    left = max(wide(name, TEXT) for name in told) + _BESIDE + PAD
    side = min(_LARGEST, (whole - left - PAD) / size)
    if side < _SMALLEST:
        raise InvalidValue(
            "in a square of so many numbers no sign can be read",
            field="found",
            value=size,
            mend="Give fewer numbers, or more width; Comparisons.tally() counts pairs by reason",
        )
    high = max(side, max(height_of(name, TEXT) for name in told) + 2)
    plain(ax)
    ax.set_xlim(-0.5, size - 0.5)
    ax.set_ylim(size - 0.5, -0.5)
    ax.set_yticks(range(size), told)
    upright = max(wide(head, TEXT) for head in heads) > side - 3
    ax.set_xticks(range(size), heads, rotation=90 if upright else 0)
    ax.xaxis.tick_top()
    ax.tick_params(pad=_BESIDE)
    above = (max(wide(head, TEXT) for head in heads) if upright else TEXT) + 2 * _BESIDE
    right = whole - left - side * size
    return Body(left=left, right=right, height=high * size, above=above, below=2.0), side


def _cells(found: Comparisons) -> list[_Cell]:
    """Return what is said of each pair that was asked for, both ways round."""
    matrix = found.matrix().to_numpy(dtype=object)
    cells = []
    for row, texts in enumerate(matrix):
        for column, text in enumerate(texts):
            if isinstance(text, str):
                label, _, codes = text.partition(": ")
                cells.append(_Cell(row=row, column=column, verdict=_LABELS[label], codes=codes))
    return cells


def _letters(reasons: Iterable[str]) -> dict[str, str]:
    """Return a letter for each set of reasons, none for no reason."""
    distinct = [codes for codes in dict.fromkeys(reasons) if codes]
    return {"": ""} | {codes: _letter(place) for place, codes in enumerate(distinct)}


def _letter(place: int) -> str:
    before, own = divmod(place, len(ascii_lowercase))
    return (_letter(before - 1) if before else "") + ascii_lowercase[own]


def _draw(ax: Axes, cell: _Cell, letter: str, side: float) -> None:
    look = _LOOKS[cell.verdict]
    _box(ax, cell.row, cell.column, look.face).set_gid(f"box-{cell.row}-{cell.column}")
    text = f"{look.sign}{letter}"
    size = min(TEXT, (side - 2) / max(wide(text, 1.0), 1.0))
    made = ax.text(
        cell.column, cell.row, text, ha="center", va="center", fontsize=size, color=look.ink
    )
    made.set_gid(f"cell-{cell.row}-{cell.column}")


def _box(ax: Axes, row: int, column: int, face: str) -> Rectangle:
    box = Rectangle(
        (column - 0.5, row - 0.5),
        1,
        1,
        facecolor=face,
        edgecolor=GREY,
        linewidth=0.6,
        clip_on=False,
    )
    ax.add_patch(box)
    return box


def _keys(found: Comparisons) -> list[Key]:
    """Return the verdicts that occur, with their signs and the number of pairs."""
    return [
        (
            Patch(facecolor=_LOOKS[verdict].face, edgecolor=GREY),
            f"{_LOOKS[verdict].sign} {verdict.label}: {count(number)} of {count(len(found))} pairs",
        )
        for verdict, number in found.counts().items()
        if number
    ]


def _subject(found: Comparisons) -> str:
    """Return what the numbers are: what all of them are, else their caption."""
    one = len(set(found.numbers.labels)) == 1
    return capital(subject_of(found.numbers) if one else found.numbers.caption)


def _reasons(letters: dict[str, str]) -> list[str]:
    """Return what each letter stands for, and each family of warnings in a few words."""
    told = [f"{letter}: {codes}" for codes, letter in letters.items() if codes]
    codes = dict.fromkeys(code for listed in letters for code in listed.split(", ") if code)
    words = [f"{code}: {CODES[code]}" for code in codes if code in CODES]
    lines = (("Reasons", told), ("In words", words))
    return [f"{name}: {'; '.join(line)}." for name, line in lines if line]


def _gaps(left_out: Sequence[str]) -> list[str]:
    return [f"Left out for lack of a count: {'; '.join(left_out)}."] if left_out else []


def _pairs(names: Sequence[str], cells: Sequence[_Cell]) -> list[str]:
    """Return every pair in words, unless they are too many to be heard."""
    if len(names) > _SPOKEN:
        return []
    return [
        f"{names[cell.row]} with {names[cell.column]}: {cell.verdict.label}"
        + (f" ({cell.codes})" if cell.codes else "")
        for cell in cells
        if cell.row < cell.column
    ]
