"""Where the lines of a réglet and the bars of a chart stand."""

from decimal import Decimal as D  # noqa: N817 - tables of figures read better

import pytest

from tracker.plumbing.charts import Column, bar_chart, gauge_geometry, percent, round_step


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (D(0), "0.00%"),
        (D(52), "52.00%"),
        (D("33.335"), "33.34%"),  # halves up
        (D("33.3349"), "33.33%"),
        (D(100), "100.00%"),
    ],
)
def test_a_place_is_written_with_a_point_for_svg(value: D, text: str) -> None:
    assert percent(value) == text


def test_a_clause_behind_fills_its_track_up_to_what_is_counted() -> None:
    drawn = gauge_geometry(D(5200), D(1870), D(529), D(2600), D(4788))
    assert drawn.due_x == "100.00%"
    assert drawn.counted_width == "35.96%"
    assert (drawn.pending_x, drawn.pending_width) == ("35.96%", "10.17%")
    assert (drawn.expected_x, drawn.expected_anchor) == ("50.00%", "middle")
    assert (drawn.projected_x, drawn.shortfall_width) == ("92.08%", "7.92%")
    assert (drawn.surplus_x, drawn.surplus_width) == (None, None)


@pytest.mark.parametrize(
    ("counted", "due_x", "counted_width", "surplus"),
    [
        (D("1499.99"), "100.00%", "100.00%", None),  # one hundredth short, and rounds to the line
        (D("1500.00"), "100.00%", "100.00%", None),  # exactly kept
        (D("1607.50"), "93.31%", "93.31%", "6.69%"),  # kept and more
        (D("3000.00"), "50.00%", "50.00%", "50.00%"),  # twice what was due
    ],
)
def test_over_achievement_is_drawn_past_the_due_line_and_never_cut(
    counted: D, due_x: str, counted_width: str, surplus: str | None
) -> None:
    drawn = gauge_geometry(D(1500), counted)
    assert (drawn.due_x, drawn.counted_width, drawn.surplus_width) == (due_x, counted_width, surplus)


@pytest.mark.parametrize(
    ("projected", "shortfall"),
    [(D("1499.00"), "0.07%"), (D("1500.00"), None), (D("1501.00"), None), (None, None)],
)
def test_the_shortfall_is_dotted_only_when_the_end_is_missed(projected: D | None, shortfall: str | None) -> None:
    assert gauge_geometry(D(1500), D(100), projected=projected).shortfall_width == shortfall


def test_a_projection_past_the_due_line_moves_the_line_and_not_the_ring() -> None:
    drawn = gauge_geometry(D(820), D(496), D(24), D(410), D(902))
    assert (drawn.due_x, drawn.projected_x) == ("90.91%", "100.00%")


def test_hours_to_validate_that_pass_the_due_line_stay_in_the_frame() -> None:
    drawn = gauge_geometry(D(100), D(90), D(60))
    assert (drawn.due_x, drawn.pending_x, drawn.pending_width) == ("66.67%", "60.00%", "40.00%")


@pytest.mark.parametrize(
    ("expected", "anchor"),
    [(D("19.99"), "start"), (D(20), "middle"), (D(80), "middle"), (D("80.01"), "end")],
)
def test_the_expected_label_stays_in_the_frame_of_a_phone(expected: D, anchor: str) -> None:
    assert gauge_geometry(D(100), D(0), expected=expected).expected_anchor == anchor


def test_a_clause_without_hours_due_still_draws() -> None:
    drawn = gauge_geometry(D(0), D(0))
    assert (drawn.due_x, drawn.counted_width, drawn.ticks) == ("0.00%", "0.00%", ())


def test_hours_counted_on_a_clause_that_owes_none_are_all_surplus() -> None:
    drawn = gauge_geometry(D(0), D(35))
    assert (drawn.due_x, drawn.surplus_width) == ("0.00%", "100.00%")


def test_the_rule_is_cut_in_twentieths_of_what_is_due_and_shows_its_middle() -> None:
    ticks = gauge_geometry(D(820), D(0), projected=D(1640)).ticks
    assert len(ticks) == 19
    assert [tick.x for tick in ticks if tick.half] == ["25.00%"]


def test_a_printed_rule_is_numbered_at_round_hours() -> None:
    marks = gauge_geometry(D(1500), D("1607.5")).marks
    assert [mark.hours for mark in marks if mark.hours is not None] == [D(0), D(500), D(1000), D(1500)]
    assert len(marks) == 33


def test_a_number_too_near_the_due_line_leaves_its_place_to_the_due_label() -> None:
    marks = gauge_geometry(D(1500), D("1607.5")).marks
    assert [mark.hours for mark in marks if mark.is_clear] == [D(0), D(500), D(1000)]


@pytest.mark.parametrize(
    ("largest", "step"),
    [
        (D(0), D(1)),
        (D("2.99"), D("0.5")),
        (D(3), D(1)),
        (D(599), D(100)),
        (D(600), D(200)),
        (D(6710), D(2000)),
        (D(15000), D(5000)),
    ],
)
def test_the_scale_goes_by_ones_twos_and_fives(largest: D, step: D) -> None:
    assert round_step(largest) == step


def test_the_tallest_bar_leaves_head_room() -> None:
    chart = bar_chart([Column("oct.", D(100), D(6), D(90))])
    (bar,) = chart.bars
    assert (bar.counted_height, bar.pending_height) == ("89.00%", "5.34%")
    assert bar.pending_y == "5.66%"
    assert chart.has_pending
    assert chart.has_expected


@pytest.mark.parametrize(("count", "labels"), [(6, 6), (7, 4), (12, 6)])
def test_twelve_months_name_every_other_one(count: int, labels: int) -> None:
    chart = bar_chart([Column(f"m{rank}", D(rank)) for rank in range(count)])
    assert sum(1 for bar in chart.bars if bar.label) == labels


def test_a_mark_higher_than_every_bar_sets_the_scale() -> None:
    chart = bar_chart([Column("mars", D(10), expected=D(100))])
    assert chart.bars[0].counted_height == "9.43%"
    assert chart.bars[0].expected_y == "5.66%"


def test_a_month_without_an_expectation_bears_no_mark() -> None:
    chart = bar_chart([Column("mars", D(10)), Column("avril", D(10), expected=D(5))])
    assert [bar.expected_y is None for bar in chart.bars] == [True, False]


def test_an_empty_year_is_an_empty_chart() -> None:
    chart = bar_chart([])
    assert (chart.bars, chart.lines) == ((), ())
    assert bar_chart([Column("mars", D(0))]).bars[0].counted_height == "0.00%"
