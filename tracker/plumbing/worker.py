"""The worker: runs queued jobs, and the timetable that queues them.

APScheduler decides when; the tick table makes each period run once whatever the number of workers; Procrastinate runs
the jobs, and hears of new ones at once through PostgreSQL's LISTEN.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from procrastinate import App, RetryStrategy

from tracker.plumbing import clock, queue, sessions, ticks
from tracker.plumbing.database import db

log = structlog.get_logger("worker")
Job = Callable[..., Any]
# Waits of 2, 4, 8… seconds between tries, eight in all: about four minutes of a mail server's absence, then the
# timetable takes over.
RETRY = RetryStrategy(max_attempts=8, exponential_wait=2)


def run(app: Flask, jobs: Mapping[str, Job], timetable: Mapping[str, tuple[timedelta, Job]]) -> None:
    """Works until it is told to stop; `jobs` by name, `timetable` what to do and how often."""
    runner = queue.procrastinate_app(app.config["DATABASE_URL"])
    for name, job in jobs.items():
        runner.task(name=name, queue=queue.QUEUE, retry=RETRY)(_within(app, name, job))
    scheduler = BackgroundScheduler(timezone="Europe/Paris")
    for name, (every, job) in timetable.items():
        scheduler.add_job(_on_time(app, name, every, job), "interval", seconds=every.total_seconds(), id=name)
    scheduler.start()
    try:
        asyncio.run(_work(runner))
    finally:
        scheduler.shutdown(wait=True)


async def _work(runner: App) -> None:
    async with runner.open_async():
        await _sweep(runner)
        await runner.run_worker_async(name="tracker", delete_jobs="successful", fetch_job_polling_interval=2)


async def _sweep(runner: App) -> None:
    # A killed worker leaves its job marked as running: back to the queue with it.
    for job in await runner.job_manager.get_stalled_jobs(seconds_since_heartbeat=queue.DEAD_AFTER.total_seconds()):
        await runner.job_manager.retry_job(job)


def _within(app: Flask, name: str, job: Job) -> Job:
    def act(**arguments: Any) -> None:
        with app.app_context(), sessions.acting_as(sessions.Actor("job")):
            try:
                job(**arguments)
            finally:
                db.session.remove()
            log.info("job", job=name)

    act.__name__ = name
    return act


def _on_time(app: Flask, name: str, every: timedelta, job: Job) -> Job:
    def act() -> None:
        period = int(clock.now().timestamp() // every.total_seconds())
        with app.app_context(), sessions.acting_as(sessions.Actor("job")):
            if ticks.take(name, f"{period}"):
                job()
            db.session.commit()
            db.session.remove()

    return act
