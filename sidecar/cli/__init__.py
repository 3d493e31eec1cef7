"""The command line: one file per command."""

from sidecar.cli.app import main

__all__ = ["main"]
