"""The order of a load: products, contacts, deals, line items, associations, deletes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TypeVar

from cartwheel.errors import LoadFailed, SettingsError
from cartwheel.progress import Say
from load import associations
from load.batch import SIZE
from load.catalogue import ASSOCIATIONS, CATALOGUE, AssociationType
from load.client import HubSpot
from load.currencies import check_currencies
from load.flight import in_flight
from load.ledger import Ledger, Outcome
from load.plan import Counts, Plan
from load.prepare import Row, clear, prepare, prepare_associations, prepare_deletes, rows
from load.records import RecordSender
from load.setup import look_up

Item = TypeVar("Item")

DURABLE_EVERY = 1_000  # rows between two writes of the ledger
TELL_EVERY = 10_000  # rows between two lines of progress
HOPELESS = 300  # refused rows of an object, with none taken, that end a load


class Loader:
    """Sends a plan; `sent` holds what HubSpot has acknowledged so far, per object."""

    def __init__(self, ledger: Ledger, hubspot: HubSpot, say: Say) -> None:
        self.sent: dict[str, Counts] = {}
        self._ledger = ledger
        self._hubspot = hubspot
        self._say = say

    def send(self, planned: Plan) -> None:
        """Execute a plan that is still in the connection's temporary tables.

        Line items and associations are planned again when the records they point at
        have their HubSpot ids; each acknowledged row reaches the ledger within
        DURABLE_EVERY rows.
        """
        senders = self._senders(self._account_translation(planned))
        connection = self._ledger.connection
        for name, object_type in CATALOGUE.items():
            if name == "line_items":
                prepare(connection, object_type)
            self._send_object(name, "create", senders[name].create)
            self._send_object(name, "update", senders[name].update)
            clear(connection, object_type)
        prepare_associations(connection)
        for kind in ASSOCIATIONS:
            self._send_associations(kind)
        for name, object_type in reversed(CATALOGUE.items()):
            prepare_deletes(connection, object_type)
            self._send_object(name, "delete", senders[name].archive)
            clear(connection, object_type)

    def _account_translation(self, planned: Plan) -> Mapping[str, Mapping[str, str]]:
        missing = look_up(self._hubspot)
        if names := missing.names():
            raise SettingsError(
                f"HubSpot lacks what a load fills: {', '.join(names[:5])}"
                f"{f' and {len(names) - 5} more' if len(names) > 5 else ''}. "
                "Run: cartwheel setup"
            )
        if planned.objects["deals"].writes or planned.objects["line_items"].writes:
            check_currencies(self._ledger.connection, self._hubspot, self._say)
        return missing.pipeline.translation()

    def _senders(self, translation: Mapping[str, Mapping[str, str]]) -> dict[str, RecordSender]:
        return {
            name: RecordSender(
                self._hubspot, object_type, translation if name == "deals" else {}
            )
            for name, object_type in CATALOGUE.items()
        }

    def _send_object(
        self, name: str, action: str, send: Callable[[list[Row]], Outcome]
    ) -> None:
        batches = batched(rows(self._ledger.connection, name, action), SIZE)
        tasks = (partial(send, batch) for batch in batches)
        self._run(name, name, action, tasks, self._ledger.write)

    def _send_associations(self, kind: AssociationType) -> None:
        for action, size, send in (
            ("delete", associations.ARCHIVE_SIZE, associations.archive),
            ("create", associations.CREATE_SIZE, associations.create),
        ):
            groups = associations.pairs(self._ledger, kind, action, size)
            self._run(
                "associations",
                f"{kind.from_object} with {kind.to_object}",
                action,
                (partial(send, self._hubspot, kind, group) for group in groups),
                partial(associations.remember, self._ledger),
            )

    def _run(
        self,
        name: str,
        label: str,
        action: str,
        tasks: Iterable[Callable[[], Outcome]],
        remember: Callable[[Outcome], None],
    ) -> None:
        """Send batches, make what they brought durable now and then, count and tell it."""
        waiting, tally = Outcome(), Tally()
        try:
            for outcome in in_flight(tasks):
                waiting.add(outcome)
                tally.add(outcome)
                if len(waiting) >= DURABLE_EVERY:
                    remember(waiting)
                    waiting = Outcome()
                if tally.rows // TELL_EVERY > (tally.rows - len(outcome)) // TELL_EVERY:
                    self._say(f"{label}: {tally.rows:,} sent ({action})")
                tally.check_hope(label)
        finally:
            if len(waiting):
                remember(waiting)
            if tally.rows:
                before = self.sent.get(name, Counts())
                self.sent[name] = tally.added_to(before, action)
                self._say(f"{label}: {tally.in_words(action)}")


@dataclass
class Tally:
    """What became of the rows of one object and action so far."""

    taken: int = 0
    gone: int = 0
    refused: int = 0
    reason: str = ""

    @property
    def rows(self) -> int:
        """All rows that are settled."""
        return self.taken + self.gone + self.refused

    def add(self, outcome: Outcome) -> None:
        """Count a batch."""
        self.taken += len(outcome.acknowledged) + len(outcome.archived)
        self.gone += len(outcome.gone)
        self.refused += len(outcome.rejected)
        if outcome.rejected and not self.reason:
            self.reason = outcome.rejected[0].category

    def check_hope(self, name: str) -> None:
        """Raise LoadFailed when HubSpot has refused HOPELESS rows and taken none."""
        if self.refused >= HOPELESS and not self.taken:
            raise LoadFailed(
                f"HubSpot refused the first {self.refused} {name} ({self.reason}); the "
                "others were not sent. See the reasons with: cartwheel status"
            )

    def added_to(self, counts: Counts, action: str) -> Counts:
        """The counts with this tally's rows among them."""
        return replace(
            counts,
            **{action: getattr(counts, action) + self.taken},
            quarantined=counts.quarantined + self.refused,
            skipped=counts.skipped + self.gone,
        )

    def in_words(self, action: str) -> str:
        """The tally for a person; holds no values of records."""
        said = f"{self.taken:,} {action}d"
        if self.refused:
            said += f", {self.refused:,} refused ({self.reason})"
        if self.gone:
            said += f", {self.gone:,} deleted in HubSpot and left alone"
        return said


def batched(items: Iterable[Item], size: int = SIZE) -> Iterator[list[Item]]:
    """Group rows into HubSpot batches, in order, none empty.

    Raises ValueError if size is not within 1..100, HubSpot's limit per request
    (hubspot.md 3.3).
    """
    if not 1 <= size <= SIZE:
        raise ValueError(f"a batch holds 1 to {SIZE} rows, not {size}")
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch
