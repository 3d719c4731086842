import difflib

from tests.architecture.public_api import SNAPSHOT, text


def test_public_surface_equals_its_snapshot():
    known, now = SNAPSHOT.read_text(encoding="utf-8"), text()
    changes = difflib.unified_diff(known.splitlines(), now.splitlines(), "approved", "now", n=0)
    assert known == now, (
        "The public names changed. If that is meant: python -m tests.architecture.public_api, and "
        "a line in CHANGELOG.md.\n" + "\n".join(changes)
    )
