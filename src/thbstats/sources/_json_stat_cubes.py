"""Structure of JSON-stat data sets: dimensions, categories and size."""

from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

from attrs import frozen

from thbstats.errors import InvalidFile
from thbstats.exchange.json_data import JsonPath, array, integer, invalid_part, text

__all__ = ["AGAIN", "Cube", "cubes_of"]

AGAIN = "Download the file again"
_DIMENSIONS = 100  # maximum number of dimensions
_LARGEST = 2**53


@frozen(kw_only=True, eq=False)
class Cube:
    """A data set with a valid structure.

    Parameters
    ----------
    path : tuple
        The path of the data set in the file.
    axes : mapping of str to list of str
        From the id of a dimension to its categories by position; the last dimension varies fastest.
    content : mapping
        The object in the file.
    """

    path: JsonPath
    axes: Mapping[str, list[str]]
    content: Mapping[str, Any]

    @property
    def size(self) -> int:
        """The number of cells."""
        return prod(map(len, self.axes.values()))

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
        ids = list(self.axes)
        named = [id_ for id_ in content if id_ in ids] if isinstance(content, list) else []
        return str(named[0]) if len(named) == 1 else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def cubes_of(name: str, content: object) -> tuple[list[Cube], list[str]]:
    """Return the data sets of a file, and the addresses of linked data sets."""
    if not isinstance(content, dict):
        raise invalid_part((), f"{name} must be JSON-stat", "Download a JSON-stat file")
    answer = content.get("error", content.get("warning"))
    if "class" not in content and answer is not None:
        raise InvalidFile(
            f"{name} must contain data", value=str(answer)[:200], hint="Send the query again"
        )
    version = content.get("version")
    if str(version).partition(".")[0] != "2":
        problem, hint = "must have version 2 of JSON-stat", "Ask the publisher for JSON-stat 2.0"
        raise invalid_part(("version",), f"{name} {problem}", hint, value=version)
    cubes, links = [], []
    for path, item in _items(content):
        kind = item["class"]
        if kind == "dataset" and ("value" in item or "dimension" in item):
            cubes.append(_cube(item, path))
        elif kind == "dimension" or not path:
            problem = "must be 'dataset' or 'collection'"
            raise invalid_part((*path, "class"), problem, "Download the data set", value=kind)
        else:
            links.append(str(item.get("href", item.get("label", "without an address")))[:200])
    return cubes, links


def _items(content: dict[str, Any]) -> Iterator[tuple[JsonPath, dict[str, Any]]]:
    """Yield the items of nested collections in the order of the file."""
    waiting: list[tuple[JsonPath, Any]] = [((), content)]
    while waiting:
        path, item = waiting.pop()
        if not isinstance(item, dict) or not isinstance(item.get("class"), str):
            raise invalid_part(path, "must be an object with a class", AGAIN)
        parts = _mapping(item.get("link")).get("item")
        if item["class"] == "collection" and parts is not None:
            part = (*path, "link", "item")
            listed = [((*part, n), entry) for n, entry in enumerate(array(parts, part))]
            waiting.extend(reversed(listed))
        else:
            yield path, item


def _cube(content: Mapping[str, Any], path: JsonPath) -> Cube:
    """Return a data set, if its sizes are the numbers of its categories."""
    part = (*path, "id")
    ids = [text(id_, (*part, n)) for n, id_ in enumerate(array(content.get("id"), part))]
    if not 0 < len(ids) <= _DIMENSIONS:
        problem = f"must have 1 to {_DIMENSIONS} dimensions, got {len(ids)}"
        raise invalid_part(part, problem, AGAIN)
    names = [id_.lower() for id_ in ids]
    for name in names:
        if names.count(name) > 1:
            raise invalid_part(part, "ids of dimensions must be unique", "Rename one", value=name)
    part = (*path, "size")
    sizes = array(content.get("size"), part)
    if len(sizes) != len(ids):
        problem = f"must have {len(ids)} sizes, one for each dimension, got {len(sizes)}"
        raise invalid_part(part, problem, "Download it again")
    dimensions = content.get("dimension")
    if not isinstance(dimensions, dict):
        raise invalid_part((*path, "dimension"), "must be an object", AGAIN)
    axes = {}
    for n, id_ in enumerate(ids):
        size = integer(sizes[n], (*part, n), _LARGEST)
        category = _mapping(_mapping(dimensions.get(id_)).get("category"))
        axes[id_] = _categories(category, (*path, "dimension", id_, "category"), size)
    return Cube(path=path, axes=axes, content=content)


def _categories(category: Mapping[str, Any], path: JsonPath, size: int) -> list[str]:
    """Return the categories of a dimension in the order of their positions."""
    index, label, part = category.get("index"), category.get("label"), (*path, "index")
    if isinstance(index, dict):
        last = len(index) - 1
        numbers = {code: integer(number, (*part, code), last) for code, number in index.items()}
        if len(set(numbers.values())) < len(numbers):
            problem = "positions of categories must be unique"
            raise invalid_part(part, problem, "Number them from 0")
        codes = sorted(numbers, key=numbers.__getitem__)
    elif index is not None:
        codes = [text(code, (*part, n)) for n, code in enumerate(array(index, path))]
    elif isinstance(label, dict) and len(label) == 1:
        codes = list(label)  # a single category needs no index
    else:
        raise invalid_part(path, "must have categories", AGAIN)
    if len(codes) != size:
        problem = f"must have {size} categories, as in size, got {len(codes)}"
        raise invalid_part(path, problem, AGAIN)
    if len(set(codes)) < len(codes):
        raise invalid_part(part, "categories must be unique", "Remove one of the two")
    return codes
