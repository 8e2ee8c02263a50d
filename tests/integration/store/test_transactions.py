"""A transaction holds everything or nothing, on both databases."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from tests.databases import Database
from workflow.store import rows
from workflow.store.errors import (
    LockOrderError,
    MissingRowError,
    NaiveTimeError,
    StaleError,
)
from workflow.store.tables.audit import audit_heads
from workflow.store.tables.outbox import outbox
from workflow.store.types import CanonicalJson, Id, UtcDateTime
from workflow.store.unit_of_work import Lock, Transaction, UnitOfWork

shelf = sa.MetaData()
books = sa.Table(
    "books",
    shelf,
    sa.Column("id", Id, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("read_at", UtcDateTime),
    sa.Column("facts", CanonicalJson),
)
pages = sa.Table(
    "book_pages",
    shelf,
    sa.Column("book_id", Id, sa.ForeignKey("books.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)


@dataclass(frozen=True)
class Book:
    id: uuid.UUID
    title: str
    pages: tuple[str, ...] = ()
    version: int = 0


class Books:
    """A repository as `workflow.store.rows` describes it."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def load(self, book_id: uuid.UUID) -> Book:
        row = rows.one(self.connection, sa.select(books).where(books.c.id == book_id), "book")
        texts = self.connection.execute(
            sa.select(pages.c.text).where(pages.c.book_id == book_id).order_by(pages.c.number)
        ).scalars()
        return Book(row.id, row.title, tuple(texts), row.version)

    def save(self, new: Book, loaded: Book | None = None) -> Book:
        if loaded is None:
            rows.insert(self.connection, books, _row(new))
        else:
            rows.update(self.connection, books, _row(new), _row(loaded))
        rows.replace_children(
            self.connection, pages, after=_pages(new), before=_pages(loaded) if loaded else []
        )
        return replace(new, version=(loaded.version if loaded else 0) + 1)


def _row(book: Book) -> dict[str, Any]:
    return {"id": book.id, "title": book.title, "version": book.version}


def _pages(book: Book) -> list[dict[str, Any]]:
    return [
        {"book_id": book.id, "number": number, "text": text}
        for number, text in enumerate(book.pages, 1)
    ]


@pytest.fixture
def shelves(uow: UnitOfWork, database: Database) -> UnitOfWork:
    with database.engine.begin() as connection:
        shelf.create_all(connection)
    return uow


def kept(uow: UnitOfWork, title: str = "Положение") -> Book:
    with uow() as tx:
        book = Books(tx.connection).save(Book(tx.new_id(), title, ("один", "два")))
        tx.commit()
    return book


def open_rows(uow: UnitOfWork) -> int:
    with uow.reading() as snapshot:
        return snapshot.connection.execute(
            sa.select(sa.func.count()).select_from(outbox)
        ).scalar_one()


def test_leaving_without_commit_keeps_nothing(uow: UnitOfWork) -> None:
    with uow() as tx:
        tx.outbox.add("convert", {})
    assert open_rows(uow) == 0


def test_an_error_keeps_nothing(uow: UnitOfWork) -> None:
    def interrupted() -> None:
        with uow() as tx:
            tx.outbox.add("convert", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert open_rows(uow) == 0


def test_commit_keeps_everything_and_closes_the_transaction(uow: UnitOfWork) -> None:
    with uow() as tx:
        tx.outbox.add("convert", {})
        tx.commit()
        with pytest.raises(sa.exc.ResourceClosedError):
            tx.outbox.add("convert", {})
    assert open_rows(uow) == 1


def test_a_snapshot_cannot_write(uow: UnitOfWork) -> None:
    with uow.reading() as snapshot, pytest.raises(sa.exc.DBAPIError):
        snapshot.connection.execute(sa.delete(outbox))


def test_a_snapshot_does_not_see_what_is_committed_after_it_began(uow: UnitOfWork) -> None:
    count = sa.select(sa.func.count()).select_from(outbox)
    with uow.reading() as snapshot:
        before = snapshot.connection.execute(count).scalar_one()
        with uow() as tx:
            tx.outbox.add("convert", {})
            tx.commit()
        assert snapshot.connection.execute(count).scalar_one() == before
    assert open_rows(uow) == before + 1


def test_save_writes_what_differs_and_raises_the_version(shelves: UnitOfWork) -> None:
    book = kept(shelves)
    changed = replace(book, title="Дорожная карта", pages=("один", "другое", "три"))
    with shelves() as tx:
        saved = Books(tx.connection).save(changed, book)
        tx.commit()
    with shelves.reading() as snapshot:
        assert Books(snapshot.connection).load(book.id) == saved == replace(changed, version=2)


def test_removed_children_are_deleted(shelves: UnitOfWork) -> None:
    book = kept(shelves)
    with shelves() as tx:
        Books(tx.connection).save(replace(book, pages=("два",)), book)
        tx.commit()
    with shelves.reading() as snapshot:
        assert Books(snapshot.connection).load(book.id).pages == ("два",)


def test_the_second_of_two_savers_is_told_that_the_row_is_stale(shelves: UnitOfWork) -> None:
    book = kept(shelves)
    with shelves() as tx:
        Books(tx.connection).save(replace(book, title="первая правка"), book)
        tx.commit()
    with pytest.raises(StaleError) as refused, shelves() as tx:
        Books(tx.connection).save(replace(book, title="вторая правка"), book)
    assert refused.value.code == "stale"
    with shelves.reading() as snapshot:
        assert Books(snapshot.connection).load(book.id).title == "первая правка"


def test_changing_only_children_is_noticed_by_another_saver(shelves: UnitOfWork) -> None:
    book = kept(shelves)
    with shelves() as tx:
        Books(tx.connection).save(replace(book, pages=()), book)
        tx.commit()
    with pytest.raises(StaleError), shelves() as tx:
        Books(tx.connection).save(replace(book, title="правка"), book)


def test_a_foreign_key_is_enforced(shelves: UnitOfWork) -> None:
    orphan = {"book_id": uuid.UUID(int=1), "number": 1, "text": "без книги"}
    with shelves() as tx, pytest.raises(sa.exc.IntegrityError):
        tx.connection.execute(sa.insert(pages).values(orphan))


def test_a_naive_time_is_refused(shelves: UnitOfWork) -> None:
    naive = datetime(2025, 1, 13, 9)  # noqa: DTZ001 - the point of the test
    with pytest.raises(sa.exc.StatementError) as refused, shelves() as tx:
        tx.connection.execute(
            sa.insert(books).values(id=tx.new_id(), version=1, title="", read_at=naive)
        )
    assert isinstance(refused.value.__cause__, NaiveTimeError)


def test_times_come_back_in_utc_and_are_compared_as_moments(shelves: UnitOfWork) -> None:
    moscow = datetime.fromisoformat("2025-01-13T09:00:00.000001+03:00")
    with shelves() as tx:
        tx.connection.execute(
            sa.insert(books).values(id=tx.new_id(), version=1, title="", read_at=moscow)
        )
        tx.commit()
    later = datetime.fromisoformat("2025-01-13T06:00:00.000002+00:00")
    with shelves.reading() as snapshot:
        found = snapshot.connection.execute(
            sa.select(books.c.read_at).where(books.c.read_at < later)
        ).scalar_one()
    assert found.isoformat() == "2025-01-13T06:00:00.000001+00:00"


def test_hashed_json_keeps_its_text(shelves: UnitOfWork) -> None:
    with shelves() as tx:
        facts = {"б": [1, None, True], "а": "ё"}
        tx.connection.execute(
            sa.insert(books).values(id=tx.new_id(), version=1, title="", facts=facts)
        )
        tx.commit()
    with shelves.reading() as snapshot:
        text = snapshot.connection.execute(sa.select(sa.type_coerce(books.c.facts, sa.Text)))
        assert text.scalar_one() == '{"а":"ё","б":[1,null,true]}'


def test_locks_out_of_order_are_refused(shelves: UnitOfWork) -> None:
    first, second = sorted([kept(shelves), kept(shelves)], key=lambda book: book.id)
    with shelves() as tx:
        tx.lock(Lock.REGISTER, books, [first.id])
        with pytest.raises(LockOrderError):
            tx.lock(Lock.CASE, books, [second.id])
    with shelves() as tx:
        tx.lock(Lock.CASE, books, [second.id])
        with pytest.raises(LockOrderError):
            tx.lock(Lock.CASE, books, [first.id])


def test_nothing_is_locked_after_the_head_of_the_audit_chain(shelves: UnitOfWork) -> None:
    book = kept(shelves)
    with shelves() as tx:
        tx.audit.add(book.id, "book.read", {})
        tx.audit.anchor(book.id)
        with pytest.raises(LockOrderError):
            tx.lock(Lock.CASE, books, [book.id])


def test_locking_what_is_not_there_says_so(shelves: UnitOfWork) -> None:
    with shelves() as tx, pytest.raises(MissingRowError):
        tx.lock(Lock.CASE, books, [uuid.UUID(int=1)])


def test_two_writers_of_one_case_follow_each_other(shelves: UnitOfWork) -> None:
    """Both read, add one and write; without the lock one of the two would be lost."""
    book = kept(shelves, title="0")
    entered = threading.Barrier(2)
    errors: list[BaseException] = []

    def count(tx: Transaction) -> None:
        tx.lock(Lock.CASE, books, [book.id])
        loaded = Books(tx.connection).load(book.id)
        Books(tx.connection).save(replace(loaded, title=str(int(loaded.title) + 1)), loaded)
        tx.commit()

    def work() -> None:
        try:
            entered.wait(10)
            for _ in range(10):
                with shelves() as tx:
                    count(tx)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    with shelves.reading() as snapshot:
        assert Books(snapshot.connection).load(book.id).title == "20"


def test_two_transactions_that_begin_a_chain_together_both_succeed(uow: UnitOfWork) -> None:
    chain, entered = uuid.UUID(int=7), threading.Barrier(2)

    def work() -> None:
        entered.wait(10)
        for _ in range(10):
            with uow() as tx:
                tx.audit.add(chain, "test.done", {})
                tx.commit()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with uow.reading() as snapshot:
        head = snapshot.connection.execute(sa.select(audit_heads)).one()
    assert head.number == 20
