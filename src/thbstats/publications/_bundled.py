"""Read a claims file that comes with the library."""

from importlib.resources import files

from thbstats.claims import Report, read_claims

__all__ = ["bundled"]


def bundled(name: str) -> Report:
    """Return the publication of a claims file beside this module."""
    text = files("thbstats.publications").joinpath(f"{name}.toml").read_text("utf-8")
    return read_claims(text, name=f"{name}.toml")
