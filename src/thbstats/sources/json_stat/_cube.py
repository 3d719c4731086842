"""Structure of a JSON-stat data set: dimensions, categories and size."""

from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

from attrs import frozen

from thbstats.errors import InvalidFile
from thbstats.exchange import Limits
from thbstats.exchange.json_parts import JsonPath, array, integer, invalid_part, text

__all__ = ["Cube", "CubeDimension", "read_cube", "read_cubes"]

_DIMENSIONS = 100  # maximum number of dimensions
_LARGEST = 2**53


@frozen(kw_only=True, eq=False)
class CubeDimension:
    """A dimension of a cube.

    Parameters
    ----------
    id : str
        Its id in the file.
    codes : tuple of str
        Its categories in the order of their positions.
    """

    id: str
    codes: tuple[str, ...]


@frozen(kw_only=True, eq=False)
class Cube:
    """A data set with a valid structure.

    Parameters
    ----------
    path : tuple
        The path of the data set in the file.
    axes : tuple of CubeDimension
        The dimensions; the last one varies fastest.
    content : mapping
        The object in the file.
    """

    path: JsonPath
    axes: tuple[CubeDimension, ...]
    content: Mapping[str, Any]

    @property
    def size(self) -> int:
        """The number of cells."""
        return prod(len(axis.codes) for axis in self.axes)

    @property
    def extension(self) -> Mapping[str, Any]:
        """The extension of the publisher."""
        return _mapping(self.content.get("extension"))

    def text(self, name: str) -> str:
        """Return a text member of the data set; empty if it is missing."""
        content = self.content.get(name)
        return content.strip() if isinstance(content, str) else ""

    def role(self, name: str) -> str:
        """Return the only dimension with a role; empty for none or several."""
        content = _mapping(self.content.get("role")).get(name)
        ids = [axis.id for axis in self.axes]
        named = [id_ for id_ in content if id_ in ids] if isinstance(content, list) else []
        return str(named[0]) if len(named) == 1 else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def read_cubes(name: str, content: object, limits: Limits) -> tuple[list[Cube], list[str]]:
    """Return the data sets of a file, and the addresses of linked data sets.

    Raises
    ------
    InvalidFile
        If it is not valid JSON-stat 2.
    """
    if not isinstance(content, dict):
        raise invalid_part((), f"{name} must be JSON-stat", "Download a JSON-stat file")
    answer = content.get("error", content.get("warning"))
    if "class" not in content and answer is not None:
        raise InvalidFile(
            f"{name} must contain data", value=str(answer)[:200], hint="Send the query again"
        )
    version = str(content.get("version"))
    if version.partition(".")[0] != "2":
        raise invalid_part(
            ("version",),
            f"{name} must have version 2 of JSON-stat",
            "Ask the publisher for JSON-stat 2.0",
            value=content.get("version"),
        )
    cubes, links = [], []
    for path, item in _items(content):
        if item.get("class") == "dataset" and ("value" in item or "dimension" in item):
            cubes.append(read_cube(item, path, limits))
        elif item.get("class") == "dimension" or not path:
            raise invalid_part(
                (*path, "class"),
                "must be 'dataset' or 'collection'",
                "Download the data set",
                value=item["class"],
            )
        else:
            links.append(str(item.get("href", item.get("label", "without an address")))[:200])
    return cubes, links


def _items(content: dict[str, Any]) -> Iterator[tuple[JsonPath, dict[str, Any]]]:
    """Yield the items of nested collections in the order of the file."""
    waiting: list[tuple[JsonPath, Any]] = [((), content)]
    while waiting:
        path, item = waiting.pop()
        if not isinstance(item, dict) or not isinstance(item.get("class"), str):
            raise invalid_part(path, "must be an object with a class", "Download the file again")
        parts = _mapping(item.get("link")).get("item")
        if item["class"] == "collection" and parts is not None:
            part = (*path, "link", "item")
            listed = [((*part, n), entry) for n, entry in enumerate(array(parts, part))]
            waiting.extend(reversed(listed))
        else:
            yield path, item


def read_cube(content: Mapping[str, Any], path: JsonPath, limits: Limits) -> Cube:
    """Return the structure of a data set.

    Raises
    ------
    InvalidFile
        If the sizes differ from the categories, or a part is not valid.
    """
    part = (*path, "id")
    ids = [text(id_, (*part, n)) for n, id_ in enumerate(array(content.get("id"), part))]
    if not 0 < len(ids) <= _DIMENSIONS:
        problem = f"must have 1 to {_DIMENSIONS} dimensions, got {len(ids)}"
        raise invalid_part(part, problem, "Download the file again")
    names = [id_.lower() for id_ in ids]
    for name in names:
        if names.count(name) > 1:
            raise invalid_part(part, "ids of dimensions must be unique", "Rename one", value=name)
    part = (*path, "size")
    sizes = array(content.get("size"), part)
    if len(sizes) != len(ids):
        raise invalid_part(
            part,
            f"must have {len(ids)} sizes, one for each dimension, got {len(sizes)}",
            "Download it again",
        )
    dimensions = content.get("dimension")
    if not isinstance(dimensions, dict):
        raise invalid_part((*path, "dimension"), "must be an object", "Download the file again")
    axes = []
    for n, id_ in enumerate(ids):
        size = integer(sizes[n], (*part, n), _LARGEST)
        axes.append(_axis(id_, size, dimensions.get(id_), (*path, "dimension", id_)))
    return Cube(path=path, axes=tuple(axes), content=content)


def _axis(id_: str, size: int, content: object, path: JsonPath) -> CubeDimension:
    category = _mapping(_mapping(content).get("category"))
    path = (*path, "category")
    index, label = category.get("index"), category.get("label")
    if isinstance(index, dict):
        codes = _numbered(index, (*path, "index"))
    elif index is not None:
        codes = [text(code, (*path, "index", n)) for n, code in enumerate(array(index, path))]
    elif isinstance(label, dict) and len(label) == 1:
        codes = list(label)  # a single category needs no index
    else:
        raise invalid_part(path, "must have categories", "Download the file again")
    if len(codes) != size:
        problem = f"must have {size} categories, as in size, got {len(codes)}"
        raise invalid_part(path, problem, "Download the file again")
    if len(set(codes)) < len(codes):
        raise invalid_part((*path, "index"), "categories must be unique", "Remove one of the two")
    return CubeDimension(id=id_, codes=tuple(codes))


def _numbered(index: Mapping[str, Any], path: JsonPath) -> list[str]:
    """Return categories in the order of their positions."""
    numbers = {
        code: integer(number, (*path, code), len(index) - 1) for code, number in index.items()
    }
    if len(set(numbers.values())) < len(numbers):
        raise invalid_part(path, "positions of categories must be unique", "Number them from 0")
    return sorted(numbers, key=lambda code: numbers[code])
