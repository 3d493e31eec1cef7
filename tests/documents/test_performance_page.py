"""A page with places for tables is filled, and nothing of what people wrote is lost."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.bench.figures import Contender, Figure
from tests.bench.record import Machine, Record, Result
from tests.documents import performance_page

PAGE = "# Performance\n\nBefore.\n\n<!-- bench: bridge -->\nold\n<!-- end of bench -->\n\nAfter.\n"


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(performance_page, "PAGE", tmp_path / "performance.md")
    monkeypatch.setattr(performance_page, "RECORD", tmp_path / "bench.json")
    (tmp_path / "performance.md").write_text(PAGE)
    return tmp_path


def record(*names: str) -> Record:
    contenders = (
        Contender(name="bridge", role="ours", samples=(2, 2)),
        Contender(name="confirm", role="floor", samples=(4, 4)),
    )
    result = Result(
        date=datetime(2026, 11, 25, tzinfo=UTC),
        command="python -m tests.bench bridge",
        commit="0123456789ab",
        quick=False,
        rounds=2,
        seconds=3.0,
        machine=Machine(processor="EPYC", cores=2, memory_gib=24, system="Debian"),
        versions={"RabbitMQ": "3.10.8"},
        figures=(Figure(name="flat out", unit="requests/s", contenders=contenders),),
    )
    return Record(benches=dict.fromkeys(names, result))


def test_a_place_is_filled_and_the_rest_stays(docs: Path) -> None:
    (docs / "bench.json").write_text(record("bridge").text())

    page = performance_page.page()

    assert page.startswith("# Performance\n\nBefore.\n\n<!-- bench: bridge -->\n| figure |")
    assert page.endswith("RabbitMQ 3.10.8.\n<!-- end of bench -->\n\nAfter.\n")
    assert "old" not in page
    assert "× 0.50" in page


def test_filling_it_again_changes_nothing(docs: Path) -> None:
    (docs / "bench.json").write_text(record("bridge").text())
    page = performance_page.page()
    (docs / "performance.md").write_text(page)

    assert performance_page.page() == page


@pytest.mark.parametrize("names", [(), ("growth",), ("bridge", "growth")])
def test_what_has_no_place_or_no_figures_is_told(docs: Path, names: tuple[str, ...]) -> None:
    (docs / "bench.json").write_text(record(*names).text())

    with pytest.raises(ValueError, match="has places for"):
        performance_page.page()


def test_a_later_run_keeps_what_it_did_not_measure() -> None:
    earlier, later = record("bridge", "growth"), record("bridge")

    assert set(later.written_over(earlier).benches) == {"bridge", "growth"}
