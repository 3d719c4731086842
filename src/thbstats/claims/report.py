"""A publication as the claims that it prints."""

from collections import Counter
from datetime import date

from attrs import Attribute, field, frozen

from thbstats.claims import _fields
from thbstats.claims.claim import Claim
from thbstats.claims.selection import parse_code
from thbstats.errors import DuplicateKey, InvalidValue, UnknownName, did_you_mean

__all__ = ["Report"]


def _unique(
    _report: "Report", _field: "Attribute[tuple[Claim, ...]]", claims: tuple[Claim, ...]
) -> None:
    times = Counter(claim.id for claim in claims)
    if twice := [name for name, number in times.items() if number > 1]:
        raise DuplicateKey(
            "several claims have the same name",
            field="id",
            value=", ".join(twice),
            mend="Give each claim a name of its own, such as one with its section in front",
        )


def _in_company(
    _report: "Report", _field: "Attribute[tuple[Claim, ...]]", claims: tuple[Claim, ...]
) -> None:
    sizes = Counter(claim.makes for claim in claims if claim.makes)
    if alone := [name for name, number in sizes.items() if number == 1]:
        raise InvalidValue(
            "a group of parts that make a whole has more than one claim",
            field="makes",
            value=", ".join(alone),
            mend="Give the other parts the same name, or leave it out",
        )


def _counted(claims: tuple[Claim, ...]) -> str:
    return f"<{len(claims)} claims>"


@frozen(kw_only=True)
class Report:
    """A publication: where it comes from, and every claim that its text makes.

    Parameters
    ----------
    id, title : str
        A name for files and code, and the title.
    document, publisher, url : str
        Its number, who published it, and where it can be read.
    published : datetime.date or None
        The day of publication.
    claims : iterable of Claim
        In the order of the text.

    Raises
    ------
    DuplicateKey
        If two claims have the same id.
    InvalidValue
        If a group of parts has one part only.
    """

    id: str = field(validator=_fields.slug)
    title: str = field(validator=_fields.filled)
    document: str = field(default="", validator=_fields.text)
    published: date | None = field(default=None, validator=_fields.day_or_nothing)
    publisher: str = field(default="", validator=_fields.text)
    url: str = field(default="", validator=_fields.text)
    claims: tuple[Claim, ...] = field(
        default=(), converter=tuple, validator=[_unique, _in_company], repr=_counted
    )

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections that have claims, in the order of the text."""
        return tuple(dict.fromkeys(claim.section for claim in self.claims))

    def claim(self, id: str) -> Claim:
        """Return the claim of a name.

        Raises
        ------
        UnknownName
            If there is none.
        """
        for claim in self.claims:
            if claim.id == id:
                return claim
        raise UnknownName(
            f"{self.id} has no such claim",
            field="id",
            value=id,
            mend=did_you_mean(id, [claim.id for claim in self.claims]),
        )

    def claims_in(self, section: str) -> tuple[Claim, ...]:
        """Return the claims of one section; ``"II"`` does not include ``"II.1"``.

        Raises
        ------
        UnknownName
            If the section has no claim.
        """
        if section not in self.sections:
            raise UnknownName(
                f"{self.id} has no claims in this section",
                field="section",
                value=section,
                mend=did_you_mean(section, self.sections),
            )
        return tuple(claim for claim in self.claims if claim.section == section)

    def find(self, **category: str) -> tuple[Claim, ...]:
        """Return the claims whose category has all of these codes, and perhaps more.

        Parameters
        ----------
        **category : str
            Codes by dimension, in any spelling that the vocabularies accept. An area is that of
            the claim.

        Returns
        -------
        tuple of Claim
            Empty if there is none.

        Raises
        ------
        UnknownName
            If a dimension or a code does not exist.
        """
        codes = {name: parse_code(name, code) for name, code in category.items()}
        area = codes.pop("area", None)
        return tuple(
            claim
            for claim in self.claims
            if claim.category.includes(codes) and area in (None, claim.area)
        )
