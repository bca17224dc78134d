"""Codings and their evidence as a page that can be read, printed and put into an appendix."""

from pipeline.report.html import ReportCase, ReportData, render
from pipeline.report.words import Language

__all__ = ["Language", "ReportCase", "ReportData", "render"]
