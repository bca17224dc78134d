"""Codings and their evidence as a page that can be read, printed and put into an appendix."""

from pipeline.report.html import ReportData, render

__all__ = ["ReportData", "render"]
