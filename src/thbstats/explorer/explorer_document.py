"""Page of an explorer: one HTML file with its data, script and style."""

import json
import os
import re
from base64 import b64encode
from gzip import compress
from hashlib import sha256
from html import escape
from importlib.resources import files

from thbstats._files import write_file
from thbstats._version import __version__
from thbstats.display.html import style_sheet
from thbstats.errors import InvalidValue, require
from thbstats.explorer.explorer_rows import IndicatorBlock, blocks_of, data_of
from thbstats.languages import Language, Message
from thbstats.panel import Panel
from thbstats.panel.names import sentence
from thbstats.tables import CountTable, Dataset


def explorer_page(
    item: Panel | CountTable | Dataset,
    path: "str | os.PathLike[str] | None" = None,
    *,
    title: str | None = None,
    language: str = "en",
) -> str:
    """Return a page of numbers that sorts, filters and searches in a browser, and write it.

    The page is one file. It loads nothing, works without a network, and its content-security policy
    allows its own script and style only. Browsers from 2023 open it.

    Parameters
    ----------
    item : Panel, CountTable or Dataset
        The numbers; or tables, of which the page has totals, and counts and shares of the
        categories by area and period.
    path : str or path, optional
        The HTML file, which is replaced if it exists.
    title : str, optional
        The title; by default the caption of the panel, or the kinds of count.
    language : str
        The language of the texts: ``"en"``, ``"fr"`` or ``"de"``.

    Returns
    -------
    str
        The HTML document.

    Raises
    ------
    InvalidValue
        If there is no number, or ``item`` is of another type.

    Examples
    --------
    >>> import thbstats as thb
    >>> victims = thb.read("docs/_data/glotip_eu_victims.csv").table
    >>> panel = thb.share(victims, sex="female", base="all", by=["area", "period"])
    >>> page = panel.to_page()
    >>> "default-src 'none'" in page, len(page) < 100_000
    (True, True)
    """
    texts = Language.of(language)
    if isinstance(item, Panel):
        blocks, heading = (
            [IndicatorBlock(panel=item, reasons={})] if len(item) else [],
            item.caption,
        )
    else:
        hint = "Pass a panel, a CountTable, or the data of thbstats.read(...)"
        is_table = isinstance(item, CountTable | Dataset)
        require(is_table, "`item` must be a panel or counts", hint, item=type(item))
        tables = (item,) if isinstance(item, CountTable) else item.tables()
        blocks = [block for table in tables for block in blocks_of(table)]
        heading = ", ".join(table.kind for table in tables)
    if not blocks:
        hint = "Pass a table or panel with rows"
        raise InvalidValue("must contain a number", field="item", value=heading, hint=hint)
    heading = title or heading[:1].upper() + heading[1:]
    page = _document(heading, blocks, texts)
    if path is not None:
        write_file(path, page)
    return page


def _document(title: str, blocks: list[IndicatorBlock], language: Language) -> str:
    data = data_of(blocks, language)
    labels = {
        "indicator": language.text("Indicator"),
        "base": language.text("Denominator"),
        "area": language.text("Country or area"),
        "code": language.text("Code"),
        "period": language.text("Period"),
        "value": language.text("Value"),
        "counts": language.text("Counts"),
        "bounds": language.text("Bounds including unknown"),
        "state": language.text("State"),
        "sentence": language.text("Sentence"),
        "note": language.text("Footnote"),
    }
    shown = [name for name in labels if name in data["columns"]]
    for name in shown:
        data["columns"][name]["label"] = labels[name]
    shown = [name for name in shown if name not in ("code", "sentence", "note")]
    filters = [name for name in shown if name not in ("value", "counts", "bounds")]
    texts = {
        "status": language.text("Rows {from} to {to} of {n}; {total} in the file.", **dict(_SLOTS)),
        "none": language.text("No rows: change or clear the filters."),
        "selected": language.text("selected"),
        "comparable": language.text("Comparable?"),
        "copied": language.text("Copied."),
        "marked": language.text("Press Ctrl+C to copy the marked text."),
        "empty": language.text("none"),
    }
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40] or "table"
    data |= {"words": texts, "shown": shown, "filters": filters, "file": f"{name}.csv"}
    packed = compress(json.dumps(data | {"lang": language.code}).encode(), 9, mtime=0)
    source = files("thbstats.explorer")
    script = source.joinpath("explorer.js").read_text("utf-8")
    style = style_sheet() + source.joinpath("explorer.css").read_text("utf-8")
    hashes = [b64encode(sha256(own.encode()).digest()).decode() for own in (script, style)]
    policy = (
        f"default-src 'none'; script-src 'sha256-{hashes[0]}'; style-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )
    selects = "".join(
        f'<label>{escape(labels[own])}<select id="filter-{own}"><option value="">'
        f"{escape(language.text('all'))}</option></select></label>"
        for own in filters
    )
    heads = "".join(
        f'<th scope="col" data-column="{own}" aria-sort="none"{_RIGHT if own == "value" else ""}>'
        f'<button type="button" id="sort-{own}">{escape(labels[own])}</button></th>'
        for own in shown
    )
    limits = dict.fromkeys(item.message for block in blocks for item in block.panel.limitations)
    notes = "".join(f"<li>{escape(sentence(language.text(own)))}</li>" for own in limits)
    parts = {name: escape(language.text(text)) for name, text in _PARTS.items()}
    made = escape(language.text("Made with thbstats {version}.", version=__version__))
    return f"""<!doctype html>
<html lang="{language.code}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)}</title>
<style>{style}</style>
</head>
<body class="thb">
<main>
<header><h1>{escape(title)}</h1></header>
<noscript><p>{parts["script"]}</p></noscript>
<p id="problem" hidden>{parts["browser"]}</p>
<form id="filters" hidden>
<label>{parts["search"]}<input type="search" id="search" autocomplete="off"></label>
{selects}
<label class="thb-check"><input type="checkbox" id="comparable" disabled>{parts["only"]}</label>
<button type="button" id="clear">{parts["clear"]}</button>
<button type="button" id="download">{parts["download"]}</button>
</form>
<template id="detail"><section class="thb-detail" aria-label="{parts["detail"]}">
<div id="quote"><p id="sentence"></p><p id="note"></p></div>
<button type="button" id="copy">{parts["copy"]}</button> <span id="copied" role="status"></span>
</section></template>
<div id="table" hidden>
<div class="thb-pages"><p id="status" role="status"></p>
<button type="button" id="before">{parts["before"]}</button>
<button type="button" id="after">{parts["after"]}</button></div>
<div class="thb-box" id="box" role="region" aria-label="{parts["table"]}" tabindex="0">
<table><caption><span>{parts["table"]}</span></caption>
<thead><tr>{heads}<th scope="col">{parts["comparable"]}</th></tr></thead>
<tbody id="rows"></tbody></table></div>
<ul class="thb-notes"><li>{parts["bars"]}</li><li>{parts["pairs"]}</li>{notes}</ul>
</div>
<footer><p>{made}</p></footer>
</main>
<script type="application/gzip" id="data">{b64encode(packed).decode()}</script>
<script>{script}</script>
</body>
</html>
"""


_RIGHT = ' class="thb-right"'
_SLOTS = [(name, f"{{{name}}}") for name in ("from", "to", "n", "total")]
"""The parameters that the script fills in."""

_PARTS = {
    "script": Message("This page needs JavaScript, which the browser does not run."),
    "browser": Message("This browser cannot open the data. Use a browser of 2023 or later."),
    "search": Message("Search"),
    "only": Message("Comparable with the selected row only"),
    "clear": Message("Clear filters"),
    "download": Message("Download as CSV"),
    "detail": Message("Selected row"),
    "copy": Message("Copy sentence and footnote"),
    "before": Message("Previous rows"),
    "after": Message("Next rows"),
    "table": Message("Numbers"),
    "comparable": Message("Comparable?"),
    "bars": Message(
        "Bars: dark up to the lower bound, pale up to the upper bound including unknown, with "
        "a line at the value. The axis of shares ends at 100%, others at the largest value."
    ),
    "pairs": Message(
        "Select a row by its name. Rows of the same indicator that differ in one dimension "
        "then have a verdict, such as comparable, or not comparable with the reasons."
    ),
}
"""The fixed texts of the page."""
