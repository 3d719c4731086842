"""Explanations of codes and terms."""

import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

from attrs import frozen

from thbstats._signatures import explain_arguments
from thbstats.display import Displayable, DisplayTable
from thbstats.errors import UnknownName
from thbstats.rules import ALL, NO_VALUE

__all__ = ["Explanation", "explain"]

_GROUPS = {
    "note": ("Limitation", "reference/warnings.md"),
    "status": ("Status of a row", "reference/api/panels.md#status-of-a-row"),
    "reason": ("Reason of a count", "reference/code-lists.md#reasons"),
    "verdict": ("Verdict on a pair", "reference/api/panels.md"),
    "severity": ("Severity of a warning", "reference/api/panels.md"),
    "outcome": ("Outcome of a rule", "reference/api/panels.md"),
    "overlap": ("Overlap of categories", "reference/code-lists.md#overlap"),
}
"""The name and the page of each group of codes in the file."""

_FIELDS = {
    "definition": "Definition",
    "trigger": "Trigger",
    "example": "Example",
    "action": "Recommended action",
    "page": "Manual",
}
_SUGGESTIONS = 5


@frozen(repr=False)
class Explanation(Displayable):
    """The explanation of a code or term.

    Parameters
    ----------
    topic : str
        The code or term.
    rows : tuple of (str, str)
        Names and texts: kind and title, definition, trigger, example, recommended action and the
        page of the manual. A code for numbers and for pairs has them twice.
    """

    topic: str
    rows: tuple[tuple[str, str], ...]

    def display_table(self) -> DisplayTable:
        """Return the texts as a table. Its head is the first row."""
        head, *rows = map(list, self.rows)
        return DisplayTable(caption=self.topic, columns=head, rows=rows)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.topic}>"


@frozen(eq=False)
class _Entry:
    """One meaning of a topic."""

    topic: str
    group: str
    texts: Mapping[str, str]
    names: tuple[str, ...]

    @property
    def rows(self) -> list[tuple[str, str]]:
        title = self.texts.get("title", self.topic)
        texts = [(label, self.texts[key]) for key, label in _FIELDS.items() if self.texts.get(key)]
        return [(self.group, title), *texts]


@explain_arguments
def explain(topic: str | None = None) -> Explanation:
    """Explain a code or a term.

    Parameters
    ----------
    topic : str, optional
        The code of a warning or limitation, a status, verdict, severity, outcome, overlap, reason
        of a count, or a term of the glossary or one of its synonyms, in any case. By default the
        topics are listed.

    Returns
    -------
    Explanation
        Title, definition, trigger, example, recommended action and page of the manual.

    Raises
    ------
    UnknownName
        If the topic does not exist. The hint has at most five suggestions.

    Examples
    --------
    >>> import thbstats as thb
    >>> found = thb.explain("unknown")
    >>> found.topic
    'UNKNOWN'
    >>> dict(found.rows)["Recommended action"]
    'Compare known categories only and state this, or ask for the unknown category.'
    >>> thb.explain("conviction rate").topic
    'stage ratio'

    References
    ----------
    Texts of the rules: `thbstats.rules`. Terms: the glossary of the manual.
    """
    if topic is None:
        groups: dict[str, dict[str, None]] = {}
        for entry in _entries():
            groups.setdefault(entry.group.partition(",")[0], {})[entry.topic] = None
        rows = ((name, ", ".join(topics)) for name, topics in groups.items())
        return Explanation("Topics", (("Group", "Topics"), *rows))
    index = _index()
    result = index.get(_key(str(topic)))
    if result is None:
        text = _key(str(topic))
        near = get_close_matches(text, index, n=1, cutoff=0.9)
        near = near or get_close_matches(text, index, n=_SUGGESTIONS, cutoff=0.6)
        names = list(dict.fromkeys(index[name][0].topic for name in near))
        raise UnknownName(
            "`topic` must be a code or a term of the glossary",
            field="topic",
            value=topic,
            hint=f"Did you mean {' or '.join(map(repr, names))}?"
            if names
            else "Use thbstats.explain() to list the topics",
        )
    return Explanation(result[0].topic, tuple(row for entry in result for row in entry.rows))


def _key(name: str) -> str:
    """Return the normal form of a name."""
    return re.sub(r"[\s_-]+", " ", name).strip().casefold()


@cache
def _data() -> dict[str, Any]:
    text = files("thbstats").joinpath("glossary.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _entries() -> tuple[_Entry, ...]:
    """Return the entries of the rules, of the codes of other lists, and of the terms."""
    entries = []
    titles = {rule.code: rule.title for rule in reversed((*ALL, NO_VALUE))}
    for rule in (*ALL, NO_VALUE):
        anchor = f"{titles[rule.code]} {rule.code}".lower().replace(" ", "-")
        tier = "Limitation" if rule.is_limitation else "Warning"
        scope = "one number" if rule.scope == "number" else "two numbers"
        texts = {
            "title": rule.title,
            "definition": rule.definition,
            "trigger": rule.trigger,
            "example": rule.example,
            "action": rule.hint,
            "page": f"reference/warnings.md#{anchor}",
        }
        entries.append(_Entry(rule.code, f"{tier}, {scope}", texts, (rule.title,)))
    for name, (group, page) in _GROUPS.items():
        for code, own in _data()[name].items():
            names = (own["title"], *own.get("synonyms", ()))
            entries.append(_Entry(code, group, {"page": page, **own}, names))
    for item in _data()["terms"]:
        page = f"reference/glossary.md#term-{item['name'].replace(' ', '-')}"
        names = tuple(item.get("synonyms", ()))
        group = f"Term, {item['section']}"
        entries.append(_Entry(item["name"], group, {"page": page, **item}, names))
    return tuple(entries)


@cache
def _index() -> dict[str, tuple[_Entry, ...]]:
    """Return the entries of each name. A code or term precedes titles and synonyms."""
    topics: dict[str, list[_Entry]] = {}
    others: dict[str, list[_Entry]] = {}
    for entry in _entries():
        topics.setdefault(_key(entry.topic), []).append(entry)
        for name in entry.names:
            others.setdefault(_key(name), []).append(entry)
    for name, topic in _data()["synonyms"].items():
        others.setdefault(_key(name), topics[_key(topic)])
    return {name: tuple(own) for name, own in (others | topics).items()}
