"""Everything that the library answers about its publications and about files, as JSON.

``python -m tests.architecture.behaviour DATA... > state.json`` writes one entry per question.
Compare the files of two states of the code to see which answers a change alters::

    python -m tests.architecture.behaviour --compare before.json after.json
"""

import hashlib
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import thbstats as thb

Question = tuple[str, Callable[[], object]]

WORDS = {"sex": "female", "age": "child", "exploitation": "sexual", "citizenship": "own_country"}
SHOWN = 2_000


def questions_about_publications() -> Iterator[Question]:
    publications = {name: getattr(thb.publications, name) for name in thb.publications.__all__}
    loaded = {name: load() for name, load in publications.items() if callable(load)}
    for name, publication in loaded.items():
        audit = partial(thb.audit, publication)
        yield f"{name} audit", lambda audit=audit: audit().to_dict()
        yield f"{name} audit text", lambda audit=audit: audit().to_text()
        yield f"{name} audit frame", lambda audit=audit: audit().to_frame().to_csv()
        report = partial(thb.report, publication)
        for form in ("to_text", "to_markdown", "to_html", "to_json", "to_csv"):
            yield f"{name} report {form}", lambda report=report, f=form: getattr(report(), f)()
        yield f"{name} claims", lambda p=publication: [str(claim) for claim in p.claims]
        for kind in ("victims", "justice", "protection", "cooperation"):
            table = getattr(publication.data, kind)
            if table is not None and len(table):
                yield from questions_about_a_table(f"{name} {kind}", table)
    yield "all publications audit", lambda: thb.audit(list(loaded.values())).to_dict()
    reference = loaded["com_2018_777"]
    for category in ("sexual", "labour"):
        yield (
            f"infer UK {category}",
            lambda c=category: thb.infer(reference, exploitation=c, area="UK").to_text(),
        )


def questions_about_a_table(name: str, table: thb.CountTable) -> Iterator[Question]:
    yield f"{name} table", lambda: table.to_frame().to_csv()
    yield f"{name} text", table.to_text
    yield f"{name} total", partial(text_and_frame, thb.total, table, by=["area", "period"])
    if table.kind == "victims":
        last = max(map(str, table.to_frame()["period"]))
        for dimension, category in WORDS.items():
            for base in ("all", "known"):
                share = partial(thb.share, table, base=base, **{dimension: category})
                for by in (["area", "period"], ["period"]):
                    yield (
                        f"{name} share {category} {base} {by}",
                        partial(text_and_frame, share, by=by),
                    )
            breakdown = partial(thb.breakdown, table, by=[dimension, "period"], base="known")
            yield f"{name} breakdown {dimension}", partial(text_and_frame, breakdown)
            yield (
                f"{name} crosstab {dimension}",
                lambda d=dimension: (
                    table.where(period=last).crosstab(rows=d, columns="area").to_text()
                ),
            )
        for measure in ("herfindahl", "top_share", "effective_number"):
            yield (
                f"{name} concentration {measure}",
                partial(text_and_frame, thb.concentration, table, measure=measure, by=["period"]),
            )
        yield f"{name} ranking", partial(text_and_frame, thb.ranking, table, by="area", period=last)
        yield (
            f"{name} leave out",
            lambda: text_and_frame(
                thb.leave_out, thb.share(table, sex="female", base="all", period=last)
            ),
        )
        for countries in ("all", "same"):
            change = partial(thb.change, table, old=2019, new=2022, countries=countries)
            yield f"{name} change {countries}", partial(text_and_frame, change)
        for fewer in (5, 10):
            part = table.where(period=last, area=str(table.to_frame()["area"].iloc[0]))
            suppress = partial(thb.disclosure.suppress, part, fewer_than=fewer)
            yield f"{name} suppress {fewer}", lambda s=suppress: s().to_text()
            audit = partial(thb.disclosure.disclosure_audit, part)
            yield f"{name} disclosure {fewer}", lambda a=audit: a().to_text()
    if table.kind == "justice":
        ratio = partial(thb.conviction_to_prosecution, table)
        yield f"{name} ratio", partial(text_and_frame, ratio, by=["area", "period"])
        yield f"{name} ratio of all", partial(text_and_frame, ratio)
        yield f"{name} funnel", lambda: thb.justice.funnel(table).to_text()
    yield f"{name} report", lambda: thb.report(table).to_json()
    for ending in ("csv", "json", "parquet"):
        yield f"{name} write {ending}", partial(written_and_read, table, ending)


def questions_about_files(folders: list[str]) -> Iterator[Question]:
    paths = sorted(p for f in folders for p in Path(f).rglob("*") if p.is_file())
    for path in paths:
        if path.suffix not in {".csv", ".tsv", ".xlsx", ".json", ".gz", ".toml", ".parquet"}:
            continue
        name = "/".join(path.parts[-2:])
        named = {"area": path.parent.name[4:6].upper()} if "sdg" in path.parent.name else {}
        yield f"{name} read", lambda p=path, n=named: str(thb.read(p, **n))
        try:
            reading = thb.read(path, **named)
        except thb.ThbstatsError:
            continue
        yield f"{name} reading", reading.to_text
        yield f"{name} log", lambda r=reading: r.log.to_json()
        if reading.cases is not None:
            for by in (["sex"], ["age"], ["citizenship"], ["exploitation"], ["sex", "period"]):
                yield (
                    f"{name} cases by {by}",
                    lambda r=reading, b=by: thb.count_cases(r, by=b).to_frame().to_csv(),
                )
        for kind in ("victims", "justice", "protection", "cooperation"):
            table = getattr(reading.data, kind) if reading.data else None
            if table is not None and len(table):
                yield from questions_about_a_table(f"{name} {kind}", table)


def written_and_read(table: thb.CountTable, ending: str) -> object:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table.{ending}"
        log = thb.write(table, path)
        content = path.read_bytes() if ending != "parquet" else b""
        return [str(log), content.decode(), thb.read(path).table.to_frame().to_csv()]


def text_and_frame(function: Callable[..., object], *args: object, **named: object) -> object:
    answer = function(*args, **named)
    frame = answer.to_frame() if hasattr(answer, "to_frame") else None
    text = str(answer.to_text() if hasattr(answer, "to_text") else answer)
    rows = "" if frame is None else frame.astype(str).to_csv()
    explained = answer.footnote() if hasattr(answer, "footnote") and len(rows) < 50_000 else ""
    return [text, rows, explained]


def answer(question: Callable[[], object]) -> str:
    try:
        result = question()
    except Exception as error:  # the text is the answer
        return f"{type(error).__name__}: {error}"
    text = result if isinstance(result, str) else json.dumps(result, sort_keys=True, default=str)
    if len(text) <= SHOWN:
        return text
    return f"{text[:SHOWN]} sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def differences(before: Path, after: Path) -> list[str]:
    old, new = (json.loads(path.read_text(encoding="utf-8")) for path in (before, after))
    return [key for key in sorted(old | new) if old.get(key) != new.get(key)]


if __name__ == "__main__":
    if sys.argv[1:2] == ["--compare"]:
        names = differences(*map(Path, sys.argv[2:4]))
        sys.stdout.writelines(f"{name}\n" for name in names)
        sys.exit(bool(names))
    state = {
        name: answer(question)
        for source in (questions_about_publications(), questions_about_files(sys.argv[1:]))
        for name, question in source
    }
    json.dump(state, sys.stdout, indent=1, sort_keys=True)
