import inspect

import pytest

from thbstats._deprecation import ThbstatsDeprecationWarning, deprecated


@deprecated(since="1.1", until="1.3", instead="share")
def part(victims, *, total):
    """Return a part of a whole.

    Parameters
    ----------
    victims : int
        The part.
    """
    return victims / total


def test_a_deprecated_function_works_and_says_what_replaces_it_where_it_is_called():
    with pytest.warns(
        ThbstatsDeprecationWarning, match=r"part.*since 1\.1.*1\.3: use share"
    ) as told:
        assert part(1, total=2) == 0.5
    assert told[0].filename == __file__


def test_a_deprecated_function_keeps_its_name_signature_and_docstring():
    assert part.__name__ == "part"
    assert list(inspect.signature(part).parameters) == ["victims", "total"]
    assert part.__doc__.startswith("Return a part of a whole.\n\n.. deprecated:: 1.1\n")
    assert "Parameters\n----------\nvictims : int" in part.__doc__
