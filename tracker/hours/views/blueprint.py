"""The addresses of the room."""

from flask import Blueprint

blueprint = Blueprint("hours", __name__)
