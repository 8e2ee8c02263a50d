"""The pages, one module for each noun."""

from flask import Blueprint

from web.views import (
    account,
    delivery,
    health,
    login,
    my_signature,
    public_check,
    reports,
    signing,
    start,
    static,
    training,
    ui,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    static.pages,
    health.pages,
    start.pages,
    login.pages,
    account.pages,
    signing.pages,
    delivery.pages,
    reports.pages,
    public_check.pages,
    my_signature.pages,
)
TRAINING_BLUEPRINTS: tuple[Blueprint, ...] = (ui.pages, training.pages)
