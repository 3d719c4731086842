"""Base class of code lists."""

from enum import StrEnum
from functools import cache
from typing import Self

from thbstats.errors import UnknownName, did_you_mean

# "Women" are female adults: neither a sex nor an age group alone.
_SEX_AND_AGE = {
    **dict.fromkeys(("women", "woman"), ("female", "adult")),
    **dict.fromkeys(("girls", "girl"), ("female", "child")),
    **dict.fromkeys(("men", "man"), ("male", "adult")),
    **dict.fromkeys(("boys", "boy"), ("male", "child")),
}

_Entry = tuple[str, str, str | None, tuple[str, ...], str]

# "cross-border", "cross_border" and "Cross border" are equal. "<" and "+" are significant.
_SEPARATORS = dict.fromkeys(map(ord, "-_/(),;.\u2010\u2011\u2012\u2013\u2014"), " ")


def entry(
    code: str, label: str, synonyms: str = "", *, parent: str | None = None, note: str = ""
) -> _Entry:
    """Return the definition of a code; semicolons separate its synonyms."""
    return code, label, parent, tuple(synonyms.split("; ")) if synonyms else (), note


class Code(StrEnum):
    """Code of a code list: a string with label, synonyms, parent and note.

    Attributes
    ----------
    label : str
        Label for readers.
    synonyms : tuple of str
        Other spellings for `parse`.
    note : str
        Differences from other classifications, or ``""``.
    """

    label: str
    synonyms: tuple[str, ...]
    note: str
    _parent_code: str | None

    # Defaults for type checkers, which otherwise reject the lookup `Sex("female")`.
    def __new__(
        cls,
        code: str,
        label: str = "",
        parent: str | None = None,
        synonyms: tuple[str, ...] = (),
        note: str = "",
    ) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        member.synonyms = synonyms
        member.note = note
        member._parent_code = parent
        return member

    @property
    def parent(self) -> Self | None:
        """Parent that includes the code, or None at the top.

        The counts of the children need not sum to the count of the parent: categories may
        overlap or be missing.
        """
        return None if self._parent_code is None else type(self)(self._parent_code)

    @property
    def children(self) -> tuple[Self, ...]:
        """Codes with this parent, in the order of the list."""
        return tuple(other for other in type(self) if other._parent_code == self.value)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the code of a text.

        Parameters
        ----------
        text : str
            A code, label or synonym; case, spaces, hyphens and underscores are ignored.

        Returns
        -------
        Code
            A member of the list.

        Raises
        ------
        UnknownName
            If the text is not in the list.
        """
        code = _spellings(cls).get(_plain(text))
        if code is None:
            raise UnknownName(
                f"must be a code of {cls.__name__}",
                value=text,
                hint=lambda: _hint(cls, _plain(text)),
            )
        return cls(code)


def _hint(codes: type[Code], text: str) -> str:
    if text in _SEX_AND_AGE and codes.__name__ in ("Sex", "AgeGroup"):
        sex, age = _SEX_AND_AGE[text]
        return f"Use sex={sex!r} with age={age!r}; sex={sex!r} alone includes all ages"
    return did_you_mean(text.replace(" ", "_"), codes)


def _plain(text: object) -> str:
    return " ".join(str(text).casefold().translate(_SEPARATORS).split())


@cache
def _spellings(codes: type[Code]) -> dict[str, str]:
    return {
        _plain(spelling): member.value
        for member in codes
        for spelling in (member.value, member.label, *member.synonyms)
    }
