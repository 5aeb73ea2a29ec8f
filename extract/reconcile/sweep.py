"""The sweep of one resource: compares ids, marks deleted records, reads missing ones."""

from __future__ import annotations

from pathlib import Path

from cartwheel.core.errors import AccessDenied
from cartwheel.core.warehouse import transaction
from extract.land.run_log import Connection, RunLogEntry
from extract.land.unreadable import forget_unreadable
from extract.read.bulk import Export
from extract.read.session import Session
from extract.reconcile.deletions import mark_gone
from extract.reconcile.id_diff import (
    MOST_BY_PAGES,
    Difference,
    compare,
    confirmed,
    guard,
    is_due,
    living,
    note_sweep,
    page_ids,
)
from extract.reconcile.refetch import read_again
from extract.shopify.access import lost_scopes
from extract.shopify.api_usage import Usage
from extract.shopify.resources import ORDER_AGREEMENTS, ORDERS, Resource


class Sweeper:
    """Compares all ids of one resource, where that is due, and makes both sides equal."""

    def __init__(self, session: Session, resource: Resource, counted: int) -> None:
        self._session = session
        self._resource = resource
        self._counted = counted

    def is_due(self, connection: Connection, *, just_read_whole: bool) -> bool:
        """Whether the ids must be compared.

        just_read_whole: everything has just been read, so if the numbers agree too,
        there is nothing to compare, which is noted.
        """
        run, resource = self._session.run, self._resource
        held = living(connection, run, resource)
        if just_read_whole and held == self._counted:
            note_sweep(connection, run, resource, held, self._counted)
            return False
        return is_due(connection, run, resource, self._counted) or self._session.options.sweep

    def sweep(self) -> bool:
        """Whether the stored records are those that Shopify has, as far as can be known.

        Raises DeletionsRefused if more was deleted than one run may mark, AccessDenied if the
        app has lost the scope for seeing the records that seem deleted.
        """
        session, resource = self._session, self._resource
        entry = session.entry(f"{resource.name} sweep", "ids")
        with session.recorded(entry):
            difference = self._compare(entry)
            self._read_lacking(difference)
            gone = self._gone(difference, entry)
            self._mark(gone, difference, entry)
        return self._is_even(gone, difference)

    def _compare(self, entry: RunLogEntry) -> Difference:
        session, resource = self._session, self._resource
        file = session.folder / f"ids-{resource.name}.jsonl"
        path: Path | None = file
        many = self._counted > MOST_BY_PAGES
        if session.options.via == "bulk" or (session.options.via == "auto" and many):
            export = Export(resource, f"ids_{resource.name}", None, session.run.run_id)
            staged = session.bulk_reader().read(export, file)
            path, usage = staged.path, staged.usage
        else:
            with session.shopify.metered() as meter:
                page_ids(session.shopify, resource, file)
            usage = meter.usage()
        entry.add([], usage)
        with session.warehouse() as connection:
            return compare(connection, session.run, resource, path)

    def _read_lacking(self, difference: Difference) -> None:
        """An order's agreements come with it: they are not compared separately."""
        if difference.lacking:
            along = (ORDER_AGREEMENTS,) if self._resource is ORDERS else ()
            for resource in (self._resource, *along):
                read_again(self._session, resource, difference.lacking, "lacking")

    def _gone(self, difference: Difference, entry: RunLogEntry) -> list[str]:
        if not self._session.options.allow_deletes:
            guard(self._session.run, self._resource, difference)
        with self._session.shopify.metered() as meter:
            gone = confirmed(self._session.shopify, difference.gone)
            lost = lost_scopes(self._session.shopify, self._resource) if gone else []
        entry.add([], meter.usage())
        if lost:
            raise AccessDenied(
                f"The app has lost the scopes {', '.join(lost)} during the run, so "
                f"missing {self._resource.name} may still exist, and none was marked as "
                "deleted. Add them to the app in the Dev Dashboard, release the version and "
                "approve it on the store, then run: cartwheel doctor"
            )
        return gone

    def _mark(self, gone: list[str], difference: Difference, entry: RunLogEntry) -> None:
        session, resource = self._session, self._resource
        table = str(resource.root_table)
        with session.warehouse() as connection:
            with transaction(connection):
                figures = mark_gone(connection, session.run, table, gone)
                forget_unreadable(connection, session.run, gone)
                note_sweep(connection, session.run, resource, difference.listed, self._counted)
            entry.add([figures], Usage())
            entry.status = "succeeded"
            entry.write(connection, session.run)
        session.count([figures])
        session.say(
            f"{resource.name}: all {difference.listed:,} ids compared, {figures.deleted:,} "
            f"marked as deleted, {len(difference.lacking):,} read"
        )

    def _is_even(self, gone: list[str], difference: Difference) -> bool:
        """Whether everything listed is stored now; warns of records the index alone lacks."""
        session, resource = self._session, self._resource
        with session.warehouse() as connection:
            lacking = difference.listed - living(connection, session.run, resource)
        hidden = len(difference.gone) - len(gone)
        if hidden:
            session.note(
                f"Warning: {hidden:,} {resource.name} are missing from Shopify's list, but it "
                "returns them by id, so they were kept."
            )
        if lacking > 0:
            session.note(
                f"Warning: Shopify lists {lacking:,} {resource.name} that it does not return "
                "by id. The next run tries again."
            )
        return lacking <= 0
