"""`sidecar doctor`: look at every connection."""

import typer

from sidecar.cli.command import ConfigOption, JsonOption, print_json, run_async, settings_or_fail
from sidecar.cli.console import out
from sidecar.doctor import Finding

MARKS = {"ok": "[green]ok[/green]     ", "warning": "[yellow]warning[/yellow]", "failed": "[red]failed[/red] "}


def doctor(config: ConfigOption = None, *, as_json: JsonOption = False) -> None:
    """Check every connection, keys and permissions, the webhook, and whether anything flows.

    Consumers, dead letters, Magento's outbox and store views, Stripe's latest events, clocks and certificates are
    looked at too. Says what to do about what is wrong, and exits with 1 if anything is.

    Example: sidecar doctor --config /etc/sidecar/sidecar.toml
    """
    from sidecar.checks import checks, worst
    from sidecar.compose import open_ports
    from sidecar.doctor import examine
    from sidecar.observability.logs import configure_logs

    settings = settings_or_fail(config)
    configure_logs("error")  # what matters here is among the findings

    async def look() -> list[Finding]:
        findings = []
        async with open_ports(settings) as ports:
            async for finding in examine(checks(settings, ports)):
                findings.append(finding)
                if not as_json:
                    out.print(f"{MARKS[finding.verdict]} {finding.check}: {finding.detail}", highlight=False)
                    if finding.remedy:
                        out.print(f"         → {finding.remedy}", highlight=False, markup=False)
        return findings

    findings = run_async(look())
    if as_json:
        print_json({"findings": findings, **worst(findings)})
    if any(finding.verdict == "failed" for finding in findings):
        raise typer.Exit(1)
