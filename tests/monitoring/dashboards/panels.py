"""What the panels have in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, table, text, timeseries
from grafana_foundation_sdk.models import common as common_models
from grafana_foundation_sdk.models import dashboard as models

SOURCE = models.DataSourceRef(type_val="prometheus", uid="${datasource}")
HERE = 'namespace=~"$namespace"'
"""Selects the release; matches series without a namespace too, as outside Kubernetes."""

GREEN, ORANGE, RED = "green", "orange", "red"


@dataclass(frozen=True, slots=True)
class Query:
    """An expression and what its series are called."""

    expression: str
    legend: str = ""


def query(each: Query, ref: str, *, instant: bool = False, exemplars: bool = False) -> prometheus.Dataquery:
    """One query of a panel. Exemplars: the traces behind a histogram, where Prometheus keeps them."""
    built = prometheus.Dataquery().expr(each.expression).legend_format(each.legend).ref_id(ref)
    if instant:
        built = built.instant()
    return built.exemplar(exemplars)


def graph(
    title: str,
    *queries: Query,
    unit: str = "short",
    about: str = "",
    stacked: bool = False,
    exemplars: bool = False,
    span: int = 8,
    line_at: float | None = None,
) -> timeseries.Panel:
    """Lines over time. `line_at`: the threshold of the alert about it."""
    legend = (
        common.VizLegendOptions()
        .display_mode(common_models.LegendDisplayMode.LIST)
        .placement(common_models.LegendPlacement.BOTTOM)
        .show_legend(show_legend=True)
    )
    tooltip = common.VizTooltipOptions().mode(common_models.TooltipDisplayMode.MULTI)
    panel = (
        timeseries.Panel()
        .title(title)
        .description(about)
        .datasource(SOURCE)
        .unit(unit)
        .min(0)
        .span(span)
        .height(8)
        .line_width(1)
        .fill_opacity(30 if stacked else 8)
        .legend(legend)
        .tooltip(tooltip)
    )
    if stacked:
        panel = panel.stacking(common.StackingConfig().mode(common_models.StackingMode.NORMAL))
    if line_at is not None:
        panel = panel.thresholds(steps((None, "transparent"), (line_at, RED))).thresholds_style(
            common.GraphThresholdsStyleConfig().mode(common_models.GraphTresholdsStyleMode.DASHED)
        )
    for number, each in enumerate(queries):
        panel = panel.with_target(query(each, _ref(number), exemplars=exemplars))
    return panel


def number(
    title: str,
    each: Query,
    *,
    unit: str = "short",
    about: str = "",
    decimals: int = 0,
    bad: Mapping[float, str] | None = None,
    span: int = 4,
) -> stat.Panel:
    """One figure, for the time that is shown or for now. `bad`: from which value on it has which colour."""
    levels: list[tuple[float | None, str]] = [(None, GREEN if bad else "text"), *(bad or {}).items()]
    return (
        stat.Panel()
        .title(title)
        .description(about)
        .datasource(SOURCE)
        .unit(unit)
        .decimals(decimals)
        .no_value("0")
        .span(span)
        .height(4)
        .graph_mode(common_models.BigValueGraphMode.NONE)
        .color_mode(common_models.BigValueColorMode.VALUE)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
        .thresholds(steps(*levels))
        .with_target(query(each, "A", instant=True))
    )


def rows(title: str, each: Query, *, about: str = "", unit: str = "short", span: int = 8) -> table.Panel:
    """The series of now, as a table of their labels and values."""
    built = query(each, "A", instant=True).format("table")  # type: ignore[arg-type]  # an enumeration of text
    return (
        table.Panel()
        .title(title)
        .description(about)
        .datasource(SOURCE)
        .unit(unit)
        .span(span)
        .height(8)
        .with_target(built)
    )


def words(title: str, markdown: str, *, span: int = 24, height: int = 5) -> text.Panel:
    """Something to read."""
    return text.Panel().title(title).mode("markdown").content(markdown).span(span).height(height)  # type: ignore[arg-type]  # an enumeration of text


def steps(*levels: tuple[float | None, str]) -> dashboard.ThresholdsConfig:
    """Colours, each from a value on."""
    return (
        dashboard.ThresholdsConfig()
        .mode(models.ThresholdsMode.ABSOLUTE)
        .steps([models.Threshold(value=value, color=colour) for value, colour in levels])
    )


def quantiles(metric: str, by: str, legend: str, at: Sequence[float] = (0.5, 0.95), where: str = "") -> list[Query]:
    """How long it takes for so many of all."""
    selector = f"{HERE}, {where}" if where else HERE
    grouped = f"le, {by}" if by else "le"
    return [
        Query(
            f"histogram_quantile({share}, sum by ({grouped}) (rate({metric}_bucket{{{selector}}}[$__rate_interval])))",
            f"{legend} p{share * 100:g}".strip(),
        )
        for share in at
    ]


def rate(metric: str, by: str, legend: str, where: str = "", per: Literal["s", "min", "h"] = "s") -> Query:
    """How many there are of it in a second, a minute or an hour."""
    selector = f"{HERE}, {where}" if where else HERE
    factor = {"s": "", "min": " * 60", "h": " * 3600"}[per]
    return Query(f"sum by ({by}) (rate({metric}{{{selector}}}[$__rate_interval])){factor}", legend)


def board(uid: str, title: str, about: str) -> dashboard.Dashboard:
    """An empty dashboard with the variables and the links that all have."""
    source = dashboard.DatasourceVariable("datasource").label("Prometheus").type("prometheus")
    namespace = (
        dashboard.QueryVariable("namespace")
        .label("Namespace")
        .datasource(SOURCE)
        .query("label_values(sidecar_build_info, namespace)")
        .refresh(models.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .include_all(include_all=True)
        .all_value(".*")
        .current(models.VariableOption(selected=True, text="All", value="$__all"))
    )
    links = (
        dashboard.DashboardLink("Sidecar")
        .type(models.DashboardLinkType.DASHBOARDS)
        .tags(["sidecar"])
        .keep_time(keep_time=True)
        .include_vars(include_vars=True)
    )
    return (
        dashboard.Dashboard(title)
        .uid(uid)
        .description(about)
        .tags(["sidecar", "magento", "stripe"])
        .editable()
        .refresh("30s")
        .time("now-6h", "now")
        .timezone("browser")
        .tooltip(models.DashboardCursorSync.CROSSHAIR)
        .with_variable(source)
        .with_variable(namespace)
        .link(links)
    )


def _ref(number: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number]
