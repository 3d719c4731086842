"""Feed broken files to a reader: only a table, an audit or an error of ours may come out.

    python fuzz/readers.py TARGET [SECONDS]

The fuzzer (atheris) follows which lines of thbstats a file reaches, and changes those that reach
new ones. Files that made a reader fail are written beside this script as crash-*; each belongs into
the tests of its reader. ``python fuzz/readers.py`` lists the targets.
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["thbstats"], enable_loader_override=False):
    from seeds import TARGETS

    from thbstats.errors import ThbstatsError


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS:
        names = ", ".join(TARGETS)
        sys.exit(f"usage: python fuzz/readers.py TARGET [SECONDS]\ntargets: {names}")
    name = sys.argv[1]
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 600
    target = TARGETS[name]()

    def one(data: bytes) -> None:
        try:
            target.check(data)
        except ThbstatsError as error:
            str(error)

    for seed in target.seeds:
        target.check(seed)  # a seed that is refused would hide all that comes after
    corpus = Path(tempfile.mkdtemp(prefix=f"fuzz-{name}-"))
    for place, seed in enumerate([*target.seeds, *target.crashes]):
        one(seed)
        (corpus / f"seed-{place}").write_bytes(seed)
    here = Path(__file__).parent
    options = [
        f"-max_total_time={seconds}",
        "-timeout=20",
        "-rss_limit_mb=3000",
        "-max_len=20000",
        f"-artifact_prefix={here}/crash-{name}-",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
