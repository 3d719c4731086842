"""Comparability warnings and their messages."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Literal, Self

from attrs import evolve, field, frozen

from thbstats._characters import escape
from thbstats.languages import Language, Message

NOT_DOCUMENTED = "NOT_DOCUMENTED"
"""The code of the note on missing metadata."""

Scope = Literal["number", "pair"]


class Severity(StrEnum):
    """Severity of a warning."""

    NOTE = "note"
    CAUTION = "caution"
    BLOCKING = "blocking"

    @property
    def rank(self) -> int:
        """0 for a note, 1 for caution, 2 for blocking."""
        return list(Severity).index(self)

    @property
    def label(self) -> str:
        """The label of the severity."""
        return (Message("note"), Message("caution"), Message("blocking"))[self.rank]


class Outcome(StrEnum):
    """The outcome of a rule: pass, fail or not assessable."""

    PASS = "pass"
    FAIL = "fail"
    NOT_ASSESSABLE = "not_assessable"

    @property
    def code(self) -> int:
        """The outcome in a column: 1 pass, -1 fail, 0 not assessable."""
        return {"pass": 1, "fail": -1}.get(self, 0)

    @classmethod
    def from_code(cls, code: int) -> "Outcome":
        """Return the outcome of a code in a column."""
        return next(outcome for outcome in cls if outcome.code == code)


class Verdict(StrEnum):
    """Comparability of two results."""

    COMPARABLE = "comparable"
    WITH_CAUTION = "with_caution"
    NOT_COMPARABLE = "not_comparable"
    NOT_ASSESSABLE = "not_assessable"

    @property
    def label(self) -> str:
        """The label of the verdict."""
        return _VERDICTS[self]


_VERDICTS = {
    Verdict.COMPARABLE: Message("comparable"),
    Verdict.WITH_CAUTION: Message("comparable with caution"),
    Verdict.NOT_COMPARABLE: Message("not comparable"),
    Verdict.NOT_ASSESSABLE: Message("not assessable"),
}


def _pairs(evidence: Iterable[tuple[object, object]]) -> tuple[tuple[str, str], ...]:
    return tuple((_text(name), _text(figure)) for name, figure in evidence)


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value)


@frozen(kw_only=True)
class ComparabilityWarning:
    """A warning on a result or a comparison, with its evidence and hint.

    Parameters
    ----------
    code : str
        The code of the rule, such as ``"UNKNOWN"``.
    title : str
        The title in at most five words.
    severity : Severity
        Note, caution or blocking.
    outcome : Outcome
        Whether the rule fails or is not assessable.
    scope : {"number", "pair"}
        Whether it concerns one result or a pair.
    message : str or Message
        The problem in one sentence, with the figure that triggered it.
    evidence : tuple of (str, str)
        The figures that triggered the warning, by name.
    hint : str
        The recommended action.
    is_limitation : bool
        Whether it holds for all results of a kind.
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
        """The template of the message: the key of its translations."""
        return self.message.template if isinstance(self.message, Message) else self.message

    @property
    def parameters(self) -> Mapping[str, str]:
        """The parameters of the message."""
        return self.message.parameters if isinstance(self.message, Message) else {}

    def in_language(self, language: str | Language) -> Self:
        """Return the warning with its texts in a language.

        Parameters
        ----------
        language : str or Language
            ``"en"``, ``"fr"`` or ``"de"``. The texts of rules of your own stay in English.

        Raises
        ------
        UnknownName
            If there is no catalogue of the language.
        MissingExtra
            If babel is not installed. English does not need it.
        """
        text = Language.of(language).text
        evidence = [(text(name), text(figure)) for name, figure in self.evidence]
        title, message, hint = map(text, (self.title, self.message, self.hint))
        return evolve(self, title=title, message=message, evidence=evidence, hint=hint)

    def to_dict(self) -> dict[str, object]:
        """Return the warning as JSON data."""
        own: dict[str, object] = {
            name: getattr(self, name) for name in ("code", "title", "severity", "outcome", "scope")
        }
        return {
            **{name: str(value) for name, value in own.items()},
            "limitation": self.is_limitation,
            "message": self.message,
            "evidence": dict(self.evidence),
            "hint": self.hint,
        }

    def __str__(self) -> str:
        return escape(f"{self.code} ({self.severity}): {self.message}")


def not_documented(
    needs: Iterable[tuple[str, str]], scope: Scope
) -> tuple[ComparabilityWarning, ...]:
    """Return the note on missing metadata, if there is any.

    Parameters
    ----------
    needs : iterable of (str, str)
        The codes of rules, and the metadata that each rule needs.
    scope : {"number", "pair"}
        Whether the rules are for results or for pairs.

    Examples
    --------
    >>> (note,) = not_documented([("STATUS", "the status of the victims counted")], "number")
    >>> str(note)
    'NOT_DOCUMENTED (note): not documented: the status of the victims counted'
    """
    evidence = tuple(dict.fromkeys(needs))
    if not evidence:
        return ()
    missing = dict.fromkeys(what for _, what in evidence)
    note = ComparabilityWarning(
        code=NOT_DOCUMENTED,
        title=Message("Undocumented metadata"),
        severity=Severity.NOTE,
        outcome=Outcome.NOT_ASSESSABLE,
        scope=scope,
        message=Message("not documented: {metadata}", metadata=tuple(missing)),
        evidence=evidence,
        hint=Message("Ask the publisher, or add what is known to the records"),
        is_limitation=True,
    )
    return (note,)


class Warnings(tuple[ComparabilityWarning, ...]):
    """Distinct warnings, the most severe first.

    A tuple that can be filtered by code and severity. Missing metadata are one note.

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
        """Return the distinct warnings, the most severe first."""
        distinct = list(dict.fromkeys(warnings))
        notes = [warning for warning in distinct if warning.code == NOT_DOCUMENTED]
        if len(notes) > 1:
            # All missing metadata are in one note.
            needs = (gap for note in notes for gap in note.evidence)
            scope: Scope = "pair" if any(note.scope == "pair" for note in notes) else "number"
            distinct = [warning for warning in distinct if warning.code != NOT_DOCUMENTED]
            distinct += not_documented(needs, scope)
        order = sorted(distinct, key=lambda own: (-own.severity.rank, own.code))
        return super().__new__(cls, order)

    @property
    def codes(self) -> tuple[str, ...]:
        """The distinct codes."""
        return tuple(dict.fromkeys(warning.code for warning in self))

    def select(self, *codes: str) -> "Warnings":
        """Return the warnings with some codes."""
        return Warnings(warning for warning in self if warning.code in codes)

    def drop(self, *codes: str) -> "Warnings":
        """Return the warnings without some codes."""
        return Warnings(warning for warning in self if warning.code not in codes)

    def at_least(self, severity: Severity | str) -> "Warnings":
        """Return the warnings with a severity or a higher one."""
        lowest = Severity(severity).rank
        return Warnings(warning for warning in self if warning.severity.rank >= lowest)

    def in_language(self, language: str | Language) -> "Warnings":
        """Return the warnings in a language, as `ComparabilityWarning.in_language`."""
        return Warnings(warning.in_language(language) for warning in self)

    def union(self, *others: Iterable[ComparabilityWarning]) -> "Warnings":
        """Return the distinct warnings of several collections."""
        return Warnings([*self, *(warning for group in others for warning in group)])
