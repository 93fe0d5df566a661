"""The embedded server: whom it lets in, what it survives, and how it ends."""

import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import Thread

import psutil
import psycopg
import pytest

from tracker.plumbing import embedded
from tracker.plumbing.embedded import account, programs
from tracker.plumbing.embedded.place import made_place, socket_file_in

ROOT = Path(__file__).parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server under another account")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no leash")


def connect(server, role="tracker_owner", database="tracker"):
    return psycopg.connect(host=str(server.socket), port=5432, user=role, dbname=database, autocommit=True)


def asked(server, question, role="tracker_owner"):
    with connect(server, role) as connection:
        return connection.execute(question).fetchone()[0]


def pid_file(server):
    return server.home / "data" / "postmaster.pid"


def postmaster(server):
    return int(pid_file(server).read_text().split("\n")[0])


def wait_for_end_of(pid):
    """At most ten seconds; a zombie has ended, and so has one buried before we could ask."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    ended, _, _ = select.select([descriptor], [], [], 10)
    os.close(descriptor)
    assert ended, f"{pid} is still there"


def python(program, **options):
    program = f"import os, sys; from pathlib import Path; from tracker.plumbing import embedded; {program}"
    return subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True, **options
    )


@pytest.fixture
def instance(tmp_path):
    """Where nothing was ever started."""
    folder = tmp_path / "instance"
    yield folder
    embedded.erase(folder)


@pytest.fixture(scope="module")
def ground(tmp_path_factory):
    """Made once, since making the data takes a second; each test that stands on it leaves it stopped."""
    folder = tmp_path_factory.mktemp("ground") / "instance"
    embedded.start(folder, fast=True).stop()
    yield folder
    embedded.erase(folder)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """With the settings of the demonstration; the tests that share it change nothing."""
    folder = tmp_path_factory.mktemp("shared") / "instance"
    with embedded.ensure(folder) as started:
        yield started
    embedded.erase(folder)


class TestWhatItOffers:
    def test_text_is_utf_8_and_sorted_by_bytes(self, server):
        found = "SELECT pg_encoding_to_char(encoding) || ' ' || datcollate FROM pg_database WHERE datname = 'tracker'"
        assert asked(server, found) == "UTF8 C"

    @pytest.mark.parametrize("role", ["tracker_app", "tracker_owner"])
    def test_neither_role_is_superuser(self, server, role):
        assert asked(server, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user", role) is False

    def test_the_application_defines_nothing(self, server):
        with connect(server, "tracker_app") as connection:
            for definition in ("CREATE TABLE mine (n int)", "CREATE SCHEMA mine", "CREATE DATABASE mine"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(definition)

    def test_the_owner_clones_and_drops_databases(self, server):
        with connect(server, database="postgres") as connection:
            connection.execute("CREATE DATABASE twin TEMPLATE tracker")
            connection.execute("DROP DATABASE twin")

    def test_a_power_cut_loses_nothing_unless_speed_was_asked(self, server):
        assert asked(server, "SHOW fsync") == "on"
        assert asked(server, "SHOW synchronous_commit") == "on"

    def test_urls_are_those_of_sqlalchemy(self, server):
        url = f"postgresql+psycopg://{{}}@/{{}}?host={server.socket}&port=5432"
        assert server.app_url == url.format("tracker_app", "tracker")
        assert server.owner_url == url.format("tracker_owner", "tracker")
        assert server.url_for("tracker_app", "twin") == url.format("tracker_app", "twin")


def internet_doors(process) -> list:
    """What the process listens to or speaks to outside the machine's files; nothing once it has gone."""
    try:
        return process.net_connections("inet")
    except psutil.NoSuchProcess:
        return []  # a background process of PostgreSQL that had its time


class TestWhoEnters:
    def test_no_port_is_opened(self, server):
        family = [psutil.Process(postmaster(server)), *psutil.Process(postmaster(server)).children(recursive=True)]
        assert [doors for each in family for doors in internet_doors(each)] == []

    def test_the_folders_of_data_and_socket_are_closed(self, server):
        assert [(server.home / name).stat().st_mode & 0o777 for name in ("data", "socket")] == [0o700, 0o700]

    def test_the_system_says_who_connects(self, server):
        assert (server.home / "hba.conf").read_text() == "local all all peer map=tracker\n"
        assert asked(server, "SELECT count(*) FROM pg_hba_file_rules WHERE error IS NOT NULL", "postgres") == 0

    def test_the_log_names_nobody(self, server):
        in_detail = "DO $$ BEGIN RAISE 'unique' USING DETAIL = 'Key (name)=(durand) already exists.'; END $$"
        refused = "SELECT 1/0 AS durand", in_detail
        with connect(server) as connection:
            for statement in refused:
                with pytest.raises(psycopg.Error):
                    connection.execute(statement)
        log = (server.home / "server.log").read_text()
        assert "division by zero" in log
        assert "durand" not in log

    @as_root
    def test_another_account_finds_the_door_closed(self, server):
        knock = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
        command = ["/usr/bin/env", "python3", "-c", knock, str(socket_file_in(server.socket))]
        other = {"user": 65534, "group": 65534, "extra_groups": []}
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **other)
        assert done.returncode != 0


class TestStartingAndStopping:
    def test_a_second_asker_uses_the_live_one_and_leaves_it_alone(self, server):
        second = embedded.ensure(server.instance)
        assert (server.is_ours, second.is_ours) == (True, False)
        assert second.app_url == server.app_url
        second.stop()
        assert server.listens()

    def test_start_refuses_a_second_server(self, server):
        with pytest.raises(embedded.ServerError, match="already serves"):
            embedded.start(server.instance)

    def test_what_was_written_is_there_after_a_restart_even_of_a_moved_instance(self, instance):
        with embedded.ensure(instance, fast=True) as first:
            connect(first).execute("CREATE TABLE kept AS SELECT 70 AS hours").connection.close()
        assert not first.listens()
        moved = instance.rename(instance.with_name("moved"))
        with embedded.ensure(moved, fast=True) as second:
            assert asked(second, "SELECT hours FROM kept") == 70
        embedded.erase(moved)

    def test_stopping_twice_does_no_harm(self, ground):
        server = embedded.start(ground, fast=True)
        server.stop()
        server.stop()
        assert not pid_file(server).exists()

    def test_four_starters_at_once_share_one_server(self, instance):
        program = (
            f"s = embedded.ensure(Path({str(instance)!r}), fast=True); print(s.is_ours, flush=True); sys.stdin.read()"
        )
        starters = [python(program, stdin=subprocess.PIPE) for _ in range(4)]
        ours = [starter.stdout.readline().strip() for starter in starters]
        for starter in starters:
            starter.communicate()
        assert sorted(ours) == ["False", "False", "False", "True"]

    def test_it_stops_when_its_starter_exits(self, ground):
        starter = python(f"s = embedded.ensure(Path({str(ground)!r}), fast=True); print(s.home)")
        home = Path(starter.communicate()[0].strip())
        assert "database system is shut down" in (home / "server.log").read_text().splitlines()[-1]

    @on_linux
    def test_it_ends_cleanly_when_its_starter_is_killed(self, ground):
        starter = python(
            f"s = embedded.ensure(Path({str(ground)!r}), fast=True); print(s.home, flush=True); sys.stdin.read()",
            stdin=subprocess.PIPE,
        )
        home = Path(starter.stdout.readline().strip())
        pid = int((home / "data" / "postmaster.pid").read_text().split("\n")[0])
        starter.kill()
        wait_for_end_of(pid)
        starter.communicate()
        assert "database system is shut down" in (home / "server.log").read_text().splitlines()[-1]

    def test_a_thread_that_ends_does_not_take_it_along(self, ground):
        started = []
        thread = Thread(target=lambda: started.append(embedded.ensure(ground, fast=True)))
        thread.start()
        thread.join()
        with started[0] as server:
            assert asked(server, "SELECT 1") == 1

    def test_a_forked_child_does_not_stop_it(self, ground):
        """As a web server's workers would, when their master loaded the application."""
        program = (
            f"s = embedded.ensure(Path({str(ground)!r}), fast=True); child = os.fork(); child or sys.exit(); "
            "os.waitpid(child, 0); print(s.listens())"
        )
        assert python(program, env={**os.environ, "PYTHONWARNINGS": "ignore"}).communicate()[0] == "True\n"


class TestWhatItSurvives:
    @on_linux
    def test_killed_it_starts_again_with_what_was_committed(self, ground):
        with embedded.ensure(ground) as first:
            connect(first).execute("CREATE TABLE spared AS SELECT 70 AS hours").connection.close()
            killed = postmaster(first)
            os.kill(killed, signal.SIGKILL)
            wait_for_end_of(killed)
            assert pid_file(first).exists()
            with embedded.ensure(ground) as second:
                assert second.is_ours
                assert asked(second, "SELECT hours FROM spared") == 70

    @pytest.fixture
    def stopped(self, ground):
        with embedded.start(ground, fast=True) as server:
            written = pid_file(server).read_text().split("\n")
        return server, written

    @pytest.mark.parametrize(("kind", "command"), [("a zombie", "true"), ("another program", "sleep 600")])
    def test_a_pid_file_that_names_something_else_is_not_believed(self, stopped, kind, command):
        server, lines = stopped
        named = subprocess.Popen(command.split(), start_new_session=True)
        if kind == "a zombie":
            os.waitid(os.P_PID, named.pid, os.WEXITED | os.WNOWAIT)
        pid_file(server).write_text("\n".join([str(named.pid), *lines[1:]]))
        with embedded.ensure(server.instance, fast=True) as again:
            assert again.is_ours
        named.kill()
        named.wait()

    def test_a_socket_without_a_server_is_not_believed(self, stopped):
        server, _ = stopped
        with socket.socket(socket.AF_UNIX) as left_behind:
            left_behind.bind(str(socket_file_in(server.socket)))
        with embedded.ensure(server.instance, fast=True) as again:
            assert again.is_ours

    def test_a_server_whose_socket_was_swept_away_is_replaced(self, ground):
        with embedded.start(ground, fast=True) as first:
            socket_file_in(first.socket).unlink()
            with embedded.ensure(ground, fast=True) as second:
                assert second.is_ours
                assert asked(second, "SELECT 1") == 1

    def test_a_first_start_that_was_cut_short_is_begun_again(self, instance):
        half = instance / "postgres" / "data.new"
        half.mkdir(parents=True)
        (half / "PG_VERSION").write_text("18\n")
        with embedded.ensure(instance, fast=True) as server:
            assert asked(server, "SELECT 1") == 1

    def test_what_cannot_start_says_why(self, stopped):
        server, _ = stopped
        version = server.home / "data" / "PG_VERSION"
        ours = version.read_text()
        version.write_text("9\n")
        with pytest.raises(embedded.ServerError, match="incompatible"):
            embedded.ensure(server.instance)
        version.write_text(ours)


class TestWhereItLives:
    @staticmethod
    def _modes(folder):
        return [(each, each.stat().st_mode, each.stat().st_uid) for each in (folder, *folder.parents)]

    @as_root
    def test_below_a_closed_folder_root_lends_it_one_outside_and_opens_nothing(self, tmp_path):
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        before = self._modes(closed)
        with embedded.ensure(closed / "instance", fast=True) as server:
            assert not server.home.is_relative_to(closed)
            assert psutil.Process(postmaster(server)).uids().real != 0
            assert embedded.ensure(closed / "instance").home == server.home
        assert self._modes(closed) == before
        embedded.erase(closed / "instance")
        assert not server.home.exists()

    @as_root
    def test_below_open_folders_root_keeps_it_in_the_instance_and_changes_no_mode(self):
        with tempfile.TemporaryDirectory() as name:
            opened = Path(name)
            opened.chmod(0o755)
            before = self._modes(opened)
            with embedded.ensure(opened, fast=True) as server:
                assert server.home == opened / "postgres"
                assert psutil.Process(postmaster(server)).uids().real != 0
            assert self._modes(opened) == before

    @as_root
    def test_when_the_programs_are_closed_too_they_are_copied(self, tmp_path, instance, monkeypatch):
        """The project and its .venv under /root."""
        theirs = programs._wheel_folder()
        closed = tmp_path / "closed"
        for needed in (*programs.NEEDED, programs.BIN):
            (closed / needed).parent.mkdir(parents=True, exist_ok=True)
            (closed / needed).symlink_to(theirs / needed)
        closed.chmod(0o700)
        monkeypatch.setattr(programs, "_wheel_folder", lambda: closed)
        with embedded.ensure(instance, fast=True) as server:
            running = Path(psutil.Process(postmaster(server)).exe())
            assert running.is_relative_to(server.home)

    def test_too_long_a_path_gets_a_short_socket_that_erasing_removes(self, tmp_path):
        instance = tmp_path / ("é" * 60)
        instance.mkdir(mode=0o700)
        socket_folder = made_place(instance)[0].socket
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(str(socket_file_in(socket_folder)))
        assert made_place(instance)[0].socket == socket_folder
        embedded.erase(instance)
        assert not socket_folder.exists()

    def test_quotes_commas_and_spaces_in_a_path_are_only_letters(self, tmp_path):
        instance = tmp_path / """d'un, "autre" œil"""
        with embedded.ensure(instance, fast=True) as server:
            assert asked(server, "SELECT 1") == 1
        embedded.erase(instance)

    def test_erasing_stops_a_server_that_somebody_else_started(self, instance):
        starter = python(
            f"s = embedded.ensure(Path({str(instance)!r}), fast=True); print(s.home, flush=True); sys.stdin.read()",
            stdin=subprocess.PIPE,
        )
        home = Path(starter.stdout.readline().strip())
        embedded.erase(instance)
        assert not home.exists()
        starter.communicate()

    def test_erasing_nothing_does_no_harm(self, tmp_path):
        embedded.erase(tmp_path / "never")
        assert list(tmp_path.iterdir()) == []

    def test_a_throwaway_leaves_nothing(self):
        with embedded.throwaway() as server:
            assert asked(server, "SHOW fsync") == "off"
        assert not server.home.exists()
        assert not server.instance.exists()

    def test_an_account_unknown_to_the_system_is_told_so(self):
        with pytest.raises(embedded.ServerError, match="Account 987654 has no name on this machine"):
            account._named(987654, is_other=False)
