"""How commands speak: results on standard output, everything else on standard error, colours only on a terminal."""

import sys

from rich.console import Console

out = Console(width=None if sys.stdout.isatty() else 150)
err = Console(stderr=True)
