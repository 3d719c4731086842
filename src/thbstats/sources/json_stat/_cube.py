"""What a JSON-stat data set says of its cells: dimensions, categories, and how many there are."""

from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

from attrs import frozen

from thbstats.errors import InvalidFile
from thbstats.exchange import Limits
from thbstats.exchange.json_parts import At, array, fault, text, whole_number

__all__ = ["Axis", "Cube", "read_cube", "read_cubes"]

_DIMENSIONS = 100  # more than any cube has, and few enough to look at one by one
_LARGEST = 2**53


@frozen(kw_only=True, eq=False)
class Axis:
    """A dimension of a cube.

    Parameters
    ----------
    id : str
        Its name in the file.
    codes : tuple of str
        Its categories in the order of their numbers.
    """

    id: str
    codes: tuple[str, ...]


@frozen(kw_only=True, eq=False)
class Cube:
    """A data set whose structure is sound; how many cells it declares does not matter.

    Parameters
    ----------
    at : tuple
        Where it stands in the file.
    axes : tuple of Axis
        Its dimensions; the last one varies fastest.
    given : mapping
        The object as it stands in the file.
    """

    at: At
    axes: tuple[Axis, ...]
    given: Mapping[str, Any]

    @property
    def size(self) -> int:
        """How many cells it declares."""
        return prod(len(axis.codes) for axis in self.axes)

    @property
    def extension(self) -> Mapping[str, Any]:
        """What the publisher adds to the standard."""
        return _mapping(self.given.get("extension"))

    def said(self, name: str) -> str:
        """Return a text that the data set says of itself, empty if it does not."""
        found = self.given.get(name)
        return found.strip() if isinstance(found, str) else ""

    def role(self, name: str) -> str:
        """Return the one dimension with a role, empty if none or several have it."""
        found = _mapping(self.given.get("role")).get(name)
        ids = [axis.id for axis in self.axes]
        named = [id_ for id_ in found if id_ in ids] if isinstance(found, list) else []
        return str(named[0]) if len(named) == 1 else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def read_cubes(name: str, found: object, limits: Limits) -> tuple[list[Cube], list[str]]:
    """Return the data sets of a file, and the addresses of those that it only links to.

    Raises
    ------
    InvalidFile
        If it is no JSON-stat 2.x, or the structure of a data set is not sound.
    """
    if not isinstance(found, dict):
        raise fault((), f"{name} is no JSON-stat", "Its text is an object with a class")
    answer = found.get("error", found.get("warning"))
    if "class" not in found and answer is not None:
        raise InvalidFile(
            f"{name} is an answer without data", value=str(answer)[:200], hint="Ask again"
        )
    version = str(found.get("version"))
    if version.partition(".")[0] != "2":
        raise fault(
            ("version",),
            f"{name} is not of version 2 of JSON-stat",
            "Ask the publisher for JSON-stat 2.0",
            value=found.get("version"),
        )
    cubes, links = [], []
    for at, item in _items(found):
        if item.get("class") == "dataset" and ("value" in item or "dimension" in item):
            cubes.append(read_cube(item, at, limits))
        elif item.get("class") == "dimension" or not at:
            raise fault((*at, "class"), "no data set", "Give the data set", value=item["class"])
        else:
            links.append(str(item.get("href", item.get("label", "without an address")))[:200])
    return cubes, links


def _items(found: dict[str, Any]) -> Iterator[tuple[At, dict[str, Any]]]:
    """Yield the parts of a collection, and of collections in it, in the order of the file."""
    waiting: list[tuple[At, Any]] = [((), found)]
    while waiting:
        at, item = waiting.pop()
        if not isinstance(item, dict) or not isinstance(item.get("class"), str):
            raise fault(at, "no object with a class", "Each item of a collection says what it is")
        parts = _mapping(item.get("link")).get("item")
        if item["class"] == "collection" and parts is not None:
            index = (*at, "link", "item")
            listed = [((*index, n), part) for n, part in enumerate(array(parts, index))]
            waiting.extend(reversed(listed))
        else:
            yield at, item


def read_cube(found: Mapping[str, Any], at: At, limits: Limits) -> Cube:
    """Return the structure of a data set.

    Raises
    ------
    InvalidFile
        If the sizes are not those of the categories, or a part is not what it must be.
    """
    index = (*at, "id")
    ids = [text(id_, (*index, n)) for n, id_ in enumerate(array(found.get("id"), index))]
    if not 0 < len(ids) <= _DIMENSIONS:
        problem = f"{len(ids)} dimensions, where a data set has 1 to {_DIMENSIONS}"
        raise fault(index, problem, "Fetch the file again")
    names = [id_.lower() for id_ in ids]
    for name in names:
        if names.count(name) > 1:
            raise fault(index, "two dimensions have the same name", "Rename one", value=name)
    index = (*at, "size")
    sizes = array(found.get("size"), index)
    if len(sizes) != len(ids):
        raise fault(index, f"{len(sizes)} sizes for {len(ids)} dimensions", "Give one for each")
    dimensions = found.get("dimension")
    if not isinstance(dimensions, dict):
        raise fault((*at, "dimension"), "no object", "Describe each dimension there")
    axes = []
    for n, id_ in enumerate(ids):
        size = whole_number(sizes[n], (*index, n), _LARGEST)
        axes.append(_axis(id_, size, dimensions.get(id_), (*at, "dimension", id_)))
    return Cube(at=at, axes=tuple(axes), given=found)


def _axis(id_: str, size: int, found: object, at: At) -> Axis:
    category = _mapping(_mapping(found).get("category"))
    at = (*at, "category")
    index, label = category.get("index"), category.get("label")
    if isinstance(index, dict):
        codes = _numbered(index, (*at, "index"))
    elif index is not None:
        codes = [text(code, (*at, "index", n)) for n, code in enumerate(array(index, at))]
    elif isinstance(label, dict) and len(label) == 1:
        codes = list(label)  # one category needs no index
    else:
        raise fault(at, "no categories", "Give their order as index, in an array or by number")
    if len(codes) != size:
        problem = f"{len(codes)} categories, and a size of {size}"
        raise fault(at, problem, "The file was cut or altered: fetch it again")
    if len(set(codes)) < len(codes):
        raise fault((*at, "index"), "a category stands there twice", "Leave one of them out")
    return Axis(id=id_, codes=tuple(codes))


def _numbered(index: Mapping[str, Any], at: At) -> list[str]:
    """Return categories in the order of their numbers, which are 0 and on without a gap."""
    numbers = {
        code: whole_number(number, (*at, code), len(index) - 1) for code, number in index.items()
    }
    if len(set(numbers.values())) < len(numbers):
        raise fault(at, "two categories have the same number", "Number them from 0 without a gap")
    return sorted(numbers, key=lambda code: numbers[code])
