"""The worker: runs queued jobs, and the timetable that queues them.

APScheduler decides when to look; the tick table makes each period run once whatever the number of workers;
Procrastinate runs the jobs, and hears of new ones at once through PostgreSQL's LISTEN.
"""

import asyncio
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from procrastinate import App, BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job as QueuedJob

from tracker.plumbing import clock, logs, metrics, queue, sessions, ticks
from tracker.plumbing.database import db
from tracker.plumbing.delivery import MAX_TRIES

log = structlog.get_logger("worker")
Job = Callable[..., Any]
LONGEST_WAIT = 3600
# Looked at this often, a period begins at most so late, also after a restart or a failure.
LOOK_EVERY = timedelta(minutes=1)
AT_ONCE = 4
# A dead worker is noticed between one and one and a half times its delay; a live one speaks six times in it.
LOOKS_FOR_THE_DEAD, SIGNS_OF_LIFE = 2, 6
FRAMES_TOLD = 3


class Failed(Exception):
    """A job failed; bears the error's name alone, since its text may hold somebody's."""


class Patience(BaseRetryStrategy):
    """Waits of 2, 4, 8… seconds between tries, an hour at most; about two days in all."""

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        """When to try again; None once there have been enough tries."""
        if job.attempts >= MAX_TRIES:
            return None
        return RetryDecision(retry_in={"seconds": min(2 ** (job.attempts + 1), LONGEST_WAIT)})


def run(app: Flask, jobs: Mapping[str, Job], timetable: Mapping[str, tuple[timedelta, Job]]) -> None:
    """Works until it is told to stop; `jobs` by name, `timetable` what to do and how often."""
    logs.hear_libraries()
    runner = queue.procrastinate_app(app.config["DATABASE_URL"])
    dead_after = timedelta(seconds=app.config["WORKER_DEAD_AFTER"])
    for name, job in jobs.items():
        runner.task(name=name, queue=queue.QUEUE, retry=Patience())(_within(app, name, job))
    scheduler = BackgroundScheduler(timezone="Europe/Paris")
    _repeat(scheduler, dead_after / LOOKS_FOR_THE_DEAD, _within(app, "take_back_stalled", _taking_back(dead_after)))
    for name, (every, job) in timetable.items():
        _repeat(scheduler, min(every, LOOK_EVERY), _within(app, name, once_a_period(name, every, job)))
    scheduler.start()
    try:
        asyncio.run(_work(runner, dead_after.total_seconds()))
    finally:
        scheduler.shutdown(wait=True)


async def _work(runner: App, dead_after: float) -> None:
    async with runner.open_async():
        await runner.run_worker_async(
            name="tracker",
            concurrency=AT_ONCE,
            delete_jobs="successful",
            fetch_job_polling_interval=1,
            update_heartbeat_interval=dead_after / SIGNS_OF_LIFE,
            stalled_worker_timeout=dead_after,
        )


def _repeat(scheduler: BackgroundScheduler, every: timedelta, act: Job) -> None:
    """At once, then so often; a look that comes late is not skipped, and one that fails has told so."""

    def look() -> None:
        with suppress(Failed):
            act()

    pace = {"seconds": every.total_seconds(), "next_run_time": clock.machine_now()}
    scheduler.add_job(look, "interval", **pace, coalesce=True, misfire_grace_time=None)


def _taking_back(dead_after: timedelta) -> Job:
    def take_back() -> bool:
        taken = queue.take_back_stalled(clock.machine_now(), dead_after)
        db.session.commit()
        return bool(taken)

    return take_back


def once_a_period(name: str, every: timedelta, job: Job) -> Job:
    """The job, done by the first who takes the present period; when it fails, the period is free again.

    What it makes tells whether it was done.
    """

    def act() -> bool:
        period = int(clock.machine_now().timestamp() // every.total_seconds())
        is_first = ticks.take(name, str(period))
        if is_first:
            job()
        db.session.commit()
        return is_first

    return act


def _within(app: Flask, name: str, job: Job) -> Job:
    """The job in its context, its author named, with one line of log unless it says that nothing was to be done."""

    def act(**arguments: Any) -> None:
        started = time.perf_counter()
        with app.app_context(), sessions.acting_as(sessions.Actor("job")):
            try:
                done = job(**arguments)
            except Exception as error:
                db.session.rollback()
                metrics.count_job(name, metrics.FAILED)
                _tell_failure(name, error)
                raise Failed(type(error).__name__) from None
        metrics.count_job(name, metrics.NOTHING if done is False else metrics.DONE)
        if done is not False:
            log.info("job", job=name, ms=round((time.perf_counter() - started) * 1000, 1))

    act.__name__ = name
    return act


def _tell_failure(name: str, error: Exception) -> None:
    # Where, never what: an error's text may hold a name, an address or a link's secret.
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES_TOLD:]
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    log.warning("job failed", job=name, error=type(error).__name__, where=where)
