"""Signs, marks and thousands separators of the counts in the draft of a declaration."""

import re
from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve

from thbstats.errors import ThbstatsError
from thbstats.files.count_columns import CountParser, separators
from thbstats.files.declaration_draft import DeclarationDraft, examples_of
from thbstats.files.text_contents import AMBIGUOUS, LONGEST, MARKED
from thbstats.files.words import SIGNS

_FLAGS = tuple("abdefpru")


def place_signs(draft: DeclarationDraft) -> None:
    """Declare the signs, marks and thousands separators of the counts, or ask."""
    columns = {text.strip(): own for own in draft.values for text in draft.column(own).categories}
    plain = [text for text in columns if text and not (text.isdigit() and text.isascii())]
    parser = _with_separators(draft, plain, columns)
    unclear: dict[str, list[str]] = {}  # signs by the column that has them
    wrong: dict[str, list[str]] = {}  # texts by the hint of the parser for the first one
    hints: dict[str, str] = {}
    for text in plain:
        mark, sign = MARKED.fullmatch(text[:LONGEST]), text.casefold()
        try:
            parser.parse(text)
        except ThbstatsError as error:
            if sign in SIGNS:
                reason = f"the sign means {SIGNS[sign].replace('_', ' ')}"
                draft.add("missing", {text: SIGNS[sign]}, reason, text)
            elif mark and mark[3] in _FLAGS:
                reason = f"a mark after a number, such as {text!r}"
                draft.add("flags", {mark[2]: mark[3]}, reason, mark[2])
            elif AMBIGUOUS.fullmatch(text):
                name = "value" if draft.declared.unpivot else columns[text]
                unclear.setdefault(name, []).append(text)
            else:
                hint = hints.setdefault(re.sub(r"\d+", "", error.hint), error.hint)
                wrong.setdefault(hint, []).append(text)
    for name, texts in unclear.items():
        signs = " and ".join(map(repr, texts))
        zero = {"recode": {name: dict.fromkeys(texts, "0")}}
        none = {"missing": dict.fromkeys(texts, "not_reported")}
        draft.ask(f"{signs} can be 0, suppressed or not reported", zero, none)
    _ask_about_numbers(draft, wrong, parser)


def _ask_about_numbers(
    draft: DeclarationDraft, wrong: Mapping[str, Sequence[str]], parser: CountParser
) -> None:
    """Ask about texts that are not counts, by the hint of the parser."""
    separated = [text for hint, own in wrong.items() if "thousands=" in hint for text in own]
    if separated:
        signs = "".join(sign for sign in ",." if any(sign in text for text in separated))
        problem = f"{examples_of(separated)} can have {' or '.join(map(repr, signs))} for thousands"
        draft.ask(f"{problem} or for decimals", {"thousands": signs})
    for hint, texts in wrong.items():
        mark = MARKED.fullmatch(texts[0][:LONGEST])
        if "thousands=" in hint:
            continue
        if mark and parser.digits(mark[1]) is not None:
            problem = f"{examples_of(texts)} can be a count with a mark"
            draft.ask(problem, {"flags": {mark[2]: "d"}})
        else:
            number = "is not a count" if len(texts) == 1 else "are not counts"
            draft.ask(f"{examples_of(texts)} {number}. {hint}")


def _with_separators(
    draft: DeclarationDraft, plain: Sequence[str], texts: Iterable[str]
) -> CountParser:
    """Return the parser with the thousands separators that the counts show."""
    parser = CountParser(thousands=draft.declared.thousands + separators(plain)[0])
    is_small = all(len(text) < 4 for text in texts if text.isdigit())
    for sign in ",.":
        grouped = [
            text for text in plain if re.fullmatch(rf"[1-9]\d{{0,2}}(\{sign}\d{{3}})+", text)
        ]
        is_only = grouped == [text for text in plain if sign in text and text[0].isdigit()]
        if is_only and is_small and len([t for t in grouped if not t.endswith("000")]) > 1:
            longest = max(grouped, key=len)
            if sign not in parser.thousands:
                reason = f"{sign!r} separates thousands, such as {longest!r}"
                draft.add("thousands", draft.declared.thousands + sign, reason)
            parser = evolve(parser, thousands=parser.thousands + sign)
    return parser
