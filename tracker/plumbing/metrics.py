"""What a monitoring system reads (Prometheus): counters kept by the processes, gauges asked of the database.

A label holds a route's pattern, a job's name or a word of ours: never an address, somebody's name or a secret. Where
several processes serve, PROMETHEUS_MULTIPROC_DIR names a folder of the machine where each keeps its counters, and the
one that is asked adds them all up; without it, each tells its own alone.
"""

import os
import platform
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from flask import current_app
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from tracker.plumbing import health, outbox, queue
from tracker.plumbing.database import db

CONTENT_TYPE = CONTENT_TYPE_LATEST
# Read by prometheus_client as it is imported: a setting of the process, not of the application.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
NO_ROUTE, OTHER_METHOD = "none", "other"
DONE, NOTHING, FAILED = "done", "nothing to do", "failed"

OURS = CollectorRegistry()
_REQUESTS = Counter("tracker_requests_total", "Requests answered.", ["route", "method", "status"], registry=OURS)
_SECONDS = Histogram(
    "tracker_request_seconds",
    "Time taken to answer.",
    ["route", "method"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=OURS,
)
_STATEMENTS = Histogram(
    "tracker_request_statements",
    "SQL statements of one request.",
    ["route", "method"],
    buckets=(0, 5, 10, 15, 20, 30, 50, 100, 200),
    registry=OURS,
)
_JOBS = Counter("tracker_jobs_total", "Jobs run by the workers.", ["job", "outcome"], registry=OURS)


def count_request(route: str | None, method: str, status: int, seconds: float, statements: int) -> None:
    """One request answered; `route` is its pattern, None when no page has that address."""
    # A visitor may invent methods, and each would be a new series.
    labels = (route or NO_ROUTE, method if method in METHODS else OTHER_METHOD)
    _REQUESTS.labels(*labels, f"{status // 100}xx").inc()
    _SECONDS.labels(*labels).observe(seconds)
    _STATEMENTS.labels(*labels).observe(statements)


def count_job(job: str, outcome: str) -> None:
    """One job run: DONE, NOTHING or FAILED."""
    _JOBS.labels(job, outcome).inc()


def page() -> bytes:
    """Everything at this moment; without the database, the counters and the fact that it does not answer."""
    registry = CollectorRegistry()
    if FOLDER in os.environ:
        MultiProcessCollector(registry)
    else:
        registry.register(_Kept())
    registry.register(_Asked())
    return generate_latest(registry)


def start_anew(folder: Path) -> dict[str, str]:
    """Empties the folder of counters before any process counts in it; the environment that gives it to them."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return {FOLDER: str(folder)}


class _Kept(Collector):
    """The counters of this process alone."""

    def collect(self) -> Iterable[Metric]:
        return OURS.collect()


class _Asked(Collector):
    """What the database knows, asked now."""

    def collect(self) -> Iterator[Metric]:
        try:
            gauges = list(_gauges())
        except SQLAlchemyError:
            db.session.rollback()
            gauges = []
        yield GaugeMetricFamily("tracker_database_up", "Whether the database answers.", value=bool(gauges))
        yield _build()
        yield from gauges


def _build() -> Metric:
    built = GaugeMetricFamily("tracker_build_info", "What runs here.", labels=["version", "python"])
    built.add_metric([current_app.config["BUILD_VERSION"], platform.python_version()], 1)
    return built


def _gauges() -> Iterator[Metric]:
    yield _by_word("tracker_queue_jobs", "Jobs of the queue.", "status", queue.jobs_by_status())
    yield _by_word("tracker_messages", "Messages that have not left.", "state", outbox.counts())
    yield GaugeMetricFamily("tracker_workers_alive", "Workers seen lately.", value=health.workers_alive())


def _by_word(name: str, said: str, label: str, counts: dict[str, int]) -> Metric:
    gauge = GaugeMetricFamily(name, said, labels=[label])
    for word, count in counts.items():
        gauge.add_metric([word], count)
    return gauge
