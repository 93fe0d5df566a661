"""A file is taken in flat memory: a longer one costs no more."""

import json
import os
import subprocess
import sys
import tracemalloc

import pytest

from tests.bench.published import ROOT, sources, write_longer
from tests.contracts.published import a_file, a_record, take

MOST_GROWTH = 40 * 1024 * 1024


def test_six_times_more_records_ask_for_no_more_memory(app):
    def peak_for(numbers: range) -> int:
        content = a_file(*(a_record(str(number)) for number in numbers))
        tracemalloc.start()
        take(content, batch=20)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    peak_for(range(40))  # whatever is built once
    short, long = peak_for(range(100, 140)), peak_for(range(1000, 1240))
    # 200 records kept would weigh a megabyte and more.
    assert long - short < 400_000


@pytest.mark.soak
@pytest.mark.parametrize("times", [1, 50])
def test_the_import_adds_forty_megabytes_at_most_to_the_process(app, server, tmp_path, times):
    files, copies, _kind = sources()
    path = tmp_path / "long.json"
    count = write_longer(path, files, copies * times)
    where = {"DATABASE_URL": server.app_url, "DATABASE_OWNER_URL": server.owner_url, "INSTANCE_PATH": str(tmp_path)}
    environment = {**os.environ, **where, "SECRET_KEY": "only-for-tests", "TRACKER_MODE": "test"}
    command = [sys.executable, "-m", "tests.bench.growth", str(path)]
    found = json.loads(subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=True).stdout)
    assert found["read"] == count
    assert found["highest"] - found["start"] <= MOST_GROWTH
