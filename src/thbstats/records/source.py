"""Sources of figures."""

from datetime import date
from typing import Any, ClassVar, Literal

from attrs import field, frozen

from thbstats._characters import is_encodable
from thbstats._model_fields import fields_in, model_field, object_shape
from thbstats._signatures import explain_arguments
from thbstats.errors import InvalidValue, did_you_mean, require
from thbstats.values.period import to_day

_TEXTS = ("title", "publisher", "document", "section", "url", "terms")
_KINDS = ("primary", "secondary", "not_stated")


def _stripped(value: object) -> str:
    return str(value).strip()


def _published(value: date | str | None) -> date | None:
    return to_day(value, "published")


def _plain(source: "Source") -> dict[str, Any]:
    published = source.published
    texts = {name: getattr(source, name) for name in (*_TEXTS, "kind")}
    return {**texts, "published": None if published is None else published.isoformat()}


def _read(cls: "type[Source]", value: Any) -> "Source":
    if isinstance(value, str):
        return cls(title=value)
    return cls(**fields_in(value, ("title",), (*_TEXTS[1:], "kind", "published")))


_DAY = {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}
_SHAPE = object_shape(
    {
        **{name: {"type": "string"} for name in _TEXTS},
        "kind": {"enum": list(_KINDS)},
        "published": _DAY,
    },
    ("title",),
)


@explain_arguments
@frozen(kw_only=True)
class Source:
    """Publication or dataset that contains a figure.

    Parameters
    ----------
    title : str
        Title of the publication or dataset.
    publisher, document, section, url : str
        Publisher, document number, section and address; empty if not known.
    published : datetime.date, str or None
        Date of publication; it distinguishes releases.
    kind : {"primary", "secondary", "not_stated"}
        Whether the source is the publisher's own or quotes another source.
    terms : str
        Terms of use, if they restrict the use of the figures.

    Raises
    ------
    InvalidValue
        If the title is empty, a text contains a lone surrogate, the date is not valid or the kind
        does not exist.

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

    __get_pydantic_core_schema__: ClassVar[Any] = model_field(
        write=_plain, read=_read, shape={"anyOf": [{"type": "string"}, _SHAPE]}
    )

    def __attrs_post_init__(self) -> None:
        hint = "Use the title of the source"
        require(self.title, "must not be empty", hint, title=self.title)
        for name in _TEXTS:
            text, problem = getattr(self, name), "must be valid Unicode without a lone surrogate"
            require(is_encodable(text), problem, "Type the text again", **{name: text[:80]})
        if self.kind not in _KINDS:
            hint = did_you_mean(self.kind, _KINDS)
            raise InvalidValue("must be a kind of source", field="kind", value=self.kind, hint=hint)

    @property
    def forbids_narrowing(self) -> bool:
        """Whether the terms forbid identification, and therefore narrower bounds of counts."""
        return "identif" in self.terms.casefold()

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.title, self.document, self.section)))


def to_source(value: Source | str) -> Source:
    """Return a source, from a title or a source."""
    return value if isinstance(value, Source) else Source(title=value)
