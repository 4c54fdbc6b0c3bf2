"""One row at a time, in SQL that Django's compilers write once.

A webhook touches one row or two, and composing its statements anew took longer than
running them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model
from django.db.models.constants import OnConflict
from django.db.models.expressions import RawSQL
from django.db.models.sql import InsertQuery, UpdateQuery

Row = TypeVar("Row", bound=Model)


class _Selection(NamedTuple):
    sql: str
    names: list[str]
    converters: Any


class _Writing(NamedTuple):
    sql: str
    fields: Sequence[Field[Any, Any]]


def find(model: type[Row], pk: str) -> Row | None:
    """The row of a key, as it is committed or was written here."""
    connection = connections[DEFAULT_DB_ALIAS]
    selection = _selection(model, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(selection.sql, [pk])
        values = cursor.fetchone()
    if values is None:
        return None
    values = list(values)
    for position, (converters, expression) in selection.converters.items():
        for convert in converters:
            value = convert(values[position], expression, connection)
            values[position] = value
    return model.from_db(DEFAULT_DB_ALIAS, selection.names, values)


def insert(row: Model) -> bool:
    """Write a new row; false where its key is taken, and nothing was written."""
    connection = connections[DEFAULT_DB_ALIAS]
    writing = _insertion(type(row), connection.vendor)
    if is_written := _run(connection, writing, row):
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return is_written


def replace(row: Model, *, column: str, was: Any) -> bool:
    """Write a row again; false where ``column`` is no longer what it ``was``."""
    connection = connections[DEFAULT_DB_ALIAS]
    writing = _replacement(type(row), connection.vendor, column)
    return _run(connection, writing, row, row.pk, was)


def _run(
    connection: BaseDatabaseWrapper, writing: _Writing, row: Model, *more: Any
) -> bool:
    values = [
        field.get_db_prep_save(field.pre_save(row, row._state.adding), connection)
        for field in writing.fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(writing.sql, [*values, *more])
        return bool(cursor.rowcount)


@cache
def _selection(model: type[Model], vendor: str) -> _Selection:
    rows = model._default_manager.filter(pk="?").order_by()
    compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
    sql, _parameters = compiler.as_sql()
    columns = [column for column, _sql, _alias in compiler.select]
    names = [field.attname for field in model._meta.concrete_fields]
    return _Selection(sql, names, compiler.get_converters(columns))


@cache
def _insertion(model: type[Model], vendor: str) -> _Writing:
    fields = model._meta.concrete_fields
    query = InsertQuery(model, on_conflict=OnConflict.IGNORE)
    query.insert_values(fields, [model()])
    [(sql, _parameters)] = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return _Writing(sql, fields)


@cache
def _replacement(model: type[Model], vendor: str, column: str) -> _Writing:
    fields = [it for it in model._meta.concrete_fields if not it.primary_key]
    rows = model._default_manager.filter(pk="?").filter(**{column: 0})
    query: Any = rows.order_by().query.chain(UpdateQuery)
    anything: Any = RawSQL("%s", [None])
    query.add_update_fields([(field, None, anything) for field in fields])
    sql, _parameters = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return _Writing(sql, fields)
