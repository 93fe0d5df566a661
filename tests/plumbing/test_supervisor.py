"""Commands run together end together, and nothing of them is left.

Every process of a scene holds the same pipe open (a FIFO): its end of file is the proof that none is left.
"""

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONG = "exec sleep 600"
STUBBORN = "trap '' TERM HUP INT; echo ready >&9; while :; do sleep 600; done"


class Scene:
    """A supervisor at work on shell scripts, each given the pipe as descriptor 9 and told to say « ready » in it."""

    def __init__(self, folder: Path, *scripts: str, needs: str = "True", grace: float = 5) -> None:
        fifo = folder / "alive"
        os.mkfifo(fifo)
        self.pipe = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        commands = [["sh", "-c", f"exec 9>'{fifo}'; {script}"] for script in scripts]
        program = (
            "import sys, os; from tracker.plumbing.supervisor import Command, run; "
            f"sys.exit(run([Command(str(argv), argv) for argv in {commands!r}], needs=lambda: {needs}, grace={grace}))"
        )
        self.process = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)

    def hear(self, *words: str) -> None:
        """Return once each word was said; fail when they are not within ten seconds."""
        said: list[str] = []
        while sorted(said) != sorted(words):
            said += self.next().decode().split()
            assert said, "every process ended without a word"

    def silence(self) -> None:
        """Return once no process holds the pipe any more."""
        while self.next():
            pass

    def next(self) -> bytes:
        ready, _, _ = select.select([self.pipe], [], [], 10)
        assert ready, "a process of the scene is still there, or did not come"
        return os.read(self.pipe, 4096)

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def status(self) -> int:
        return self.process.wait(15)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.pipe)


@pytest.fixture
def scene(tmp_path):
    made = []

    def make(*scripts, **options):
        made.append(Scene(tmp_path, *scripts, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_told_to_stop_it_stops_all_and_exits_well(scene, number):
    both = scene(f"echo ready >&9; {LONG}", f"echo ready >&9; {LONG}")
    both.hear("ready", "ready")
    both.send(number)
    assert both.status() == 0
    both.silence()


@pytest.mark.parametrize(
    ("end", "status"),
    [("exit 3", 3), ("exit 0", 0), ("kill -9 $$", 128 + 9), ("exec /no/such/program", 127)],
)
def test_when_one_ends_the_others_end_and_its_status_is_ours(scene, end, status):
    both = scene(f"echo ready >&9; {LONG}", end)
    assert both.status() == status
    both.silence()


def test_a_command_that_does_not_exist_is_named_and_stops_all(tmp_path):
    program = "from tracker.plumbing.supervisor import *; raise SystemExit(run([Command('web', ['/no/such/program'])]))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 127
    assert done.stderr == "/no/such/program: No such file or directory\n"


def test_grandchildren_that_outlive_their_parent_are_ended(scene):
    """As gunicorn's workers would when their master is killed."""
    both = scene(f"(echo ready >&9; {LONG}) & (echo ready >&9; {LONG}) & wait; ", f"echo ready >&9; {LONG}")
    both.hear("ready", "ready", "ready")
    both.send(signal.SIGTERM)
    assert both.status() == 0
    both.silence()


def test_one_that_refuses_to_end_is_killed(scene):
    stubborn = scene(STUBBORN, f"({STUBBORN}) & wait", grace=0.1)
    stubborn.hear("ready", "ready")
    stubborn.send(signal.SIGTERM)
    assert stubborn.status() == 0
    stubborn.silence()


def test_a_second_signal_cuts_the_grace_short(scene):
    stubborn = scene("trap 'echo asked >&9' TERM; echo ready >&9; while :; do sleep 600 & wait; done", grace=600)
    stubborn.hear("ready")
    stubborn.send(signal.SIGINT)
    stubborn.hear("asked")
    stubborn.send(signal.SIGINT)
    assert stubborn.status() == 0
    stubborn.silence()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no leash; the warden alone serves there")
def test_killed_outright_it_still_leaves_nothing(scene):
    all_kinds = scene(f"(echo ready >&9; {LONG}) & wait", f"echo ready >&9; {LONG}", STUBBORN)
    all_kinds.hear("ready", "ready", "ready")
    all_kinds.send(signal.SIGKILL)
    assert all_kinds.status() == -signal.SIGKILL
    all_kinds.silence()


def test_when_what_they_need_is_gone_all_end(scene, tmp_path):
    flag = tmp_path / "database"
    flag.touch()
    needing = scene(f"echo ready >&9; {LONG}", f"(rm '{flag}'); {LONG}", needs=f"os.path.exists({str(flag)!r})")
    needing.hear("ready")
    needing.send(signal.SIGCHLD)  # as the death of the database, a child of the same process, would
    while flag.exists():
        time.sleep(0)
    needing.send(signal.SIGCHLD)
    assert needing.status() == 1
    needing.silence()


def test_children_hear_ctrl_c_from_the_supervisor_alone(scene):
    """They are not in the terminal's group: the database must outlive the web server that it serves."""
    one = scene(f"echo $(ps -o pgid= -p $$) $$ >&9; {LONG}")
    group, own = one.next().split()
    assert group == own
    one.send(signal.SIGINT)
    assert one.status() == 0
