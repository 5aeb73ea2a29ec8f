"""/crm/associations: batches of associations, and their types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.routing import Route

from sandbox.hubspot.account.account import Account
from sandbox.hubspot.api.calls import Answer, Call
from sandbox.hubspot.api.routing import DATED, both_versions
from sandbox.hubspot.core.object_types import OBJECT_TYPES, resolve
from sandbox.hubspot.core.problems import Problem, bad_request
from sandbox.hubspot.records.associations import LABELS
from sandbox.hubspot.records.batches import inputs_of

# docs/reference/hubspot.md#associations
MOST_CREATES, MOST_READS, MOST_ARCHIVES = 2_000, 1_000, 100


def routes(account: Account) -> list[Route]:
    """The routes of all pairs of object types."""
    made: list[Route] = []
    for tail, handlers in (
        ("/batch/create", {"post": create_batch}),
        ("/batch/associate/default", {"post": create_default_batch}),
        ("/batch/read", {"post": read_batch}),
        ("/batch/archive", {"post": archive_batch}),
        ("/labels", {"get": list_types}),
    ):
        made += both_versions(
            account, "associations", "/{from_object}/{to_object}" + tail, handlers
        )
    return made


def create_batch(call: Call) -> Answer:
    """Associate up to 2,000 pairs with the types given; a bad pair is an error of a 207."""
    from_object, to_object = _pair(call)
    known = call.account.links.types(from_object, to_object)
    rows = inputs_of(call.body, MOST_CREATES)
    wanted = [(_end(row, "from"), _end(row, "to"), _type_ids(row, known)) for row in rows]
    pairs = [(from_id, to_id) for from_id, to_id, _ in wanted]
    call.account.links.check_limits(from_object, to_object, pairs)
    results, errors = [], []
    for from_id, to_id, ids in wanted:
        error = _associate(call, from_id, to_id, ids)
        if error:
            errors.append(error)
        else:
            results.append(
                {
                    "fromObjectTypeId": OBJECT_TYPES[from_object][0],
                    "fromObjectId": from_id,
                    "toObjectTypeId": OBJECT_TYPES[to_object][0],
                    "toObjectId": to_id,
                    "labels": [LABELS[type_id] for type_id in ids if type_id in LABELS],
                }
            )
    return call.batch(call.created, results, errors)


def create_default_batch(call: Call) -> Answer:
    """Associate pairs with the default type, in both directions."""
    default = call.account.links.types(*_pair(call))[0]
    rows = inputs_of(call.body, MOST_CREATES)
    pairs = [(_end(row, "from"), _end(row, "to")) for row in rows]
    call.account.links.check_limits(*_pair(call), pairs)
    results, errors = [], []
    for from_id, to_id in pairs:
        error = _associate(call, from_id, to_id, (default,))
        if error:
            errors.append(error)
        else:
            spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": default}
            results.append(
                {"from": {"id": from_id}, "to": {"id": to_id}, "associationSpec": spec}
            )
    return call.batch(200, results, errors)


def read_batch(call: Call) -> Answer:
    """The associations of up to 1,000 records; those without any are errors of a 207."""
    from_object, to_object = _pair(call)
    call.account.links.types(from_object, to_object)
    results, errors = [], []
    for row in inputs_of(call.body, MOST_READS):
        from_id = _id(row)
        targets = call.account.links.of(from_object, from_id, to_object)
        if targets:
            to = [_target(to_id, ids) for to_id, ids in targets.items()]
            results.append({"from": {"id": from_id}, "to": to})
        else:
            errors.append(_none_found(from_object, from_id, to_object))
    return call.batch(200, results, errors)


def archive_batch(call: Call) -> Answer:
    """Part records: inputs are {from: {id}, to: [{id}, ...]}.

    The dated versions answer with the body of a batch, v4 without one.
    """
    from_object, to_object = _pair(call)
    call.account.links.types(from_object, to_object)
    for row in inputs_of(call.body, MOST_ARCHIVES):
        targets = row.get("to")
        if not isinstance(targets, list):
            raise bad_request("Invalid input JSON: to must be a list of ids")
        for target in targets:
            call.account.links.remove(from_object, _end(row, "from"), to_object, _id(target))
    return call.batch(200, [], []) if call.path["version"] in DATED else (204, None)


def list_types(call: Call) -> Answer:
    """The association types of a pair."""
    types = call.account.links.types(*_pair(call))
    return 200, {"results": [_spec(type_id) for type_id in types]}


def _associate(
    call: Call, from_id: str, to_id: str, ids: tuple[int, ...]
) -> dict[str, Any] | None:
    from_object, to_object = _pair(call)
    try:
        call.account.links.check(from_object, from_id, to_object, to_id)
    except Problem as problem:
        return problem.row()
    call.account.links.add(from_object, from_id, to_object, to_id, ids)
    return None


def _pair(call: Call) -> tuple[str, str]:
    return resolve(call.path["from_object"]), resolve(call.path["to_object"])


def _end(row: Mapping[str, Any], side: str) -> str:
    return _id(row.get(side))


def _id(value: object) -> str:
    found = value.get("id") if isinstance(value, dict) else None
    if not isinstance(found, str):
        raise bad_request("Invalid input JSON: each record needs an id, as a string")
    return found


def _type_ids(row: Mapping[str, Any], known: tuple[int, ...]) -> tuple[int, ...]:
    types = row.get("types")
    if not isinstance(types, list) or not types:
        raise bad_request("Invalid input JSON: each association needs types")
    for each in types:
        spec = each if isinstance(each, dict) else {}
        defined = spec.get("associationCategory") == "HUBSPOT_DEFINED"
        if not defined or spec.get("associationTypeId") not in known:
            raise bad_request(
                f"Association type {each} is not one of HUBSPOT_DEFINED {list(known)}",
                "INVALID_ASSOCIATION_TYPE",
            )
    return tuple(each["associationTypeId"] for each in types)


def _target(to_id: str, ids: frozenset[int]) -> dict[str, Any]:
    return {"toObjectId": to_id, "associationTypes": [_spec(each) for each in sorted(ids)]}


def _spec(type_id: int) -> dict[str, Any]:
    return {"category": "HUBSPOT_DEFINED", "typeId": type_id, "label": LABELS.get(type_id)}


def _none_found(from_object: str, from_id: str, to_object: str) -> dict[str, Any]:
    one, other = OBJECT_TYPES[from_object][1], OBJECT_TYPES[to_object][1]
    return Problem(
        404,
        "OBJECT_NOT_FOUND",
        f"No {other} is associated with {one} {from_id}.",
        context={"fromObjectId": [from_id], "fromObjectType": [one], "toObjectType": [other]},
        sub_category="crm.associations.NO_ASSOCIATIONS_FOUND",
    ).row()
