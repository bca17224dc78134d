"""Documents of international organisations become evidence, and evidence becomes case codings."""

__version__ = "0.1.0"
