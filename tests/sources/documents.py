"""JSON documents with one changed part."""

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st


def changed(document: Any, path: str, to: object) -> Any:
    """Return a document with another part, by its JSON Pointer without the first slash."""
    result = deepcopy(document)
    part, *steps = result, *path.split("/")
    for step in steps[:-1]:
        part = part[int(step) if isinstance(part, list) else step]
    part[int(steps[-1]) if isinstance(part, list) else steps[-1]] = to
    return result


def changed_anywhere(data: st.DataObject, document: Any, parts: st.SearchStrategy[Any]) -> Any:
    """Return a document with a part of any type at any position."""
    result = deepcopy(document)
    part = result
    while True:
        steps = sorted(part) if isinstance(part, dict) else list(range(len(part)))
        step = data.draw(st.sampled_from(steps))
        if not isinstance(part[step], dict | list) or not part[step] or data.draw(st.booleans()):
            break
        part = part[step]
    part[step] = data.draw(parts)
    return result


def parts(*texts: str, keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Return parts of documents of any type."""
    plain = (
        st.none()
        | st.booleans()
        | st.integers(-2, 2**70)
        | st.floats(allow_nan=False, width=32)
        | st.sampled_from(["", *texts])
    )
    return st.recursive(
        plain,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner),
        max_leaves=4,
    )
