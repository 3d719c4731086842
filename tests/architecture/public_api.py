"""Public names: those of the top level and those that the API reference documents.

``python -m tests.architecture.public_api`` writes the snapshot again after an intended change.
"""

import inspect
import re
from collections.abc import Iterable, Iterator
from enum import Enum
from importlib import import_module
from pathlib import Path
from types import ModuleType

import thbstats

SNAPSHOT = Path(__file__).with_name("public_api.txt")
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "api"

_MARKS = {
    inspect.Parameter.VAR_POSITIONAL: "*",
    inspect.Parameter.VAR_KEYWORD: "**",
}


def lines() -> Iterator[str]:
    """Yield the names of the top level and of the pages of the API reference."""
    yield from _module(thbstats, thbstats.__all__)
    for name, options in sorted(_documented()):
        module = import_module(name)
        listed = re.search(r":members: (.*)", options)
        excluded = re.search(r":exclude-members: (.*)", options)
        names = listed[1].split(", ") if listed else module.__all__
        yield from _module(module, set(names) - set(excluded[1].split(", ") if excluded else ()))


def _documented() -> Iterator[tuple[str, str]]:
    for page in REFERENCE.glob("*.md"):
        text = page.read_text(encoding="utf-8")
        yield from re.findall(r"\.\. automodule:: (\S+)\n((?:   :[^\n]*\n)*)", text)


def _module(module: ModuleType, names: Iterable[str]) -> Iterator[str]:
    for name in sorted(names):
        item = getattr(module, name)
        label = f"{module.__name__}.{name}"
        yield label + _parameters(item)
        if inspect.isclass(item):
            yield from _members(label, item)


def _members(label: str, cls: type) -> Iterator[str]:
    for name in sorted(dir(cls)):
        item = inspect.getattr_static(cls, name)
        if name.startswith("_") or not _ours(cls, name):
            continue
        if isinstance(item, (classmethod, staticmethod)):
            item = item.__func__
        yield f"{label}.{name}{_parameters(item) if inspect.isfunction(item) else ''}"


def _ours(cls: type, name: str) -> bool:
    home = next(base for base in cls.__mro__ if name in vars(base))
    return home.__module__.startswith("thbstats")


def _parameters(item: object) -> str:
    # How an enumeration, an alias or what Python brings is called is another version's to change.
    if inspect.isclass(item):
        own = _ours(item, "__init__") or _ours(item, "__new__")
        if issubclass(item, Enum) or not own:
            return ""
    elif not inspect.isroutine(item):
        return ""
    try:
        result = inspect.signature(item).parameters.values()
    except (TypeError, ValueError):
        return "(...)"
    message, named = [], False
    for parameter in result:
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and not named:
            message.append("*")
        named = named or parameter.kind in (
            inspect.Parameter.KEYWORD_ONLY,
            inspect.Parameter.VAR_POSITIONAL,
        )
        optional = "" if parameter.default is inspect.Parameter.empty else "=..."
        message.append(f"{_MARKS.get(parameter.kind, '')}{parameter.name}{optional}")
    return f"({', '.join(message)})"


def text() -> str:
    """Return all of them."""
    return "\n".join(lines()) + "\n"


if __name__ == "__main__":
    SNAPSHOT.write_text(text(), encoding="utf-8")
