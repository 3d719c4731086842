"""JSON as its standard has it: nothing twice, nothing endless, every number exact."""

import json
import os
import re
from collections import Counter
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from thbstats._files import write_file
from thbstats.errors import InvalidFile
from thbstats.exchange.files.input_file import InputFile

__all__ = ["is_json", "parse_json", "pointer", "write_json"]

# A text up to its end, or up to that of the file where it has none; it never goes back.
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_TOKEN = re.compile(rf"{_STRING.pattern}|[\[\]{{}},]", re.DOTALL)
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
# Everything before the first half of a character.
_WHOLE = re.compile(
    r"(?:[^\\]++|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\(?!u[dD][89a-fA-F][0-9a-fA-F]{2}).)*+",
    re.DOTALL,
)
_DIGITS = 1000  # far more than any figure has, far fewer than take time


def is_json(file: InputFile) -> bool:
    """Whether a file starts as a JSON object does."""
    return file.head.lstrip(" \t\r\n").startswith("{")


def pointer(*indices: object) -> str:
    """Return the JSON Pointer to a place.

    Examples
    --------
    >>> pointer("tables", 0, "a/b")
    '/tables/0/a~1b'

    References
    ----------
    RFC 6901, JavaScript Object Notation (JSON) Pointer.
    """
    return "".join(f"/{str(index).replace('~', '~0').replace('/', '~1')}" for index in indices)


def parse_json(file: InputFile) -> Any:
    """Return what a JSON text says; a number with a point or an exponent is a Decimal.

    Parameters
    ----------
    file : InputFile
        The file.

    Returns
    -------
    dict, list, str, int, Decimal, bool or None

    Raises
    ------
    InvalidFile
        If it is no JSON, nested more deeply or longer than the limits admit, says a name twice in
        one object, or holds NaN, Infinity, half a character or a number of very many digits. The
        error names the line and the column.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
    >>> parse_json(open_bytes(b'{"value": [12, 12.50]}'))
    {'value': [12, Decimal('12.50')]}

    References
    ----------
    RFC 8259, The JavaScript Object Notation (JSON) Data Interchange Format.
    """
    text = file.text
    _check_extent(file, text)
    _check_halves(file, text)
    reader = _Reader(file)
    try:
        return json.loads(
            text,
            object_pairs_hook=reader.object,
            parse_constant=reader.constant,
            parse_float=reader.decimal,
            parse_int=reader.integer,
        )
    except json.JSONDecodeError as error:
        raise _fault(file, text, error.pos, f"is no JSON: {error.msg}", _CUT) from None
    except RecursionError:
        raise _too_deep(file) from None


def write_json(data: Any, path: str | os.PathLike[str]) -> None:
    """Write plain data as JSON in UTF-8, without spaces and on one line.

    Parameters
    ----------
    data : dict
        Of texts, whole numbers, lists, truth values and ``None``.
    path : str or path
        The file; it is replaced if it exists.

    Raises
    ------
    InvalidValue
        If a text has half a character, which no file can hold.
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    write_file(path, f"{text}\n")


_CUT = "Fetch the file again, or repair it there"


class _Reader:
    """What becomes of the parts of a text of which the standard library is less strict."""

    def __init__(self, file: InputFile) -> None:
        self._opened = file

    def object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
            raise InvalidFile(
                f"an object of {self._opened.name} says a name twice",
                field=twice[:80],
                hint="Leave one of them out: readers differ in which one they take",
            )
        return found

    def constant(self, text: str) -> NoReturn:
        index = self._find(re.escape(text))
        hint = "Write null, with a status, for what is not there"
        raise _fault(self._opened, self._opened.text, index, f"says {text}, no number", hint)

    def decimal(self, digits: str) -> Decimal:
        self._check_length(digits)
        try:
            return Decimal(digits)
        except InvalidOperation:
            self._refuse(digits)

    def integer(self, digits: str) -> int:
        self._check_length(digits)
        return int(digits)

    def _check_length(self, digits: str) -> None:
        if len(digits) > _DIGITS:
            self._refuse(digits)

    def _refuse(self, digits: str) -> NoReturn:
        index = self._find(re.escape(digits[:_DIGITS]))
        problem = f"has a number that nothing counts, of {len(digits)} signs"
        raise _fault(self._opened, self._opened.text, index, problem, "Check the figure")

    def _find(self, sought: str) -> int:
        """Return where something stands outside of texts."""
        blank = _STRING.sub(lambda found: " " * len(found[0]), self._opened.text)
        found = re.search(sought, blank)
        return found.start() if found else 0


def _check_extent(file: InputFile, text: str) -> None:
    """Refuse what is nested too deeply or has too many values, before anything is made of it."""
    limits = file.limits
    opening = text.count("[") + text.count("{")
    if opening <= limits.depth and opening + text.count(",") <= limits.values:
        return
    values = depth = 0
    for index, token in enumerate(_TOKEN.finditer(text)):
        sign = text[token.start()]
        values += sign in "[{,"
        depth += (sign in "[{") - (sign in "]}")
        if depth > limits.depth:
            raise _too_deep(file)
        # JSON has at most three further tokens to a value: two texts and a closing bracket.
        if values > limits.values or index > 4 * limits.values + 4:
            raise limits.exceeded(file.name, "values", "values")


def _too_deep(file: InputFile) -> InvalidFile:
    return InvalidFile(
        f"{file.name} is nested more than {file.limits.depth} levels deep",
        field="limits",
        hint="No statistical file is; if this one is meant to, read it with "
        "limits=Limits(depth=...)",
    )


def _check_halves(file: InputFile, text: str) -> None:
    """Refuse half a character, which can be in no file that is written from the text."""
    if not _HALF.search(text):
        return
    found = _WHOLE.match(text)
    if found and found.end() < len(text) - 1:  # a last backslash is no JSON
        raise _fault(file, text, found.end(), "has half a character", "Write it whole")


def _fault(file: InputFile, text: str, index: int, problem: str, hint: str) -> InvalidFile:
    line = text.count("\n", 0, index) + 1
    column = index - text.rfind("\n", 0, index)
    return InvalidFile(f"{file.name} {problem}", row=f"line {line}, column {column}", hint=hint)
