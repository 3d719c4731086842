"""Names and codes of countries."""

from collections.abc import Mapping

from thbstats.errors import UnknownName
from thbstats.geography.spellings import by_code, names, plain, suggest

__all__ = ["country_name", "find_code", "parse_country", "with_successors"]

_LISTED = "Use a country code such as FR, or an English country name"


def country_name(code: str) -> str:
    """Return the English short name of a country.

    Parameters
    ----------
    code : str
        A code or name, as for `parse_country`.

    Returns
    -------
    str
        The name.

    Raises
    ------
    UnknownName
        If the country does not exist.

    Examples
    --------
    >>> country_name("EL"), country_name("SCG")
    ('Greece', 'Serbia and Montenegro')
    """
    return by_code()[parse_country(code)].name


def parse_country(text: str) -> str:
    """Return the code of a country or dissolved state.

    Parameters
    ----------
    text : str
        A code of Eurostat or ISO 3166-1 (two or three letters), a name, a synonym or a name in
        another language; case, accents, punctuation and the article are ignored. Use
        `parse_citizenship` for demonyms.

    Returns
    -------
    str
        The code of Eurostat; four letters for a dissolved state.

    Raises
    ------
    UnknownName
        If the text is not a country, or several (``"CS"``: Czechoslovakia, Serbia and
        Montenegro). The error suggests similar names.

    Examples
    --------
    >>> [parse_country(text) for text in ("GR", "grc", "Greece", "Viet Nam", "Great Britain")]
    ['EL', 'EL', 'EL', 'VN', 'UK']
    >>> parse_country("Burma"), parse_country("Serbia and Montenegro")
    ('MM', 'CSXX')
    """
    return find_code(text, names(), "must be a country", _LISTED)


def with_successors(country: str) -> frozenset[str]:
    """Return a country and, for a dissolved state, its successors.

    Parameters
    ----------
    country : str
        A code or name, as for `parse_country`.

    Returns
    -------
    frozenset of str
        Codes of the countries to which the citizenship can refer.

    Raises
    ------
    UnknownName
        If the country does not exist.

    Examples
    --------
    >>> sorted(with_successors("Serbia and Montenegro")), sorted(with_successors("Serbia"))
    (['CSXX', 'ME', 'RS', 'XK'], ['RS'])
    """
    code = parse_country(country)
    return frozenset((code, *by_code()[code].successors))


def find_code(
    text: str, spellings: Mapping[str, tuple[str, ...]], problem: str, listed: str
) -> str:
    """Return the code of a text; the error suggests similar names."""
    codes = spellings.get(plain(text), ())
    if len(codes) == 1:
        return codes[0]
    if codes:
        options = [f"{code} ({by_code()[code].name})" for code in codes]
        hint = f"Use {' or '.join(options)}"
        raise UnknownName("must be one country", value=text, hint=hint)
    raise UnknownName(problem, value=text, hint=lambda: _suggestion(text, listed))


def _suggestion(text: str, listed: str) -> str:
    similar = " or ".join(map(repr, suggest(str(text))))
    return f"Did you mean {similar}?" if similar else listed
