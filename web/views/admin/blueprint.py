"""The part of the site where the operator sets everything up."""

from flask import Blueprint

pages = Blueprint("admin", __name__, url_prefix="/admin")
