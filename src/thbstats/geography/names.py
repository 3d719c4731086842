"""Names of countries, read and written."""

from collections.abc import Mapping

from thbstats.errors import UnknownName
from thbstats.geography.spellings import by_code, names, plain, suggest

__all__ = ["country_name", "only", "parse_country", "with_successors"]

_LISTED = "thbstats.geography.COUNTRIES lists what exists"


def country_name(code: str) -> str:
    """Return the English short name of a country, however it is written.

    Parameters
    ----------
    code : str
        A code or a name, as `parse_country` reads it.

    Returns
    -------
    str
        The name.

    Raises
    ------
    UnknownName
        If no country is written so.

    Examples
    --------
    >>> country_name("EL"), country_name("SCG")
    ('Greece', 'Serbia and Montenegro')
    """
    return by_code()[parse_country(code)].name


def parse_country(text: str) -> str:
    """Return our code of a country or a dissolved state.

    Parameters
    ----------
    text : str
        Our code, an ISO 3166-1 code (two or three letters), the short name, a synonym or a name
        in another language; case, accents, punctuation and the article do not matter. What
        nationals are called is no name of a country: `parse_citizenship` reads it.

    Returns
    -------
    str
        The code as Eurostat writes it; four letters for a dissolved state.

    Raises
    ------
    UnknownName
        If no country is written so, or several are (``"CS"`` was Czechoslovakia, then Serbia and
        Montenegro). The error names countries that are written alike, and takes none of them.

    Examples
    --------
    >>> [parse_country(text) for text in ("GR", "grc", "Greece", "Viet Nam", "Great Britain")]
    ['EL', 'EL', 'EL', 'VN', 'UK']
    >>> parse_country("Burma"), parse_country("Serbia and Montenegro")
    ('MM', 'CSXX')
    """
    return only(text, names(), "not a country", _LISTED)


def with_successors(country: str) -> frozenset[str]:
    """Return a country and, for a dissolved state, the countries on its territory.

    Parameters
    ----------
    country : str
        A code or a name, as `parse_country` reads it.

    Returns
    -------
    frozenset of str
        Codes: all whose citizens can be meant where this citizenship is recorded.

    Raises
    ------
    UnknownName
        If no country is written so.

    Examples
    --------
    >>> sorted(with_successors("Serbia and Montenegro")), sorted(with_successors("Serbia"))
    (['CSXX', 'ME', 'RS', 'XK'], ['RS'])
    """
    code = parse_country(country)
    return frozenset((code, *by_code()[code].successors))


def only(text: str, spellings: Mapping[str, tuple[str, ...]], problem: str, listed: str) -> str:
    """Return the one code that a text means, or say what is near and where all are listed."""
    codes = spellings.get(plain(text), ())
    if len(codes) == 1:
        return codes[0]
    if codes:
        several = [f"{code} ({by_code()[code].name})" for code in codes]
        hint = f"Say which one: {' or '.join(several)}"
        raise UnknownName("several countries are written so", value=text, hint=hint)
    raise UnknownName(problem, value=text, hint=lambda: _near(text, listed))


def _near(text: str, listed: str) -> str:
    near = " or ".join(map(repr, suggest(str(text))))
    return f"Did you mean {near}? {listed}" if near else listed
