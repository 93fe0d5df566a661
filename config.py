"""Settings, read from the environment once; every one has a default that works for the demonstration.

No logic beyond reading: what a setting means lives where it is used.
"""

import os
from pathlib import Path

ROOT = Path(__file__).parent


class Config:
    """What the application reads. `TRACKER_MODE` is demo (default without DATABASE_URL), production or test."""

    TRACKER_MODE = os.environ.get("TRACKER_MODE") or ("production" if os.environ.get("DATABASE_URL") else "demo")
    DATABASE_URL = os.environ.get("DATABASE_URL", "")
    # The role that migrates and owns the tables; the application's own role when absent.
    DATABASE_OWNER_URL = os.environ.get("DATABASE_OWNER_URL", "")
    INSTANCE_PATH = Path(os.environ.get("INSTANCE_PATH") or ROOT / "instance").resolve()
    PORT = int(os.environ.get("PORT") or 8000)
    BASE_URL = (os.environ.get("BASE_URL") or f"http://127.0.0.1:{PORT}").rstrip("/")
    SECRET_KEY = os.environ.get("SECRET_KEY", "")
    MAIL_URL = os.environ.get("MAIL_URL", "")
    # Seconds a mail server may stay silent before the message is put off.
    MAIL_TIMEOUT = float(os.environ.get("MAIL_TIMEOUT") or 20)
    # Seconds without a sign of life after which a worker is dead, and its jobs go to another.
    WORKER_DEAD_AFTER = float(os.environ.get("WORKER_DEAD_AFTER") or 60)
    MAIL_FROM = os.environ.get("MAIL_FROM", "clauses@departement.example")
    SERVICE_NAME = os.environ.get("SERVICE_NAME", "Suivi des clauses d’insertion")
    DEPARTMENT_NAME = os.environ.get("DEPARTMENT_NAME", "Département de Loire-et-Vienne")
    LOGO_PATH = os.environ.get("LOGO_PATH", "")
    # The demonstration may stand on a fixed day, so that its pictures stay the same.
    AS_OF = os.environ.get("AS_OF", "")
    # What a monitoring system must bear to read /metrics; sessions of administrators alone when empty.
    METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
    # What runs here, as the site names it (a tag, a commit): shown with the metrics.
    BUILD_VERSION = os.environ.get("BUILD_VERSION") or "unknown"
    # Where the log's lines go; standard error when empty.
    LOG_PATH = os.environ.get("LOG_PATH", "")
    MAX_CONTENT_LENGTH = 64 * 1024 * 1024
    MAX_FORM_PARTS = 20_000
    MAX_FORM_MEMORY_SIZE = 4 * 1024 * 1024
