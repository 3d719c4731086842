"""Structure of JSON-stat data sets: dimensions, categories and size."""

from collections.abc import Iterator, Mapping
from math import prod

from attrs import frozen

from thbstats.errors import InvalidFile
from thbstats.files.json_data import JsonPart

AGAIN = "Download the file again"
_DIMENSIONS = 100  # maximum number of dimensions
_LARGEST = 2**53


@frozen(kw_only=True, eq=False)
class Cube:
    """A data set with a valid structure.

    ``axes`` are the categories by position of each dimension; the last dimension varies fastest.
    """

    part: JsonPart
    axes: Mapping[str, list[str]]

    @property
    def size(self) -> int:
        """The number of cells."""
        return prod(map(len, self.axes.values()))

    @property
    def extension(self) -> JsonPart:
        """The extension of the publisher."""
        return _object(self.part.get("extension"))

    def text(self, name: str) -> str:
        """Return a text member of the data set; empty if it is missing."""
        content = self.part.get(name).value
        return content.strip() if isinstance(content, str) else ""

    def role(self, name: str) -> str:
        """Return the only dimension with a role; empty for none or several."""
        content, ids = self.part.get("role").get(name).value, list(self.axes)
        named = [id_ for id_ in content if id_ in ids] if isinstance(content, list) else []
        return str(named[0]) if len(named) == 1 else ""


def _object(part: JsonPart) -> JsonPart:
    return part if isinstance(part.value, dict) else JsonPart({}, part.path)


def cubes_of(name: str, content: object) -> tuple[list[Cube], list[str]]:
    """Return the data sets of a file, and the addresses of linked data sets."""
    document = JsonPart(content)
    if not isinstance(content, dict):
        raise document.error(f"{name} must be JSON-stat", "Download a JSON-stat file")
    answer = content.get("error", content.get("warning"))
    if "class" not in content and answer is not None:
        raise InvalidFile(
            f"{name} must contain data", value=str(answer)[:200], hint="Send the query again"
        )
    version = content.get("version")
    if str(version).partition(".")[0] != "2":
        problem, hint = "must have version 2 of JSON-stat", "Ask the publisher for JSON-stat 2.0"
        raise document.error(f"{name} {problem}", hint, "version", value=version)
    cubes, links = [], []
    for part in _items(document):
        item, kind = part.value, part.value["class"]
        if kind == "dataset" and ("value" in item or "dimension" in item):
            cubes.append(_cube(part))
        elif kind == "dimension" or not part.path:
            problem = "must be 'dataset' or 'collection'"
            raise part.error(problem, "Download the data set", "class", value=kind)
        else:
            links.append(str(item.get("href", item.get("label", "without an address")))[:200])
    return cubes, links


def _items(document: JsonPart) -> Iterator[JsonPart]:
    """Yield the items of nested collections in the order of the file."""
    waiting = [document]
    while waiting:
        part = waiting.pop()
        if not isinstance(part.get("class").value, str):
            raise part.error("must be an object with a class", AGAIN)
        items = part.get("link").get("item")
        if part.value["class"] == "collection" and items.value is not None:
            waiting.extend(reversed(items.parts()))
        else:
            yield part


def _cube(part: JsonPart) -> Cube:
    """Return a data set, if its sizes are the numbers of its categories."""
    listed, sizes = part.get("id"), part.get("size")
    ids = [id_.text() for id_ in listed.parts()]
    if not 0 < len(ids) <= _DIMENSIONS:
        raise listed.error(f"must have 1 to {_DIMENSIONS} dimensions, got {len(ids)}", AGAIN)
    names = [id_.lower() for id_ in ids]
    for name in names:
        if names.count(name) > 1:
            raise listed.error("ids of dimensions must be unique", "Rename one", value=name)
    if len(sizes.array()) != len(ids):
        problem = f"must have {len(ids)} sizes, one for each dimension, got {len(sizes.value)}"
        raise sizes.error(problem, "Download it again")
    dimensions = part.get("dimension")
    if not isinstance(dimensions.value, dict):
        raise dimensions.error("must be an object", AGAIN)
    axes = {
        id_: _categories(_object(dimensions.get(id_).get("category")), sizes[n].integer(_LARGEST))
        for n, id_ in enumerate(ids)
    }
    return Cube(part=part, axes=axes)


def _categories(category: JsonPart, size: int) -> list[str]:
    """Return the categories of a dimension in the order of their positions."""
    index, label = category.get("index"), category.get("label").value
    if isinstance(index.value, dict):
        last = len(index.value) - 1
        numbers = {code: index[code].integer(last) for code in index.value}
        if len(set(numbers.values())) < len(numbers):
            raise index.error("positions of categories must be unique", "Number them from 0")
        codes = sorted(numbers, key=numbers.__getitem__)
    elif index.value is not None:
        codes = [code.text() for code in index.parts()]
    elif isinstance(label, dict) and len(label) == 1:
        codes = list(label)  # a single category needs no index
    else:
        raise category.error("must have categories", AGAIN)
    if len(codes) != size:
        raise category.error(f"must have {size} categories, as in size, got {len(codes)}", AGAIN)
    if len(set(codes)) < len(codes):
        raise index.error("categories must be unique", "Remove one of the two")
    return codes
