"""The check of the manual finds each defect of a test page."""

from collections.abc import Sequence
from importlib import import_module

import pytest

pytest.importorskip("playwright", reason="nox -s pages has the browser's library")

HEAD = """<!doctype html><html lang="en" data-theme="light"><head><meta charset="utf-8">
<title>{name}</title><link rel="icon" href="data:,"><script>
const dark = matchMedia('(prefers-color-scheme: dark)'), root = document.documentElement;
const show = () => {{ root.dataset.theme = dark.matches ? 'dark' : 'light' }};
dark.addEventListener('change', show); show()</script></head><body><main>"""
FOOT = "</main></body></html>"
DOT = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"

FINE = """<h1 id="top">Fine</h1><h2>Below</h2><p>A <a href="#top">link</a>, an
<a href="broken.html">other page</a>.</p><img src="DOT" alt="One dot">
<div style="overflow-x: auto" tabindex="0"><div style="width: 3000px">wide</div></div>"""

BROKEN = """<h1>One</h1><h1>Two</h1><h4>Four</h4><img src="DOT">
<p style="color: #bbb; background: #fff">Pale grey.</p><div style="width: 3000px">Too wide</div>
<style>li:nth-child(2) { color: #bbb } .pale em { color: #ccc }</style>
<ul><li>One</li><li id="second">Two</li><li>Three</li></ul><p><em>Dark</em></p><p class="pale"><em
id="inner">Pale</em></p><a href="nowhere.html">nothing</a> <a href="fine.html#nowhere">no place</a>
<script src="not-there.js"></script><script src="http://192.0.2.1/a.js" async></script>
<script>dark.removeEventListener('change', show); root.dataset.theme = 'light';
console.error('an error');
setTimeout(() => { throw Error('thrown') })</script>"""


CHECKER = import_module("docs.check_pages")


@pytest.fixture(scope="module")
def problems(tmp_path_factory: pytest.TempPathFactory) -> Sequence[tuple[str, str]]:
    folder = tmp_path_factory.mktemp("manual")
    for name, body in {"fine": FINE, "broken": BROKEN}.items():
        page = HEAD.format(name=name) + body.replace("DOT", DOT) + FOOT
        (folder / f"{name}.html").write_text(page, "utf-8")
    result: Sequence[tuple[str, str]] = CHECKER.check(folder, CHECKER.pages_of(folder))
    return result


def test_correct_page_has_no_problem(problems: Sequence[tuple[str, str]]) -> None:
    assert [problem for name, problem in problems if name == "fine.html"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        "2 headings of level 1: ['One', 'Two']",
        "heading 'Four' of level 4 follows level 1",
        "image without alt text",
        "image-alt",  # axe reports it too
        "color-contrast: p",
        "color-contrast: #second",
        "color-contrast: #inner",
        "390 px: scrolls sideways",
        "1300 px: scrolls sideways",
        "link without a page: nowhere.html",
        "link without an anchor: fine.html#nowhere",
        "answered 404",
        "external request: http://192.0.2.1/a.js",
        "dark, 390 px: is light",
        "console: an error",
        "script: thrown",
    ],
)
def test_every_defect_is_found(wrong: str, problems: Sequence[tuple[str, str]]) -> None:
    assert any(wrong in problem for name, problem in problems if name == "broken.html")
