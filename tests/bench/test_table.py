"""The bench's table: ratios of ours over the peer's, kept between its marks and nowhere else."""

import pytest

from tests.bench import __main__ as bench
from tests.bench.growth import measure
from tests.bench.published import EXAMPLE, records_of, write_longer
from tests.bench.rows import Row, compared, milliseconds, raced, table


def test_a_ratio_is_ours_over_the_peer_s():
    row = compared("a page", 0.030, 0.020, milliseconds, "8 statements")
    assert row.cells == ("a page", "30.0 ms", "20.0 ms", "1.5 ×", "8 statements")


def test_the_table_is_aligned():
    lines = table([Row("a page", "30.0 ms"), Row("a longer name", "1.0 ms", "2.0 ms", "0.5 ×", "why")]).splitlines()
    assert len(lines) == 4
    assert len({len(line) for line in lines}) == 1
    assert lines[1].count("-:") == 3


def test_those_that_race_run_in_turn():
    ran = []
    times = raced([lambda: ran.append("ours"), lambda: ran.append("peer")], runs=3, warm=1)
    assert ran == ["ours", "peer"] * 4
    assert len(times) == 2


def test_the_table_is_kept_between_its_marks(tmp_path, monkeypatch):
    page = tmp_path / "performance.md"
    page.write_text(f"Before\n{bench.OPEN}\nold\n{bench.CLOSE}\nafter\n")
    monkeypatch.setattr(bench, "KEPT", page)
    bench.keep("new")
    bench.keep("newer")
    assert page.read_text() == f"Before\n{bench.OPEN}\nnewer\n{bench.CLOSE}\nafter\n"


@pytest.mark.parametrize("copies", [1, 3])
def test_a_longer_file_holds_each_record_so_many_times_and_no_number_twice(app, tmp_path, copies):
    path = tmp_path / "longer.json"
    assert write_longer(path, [EXAMPLE], copies) == copies * len(records_of(EXAMPLE))
    once = {record["id"] for record in records_of(EXAMPLE)}
    assert len({record["id"] for record in records_of(path)}) == copies * len(once)
    found = measure([path])
    assert found["read"] == copies * len(records_of(EXAMPLE))
    assert found["highest"] >= found["start"] > 0
    assert found["seconds"] > 0
