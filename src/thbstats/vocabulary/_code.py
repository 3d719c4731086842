"""What every list of our words has in common."""

from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from typing import Self

from thbstats.errors import UnknownName, did_you_mean

__all__ = ["Code", "entry"]

_Entry = tuple[str, str, str | None, tuple[str, ...], str]

# Sources write "cross-border", "cross_border" and "Cross border"; none of these signs tells
# two words apart. "<" and "+" do ("<18", "18+"), so they stay.
_SEPARATORS = dict.fromkeys(map(ord, "-_/(),;.\u2010\u2011\u2012\u2013\u2014"), " ")


def entry(
    code: str, label: str, *, under: str | None = None, also: Iterable[str] = (), note: str = ""
) -> _Entry:
    """Return the entry of one word: its code, label, parent, synonyms and note.

    Parameters
    ----------
    code : str
        The word itself, as it stands in tables and files.
    label : str
        The word as a reader sees it.
    under : str, optional
        Code of the wider word of the same list.
    also : iterable of str
        Other spellings that ``parse`` accepts; case, spaces and hyphens do not matter.
    note : str
        Where other classifications differ, in plain words.
    """
    return code, label, under, tuple(also), note


class Code(StrEnum):
    """A word of the field: a string with a label, synonyms, a parent and perhaps a note.

    Attributes
    ----------
    label : str
        The word as a reader sees it.
    synonyms : tuple of str
        Other spellings that `parse` accepts.
    note : str
        Where other classifications differ, or ``""``.
    """

    label: str
    synonyms: tuple[str, ...]
    note: str
    _under: str | None

    # The defaults let type checkers accept the lookup `Sex("female")`; no member uses them.
    def __new__(
        cls,
        code: str,
        label: str = "",
        under: str | None = None,
        synonyms: tuple[str, ...] = (),
        note: str = "",
    ) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        member.synonyms = synonyms
        member.note = note
        member._under = under
        return member

    @property
    def parent(self) -> Self | None:
        """The wider word that includes this one, or None at the top.

        A parent includes its children; whether their counts add up to its own depends on
        the table (categories may overlap, and a category may be missing).
        """
        return None if self._under is None else type(self)(self._under)

    @property
    def children(self) -> tuple[Self, ...]:
        """The words right below this one, in the order of the list."""
        return tuple(other for other in type(self) if other._under == self.value)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the word that a text means.

        Parameters
        ----------
        text : str
            A member, its code, its label or one of its synonyms; case, spaces, hyphens and
            underscores do not matter.

        Returns
        -------
        Code
            A member of this list.

        Raises
        ------
        UnknownName
            If no word of the list is written so; the error says which words exist.
        """
        code = _spellings(cls).get(_plain(text))
        if code is None:
            raise UnknownName(
                f"not a word of {cls.__name__}",
                value=text,
                hint=lambda: did_you_mean(_plain(text).replace(" ", "_"), cls),
            )
        return cls(code)


def _plain(text: object) -> str:
    return " ".join(str(text).casefold().translate(_SEPARATORS).split())


@cache
def _spellings(words: type[Code]) -> dict[str, str]:
    return {
        _plain(spelling): member.value
        for member in words
        for spelling in (member.value, member.label, *member.synonyms)
    }
