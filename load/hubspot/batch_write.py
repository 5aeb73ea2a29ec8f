"""Sends one batch of inputs to HubSpot, with a result per row, bisecting it if refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from cartwheel.core.errors import ServiceError
from load.hubspot.client import Answer, Body, HubSpot
from load.hubspot.property_errors import OF_ANY_VALUE, PropertyError, property_errors

SIZE = 100  # records per batch: docs/reference/hubspot.md#batches

Item = TypeVar("Item")

NOT_FOUND = "OBJECT_NOT_FOUND"
CONFLICT = "CONFLICT"  # and what begins with it: another record has that unique value


@dataclass(frozen=True)
class RowError:
    """HubSpot's reason for one row, and the properties that it blames."""

    category: str
    reason: str
    request_id: str | None
    property_errors: Mapping[str, PropertyError] = field(default_factory=dict)


@dataclass(frozen=True)
class Accepted:
    """A row that HubSpot accepted: its record, the request, and its values now.

    existed: an upsert found the record, and did not create it.
    """

    hubspot_id: str
    request_id: str | None
    properties: Body = field(default_factory=dict)
    existed: bool = False


@dataclass
class Reply:
    """HubSpot's result for each row, by trace id."""

    taken: dict[str, Accepted] = field(default_factory=dict)
    refused: dict[str, RowError] = field(default_factory=dict)
    error: ServiceError | None = None  # what kept further rows from being sent

    def add(self, other: Reply) -> None:
        """Add the results of other rows."""
        self.taken.update(other.taken)
        self.refused.update(other.refused)
        self.error = self.error or other.error


def write_batch(
    hubspot: HubSpot, path: str, inputs: Sequence[Body], *, unique: str | None = None
) -> Reply:
    """Send at most 100 inputs, each with its objectWriteTraceId; return a result for every row.

    A batch that is refused as a whole (400, 409; docs/reference/hubspot.md#partial-success) is
    halved until the row to blame is alone, and so are rows that an answer does not mention. A
    batch that is refused for a property as such is not halved, since every row with it would be
    refused. With unique, the inputs are records to create, told apart by that property; a batch
    refused for a conflict is not halved: every row of it may exist by now.
    """
    if not inputs:
        return Reply()
    answer = hubspot.call("POST", path, {"inputs": list(inputs)})
    if unique and answer.status == 409:
        conflict = RowError(CONFLICT, str(answer.body.get("message")), answer.request_id)
        return Reply(refused={row["objectWriteTraceId"]: conflict for row in inputs})
    reply = _read(answer, inputs, unique)
    open_ones = [row for row in inputs if not _mentioned(reply, row["objectWriteTraceId"])]
    if not open_ones:
        return reply
    if len(inputs) == 1:
        reply.refused[inputs[0]["objectWriteTraceId"]] = row_error(answer, first_error(answer))
        return reply
    middle = (len(open_ones) + 1) // 2
    for half in (open_ones[:middle], open_ones[middle:]):
        try:
            reply.add(write_batch(hubspot, path, half, unique=unique))
        except ServiceError as error:  # what was taken before must not be lost
            reply.error = error
        if reply.error:
            break
    return reply


def row_error(answer: Answer, error: Body) -> RowError:
    """An entry of an answer's errors as a reason."""
    details = [detail for detail in error.get("errors") or [] if isinstance(detail, dict)]
    named = property_errors(error)
    codes = [str(detail["code"]) for detail in details if detail.get("code")]
    codes += [blame.code for blame in named.values()]
    category = codes[0] if codes else str(error.get("category") or f"HTTP {answer.status}")
    message = str(error.get("message") or "HubSpot did not say whether it accepted the row")
    return RowError(category, message[:1000], answer.request_id, named)


def _read(answer: Answer, inputs: Sequence[Body], unique: str | None) -> Reply:
    reply = Reply()
    if not answer.ok:
        why = row_error(answer, answer.body)
        named = {
            name for name, blame in why.property_errors.items() if blame.code in OF_ANY_VALUE
        }
        for row in inputs:
            if named & row["properties"].keys():
                reply.refused[row["objectWriteTraceId"]] = why
        return reply
    traces = _Traces(inputs, unique)
    for result in answer.body.get("results") or []:
        for trace in traces.of_result(result):
            holds = result.get("properties") or {}
            existed = result.get("new") is False
            reply.taken[trace] = Accepted(str(result["id"]), answer.request_id, holds, existed)
    for error in answer.body.get("errors") or []:
        for trace in traces.of_error(error):
            reply.refused[trace] = row_error(answer, error)
    return reply


class _Traces:
    """Finds the rows to which a result or an error belongs."""

    def __init__(self, inputs: Sequence[Body], unique: str | None) -> None:
        self._known = {row["objectWriteTraceId"] for row in inputs}
        self._by_id = {
            _folded(row["properties"][unique] if unique else row["id"]): row[
                "objectWriteTraceId"
            ]
            for row in inputs
        }
        self._key = unique or inputs[0].get("idProperty")

    def of_result(self, result: Body) -> Iterator[str]:
        properties = result.get("properties") or {}
        value = properties.get(self._key) if self._key else result.get("id")
        for trace in (result.get("objectWriteTraceId"), self._by_id.get(_folded(value))):
            if trace in self._known:
                yield str(trace)
                return

    def of_error(self, error: Body) -> Iterator[str]:
        context = error.get("context") or {}
        traces = context.get("objectWriteTraceId") or []
        named = [traces] if isinstance(traces, str) else traces
        yield from (trace for trace in named if trace in self._known)
        if not named:
            for record_id in context.get("ids") or []:
                if trace := self._by_id.get(_folded(record_id)):
                    yield trace


def _folded(value: Any) -> str:
    return str(value).lower()


def _mentioned(reply: Reply, trace: str) -> bool:
    return trace in reply.taken or trace in reply.refused


def first_error(answer: Answer) -> Body:
    """The error that applies to a whole answer."""
    errors = answer.body.get("errors") or []
    if answer.ok and errors:
        return dict(errors[0])
    return answer.body


def batched(items: Iterable[Item], size: int = SIZE) -> Iterator[list[Item]]:
    """Group rows into HubSpot batches, in order, none empty.

    Raises ValueError if size is not within 1..100, HubSpot's limit per request
    (docs/reference/hubspot.md#batches).
    """
    if not 1 <= size <= SIZE:
        raise ValueError(f"a batch holds 1 to {SIZE} rows, not {size}")
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch
