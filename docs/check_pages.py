"""Check every page of the built manual in a headless Chromium.

``nox -s pages`` (or ``python docs/check_pages.py``) serves ``docs/_build/html`` on this machine and
opens each page in a narrow dark window, which then becomes a wide light one. It checks the console,
the requests, the width, the headings, the texts of images, the rules of axe, the links, the search
and the colour switch. It prints the problems by page, and has exit code 1 if there are any.
"""

import argparse
import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright
from playwright.sync_api import TimeoutError as TooLate

BUILT = Path(__file__).parent / "_build" / "html"
FUNCTIONS = Path("reference", "functions")
HEIGHT = 900
WINDOWS: tuple[tuple[Literal["light", "dark"], int, tuple[str, ...]], ...] = (
    ("dark", 390, ("color-contrast", "scrollable-region-focusable", "target-size")),
    ("light", 1300, ()),
)
"""Colour scheme and width of a window, and the rules of axe; no rules select all of them.

A page is opened in the first window, where the theme makes the boxes that scroll focusable. What is
too wide for the second window is too wide for the first.
"""

WORKERS = 2
PATIENCE = 120_000  # milliseconds, for busy machines
FLAGS = ("--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")

# Texts for the search, and a page that must be among the results.
SEARCHES = {
    "Liechtenstein": "reference/countries.html",
    "registered victim": "reference/glossary.html",
    "dominance": "reference/warnings.html",
    "every country and year": "how-to/countries-and-years.html",
    "percentages add up": "how-to/check-percentages.html",
    "secondary suppression": "how-to/suppress-cells.html",
    "extras": "getting-started/installation.html",
    "Spark": "how-to/count-cases.html",
}

# Texts for the search, and the page that must be the first result.
FIRST = {
    "thb.share": "reference/functions/thb.share.html",
    "conviction rate": "getting-started/faq.html",
    "prevalence": "getting-started/faq.html",
}

# Rules of axe that are off, each with the reason.
DISABLED = {
    "region": "the theme puts its 'skip to main content' link before every landmark, as is usual",
}

# Pages with headings from a script. The search has its own check.
WITHOUT_HEADINGS = {"search.html", "genindex.html", "py-modindex.html"}

FACTS = """() => ({
  ids: [...document.querySelectorAll('[id], a[name]')].map(e => e.id || e.name),
  links: [...document.querySelectorAll('a[href]')].map(e => e.getAttribute('href')),
  headings: [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
    .filter(e => e.checkVisibility()).map(e => [Number(e.tagName[1]), e.textContent.trim()]),
  images: [...document.querySelectorAll('img')].filter(e => !(e.getAttribute('alt') || '').trim())
    .filter(e => e.getAttribute('role') !== 'presentation').map(e => e.src.slice(0, 60)),
})"""

# Elements beyond the window without a scrolling box.
WIDER = """() => {
  const root = document.documentElement, wide = root.clientWidth;
  if (root.scrollWidth <= wide) return null;
  const inside = e => { for (let p = e.parentElement; p; p = p.parentElement)
    if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(p).overflowX)) return true; };
  const e = [...document.querySelectorAll('main *')]
    .filter(e => e.getBoundingClientRect().right > wide + 1 && !inside(e)).at(-1);
  return `scrolls sideways, ${root.scrollWidth} px wide` + (e ? ` at ${e.tagName} ${e.className} `
    + e.textContent.trim().slice(0, 40) : '');
}"""

# Equal elements are checked once: words of one colour in code, and rows of a long table.
ALIKE = """() => {
  const seen = new Set();
  for (const e of document.querySelectorAll('.highlight pre span[class]'))
    if (seen.has(e.className)) e.replaceWith(e.textContent); else seen.add(e.className);
  document.querySelectorAll('tbody tr:nth-child(n+31)').forEach(e => e.remove());
}"""

# Colours take most of the time of axe. Elements that the styles cannot tell apart are checked once:
# they and all elements around them have the same tags, attributes and positions. `known` has the
# hashes of those that were checked on other pages; a page with own styles has other hashes.
AXE = """async ([only, disabled, known]) => {
  const own = ['alt', 'aria-label', 'aria-labelledby', 'href', 'id', 'name', 'src', 'title'];
  const MARK = 'data-checked-contrast', texts = new Map();
  const hash = text => {  // of 53 bits
    let a = 0xdeadbeef, b = 0x41c6ce57;
    for (let i = 0; i < text.length; i++) {
      a = Math.imul(a ^ text.charCodeAt(i), 2654435761);
      b = Math.imul(b ^ text.charCodeAt(i), 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return 4294967296 * (2097151 & b) + (a >>> 0);
  };
  const walk = (e, above, edges) => {
    const attributes = [...e.attributes].filter(a => !own.includes(a.name))
      .map(a => `${a.name}=${a.value}`);
    const path = hash([above, e.tagName, ...edges, ...attributes].join('|'));
    if ([...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim()))
      if (!texts.has(path)) texts.set(path, e);
    const last = e.children.length - 1;
    [...e.children].forEach((child, n) => walk(child, path, [n === 0, n === last, n % 2]));
  };
  const styles = [...document.querySelectorAll('style')].map(e => e.textContent);
  walk(document.body, hash(styles.join('|')), []);
  known.forEach(path => texts.delete(path));
  texts.forEach(e => e.setAttribute(MARK, ''));
  axe.configure({rules: [{id: 'color-contrast', selector: `[${MARK}]`}]});
  const off = Object.fromEntries(disabled.map(rule => [rule, {enabled: false}]));
  const {violations} = await axe.run(document, {
    resultTypes: ['violations'], elementRef: false, preload: false,
    ...(only.length ? {runOnly: {type: 'rule', values: only}} : {rules: off})});
  texts.forEach(e => e.removeAttribute(MARK));
  const problems = violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}: `
    + n.any.concat(n.all, n.none).map(c => c.message).join('; ').slice(0, 160)));
  return [problems, [...texts.keys()]];
}"""

FORMAT = "document.documentElement.dataset.theme"

Seen = tuple[list[str], dict[str, Any]]
"""The problems of a page, and its anchors and links."""


class Quiet(SimpleHTTPRequestHandler):
    """A server of files without a log."""

    def log_message(self, *_: object) -> None:
        """Write no log."""


class Patient(ThreadingHTTPServer):
    """A server that ignores closed connections."""

    def handle_error(self, *_: object) -> None:
        """Write no error; the page reports missing files."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine while the block runs."""
    with Patient(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def chromium() -> str | None:
    """Return the browser of this machine, or None for that of playwright."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, (shutil.which(name) for name in names if name)), None)


@contextmanager
def browsing() -> Iterator[Browser]:
    """Start a headless Chromium, and stop it at the end."""
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium(), args=list(FLAGS), chromium_sandbox=False
        )
        yield browser
        browser.close()


def listen(page: Page, home: str, problems: list[str]) -> None:
    """Collect the errors of the console, the scripts and the network."""

    def console(line: ConsoleMessage) -> None:
        if line.type == "error":
            problems.append(f"console: {line.text} {line.location['url']}")

    def asked(request: Request) -> None:
        if not request.url.startswith((home, "data:", "blob:")):
            problems.append(f"external request: {request.url}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            problems.append(f"answered {response.status}: {response.url}")

    def failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page was closed before the answer
            problems.append(f"failed: {request.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("request", asked)
    page.on("response", answered)
    page.on("requestfailed", failed)


def heading_problems(levels: Sequence[tuple[int, str]]) -> Iterator[str]:
    """Yield problems of the headings: none or several of level 1, or a missing level."""
    first = [text for level, text in levels if level == 1]
    if len(first) != 1:
        yield f"{len(first)} headings of level 1: {first}"
    before = 0
    for level, text in levels:
        if level > before + 1:
            yield f"heading {text!r} of level {level} follows level {before}"
        before = level


def look(page: Page, axe: str, known: Mapping[str, set[float]]) -> Iterator[str]:
    """Yield the problems of a page that is open in the first window. This changes the page."""
    page.evaluate(axe)
    for scheme, width, only in WINDOWS:
        show(page, scheme, width)
        try:
            page.wait_for_function(f"scheme => {FORMAT} === scheme", arg=scheme, timeout=5_000)
        except TooLate:
            yield f"{scheme}, {width} px: is {page.evaluate(FORMAT)}"
        problems = [wider] if (wider := page.evaluate(WIDER)) else []
        page.evaluate(ALIKE)
        violations, checked = page.evaluate(AXE, [list(only), list(DISABLED), list(known[scheme])])
        known[scheme].update(checked)
        yield from (f"{scheme}, {width} px: {problem}" for problem in problems + violations)


def show(page: Page, scheme: Literal["light", "dark"], width: int) -> None:
    """Change the window of a page."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": HEIGHT})


def visit(names: Sequence[str], home: str, axe: str) -> dict[str, Seen]:
    """Open pages, and return their problems, anchors and links."""
    seen: dict[str, Seen] = {}
    known: dict[str, set[float]] = {scheme: set() for scheme, *_ in WINDOWS}
    with browsing() as browser:
        problems: list[str] = []
        page = browser.new_page()  # for all of them, because each has a process of its own
        page.set_default_timeout(PATIENCE)
        listen(page, home, problems)
        for name in names:
            show(page, *WINDOWS[0][:2])
            page.goto(home + name, wait_until="load")
            facts = page.evaluate(FACTS)
            problems += look(page, axe, known)
            seen[name] = (problems.copy(), facts)
            problems.clear()
    for name, (problems, facts) in seen.items():
        problems.extend(f"image without alt text: {source}" for source in facts["images"])
        if name not in WITHOUT_HEADINGS:
            problems.extend(heading_problems([tuple(each) for each in facts["headings"]]))
    return seen


def use(home: str) -> Iterator[str]:
    """Search for texts and switch the colours on the first page, and yield the problems."""
    problems: list[str] = []
    with browsing() as browser:
        page = browser.new_page(viewport={"width": WINDOWS[-1][1], "height": HEIGHT})
        page.set_default_timeout(PATIENCE)
        listen(page, home, problems)
        for words, wanted in {**SEARCHES, **FIRST}.items():
            page.goto(home + "index.html")
            page.keyboard.press("Control+k")
            page.locator("input[type=search]:visible").first.fill(words)
            page.keyboard.press("Enter")
            try:
                first = "ul.search > li:first-child " if words in FIRST else "#search-results "
                page.wait_for_selector(f'{first}a[href*="{wanted}"]')
            except TooLate:
                yield f"the search for {words!r} does not find {wanted}"
        page.goto(home + "index.html")
        page.locator(".theme-switch-button:visible").first.click()
        page.locator('.theme-change-button[data-mode="dark"]:visible').first.click()
        if (formatted := page.evaluate(FORMAT)) != "dark":
            yield f"the switch of colours leaves the page {formatted}"
    yield from problems


def link_problems(facts_of: Mapping[str, Any], folder: Path) -> Iterator[tuple[str, str]]:
    """Yield links without a target. Only the form of external links is checked."""
    anchors = {name: {unquote(each) for each in facts["ids"]} for name, facts in facts_of.items()}
    for name, facts in facts_of.items():
        for link in dict.fromkeys(facts["links"]):
            parts = urlsplit(link)
            if parts.scheme:
                if parts.scheme not in {"https", "mailto"} or not (parts.netloc or parts.path):
                    yield name, f"link with a wrong form: {link}"
                continue
            path, anchor = urldefrag(urljoin("/" + name, link))
            target = unquote(urlsplit(path).path).lstrip("/") or "index.html"
            if not (folder / target).is_file():
                yield name, f"link without a page: {link}"
            elif anchor and target in anchors and unquote(anchor) not in anchors[target]:
                yield name, f"link without an anchor: {link}"


def pages_of(folder: Path) -> list[str]:
    """Return the pages, largest first, so that the workers finish together.

    Pages of functions have one template, so one in ten is opened.
    """
    found = sorted(folder.rglob("*.html"), key=lambda path: -path.stat().st_size)
    inside = [path.relative_to(folder) for path in found]
    inside = [path for path in inside if path.parts[0] not in {"_static", "_downloads"}]
    functions = [path for path in inside if path.parent == FUNCTIONS]
    left_out = {*functions} - {*functions[::10]}
    return [str(path) for path in inside if path not in left_out]


def check(folder: Path, names: Sequence[str]) -> list[tuple[str, str]]:
    """Return the problems with their pages. Links are compared with the opened pages."""
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    shares = [names[start::WORKERS] for start in range(WORKERS)]
    seen: dict[str, Seen] = {}
    with served(folder) as home, ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        for found in pool.map(partial(visit, home=home, axe=axe), shares):
            seen |= found
        problems = [("search.html", each) for each in use(home)] if "search.html" in names else []
    problems += [(name, problem) for name, (wrong, _) in seen.items() for problem in wrong]
    problems += link_problems({name: facts for name, (_, facts) in seen.items()}, folder)
    return sorted(problems)


def main() -> int:
    """Check all pages, or the named ones."""
    parser = argparse.ArgumentParser(description="Check the built manual in a Chromium.")
    parser.add_argument("pages", nargs="*", help="pages such as reference/warnings.html")
    parser.add_argument("--folder", type=Path, default=BUILT, help="folder of the built manual")
    given = parser.parse_args()
    started = time.monotonic()
    names = given.pages or pages_of(given.folder)
    if not names:
        sys.exit(f"no pages in {given.folder}; build them first: nox -s docs")
    problems = check(given.folder, names)
    for name, problem in problems:
        print(f"{name}: {problem}")
    took = time.monotonic() - started
    print(f"{len(names)} pages, {len(problems)} problems, {took:.0f} s")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
