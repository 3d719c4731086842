"""Hierarchy and spellings of the categories of a classification."""

from collections.abc import Sequence

from thbstats.errors import InvalidValue, did_you_mean
from thbstats.vocabulary.category import Category, plain_spelling

_MAX_LEVELS = 50  # so that a file of a stranger is read quickly


def check_hierarchy(categories: Sequence[Category]) -> None:
    """Raise an error if a code is repeated, or a parent cannot be one."""
    parents: dict[str, str | None] = {}
    for own in categories:
        if own.code in parents:
            hint = "Give each category its own code"
            raise InvalidValue("must be unique", field="code", value=own.code, hint=hint)
        parents[own.code] = own.parent
    residuals = {own.code for own in categories if own.is_residual}
    for code, parent in parents.items():
        path, problem, hint = [code], "", ""
        if parent is not None and parent not in parents:
            problem, hint = "a category", did_you_mean(parent, parents)
        elif parent in residuals:
            problem = "a category with categories below it: a residual has none"
            hint = f"Name a parent other than the remainder {parent!r}"
        while not problem and (wider := parents.get(path[-1])) is not None:
            if wider in path:
                problem, hint = "above the category, not below it", "Remove one of the parents"
            elif len(path) >= _MAX_LEVELS:
                problem = f"a category with at most {_MAX_LEVELS - 2} categories above it"
                hint = "Remove levels of the hierarchy"
            path.append(wider)
        if problem:
            where = f"categories.{code}"
            raise InvalidValue(
                f"must be {problem}", row=where, field="parent", value=parent, hint=hint
            )


def check_spellings(categories: Sequence[Category]) -> None:
    """Raise an error if a text could be two categories."""
    codes: dict[str, str] = {}
    for own in categories:
        for text in own.spellings:
            other = codes.setdefault(plain_spelling(text), own.code)
            if other != own.code:
                raise InvalidValue(
                    f"must not be a spelling of {other!r} too",
                    row=f"categories.{own.code}",
                    field="synonyms",
                    value=text,
                    hint="Remove the text from one of the two categories",
                )
