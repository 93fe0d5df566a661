"""The addresses of the room."""

from flask import Blueprint

blueprint = Blueprint("contracts", __name__)
