"""Classifications: dimensions and their categories as documents."""

import os
import re
import tomllib
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from keyword import iskeyword
from pathlib import Path
from typing import Any, Literal, Self

from attrs import asdict, evolve, field, fields, frozen

from thbstats._mappings import FrozenDict
from thbstats._properties import cached_property
from thbstats._signatures import explain_arguments
from thbstats.errors import (
    InvalidFile,
    InvalidValue,
    ThbstatsError,
    UnknownName,
    did_you_mean,
    require,
    require_name,
)
from thbstats.vocabulary.category import (
    Category,
    check_date,
    check_label,
    check_labels,
    check_text,
    check_truth,
    plain_spelling,
    to_date,
    to_mapping,
)

_MAX_LEVELS = 50  # so that a file of a stranger is read quickly


def check_hierarchy(categories: Sequence[Category]) -> None:
    """Raise an error if a code is repeated, or a parent is not valid."""
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


TOTAL, UNKNOWN, NOT_STATED = "total", "unknown", "not_stated"

_LABELS = {
    TOTAL: {"de": "Insgesamt", "fr": "Total"},
    UNKNOWN: {"de": "Unbekannt", "fr": "Inconnu"},
    NOT_STATED: {"de": "Nicht angegeben", "fr": "Non précisé"},
}

_SYNONYMS = {
    TOTAL: ("T", "all"),
    UNKNOWN: ("UNK", "not known", "not recorded", "not specified"),
    NOT_STATED: ("not specified", "unknown"),
}

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_MAX_BYTES = 1 << 20
_FOLDER = Path(__file__).with_name("classifications")

BUNDLED = tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))
"""The names of the classifications of the library."""


_MAX_CATEGORIES = 10_000  # so that a file of a stranger is read quickly


def _categories(value: Any) -> tuple[Category, ...]:
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        hint = "Pass a list of codes, or of mappings such as {'code': 'family'}"
        raise InvalidValue("must be a list", field="categories", value=value, hint=hint)
    items = list(value)
    if len(items) > _MAX_CATEGORIES:
        problem = f"must have at most {_MAX_CATEGORIES:,} categories, got {len(items):,}"
        hint = "Divide the classification into levels"
        raise InvalidValue(problem, field="categories", hint=hint)
    result = []
    for index, item in enumerate(items):
        if isinstance(item, Category):
            result.append(item)
            continue
        content = {"code": item} if isinstance(item, str) else item
        where = f"categories.{index}"
        if "code" not in _members(content, {"code", *_PROPERTIES}, where):
            raise InvalidValue("must be given", field=f"{where}.code", hint="Add the code")
        try:
            result.append(Category(**content))
        except ThbstatsError as error:
            raise error.with_location(row=f"categories.{content['code']}") from None
    return tuple(result)


def _implied(code: str, taken: Container[str]) -> Category:
    """Return a category that a document need not list, with synonyms that no other one has."""
    synonyms = [text for text in _SYNONYMS[code] if plain_spelling(text) not in taken]
    return Category(code=code, labels=_LABELS[code], synonyms=synonyms)


@explain_arguments
@frozen(kw_only=True, repr=False)
class Classification:
    """A dimension of counts: categories with labels, hierarchy, synonyms and definitions.

    A ``breakdown`` divides a total: it has the categories ``total`` and ``unknown`` as well. An
    ``attribute`` describes all persons of a row, such as the instance of a court: it has no
    total, and ``not_stated`` is its default. Both are added to the categories.

    Parameters
    ----------
    name : str
        The name of the column and of the argument, such as ``"recruiter"``.
    categories : iterable of Category, mapping or str
        In the order of tables; a text is a code without further properties.
    is_required : bool
        Whether every row must state the attribute; ``not_stated`` is not a category.
    title : str
        The name for readers in English; by default the name with spaces.
    titles : mapping of str to str
        The names for readers in other languages, by code of ISO 639.
    kind : {"breakdown", "attribute"}
        Whether the categories divide a total.
    has_countries : bool
        Whether every country is a category as well, with its code such as ``RO``. Other
        categories of a breakdown do not overlap with the countries.
    definition, source : str
        The definition of the dimension, and its publication.
    valid_from, valid_to : date, optional
        The first and the last day of the classification.
    class_name : str
        The name of the code list in Python; by default made from the name.

    Raises
    ------
    InvalidValue
        If a code is repeated, a parent does not exist, two categories have the same spelling,
        or an argument has an invalid type or value.

    Examples
    --------
    >>> recruiter = Classification(
    ...     name="recruiter",
    ...     categories=[
    ...         "family",
    ...         {"code": "partner", "label": "Intimate partner", "parent": "family"},
    ...         {"code": "employer", "labels": {"de": "Arbeitgeber"}},
    ...     ],
    ... )
    >>> recruiter.codes
    ('total', 'family', 'partner', 'employer', 'unknown')
    >>> recruiter["partner"].parent, recruiter["employer"].parent
    ('family', 'total')
    """

    name: str = field()
    title: str = field(validator=check_label)
    titles: Mapping[str, str] = field(
        factory=FrozenDict, converter=to_mapping, validator=check_labels
    )
    kind: Literal["breakdown", "attribute"] = field(default="breakdown")
    has_countries: bool = field(default=False, validator=check_truth)
    is_required: bool = field(default=False, validator=check_truth)
    definition: str = field(default="", validator=check_text)
    source: str = field(default="", validator=check_text)
    valid_from: date | None = field(default=None, converter=to_date, validator=check_date)
    valid_to: date | None = field(default=None, converter=to_date, validator=check_date)
    class_name: str = field()
    categories: tuple[Category, ...] = field(converter=_categories)

    @title.default
    def _title_of_name(self) -> str:
        return str(self.name).replace("_", " ").capitalize()

    @class_name.default
    def _class_of_name(self) -> str:
        return "".join(part.capitalize() for part in str(self.name).split("_"))

    @name.validator
    def _check_name(self, _: object, value: object) -> None:
        is_name = isinstance(value, str) and _NAME.fullmatch(value)
        hint = "Write a name such as 'recruiter', and the text for readers as title"
        problem = "must be lower-case letters, digits and single underscores"
        require(is_name, problem, hint, name=value)
        hint = f"Choose a name such as '{value}_of_person'"
        is_reserved = iskeyword(str(value)) or value == "self"
        require(not is_reserved, "must not be a keyword of Python", hint, name=value)

    @class_name.validator
    def _check_class_name(self, _: object, value: object) -> None:
        is_name = isinstance(value, str) and value.isidentifier() and not iskeyword(value)
        hint = "Write a name such as 'Recruiter'"
        require(is_name, "must be a name of a class", hint, class_name=value)

    @kind.validator
    def _check_kind(self, _: object, value: object) -> None:
        is_kind = value in ("breakdown", "attribute")
        hint = "Use 'breakdown' if the categories divide a total"
        require(is_kind, "must be 'breakdown' or 'attribute'", hint, kind=value)

    def __attrs_post_init__(self) -> None:
        listed = {category.code for category in self.categories}
        if not listed:
            hint = "Add a table such as [categories.family]"
            raise InvalidValue("must contain at least one category", field="categories", hint=hint)
        first, last = [TOTAL], [UNKNOWN]
        if self.kind == "attribute":
            first, last = [], [] if self.is_required else [NOT_STATED]
        taken = {plain_spelling(text) for own in self.categories for text in own.spellings}
        added = [_implied(code, taken) for code in first if code not in listed]
        added += self.categories
        added += [_implied(code, taken) for code in last if code not in listed]
        if self.kind == "breakdown":
            added = [
                evolve(own, parent=TOTAL) if own.parent is None and own.code != TOTAL else own
                for own in added
            ]
        object.__setattr__(self, "categories", tuple(added))
        check_hierarchy(self.categories)
        check_spellings(self.categories)

    def __hash__(self) -> int:
        return hash((self.name, self.codes))

    def __repr__(self) -> str:
        return f"<Classification {self.name}: {len(self.categories)} categories>"

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes, in order."""
        return tuple(category.code for category in self.categories)

    @cached_property
    def _by_code(self) -> Mapping[str, Category]:
        return {category.code: category for category in self.categories}

    def __getitem__(self, code: str) -> Category:
        """Return the category of a code."""
        if code not in self._by_code:
            hint = did_you_mean(code, self.codes)
            problem = f"must be a category of {self.name}"
            raise UnknownName(problem, field=self.name, value=code, hint=hint)
        return self._by_code[code]

    def labels(self, language: str = "en") -> Mapping[str, str]:
        """Return the labels of the categories by code; in English if there is no translation."""
        return FrozenDict(
            {own.code: own.labels.get(language, own.label) for own in self.categories}
        )

    def crosswalk(self, source: str) -> Mapping[str, str]:
        """Return the code of each term of another classification.

        Parameters
        ----------
        source : str
            A name in the crosswalks of the categories, such as ``"ctdc"``.

        Raises
        ------
        UnknownName
            If no category has terms of it.

        Examples
        --------
        >>> recruiter = Classification(
        ...     name="recruiter",
        ...     categories=[{"code": "partner", "crosswalk": {"ctdc": "intimatePartner"}}],
        ... )
        >>> recruiter.crosswalk("ctdc")
        {'intimatePartner': 'partner'}
        """
        known = dict.fromkeys(name for own in self.categories for name in own.crosswalk)
        require_name(source, known, "must have terms in the crosswalk", field="source")
        return FrozenDict(
            {term: own.code for own in self.categories for term in own.crosswalk.get(source, ())}
        )

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the classification of plain data, the inverse of `to_dict`.

        ``categories`` is a mapping from codes to properties, or a list.
        """
        content = _members(data, {own.name for own in fields(cls)}, "")
        listed = content.get("categories", {})
        if isinstance(listed, Mapping):
            listed = [
                {**_members(own, _PROPERTIES, f"categories.{code}"), "code": code}
                for code, own in listed.items()
            ]
        if "name" not in content:
            raise InvalidValue("must be given", field="name", hint="Add a line name = '...'")
        return cls(**{**content, "categories": listed})

    @classmethod
    def from_toml(cls, path: str | os.PathLike[str]) -> Self:
        """Read a classification from a TOML file.

        The keys are the parameters. Each category is a table with its code as name, such as
        ``[categories.family]``.

        Raises
        ------
        InvalidFile
            If the file is not TOML, or larger than 1 MiB.
        InvalidValue, UnknownName
            If a value is not valid; the error contains the file, the category and the field.
        """
        name = Path(path).name or str(path)
        try:
            with open(path, "rb") as file:
                data = file.read(_MAX_BYTES + 1)
            if len(data) > _MAX_BYTES:
                raise ValueError(f"it has more than {_MAX_BYTES} bytes")
            content = tomllib.loads(data.decode())
        except OSError as error:
            problem = f"{name} must be a readable file: {error.strerror}"
            raise InvalidFile(problem, hint="Check the path") from None
        except (ValueError, RecursionError) as error:
            problem = f"{name} must be a classification in TOML: {error}"
            hint = "Correct the file; its keys are the parameters of Classification"
            raise InvalidFile(problem, hint=hint) from None
        try:
            return cls.from_dict(content)
        except ThbstatsError as error:
            row = name if error.row is None else f"{name}, {error.row}"
            raise error.with_location(row=row) from None

    def to_dict(self) -> dict[str, Any]:
        """Return the classification as plain data for JSON, without empty properties."""
        content = _plain(self, "categories")
        listed = {own.code: _plain(own, "code") for own in self.categories}
        return {**content, "categories": listed}


_PROPERTIES = {own.name for own in fields(Category)} - {"code"}


def _plain(item: Any, *without: str) -> dict[str, Any]:
    """Return the fields that differ from their default, as plain data."""
    result = {}
    for name, value in asdict(item, recurse=False).items():
        default = next(own.default for own in fields(type(item)) if own.name == name)
        is_empty = value in ((), "", None) or value == default or value == FrozenDict()
        if name not in without and not is_empty:
            plain = value.isoformat() if isinstance(value, date) else value
            if isinstance(plain, Mapping):
                plain = {key: list(v) if isinstance(v, tuple) else v for key, v in plain.items()}
            result[name] = list(plain) if isinstance(plain, tuple) else plain
    return result


def _members(data: Any, known: Iterable[str], where: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        hint = "Write a table of properties"
        raise InvalidValue(
            "must be a table", field=where or "classification", value=data, hint=hint
        )
    for name in data:
        if name not in known:
            hint = did_you_mean(name, sorted(known))
            problem = "must be a property of a category" if where else "must be a parameter"
            raise UnknownName(problem, field=where or None, value=name, hint=hint)
    return data


def bundled_classification(name: str) -> Classification:
    """Return a classification of this library.

    Parameters
    ----------
    name : str
        A name in `BUNDLED`, such as ``"means_of_control"``.

    Raises
    ------
    UnknownName
        If the library has no classification of this name.

    Examples
    --------
    >>> bundled_classification("sex")["female"].labels["fr"]
    'Femmes'
    """
    if name not in BUNDLED:
        hint = did_you_mean(name, BUNDLED)
        raise UnknownName("must be a classification of the library", value=name, hint=hint)
    return _read_bundled(name)


@cache
def _read_bundled(name: str) -> Classification:
    return Classification.from_toml(_FOLDER / f"{name}.toml")
