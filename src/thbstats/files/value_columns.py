"""Columns of counts in the draft of a declaration."""

import re
from collections.abc import Sequence
from shlex import quote

import numpy as np

from thbstats.errors import InvalidFile
from thbstats.files.column_targets import recode_texts
from thbstats.files.declaration_draft import DeclarationDraft, examples_of
from thbstats.files.headers import split_period
from thbstats.files.text_contents import (
    COUNT_AND_SHARE,
    is_counts,
    is_figure,
    is_identifier,
    is_numbering,
    is_period,
    parsed,
    target_of_name,
)
from thbstats.files.words import BIRTH, CASES, COLUMNS, QUANTITY, RATE, plain_word


def place_values(draft: DeclarationDraft) -> list[str]:
    """Place the columns of counts, with the contents of their header if it has categories."""
    headers, counts = draft.ledger.headers, _counts_and_ignored(draft)
    wide = [name for name in counts if draft.is_category(name)]
    texts = [list(dict.fromkeys(own)) for own in zip(*map(headers.get, wide), strict=True)]
    contents = tuple(map(draft.content_of_header, texts))
    if contents != ("period",) and (len(wide) < 2 or not all(contents)):
        return _place_value(draft, counts)
    draft.add("unpivot", contents, f"the header has these, such as {wide[0]!r}")
    for row, (content, own) in enumerate(zip(contents, texts, strict=True), start=1):
        first, _, other = content.partition(" ")
        if other not in ("", "-"):
            rests = [split_period(text)[1] for text in own]
            recode_texts(draft, f"header {row} {other}", other, rests)
        elif not other:
            recode_texts(draft, f"header {row}", first, own)
    if draft.country and "citizenship" in " ".join(contents):
        areas = tuple(own.replace("citizenship", "area") for own in contents)
        problem = "the header can have citizenships or reporting countries"
        draft.ask(problem, {"unpivot": contents}, {"unpivot": areas})
    if len(contents) == 1 and contents[0] in draft.dimensions:
        # A category that no other column decides, such as "Not stated".
        item = draft.dimensions[contents[0]]
        others = (name for name in counts if name not in wide)
        wide += [name for name in others if parsed(item, headers[name][0])]
    return wide


def _counts_and_ignored(draft: DeclarationDraft) -> list[str]:
    """Return the columns of counts; ignore rates and numbers of rows."""
    counts = []
    for name in draft.names:
        column = draft.ledger.column(name)
        texts = [text for text in column.categories if text.strip()]
        is_rate = all(re.match(r"\W*\d", text) and RATE.search(text) for text in texts)
        is_rate = bool(texts and is_rate) or bool(RATE.search(name))
        # "5 (41.7%)" is a count with its share.
        is_rate &= not any(COUNT_AND_SHARE.match(text) for text in texts)
        is_named = COLUMNS.get(plain_word(name)) == "value" or draft.is_category(name)
        is_known = name in {"sheet", *draft.declared.columns, *draft.declared.ignored}
        if is_known or not (is_rate or is_counts(column, is_named=is_named)):
            continue
        # The first column can have numbers of cases; "NO" elsewhere is Norway.
        is_number = name == draft.names[0] and is_identifier(column)
        if is_rate or is_number or (not is_named and is_numbering(column)):
            reason = "rates and shares are not counts" if is_rate else "it numbers the rows"
            draft.add("ignored", (name,), f"ignored: {reason}", name)
        else:
            counts.append(name)
    return counts


def _place_value(draft: DeclarationDraft, counts: Sequence[str]) -> list[str]:
    """Place the only column of counts, or ask about several."""
    targets = {name: COLUMNS.get(plain_word(name), "") for name in counts}
    named = [name for name in counts if targets[name] == "value"]
    values = named or [
        name
        for name in counts
        if not targets[name] and draft.content_of(draft.column(name)) != "period"
    ]
    if len(values) == 1:
        reason = "its name shows the counts" if named else "no other column has numbers"
        draft.add("columns", {values[0]: "value"}, reason, values[0])
    elif values:
        settled = {"columns": {values[0]: "value"}, "ignored": tuple(values[1:])}
        problem = f"several columns have numbers: {examples_of(values)}"
        others = [name for name in values if not is_period(name)]
        if len(others) < len(values):
            problem = f"{problem}; not a known period: {examples_of(others)}"
        draft.ask(problem, settled)
    return values


def error_without_counts(draft: DeclarationDraft) -> InvalidFile:
    """Return the error for a table without counts, with the command that counts cases.

    Ages in years, dates of birth, several columns of one dimension and names of persons have
    their own options.
    """
    # 1. The columns of each dimension, and those of persons and dates, which are no dimension.
    by: dict[str, list[str]] = {}
    births: list[str] = []
    options: list[str] = []
    years: list[str] = []  # of dates, which are not a period of the table
    for name in draft.names:
        column = draft.column(name)
        texts, target = column.categories, target_of_name(name) or draft.content_of(column)
        if is_numbering(column) or is_identifier(column):
            continue  # each row is another person
        if re.search(r"\bid\b|person|victim", name, re.I):
            options.append(f"--person {quote(name)}")
        elif BIRTH.search(name):
            births.append(name)
        elif target not in draft.dimensions:
            continue
        elif target == "period" and any(len(text) > len("2022-2023") for text in texts):
            years = sorted({text[:4] for text in texts if text.strip()})
        else:
            by.setdefault(target, []).append(name)
    values = {"area": "MT", "period": years[0] if len(years) == 1 else "2022"}
    # 2. The option of each dimension.
    for target, own in by.items():
        texts = draft.column(own[0]).categories
        if target == "age" and any(map(str.isdigit, texts)):
            options.append(f"--ages {quote(own[0])}")
        elif target == "exploitation":
            listed = ",".join(own)
            options.append(f"--multi {quote(f'{target}={listed}')}")
            sign = next((sign for sign in ";,|/" if sign in "".join(texts)), ";")
            options += [f"--separator {quote(sign)}"] * (len(own) == 1 and sign != ";")
        elif own[0] != target:
            options.append(f"--column {quote(f'{target}={own[0]}')}")
    if births and "age" not in by:
        by["age"] = births
        day = f"{values['period']}-12-31"
        options += [f"--birth {quote(births[0])}", f"--age-at at_registration={day}"]
    cells = (cell for name in draft.names for cell in draft.ledger.column(name).categories)
    options += ["--missing ''"] * any(not cell.strip() for cell in cells)
    options += [f"--set {name}={own}" for name, own in values.items() if name not in by]
    dimensions = ",".join(name for name in by if name not in values) or "sex"
    return InvalidFile(
        "No column contains counts",
        field="path",
        hint=f"If each row is a case, use thbstats count FILE --by {dimensions} "
        f"{' '.join(options)}",
    )


def ask_about_further_tables(draft: DeclarationDraft, top: int) -> None:
    """Ask about the first row after the header at ``top`` that can be a header or a heading."""
    # 1. A second header: words in the columns of counts, or the texts of the header again.
    columns = list(map(draft.ledger.column, draft.values))
    is_word = [own.where(lambda text: len(text) > 3 and not is_figure(text)) for own in columns]
    is_header = np.logical_and.reduce(is_word) & (len(columns) > 1)
    if draft.declared.unpivot:
        headers = [draft.ledger.headers[name][-1] for name in draft.values]
        pairs = zip(columns, headers, strict=True)
        is_header |= np.logical_and.reduce([own.where(t.__eq__) for own, t in pairs])
    further, kind = np.flatnonzero(is_header)[:1].tolist(), "the header of a second table"
    # 2. Headings, such as "Women" and "Men" above the same years: rows with one text, directly
    # above a row with a figure, if rows with figures are equal but for their counts.
    others = [draft.ledger.column(name) for name in draft.names if name not in draft.values]
    keys = np.column_stack([own.codes[draft.rows] for own in others] or [draft.rows])
    number = np.sum([own.where(str.strip) for own in [*columns, *others]], axis=0)
    above = np.setdiff1d(draft.rows - 1, draft.rows)
    headings = above[(above >= 0) & (number[above] == 1)].tolist()
    if not further and headings and len(np.unique(keys, axis=0)) < len(keys):
        # The first group ends above the second heading, or above the first one.
        further = headings[1:2] if headings[0] == 0 else headings[:1]
        kind, columns = "the heading of a group of rows", [*others, *columns]
    for row in further:
        texts = [text for own in columns if (text := own.value_at(row)).strip()]
        where, end = draft.ledger.location(row), int(draft.ledger.lines[row]) - 1
        cells = f"A{max(top, 1)}:{_letters(len(draft.ledger.headers))}{end}"
        draft.ask(f"{where} can be {kind}: {examples_of(texts)}", {"range": cells})


def ask_about_other_quantities(draft: DeclarationDraft) -> None:
    """Ask about words for numbers that are not counts, such as thousands or averages.

    They are above the table, in the names of the counts or in a column with one text.
    """
    text = "; ".join([*draft.own_texts, *draft.values])
    has_rates = any("rates" in reason for reason in draft.reasons.values())
    if word := QUANTITY.search(text) or (None if has_rates else RATE.search(text)):
        draft.ask(
            f"the file contains {word[0].strip()!r}: rates, averages, cumulative numbers and "
            "thousands are not counts. Write the counts into the file"
        )
    word = CASES.search("; ".join([*draft.own_texts[draft.n_above :], *draft.values]))
    if word and "unit" in draft.dimensions and "unit" not in draft.targets:
        options = ({"constants": {"unit": unit}} for unit in ("cases", "persons"))
        draft.ask(f"{word[0]!r} can be cases or persons", *options)


def _letters(number: int) -> str:
    """Return the letters of a column of a worksheet, counted from 1."""
    letters = ""
    while number:
        number, position = divmod(number - 1, 26)
        letters = chr(ord("A") + position) + letters
    return letters
