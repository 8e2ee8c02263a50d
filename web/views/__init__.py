"""The pages, one module for each noun."""

from flask import Blueprint

from web.views import (
    account,
    admin,
    cases,
    delivery,
    documents,
    existing,
    facts,
    health,
    inbox,
    login,
    my_signature,
    office,
    public_check,
    registers,
    reports,
    signing,
    start,
    static,
    submissions,
    tasks,
    training,
    ui,
    visas,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    static.pages,
    health.pages,
    start.pages,
    login.pages,
    account.pages,
    inbox.pages,
    cases.pages,
    documents.pages,
    facts.pages,
    visas.pages,
    signing.pages,
    delivery.pages,
    reports.pages,
    public_check.pages,
    my_signature.pages,
    tasks.pages,
    office.pages,
    existing.pages,
    submissions.pages,
    registers.pages,
    admin.pages,
)
TRAINING_BLUEPRINTS: tuple[Blueprint, ...] = (ui.pages, training.pages)
