"""Everything that Cartwheel raises on purpose.

CartwheelError                  for a person: what, which record, what to type next
├── SettingsError               a setting is missing or malformed
├── WarehouseError              the warehouse file is unreadable or lacks a table
│   └── WarehouseLocked         another program has it open
├── AlreadyRunning              another run does the same to the same warehouse
├── MixedStores                 a generated store and a real one would share a warehouse
├── OutputError                 a file or a folder of ours cannot be made, written or removed
├── ServiceError                Shopify or HubSpot refused a request or answered wrongly
│   ├── ServiceUnreachable      no usable answer after every retry
│   ├── Redirected              an answer pointed to another address, which is not followed
│   ├── AccessDenied            a token or a scope is missing or wrong
│   ├── TooCostly               one query costs more points than Shopify allows
│   ├── ExpiredAddress          a pre-signed address of a file is no longer good
│   ├── ListsRefused            HubSpot did not create some of the lists in a setup
│   └── LabelsRefused           HubSpot did not change some of the labels in a setup
├── IncompleteData              a source gave less than it said it has; nothing of it was landed
├── ShopsFailed                 some of several stores could not be read; the others were landed
├── TransformFailed             dbt reported errors
├── QualityGateClosed           an expectation failed, so nothing may be loaded
├── DeletionsRefused            a run would delete more records than its guard allows
├── OtherAccount                the token is for another HubSpot account than the ledger
├── AccountNotSetUp             HubSpot lacks what cartwheel setup creates
├── LoadFailed                  HubSpot's records do not agree with the plan after a load
├── RecordsHeldBack             done, but some records are newly held back
├── WorkflowIncomplete          something of a workflow is not, or no longer, in HubSpot
└── StatusAlarming              a step's last run failed or is too old, or it never ran

Each has the exit code that its command ends with (docs/operations.md#how-a-command-ended): 1
failed, 2 wrong use, 3 done, with records held back, 4 stopped by a guard, the gate
or the wrong account; 130 is that of a run which was interrupted.
"""

from __future__ import annotations

from typing import Any

FAILED, WRONG_USE, HELD_BACK, REFUSED, INTERRUPTED = 1, 2, 3, 4, 130
INTERRUPTED_TOLD = "Interrupted; what was done is kept. Run the same command again."


class CartwheelError(Exception):
    """Base of all errors that are shown to the user without a traceback.

    report is what the command would have returned, None if it stopped before that.
    """

    exit_code = FAILED
    report: Any = None


class SettingsError(CartwheelError):
    """A setting is missing or malformed."""

    exit_code = WRONG_USE


class WarehouseError(CartwheelError):
    """The warehouse file is locked, unreadable or lacks a table."""


class WarehouseLocked(WarehouseError):
    """Another program has the warehouse file open.

    held_by is what is known of it, such as its name and process.
    """

    def __init__(self, message: str, *, held_by: str = "another program") -> None:
        super().__init__(message)
        self.held_by = held_by


class AlreadyRunning(CartwheelError):
    """Another run does the same to the same warehouse."""


class MixedStores(CartwheelError):
    """A generated store and a real one would share a warehouse."""

    exit_code = REFUSED


class OutputError(CartwheelError):
    """A file or a folder of ours cannot be made, written or removed."""


class ServiceError(CartwheelError):
    """Shopify or HubSpot refused a request.

    status is the HTTP status, or None where no answer came; request_id is the
    service's own id of the request, for its support.
    """

    def __init__(
        self, message: str, *, status: int | None = None, request_id: str | None = None
    ) -> None:
        super().__init__(f"{message} (request {request_id})" if request_id else message)
        self.status = status
        self.request_id = request_id


class ServiceUnreachable(ServiceError):
    """No usable answer came after every retry."""


class Redirected(ServiceError):
    """An answer pointed to another address, which is not followed."""


class AccessDenied(ServiceError):
    """A token or a scope is missing or wrong."""


class TooCostly(ServiceError):
    """One query costs more points than Shopify allows; a smaller page costs less.

    cost and limit are Shopify's own figures, in points.
    """

    def __init__(
        self, message: str, *, cost: float, limit: float, request_id: str | None = None
    ) -> None:
        super().__init__(message, status=200, request_id=request_id)
        self.cost = cost
        self.limit = limit


class ExpiredAddress(ServiceError):
    """A pre-signed address of a file is no longer good; a fresh one may be."""


class ListsRefused(ServiceError):
    """HubSpot did not create some of the lists in a setup.

    report is what the command would have returned; everything but the lists is set up.
    """

    def __init__(self, message: str, *, report: Any) -> None:
        super().__init__(message)
        self.report = report


class LabelsRefused(ServiceError):
    """HubSpot did not change some of the labels in a setup.

    report is what the command would have returned; everything else is set up.
    """

    def __init__(self, message: str, *, report: Any) -> None:
        super().__init__(message)
        self.report = report


class IncompleteData(CartwheelError):
    """A source gave less than it said it has; nothing of it was landed."""


class ShopsFailed(CartwheelError):
    """Some of several stores could not be read.

    report is what the command would have returned: the stores that were read and those that
    failed. None if all failed and the command stopped there.
    """

    def __init__(self, message: str, *, report: Any = None) -> None:
        super().__init__(message)
        self.report = report


class TransformFailed(CartwheelError):
    """dbt reported errors; failed holds the names of the nodes that failed.

    reasons says why, a sentence each.
    """

    def __init__(
        self, message: str, *, failed: list[str], reasons: list[str] | None = None
    ) -> None:
        super().__init__(message)
        self.failed = failed
        self.reasons = reasons or [message]


class QualityGateClosed(CartwheelError):
    """An expectation failed, so nothing may be loaded."""

    exit_code = REFUSED


class DeletionsRefused(CartwheelError):
    """A run would delete, or mark as deleted, more records than its guard allows."""

    exit_code = REFUSED


class OtherAccount(CartwheelError):
    """The token and the ledger belong to different HubSpot accounts."""

    exit_code = REFUSED


class AccountNotSetUp(CartwheelError):
    """HubSpot lacks what a load fills, and what cartwheel setup creates."""


class LoadFailed(CartwheelError):
    """HubSpot's records do not agree with the plan after a load."""


class RecordsHeldBack(CartwheelError):
    """Done, but records are newly held back, or too many still are.

    report is what the command would have returned.
    """

    exit_code = HELD_BACK

    def __init__(self, message: str, *, report: Any) -> None:
        super().__init__(message)
        self.report = report


class WorkflowIncomplete(CartwheelError):
    """Something of a workflow could not be created, or has vanished from HubSpot.

    report is what the command would have returned.
    """

    exit_code = HELD_BACK

    def __init__(self, message: str, *, report: Any) -> None:
        super().__init__(message)
        self.report = report


class StatusAlarming(CartwheelError):
    """A step's last run failed or is too old, or it never ran."""
