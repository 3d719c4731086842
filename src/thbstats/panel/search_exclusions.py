"""Rows whose system is not searched, because it need not be a sum of cells.

A completion of all rows is one of cells if all cells of sex and age have a row, and no row lists
two of the other dimensions. Each rule finds the rows for which that does not hold:

>>> import thbstats as thb
>>> from thbstats.geography.countries import read_countries
>>> from thbstats.panel.query_systems import systems_of
>>> few = thb.Count.fewer_than(5)
>>> def rules_for(columns, *rows):
...     options = {"kind": "victims", "area": "FR", "period": 2020}
...     table = thb.CountTable.from_rows(rows, columns=[*columns, "value"], **options)
...     systems = systems_of(table.columns)
...     return [rule.__name__ for rule in RULES if rule(systems).any()]
>>> rules_for(["sex", "exploitation"], ("total", "total", 10), ("female", "sexual", few))
[]

8 women and 5 men exceed 10 victims:

>>> rules_for(["sex"], ("total", 10), ("female", 8), ("male", 5))
['contradict_others']

Each count by form and citizenship can be 0, and still no cells have both sums:

>>> rules_for(["exploitation", "citizenship"], ("total", "total", 10), ("sexual", "MD", few))
['list_two_further_dimensions']

Women by citizenship have no rows of girls and boys for each of 41 countries:

>>> countries = [("female", own.code, few) for own in read_countries()[:41]]
>>> rules_for(["sex", "citizenship"], ("total", "total", 10), *countries)
['list_a_long_dimension']

The 6 citizens of Moldova are not in the 0 to 4 of EU citizenship, which no sum of the system shows:

>>> rules_for(["citizenship"], ("total", 10), ("MD", 6), ("eu", few))
['share_persons_with_another_division']
"""

import numpy as np

from thbstats.columns import Mask
from thbstats.panel.system_rows import GROUPS, UNKNOWN, in_groups_of, is_long, kinds_of
from thbstats.panel.systems import CountSystems
from thbstats.vocabulary import CitizenshipGroup
from thbstats.vocabulary.codes import COMPLETE


def excluded_rows(systems: CountSystems) -> Mask:
    """Return the rows whose system is not searched, (r,)."""
    return np.asarray(np.any([rule(systems) for rule in RULES], axis=0))


def contradict_others(systems: CountSystems) -> Mask:
    """Return the rows that contradict other rows, in any way."""
    marks = [systems.wrong, systems.unsupported, systems.aside]
    marks += [line.empty for line in systems.lines.values()]
    return np.asarray(np.any(marks, axis=0))


def list_two_further_dimensions(systems: CountSystems) -> Mask:
    """Return the rows that list two dimensions other than sex and age."""
    number = np.zeros(len(systems.wrong), dtype=np.intp)
    for name, line in systems.lines.items():
        if name not in (*COMPLETE, GROUPS):
            number += line.whole >= 0
    return number > 1


def list_a_long_dimension(systems: CountSystems) -> Mask:
    """Return the rows by sex or age that list a dimension for some combinations of sex and age."""
    lines, none = systems.lines, np.zeros(len(systems.wrong), dtype=np.bool_)
    by_sex_or_age, by_long = (
        np.any([none, *(lines[name].whole >= 0 for name in names)], axis=0)
        for names in (
            [name for name in lines if name in COMPLETE],
            [
                name
                for name in lines
                if name != GROUPS and is_long(systems.columns[name].categories)
            ],
        )
    )
    return np.asarray(by_sex_or_age & by_long)


def share_persons_with_another_division(systems: CountSystems) -> Mask:
    """Return the free counts that count persons both by citizenship group and by country.

    Persons of a country can be in one of several groups, which no sum of the system shows.
    """
    result, can_have_persons = np.zeros(len(systems.wrong), np.bool_), systems.implied.upper > 0
    for name, line in systems.lines.items():
        if line.dimension.content == "citizenship" and name != GROUPS:
            column, is_listed = systems.columns[name], line.whole >= 0
            groups, countries = kinds_of(line.dimension, column.categories)
            groups &= np.array([word != UNKNOWN for word in column.categories], np.bool_)
            by_group, by_country = (
                is_listed & own[column.codes] for own in (groups & ~countries, countries & ~groups)
            )
            if GROUPS in systems.lines:
                # Only the groups in the EU are parts of another group.
                whole = systems.lines[GROUPS].whole
                is_eu = np.array([word == CitizenshipGroup.EU for word in column.categories])
                by_country &= (whole < 0) | is_eu[column.codes[whole]]
            in_country = in_groups_of(systems.group, by_country & can_have_persons)
            result |= is_listed & in_country & in_groups_of(systems.group, by_group)
    return result


RULES = (
    *(contradict_others, list_two_further_dimensions),
    *(list_a_long_dimension, share_persons_with_another_division),
)
