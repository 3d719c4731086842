"""Targets of the other columns in the draft of a declaration, and their categories."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from thbstats.files.declaration import MULTIPLE
from thbstats.files.declaration_draft import DeclarationDraft, codes_of, examples_of
from thbstats.files.ledger import FileColumn
from thbstats.files.reference_periods import PART_NUMBERS
from thbstats.files.text_contents import (
    dimension_of,
    is_code_of,
    is_counts,
    is_paired,
    parsed,
    target_of_name,
    whole_bands,
    word_category,
)
from thbstats.files.words import KINDS_OF_WORDS, PERSONS, QUARTER, ages_in, is_total, plain_word

_DECLARED = 12  # texts in the lines that settle a question


def place_column(draft: DeclarationDraft, name: str) -> None:
    """Place a column by the first role that its name and its texts show, or ask.

    ``Origin`` over ``Romania, Nigeria`` has the name of citizenships and texts of areas.
    """
    # 1. The target that the name shows, or the texts if the name is that of other texts.
    column = draft.column(name)
    texts = [text for text in column.categories if text.strip()]
    of_name, of_texts = target_of_name(name), draft.content_of(column)
    target = of_name or of_texts
    if of_name in draft.dimensions and of_name != of_texts:
        is_area = of_name == "area" and not dimension_of(texts, [draft.dimensions["area"]])
        if is_area or (of_texts and not dimension_of(texts, [draft.dimensions[of_name]])):
            target = of_texts
    is_placed, listed = target in draft.targets, examples_of(texts)
    if _contradicts_constant(draft, of_name, texts):
        constant = draft.declared.constants[of_name]
        problem = f"{name!r} has {listed}, and {of_name}={str(constant)!r} is passed for all rows"
        draft.ask(f"{problem}: remove one of them", {"ignored": (name,)})
        return
    # 2. A copy of a placed column, such as codes next to names of countries.
    can_be_citizenship = not of_name and of_texts == "citizenship" and "area" in draft.targets
    can_be_copy = is_placed or not target or can_be_citizenship
    if can_be_copy and (original := _original_of(draft, column, target)):
        reason = f"ignored: it has one text for each text of {original!r}, such as {listed}"
        draft.add("ignored", (name,), reason, name)
        return
    ignored = {"ignored": (name,)}
    if can_be_citizenship:  # a second column of countries without a known name
        problem = f"{name!r} can have citizenships: {listed}"
        draft.ask(problem, {"columns": {name: target}}, ignored)
        return
    # 3. A column with a known target.
    is_value = target == "value" and bool(draft.declared.unpivot)
    if target and not is_value and (not is_placed or target == "period"):
        what = "name shows" if of_name == target else "texts show"
        _declare_column(draft, column, texts, target, f"its {what} the {target}")
        return
    # 4. Further counts, next to the columns of counts that are known.
    is_known = bool(draft.declared.unpivot) or plain_word(name) in KINDS_OF_WORDS
    is_known |= draft.is_category(name)
    is_region = of_name == "area" and "area" not in draft.targets
    if is_value or (is_counts(column) and (len(texts) > 1 or is_known)):
        options: list[Mapping[str, Any]] = [ignored]
        if len(draft.declared.unpivot) == 1:
            whole = "total" if is_value else "unknown"
            options.insert(0, {"recode": {"header 1": {name: whole}}})
        draft.ask(f"{name!r} has counts, and its name is not understood: {listed}", *options)
    # 5. A column that is not understood; one text does not distinguish the rows, but it can be the
    # name of a region of the country.
    elif len(texts) > 1 or (is_region and not all(map(is_total, texts))):
        dimension = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "further"
        further = {"columns": {name: dimension}, "dimensions": (dimension,)}
        problem, areas = f"{name!r} is not understood: {listed}", [draft.dimensions["area"]]
        others = [own for own in texts if not dimension_of([own], areas)]
        if of_name == "area" and (len(others) < len(texts) or len(texts) == 1):
            problem = f"{name!r} has texts that are not known areas: {examples_of(others)}"
        draft.ask(problem, further, ignored)
    else:
        reason = f"ignored: it has one text, such as {listed or 'none'}"
        draft.add("ignored", (name,), reason, name)


def _contradicts_constant(draft: DeclarationDraft, target: str, texts: Sequence[str]) -> bool:
    """Whether all texts are known, and other ones than the value that is passed for all rows."""
    if target not in draft.declared.constants or target not in draft.dimensions:
        return False
    item = draft.dimensions[target]
    passed, *own = (
        parsed(item, text) or word_category(item, text) or (item.total or "") * is_total(text)
        for text in (str(draft.declared.constants[target]), *texts)
    )
    return all(own) and {*own} - {passed} != set()


def _declare_column(
    draft: DeclarationDraft, column: FileColumn, texts: Sequence[str], target: str, reason: str
) -> None:
    """Declare a column with a known target, and ask about texts with two meanings."""
    name, listed, is_placed = column.name, examples_of(texts), target in draft.targets
    draft.add("columns", {name: target}, f"{reason}, such as {listed}", name)
    is_empty = ~column.where(str.strip)
    has_gaps = is_empty.any() and not draft.ledger.is_merged(name).any()
    if has_gaps and _is_group(draft, column, is_empty):
        draft.add("fill", (name,))
        draft.reasons[name] += "; an empty cell continues the group above it"
    elif has_gaps:
        total = draft.dimensions[target].total if target in draft.dimensions else None
        categories = [category for category in ("unknown", total) if category]
        draft.ask(
            f"empty cells of {name!r} can be unknown, a total, or have the text above them",
            *({"recode": {name: {"": category}}} for category in categories),
            {"fill": (name,)},
        )
    if target == "area" and draft.country and len(texts) > 1:
        problem = f"{name!r} can have reporting countries or citizenships: {listed}"
        citizens = {"columns": {name: "citizenship"}, "constants": {"area": draft.country[1]}}
        draft.ask(problem, {"columns": {name: "area"}}, citizens)
    if target in draft.dimensions and not is_placed:
        recode_texts(draft, name, target, column.categories)
    elif target == "period" and {*texts} <= {*PART_NUMBERS}:
        # Next to a column of years, these numbers can be quarters or months.
        quarters, months = (
            {name: {text: f"{sign}{PART_NUMBERS[text]}" for text in texts}} for sign in ("Q", "M0")
        )
        if QUARTER.match(plain_word(name)):
            draft.add("recode", quarters)
        else:
            problem = f"the numbers of {name!r} can be months or quarters"
            draft.ask(problem, {"recode": months}, {"recode": quarters})


def _is_group(draft: DeclarationDraft, column: FileColumn, is_empty: NDArray[np.bool_]) -> bool:
    """Whether an empty cell continues the group above it.

    The cells before it are empty too, and no two rows are equal if it is filled: the third of
    ``F, 2020``, ``M, 2020`` and ``(empty), 2020`` has another category, such as unknown sex.
    """
    before = map(draft.column, draft.names[: draft.names.index(column.name)])
    if is_empty[0] or any(own.where(str.strip)[is_empty].any() for own in before):
        return False
    rows = np.maximum.accumulate(np.where(is_empty, 0, np.arange(len(is_empty))))
    others = (name for name in draft.names if name not in (*draft.values, column.name))
    keys = [column.codes[rows], *(draft.column(name).codes for name in others)]
    return len(np.unique(np.column_stack(keys), axis=0)) == len(rows)


def _original_of(draft: DeclarationDraft, column: FileColumn, target: str) -> str:
    """Return the column with the same contents, such as labels of codes; empty without one."""
    for name, other in draft.declared.columns.items():
        own = draft.column(name)
        is_copy = is_paired(column, own) and (target == other or column.name == "sheet")
        if other != "value" and (is_copy or is_code_of(column, own, has_years=other == "period")):
            return name
    return ""


def recode_texts(draft: DeclarationDraft, name: str, target: str, texts: Iterable[str]) -> None:
    """Recode the texts that only words of offices explain; ask for others."""
    dimension = draft.dimensions[target]
    own = [text.strip() for text in texts if text.strip()]
    bands = whole_bands(own, dimension) if target == "age" else {}
    recode: dict[str, Any] = {}
    for text in own:
        known = parsed(dimension, text)
        if is_total(text):
            recode |= {} if known or dimension.total is None else {text: dimension.total}
        elif not known and target == "age" and ages_in(text):
            recode |= {text: bands[text]} if text in bands else {}
        elif category := "" if known else word_category(dimension, text):
            recode[text] = category
    times = Counter(bands.values())
    if parts := tuple(text for text, category in bands.items() if times[category] > 1):
        draft.add("added", {name: parts}, f"bands of {name!r} are added up", "added")
    if target == "sex":
        recode = _with_ages(draft, name, own, recode)
    if recode:
        draft.add("recode", {name: recode})
    others = (text for text in own if not is_total(text) and text not in recode)
    if unknown := [text for text in others if not parsed(dimension, text)]:
        number = f"{len(unknown)} texts of {name!r} are"
        number = number if len(unknown) > 1 else f"1 text of {name!r} is"
        # An example such as "female" can be pasted unseen; "..." is rejected.
        settled = {"recode": {name: dict.fromkeys(unknown[:_DECLARED], "...")}}
        problem = f"{number} not a known {target}: {examples_of(unknown)}{codes_of(dimension)}"
        draft.ask(problem, settled, {"ignored": (name,)})


def _with_ages(
    draft: DeclarationDraft, name: str, texts: Iterable[str], recode: dict[str, Any]
) -> dict[str, Any]:
    """Return the sex and age of the texts of a column of sex, if girls or boys are among them.

    Girls are not women: the column has two dimensions, and ``Women`` are adults.
    """
    persons = {text: PERSONS[plain_word(text)] for text in texts if plain_word(text) in PERSONS}
    if not any(own.endswith("child") for own in persons.values()):
        return recode
    if name in draft.declared.columns:
        draft.add("columns", {name: MULTIPLE})
    else:
        contents = [MULTIPLE if own == "sex" else own for own in draft.declared.unpivot]
        draft.declared = evolve(draft.declared, unpivot=contents)
    pairs = {text: [recode.get(text, text), "total"] for text in texts}
    pairs |= {text: own.split() for text, own in persons.items()}
    return {text: dict(zip(("sex", "age"), own, strict=True)) for text, own in pairs.items()}
