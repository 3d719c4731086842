"""Where a figure was published."""

from datetime import date, datetime
from typing import Literal

from attrs import field, frozen

from thbstats._characters import is_encodable
from thbstats.errors import InvalidValue

__all__ = ["Source", "to_day"]

_TEXTS = ("title", "publisher", "document", "section", "url", "terms")
_KINDS = ("primary", "secondary", "not_stated")


def _stripped(value: object) -> str:
    return str(value).strip()


def to_day(value: date | str | None, name: str = "day") -> date | None:
    """Read a day; ``None`` says that none is stated.

    Raises
    ------
    InvalidValue
        If it is none.
    """
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InvalidValue(
            "this is not a day",
            field=name,
            value=value,
            hint="Give a date or text such as '2018-12-03'",
        ) from None


def _published(value: date | str | None) -> date | None:
    return to_day(value, "published")


@frozen(kw_only=True)
class Source:
    """The publication that states a figure.

    Parameters
    ----------
    title : str
        The name of the publication or data set.
    publisher, document, section, url : str
        Who published it, its number, the place in it, its address; empty when not known.
    published : datetime.date, str or None
        The day of publication, which tells vintages apart.
    kind : {"primary", "secondary", "not_stated"}
        Whether the page is the publisher's own or one that quotes it.
    terms : str
        The terms of use, where they restrict what may be done with the figures.

    Raises
    ------
    InvalidValue
        If the title is empty, a text contains half a character (a lone surrogate), the day cannot
        be read or the kind does not exist.

    Examples
    --------
    >>> report = Source(
    ...     title="Second progress report on trafficking in human beings",
    ...     document="COM(2018) 777 final",
    ...     published="2018-12-03",
    ... )
    >>> report.published.year
    2018
    """

    title: str = field(converter=_stripped)
    publisher: str = field(default="", converter=_stripped)
    document: str = field(default="", converter=_stripped)
    section: str = field(default="", converter=_stripped)
    url: str = field(default="", converter=_stripped)
    published: date | None = field(default=None, converter=_published)
    kind: Literal["primary", "secondary", "not_stated"] = "not_stated"
    terms: str = field(default="", converter=_stripped)

    def __attrs_post_init__(self) -> None:
        if not self.title:
            raise InvalidValue(
                "a source needs a name", field="title", value=self.title, hint="Give its title"
            )
        for name in _TEXTS:
            if not is_encodable(getattr(self, name)):
                raise InvalidValue(
                    "a source must not contain half a character, which no file can hold",
                    field=name,
                    value=getattr(self, name)[:80],
                    hint="Write the text again",
                )
        if self.kind not in _KINDS:
            raise InvalidValue(
                "no such kind of source",
                field="kind",
                value=self.kind,
                hint=f"Use one of {', '.join(_KINDS)}",
            )

    @property
    def forbids_narrowing(self) -> bool:
        """Whether its terms forbid to tell hidden counts more closely: to identify anybody."""
        return "identif" in self.terms.casefold()

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.title, self.document, self.section)))
