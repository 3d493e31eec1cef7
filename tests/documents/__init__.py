"""Pages and dashboards that are made from the code: `python -m tests.documents` writes them, `--check` compares."""
