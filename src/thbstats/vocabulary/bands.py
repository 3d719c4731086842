"""Age bands."""

import re
from operator import itemgetter

from attrs import evolve

from thbstats.errors import InvalidValue
from thbstats.vocabulary.category import Category
from thbstats.vocabulary.classification import Classification, bundled_classification

AGE_LIMIT = 18
"""The age from which a person is an adult."""

Ages = tuple[int, int | None]
"""The first and the last age of a band; ``None`` without a last age."""

_BAND = re.compile(r"(\d{1,3})(?:_to_|_|-|\u2013| to )(\d{1,3})(?: years)?")
_UNDER = re.compile(r"(?:under|below|less than|<) ?(\d{1,3})(?: years)?", re.IGNORECASE)
_OVER = re.compile(r"(\d{1,3})(?: ?\+|(?:_| | years )(?:and|or)[_ ](?:over|older))", re.IGNORECASE)


def ages_of_band(text: str) -> Ages | None:
    """Return the first and the last age of a band; ``None`` for other texts.

    Examples
    --------
    >>> ages_of_band("15 to 17"), ages_of_band("75_and_over"), ages_of_band("child")
    ((15, 17), (75, None), None)
    """
    plain = text.strip()
    if match := _UNDER.fullmatch(plain):
        return 0, int(match[1]) - 1
    if match := _OVER.fullmatch(plain):
        return int(match[1]), None
    match = _BAND.fullmatch(plain)
    return (int(match[1]), int(match[2])) if match else None


def includes(wide: Ages, narrow: Ages) -> bool:
    """Return whether a band includes all ages of another band.

    Examples
    --------
    >>> includes((0, 17), (0, 14)), includes((18, None), (65, None)), includes((0, 14), (0, 17))
    (True, True, False)
    """
    ends_later = wide[1] is None or (narrow[1] is not None and narrow[1] <= wide[1])
    return wide[0] <= narrow[0] and ends_later


def age_bands(*bands: str) -> Classification:
    """Return the classification of age by bands, with child and adult.

    A band belongs to ``child`` if all its ages are below 18, and to ``adult`` if all are 18 or
    over. A band that includes both belongs to the total: `CountTable.group_ages` gives the bounds
    of the counts of children and adults. The name is ``age``: it replaces the age groups.

    Parameters
    ----------
    *bands : str
        The bands of the source, such as ``"0 to 14"``, ``"15-19"``, ``"under 18"`` or ``"75+"``.

    Raises
    ------
    InvalidValue
        If a text is not a band, or two bands share some of their ages.

    Examples
    --------
    >>> ages = age_bands("0-14", "15-19", "20+")
    >>> [(band.label, band.parent) for band in ages.categories[3:6]]
    [('0 to 14', 'child'), ('15 to 19', 'total'), ('20 and over', 'adult')]

    References
    ----------
    Directive 2011/36/EU, Article 2(6): a child is a person below 18.
    """
    groups: dict[Ages, str] = {(0, AGE_LIMIT - 1): "child", (AGE_LIMIT, None): "adult"}
    texts: dict[Ages, list[str]] = {}
    for text in bands:
        ages = ages_of_band(text)
        if ages is None or (ages[1] is not None and ages[1] < ages[0]):
            hint = "Write '0 to 14', 'under 18' or '75 and over'"
            raise InvalidValue("must be an age band", field="bands", value=text, hint=hint)
        for other in texts:
            first, second = sorted([ages, other], key=itemgetter(0))
            is_apart = first[1] is not None and first[1] < second[0]
            if not (is_apart or includes(ages, other) or includes(other, ages)):
                problem = f"must not share some of its ages with {texts[other][0]!r}"
                hint = "Remove one of the two bands"
                raise InvalidValue(problem, field="bands", value=text, hint=hint)
        texts.setdefault(ages, []).append(text)
    codes = {ages: groups.get(ages) or _code(ages) for ages in texts}
    wider = {**groups, **codes}
    categories = [
        _category(ages, spellings, wider) for ages, spellings in texts.items() if ages not in groups
    ]
    total, child, adult, unknown = bundled_classification("age").categories
    child, adult = (
        evolve(own, synonyms=tuple(dict.fromkeys([*own.synonyms, *texts.get(ages, ())])))
        for own, ages in zip((child, adult), groups, strict=True)
    )
    return Classification(
        name="age",
        class_name="AgeBand",
        title="Age",
        titles={"de": "Alter", "fr": "Âge"},
        definition="Age in completed years, by band.",
        source="Directive 2011/36/EU, Article 2(6)",
        categories=[total, child, adult, *categories, unknown],
    )


def _code(ages: Ages) -> str:
    return f"{ages[0]}_and_over" if ages[1] is None else f"{ages[0]}_to_{ages[1]}"


def _category(ages: Ages, texts: list[str], wider: dict[Ages, str]) -> Category:
    # The narrowest band or age group that includes the band.
    above = [own for own in wider if own != ages and includes(own, ages)]
    narrowest = (wider[own] for own in above if all(includes(other, own) for other in above))
    parent = next(narrowest, "total")
    first, last = ages
    if last is None:
        spellings = [*texts, f"{first}+", f"{first} or over", f"Y_GE{first}"]
        labels = {"de": f"{first} und älter", "fr": f"{first} et plus"}
        label = f"{first} and over"
    else:
        spellings = [*texts, f"{first} to {last} years", f"Y{first}-{last}"]
        spellings += [f"under {last + 1}", f"Y_LT{last + 1}"] if not first else []
        labels = {"de": f"{first} bis {last}", "fr": f"{first} à {last}"}
        label = f"{first} to {last}"
    synonyms = tuple(dict.fromkeys(spellings))
    return Category(code=_code(ages), label=label, labels=labels, parent=parent, synonyms=synonyms)
