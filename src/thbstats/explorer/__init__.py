"""Panels and tables as pages that readers sort, filter and search without Python."""

from thbstats.explorer.explorer_document import explorer_page

__all__ = ["explorer_page"]
