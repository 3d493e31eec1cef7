"""`docs/metrics.md`, from the metrics themselves."""

from pathlib import Path

from tests.documents.registries import Described, described

HEAD = Path(__file__).with_name("heads") / "metrics.md"

SECTIONS = {
    "sidecar run": ("run",),
    "sidecar bridge": ("bridge",),
    "sidecar timers": ("timers",),
    "More than one": ("run", "timers"),
    "All": ("run", "bridge", "timers"),
}


def page() -> str:
    """The page."""
    parts = [HEAD.read_text()]
    for title, roles in SECTIONS.items():
        metrics = [each for each in described() if each.roles == roles]
        if not metrics:
            continue
        shown = " and ".join(f"`sidecar {role}`" for role in roles)
        parts.append(f"\n## {title if len(roles) == 1 else shown}\n")
        parts.append("\n| metric | type | labels | meaning |\n| --- | --- | --- | --- |\n")
        parts += [_row(each) for each in metrics]
    return "".join(parts)


def _row(metric: Described) -> str:
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    buckets = f" Buckets: {', '.join(f'{bound:g}' for bound in metric.buckets)} s." if metric.buckets else ""
    return f"| `{metric.name}` | {metric.type} | {labels} | {metric.help}{buckets} |\n"
