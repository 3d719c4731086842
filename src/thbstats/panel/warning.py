"""Comparability warnings as data, and their sentences as templates with parameters."""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Literal, Self

from attrs import evolve, field, frozen

from thbstats._characters import escape
from thbstats.errors import InvalidValue

__all__ = [
    "NOT_DOCUMENTED",
    "ComparabilityWarning",
    "Message",
    "Outcome",
    "Severity",
    "Verdict",
    "Warnings",
    "not_documented",
    "translate",
]

NOT_DOCUMENTED = "NOT_DOCUMENTED"
"""The code of the one note that gathers what rules cannot tell for want of documentation."""

Scope = Literal["number", "pair"]

_PARAMETER = re.compile(r"\{(\w+)\}")


class Message(str):
    """A sentence made of a template and its parameters: a plain ``str`` that remembers both.

    Parameters
    ----------
    template : str
        The sentence in English, with parameters in braces. It is the key of its translations.
    **parameters : str, Message, sequence of str or object
        What stands in the braces; several texts are joined by semicolons.

    Examples
    --------
    >>> text = Message("{n} of {total} countries stand behind the figure", n=26, total=28)
    >>> text
    '26 of 28 countries stand behind the figure'
    >>> text.template, text.parameters["n"]
    ('{n} of {total} countries stand behind the figure', '26')
    """

    template: str
    parameters: Mapping[str, str | tuple[str, ...]]

    def __new__(cls, template: str, /, **parameters: object) -> Self:
        """Return the sentence with its parameters filled in."""
        values = {name: _parameter(value) for name, value in parameters.items()}
        joined = {
            name: value if isinstance(value, str) else "; ".join(value)
            for name, value in values.items()
        }
        named = set(_PARAMETER.findall(template))
        if named - set(joined) or set(_PARAMETER.sub("", template)) & {"{", "}"}:
            raise InvalidValue(
                "the template does not fit its parameters",
                field="template",
                value=template,
                hint="Name in braces only " + (", ".join(joined) or "nothing"),
            )
        made = super().__new__(cls, _PARAMETER.sub(lambda found: joined[found[1]], template))
        made.template, made.parameters = template, values
        return made

    def __reduce__(self) -> tuple[object, ...]:
        return _made, (type(self), self.template, dict(self.parameters))


def translate(texts: Mapping[str, str], text: str) -> str:
    """Return a text in another language, its parameters too where they are known.

    Parameters
    ----------
    texts : mapping of str to str
        Translations of templates and words; what is not in it stays in English.
    text : str or Message
        What to translate.

    Returns
    -------
    str
        A `Message` where the text was one.

    Raises
    ------
    InvalidValue
        If a translation names a parameter that the template does not have.

    Examples
    --------
    >>> german = {"{n} of {total} countries": "{n} von {total} Staaten"}
    >>> translate(german, Message("{n} of {total} countries", n=26, total=28))
    '26 von 28 Staaten'
    """
    if not isinstance(text, Message):
        return texts.get(text, text)
    parameters = {
        name: translate(texts, value)
        if isinstance(value, str)
        else tuple(translate(texts, part) for part in value)
        for name, value in text.parameters.items()
    }
    return Message(texts.get(text.template, text.template), **parameters)


def _parameter(value: object) -> str | tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(part if isinstance(part, str) else str(part) for part in value)
    return value if isinstance(value, str) else str(value)


def _made(kind: type[Message], template: str, parameters: dict[str, object]) -> Message:
    return kind(template, **parameters)


class Severity(StrEnum):
    """The severity of a warning."""

    NOTE = "note"
    CAUTION = "caution"
    BLOCKING = "blocking"

    @property
    def rank(self) -> int:
        """0 for a note, 1 for caution, 2 for blocking."""
        return list(Severity).index(self)


class Outcome(StrEnum):
    """The outcome of a rule: pass, fail or not assessable."""

    PASS = "pass"
    FAIL = "fail"
    NOT_ASSESSABLE = "not_assessable"

    @property
    def code(self) -> int:
        """The code in a column: 1 pass, -1 fail, 0 not assessable."""
        return {"pass": 1, "fail": -1}.get(self, 0)

    @classmethod
    def from_code(cls, code: int) -> "Outcome":
        """Return the outcome of a code in a column."""
        return {1: cls.PASS, -1: cls.FAIL, 0: cls.NOT_ASSESSABLE}[int(code)]


class Verdict(StrEnum):
    """Whether two numbers may be compared."""

    COMPARABLE = "comparable"
    WITH_CAUTION = "with_caution"
    NOT_COMPARABLE = "not_comparable"
    NOT_ASSESSABLE = "not_assessable"

    @property
    def label(self) -> str:
        """The verdict in words."""
        return self.replace("_", " ").replace("with caution", "comparable with caution")


def _pairs(evidence: Iterable[tuple[object, object]]) -> tuple[tuple[str, str], ...]:
    # A message keeps its words and figures apart for translators; as plain text it would not.
    return tuple(
        (
            name if isinstance(name, str) else str(name),
            figure if isinstance(figure, str) else str(figure),
        )
        for name, figure in evidence
    )


@frozen(kw_only=True)
class ComparabilityWarning:
    """One thing to know before a number is compared, with its evidence and its hint.

    Parameters
    ----------
    code : str
        The code of the rule, such as ``"UNKNOWN"``.
    title : str
        The code in at most five words.
    severity : Severity
        Note, caution or blocking.
    outcome : Outcome
        Whether the rule fails, or cannot tell.
    scope : {"number", "pair"}
        Whether it speaks of one number or of two together.
    message : str or Message
        What is the matter, in one plain sentence.
    evidence : tuple of (str, str)
        The figures that triggered it, by name.
    hint : str
        What would make the number comparable.
    is_limitation : bool
        Whether it describes a standing property of a kind of number.
    """

    code: str
    title: str = ""
    severity: Severity = field(converter=Severity)
    outcome: Outcome = field(converter=Outcome, default=Outcome.FAIL)
    scope: Scope
    message: str
    evidence: tuple[tuple[str, str], ...] = field(converter=_pairs, default=())
    hint: str = ""
    is_limitation: bool = False

    @property
    def key(self) -> str:
        """The message without its figures: what a translation is looked up by."""
        return self.message.template if isinstance(self.message, Message) else self.message

    @property
    def parameters(self) -> Mapping[str, str | tuple[str, ...]]:
        """What stands in the braces of the key."""
        return self.message.parameters if isinstance(self.message, Message) else {}

    def translate(self, texts: Mapping[str, str]) -> Self:
        """Return the warning in other words.

        Parameters
        ----------
        texts : mapping of str to str
            From English templates, hints and names of evidence to another language;
            `thbstats.rules.messages` lists them. What it leaves out stays in English.

        Raises
        ------
        InvalidValue
            If a translation names a parameter that its template does not have.
        """
        evidence = [
            (translate(texts, name), translate(texts, text)) for name, text in self.evidence
        ]
        return evolve(
            self,
            message=translate(texts, self.message),
            evidence=evidence,
            hint=translate(texts, self.hint),
        )

    def to_dict(self) -> dict[str, object]:
        """Return the warning as plain data."""
        return {
            "code": self.code,
            "title": self.title,
            "severity": str(self.severity),
            "outcome": str(self.outcome),
            "scope": self.scope,
            "limitation": self.is_limitation,
            "message": self.message,
            "evidence": dict(self.evidence),
            "hint": self.hint,
        }

    def __str__(self) -> str:
        return escape(f"{self.code} ({self.severity}): {self.message}")


def not_documented(
    gaps: Iterable[tuple[str, str]], scope: Scope
) -> tuple[ComparabilityWarning, ...]:
    """Return the one note on gaps in documentation; nothing where there is no gap.

    Parameters
    ----------
    gaps : iterable of (str, str)
        The codes of rules, and what each of them would need to know.
    scope : {"number", "pair"}
        Whether rules for numbers ask, or rules for pairs.

    Examples
    --------
    >>> (note,) = not_documented([("STATUS", "the status of the victims counted")], "number")
    >>> str(note)
    'NOT_DOCUMENTED (note): not documented: the status of the victims counted'
    """
    evidence = tuple(dict.fromkeys(gaps))
    if not evidence:
        return ()
    missing = dict.fromkeys(what for _, what in evidence)
    note = ComparabilityWarning(
        code=NOT_DOCUMENTED,
        title="Undocumented metadata",
        severity=Severity.NOTE,
        outcome=Outcome.NOT_ASSESSABLE,
        scope=scope,
        message=Message("not documented: {gaps}", gaps=tuple(missing)),
        evidence=evidence,
        hint="Ask the publisher, or add what is known to the records",
        is_limitation=True,
    )
    return (note,)


def _gathered(warnings: Iterable[ComparabilityWarning]) -> list[ComparabilityWarning]:
    """Return the warnings, each once, with all gaps in documentation in one note."""
    distinct = dict.fromkeys(warnings)
    notes = [warning for warning in distinct if warning.code == NOT_DOCUMENTED]
    if len(notes) < 2:
        return list(distinct)
    gaps = (gap for note in notes for gap in note.evidence)
    scope: Scope = "pair" if any(note.scope == "pair" for note in notes) else "number"
    return [
        *(warning for warning in distinct if warning.code != NOT_DOCUMENTED),
        *not_documented(gaps, scope),
    ]


class Warnings(tuple[ComparabilityWarning, ...]):
    """Warnings in order of weight, the gravest first; a tuple that can be filtered by code.

    Each is there once, and all gaps in documentation are one note.

    Examples
    --------
    >>> w = ComparabilityWarning(code="DETECTION", severity="note", scope="number", message="x")
    >>> Warnings([w, w]).codes
    ('DETECTION',)
    >>> len(Warnings([w]).drop("DETECTION"))
    0
    """

    __slots__ = ()

    def __new__(cls, warnings: Iterable[ComparabilityWarning] = ()) -> Self:
        """Return the warnings, each once, the gravest first."""
        return super().__new__(
            cls,
            sorted(_gathered(warnings), key=lambda warning: (-warning.severity.rank, warning.code)),
        )

    @property
    def codes(self) -> tuple[str, ...]:
        """The families that speak, each once."""
        return tuple(dict.fromkeys(warning.code for warning in self))

    def select(self, *codes: str) -> "Warnings":
        """Return only the warnings of these families."""
        return Warnings(warning for warning in self if warning.code in codes)

    def drop(self, *codes: str) -> "Warnings":
        """Return all but the warnings of these families."""
        return Warnings(warning for warning in self if warning.code not in codes)

    def at_least(self, severity: Severity | str) -> "Warnings":
        """Return the warnings that weigh at least this much."""
        least = Severity(severity).rank
        return Warnings(warning for warning in self if warning.severity.rank >= least)

    def translate(self, texts: Mapping[str, str]) -> "Warnings":
        """Return the warnings in other words, as `ComparabilityWarning.translate` does."""
        return Warnings(warning.translate(texts) for warning in self)

    def union(self, *others: Iterable[ComparabilityWarning]) -> "Warnings":
        """Return these and others together, each once."""
        return Warnings([*self, *(warning for group in others for warning in group)])
