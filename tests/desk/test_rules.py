"""What waits, in order, and who must act."""

from datetime import date

import pytest

from tracker.desk.rules import MOST_SHOWN, Queue, Side, Task, TaskKind, counts_by_side, lead_of, queues_of

TODAY = date(2026, 4, 8)


def a_task(since: date, kind: TaskKind = TaskKind.DECLARATION, side: Side = Side.FACILITATOR, name: str = "A") -> Task:
    return Task(kind, name, ("desk.home", {}), "Pourquoi.", side, since)


def test_the_oldest_waits_first_in_its_queue():
    young, old = a_task(date(2026, 4, 7)), a_task(date(2026, 4, 1))
    assert queues_of([young, old]) == [Queue(TaskKind.DECLARATION, 2, (old, young))]


def test_queues_stand_in_the_order_of_the_desk_and_empty_ones_are_left_out():
    tasks = [a_task(TODAY, TaskKind.ELIGIBILITY), a_task(TODAY, TaskKind.MONTH)]
    assert [queue.kind for queue in queues_of(tasks)] == [TaskKind.MONTH, TaskKind.ELIGIBILITY]


def test_each_side_is_counted_once():
    tasks = [a_task(TODAY), a_task(TODAY), a_task(TODAY, side=Side.EMPLOYER)]
    assert counts_by_side(tasks) == {Side.FACILITATOR: 2, Side.EMPLOYER: 1}


@pytest.mark.parametrize(
    ("tasks", "said"),
    [
        ([], "Rien n’attend. Vous êtes à jour."),
        ([a_task(TODAY)], "1 dossier attend de votre part. Le plus ancien attend depuis aujourd’hui."),
        (
            [a_task(date(2026, 4, 7)), a_task(date(2026, 3, 16), side=Side.EMPLOYER)],
            "2 dossiers attendent, dont 1 de votre part. Le plus ancien attend depuis 23 jours.",
        ),
        (
            [a_task(date(2026, 4, 7), side=Side.EMPLOYER)],
            "1 dossier attend. Le plus ancien attend depuis 1 jour.",
        ),
    ],
)
def test_the_desk_says_in_one_sentence_what_waits(tasks, said):
    assert lead_of(tasks, Side.FACILITATOR, TODAY).replace("\u00a0", " ") == said


def test_a_task_that_begins_tomorrow_has_waited_no_day():
    assert a_task(date(2026, 4, 9)).days(TODAY) == 0


def test_a_long_queue_shows_its_oldest_and_counts_the_rest():
    tasks = [a_task(date(2026, 4, 1), name=f"{rank:03d}") for rank in range(MOST_SHOWN + 2)]
    (queue,) = queues_of(reversed(tasks))
    assert (queue.count, queue.hidden) == (MOST_SHOWN + 2, 2)
    assert [task.name for task in queue.tasks] == [task.name for task in tasks[:MOST_SHOWN]]
    assert queues_of(tasks[:MOST_SHOWN])[0].hidden == 0
