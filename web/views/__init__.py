"""The pages, one module for each noun."""

from flask import Blueprint

from web.views import account, login, start, static, ui

BLUEPRINTS: tuple[Blueprint, ...] = (
    static.pages,
    start.pages,
    login.pages,
    account.pages,
)
TRAINING_BLUEPRINTS: tuple[Blueprint, ...] = (ui.pages,)
