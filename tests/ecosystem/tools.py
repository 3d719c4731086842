"""The tools that take our objects, with the versions that are installed."""

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import pytest


def tool(package: str, module: str | None = None) -> Any:
    """Return a tool, or skip the test if it is not installed."""
    return pytest.importorskip(module or package.replace("-", "_"))


def versions(packages: Iterable[str]) -> list[Any]:
    """Return a parameter for each package; its id has the installed version."""
    return [pytest.param(package, id=_id(package)) for package in packages]


def _id(package: str) -> str:
    try:
        return f"{package}-{version(package)}"
    except PackageNotFoundError:
        return f"{package}-absent"
