"""/crm/properties and /crm/pipelines: what records may hold, and where deals stand."""

from __future__ import annotations

from starlette.routing import Route

from sandbox.hubspot.account.account import Account
from sandbox.hubspot.api.calls import Answer, Call
from sandbox.hubspot.api.routing import both_versions
from sandbox.hubspot.core.problems import Problem, bad_request, not_found
from sandbox.hubspot.records.batches import inputs_of
from sandbox.hubspot.schema.pipelines import Pipelines
from sandbox.hubspot.schema.properties import Properties


def routes(account: Account) -> list[Route]:
    """The routes of properties, groups, pipelines and stages."""
    made: list[Route] = []
    for tail, handlers in (
        ("", {"get": list_properties, "post": create_property}),
        ("/groups", {"get": list_groups, "post": create_group}),
        (
            "/groups/{name}",
            {"get": get_group, "patch": change_group, "delete": archive_group},
        ),
        ("/batch/create", {"post": create_properties}),
        ("/batch/read", {"post": read_properties}),
        ("/batch/archive", {"post": archive_properties}),
        (
            "/{name}",
            {"get": get_property, "patch": change_property, "delete": archive_property},
        ),
    ):
        made += both_versions(account, "properties", "/{object_type}" + tail, handlers)
    stages = "/{pipeline_id}/stages"
    for tail, handlers in (
        ("", {"get": list_pipelines, "post": create_pipeline}),
        ("/{pipeline_id}", {"get": get_pipeline, "patch": change_pipeline,
                            "delete": archive_pipeline}),
        (stages, {"get": list_stages, "post": create_stage}),
        (stages + "/{stage_id}", {"get": get_stage, "patch": change_stage,
                                  "delete": archive_stage}),
    ):  # fmt: skip
        made += both_versions(account, "pipelines", "/{object_type}" + tail, handlers)
    return made


def list_properties(call: Call) -> Answer:
    """All definitions, or with archived=true the archived ones."""
    properties = _properties(call)
    shown = properties.archived if call.flag("archived") else properties.definitions
    return 200, {"results": list(shown.values())}


def create_property(call: Call) -> Answer:
    """Create one property."""
    return 201, _properties(call).create(call.body)


def get_property(call: Call) -> Answer:
    """One definition."""
    return 200, _properties(call).get(call.path["name"], archived=call.flag("archived"))


def change_property(call: Call) -> Answer:
    """Change a custom property."""
    return 200, _properties(call).change(call.path["name"], call.body)


def archive_property(call: Call) -> Answer:
    """Archive a custom property that no flow uses."""
    call.account.flows.check_unused(call.object_type, call.path["name"])
    _properties(call).archive(call.path["name"])
    return 204, None


def create_properties(call: Call) -> Answer:
    """Create up to 100 properties; those that cannot be are errors of a 207."""
    results, errors = [], []
    for wanted in inputs_of(call.body):
        try:
            results.append(_properties(call).create(wanted))
        except Problem as problem:
            problem.context["name"] = [str(wanted.get("name"))]
            errors.append(problem.row())
    return call.batch(call.created, results, errors)


def read_properties(call: Call) -> Answer:
    """Read definitions by name; what is missing is an error of a 207."""
    properties = _properties(call)
    shown = properties.archived if call.body.get("archived") else properties.definitions
    names = [str(row.get("name")) for row in inputs_of(call.body)]
    absent = [name for name in names if name not in shown]
    errors = [not_found("Properties do not exist", {"name": absent}).row()] if absent else []
    return call.batch(200, [shown[name] for name in names if name in shown], errors)


def archive_properties(call: Call) -> Answer:
    """Archive custom properties by name, if no flow uses any of them."""
    for row in inputs_of(call.body):
        call.account.flows.check_unused(call.object_type, str(row.get("name")))
    for row in inputs_of(call.body):
        _properties(call).archive(str(row.get("name")))
    return 204, None


def list_groups(call: Call) -> Answer:
    """All property groups."""
    return 200, {"results": list(_properties(call).groups.values())}


def create_group(call: Call) -> Answer:
    """Create a property group."""
    return 201, _properties(call).create_group(call.body)


def get_group(call: Call) -> Answer:
    """One property group."""
    return 200, _properties(call).get_group(call.path["name"])


def change_group(call: Call) -> Answer:
    """Change a property group's label or order."""
    return 200, _properties(call).change_group(call.path["name"], call.body)


def archive_group(call: Call) -> Answer:
    """Remove an empty property group."""
    _properties(call).archive_group(call.path["name"])
    return 204, None


def list_pipelines(call: Call) -> Answer:
    """All pipelines with their stages."""
    return 200, {"results": _pipelines(call).all()}


def create_pipeline(call: Call) -> Answer:
    """Create a pipeline with its stages."""
    return 201, _pipelines(call).create(call.body)


def get_pipeline(call: Call) -> Answer:
    """One pipeline."""
    return 200, _pipelines(call).get(call.path["pipeline_id"])


def change_pipeline(call: Call) -> Answer:
    """Change a pipeline's label or order."""
    return 200, _pipelines(call).change(call.path["pipeline_id"], call.body)


def archive_pipeline(call: Call) -> Answer:
    """Remove a pipeline that no deal is in."""
    pipeline_id = call.path["pipeline_id"]
    _refuse_in_use(call, "pipeline", pipeline_id)
    _pipelines(call).archive(pipeline_id)
    return 204, None


def list_stages(call: Call) -> Answer:
    """The stages of a pipeline."""
    return 200, {"results": _pipelines(call).get(call.path["pipeline_id"])["stages"]}


def create_stage(call: Call) -> Answer:
    """Add a stage to a pipeline."""
    return 201, _pipelines(call).add_stage(call.path["pipeline_id"], call.body)


def get_stage(call: Call) -> Answer:
    """One stage."""
    return 200, _pipelines(call).get_stage(call.path["pipeline_id"], call.path["stage_id"])


def change_stage(call: Call) -> Answer:
    """Change a stage's label, order or probability."""
    pipeline_id, stage_id = call.path["pipeline_id"], call.path["stage_id"]
    return 200, _pipelines(call).change_stage(pipeline_id, stage_id, call.body)


def archive_stage(call: Call) -> Answer:
    """Remove a stage that no deal is in."""
    _refuse_in_use(call, "dealstage", call.path["stage_id"])
    _pipelines(call).archive_stage(call.path["pipeline_id"], call.path["stage_id"])
    return 204, None


def _properties(call: Call) -> Properties:
    return call.account.properties[call.object_type]


def _pipelines(call: Call) -> Pipelines:
    if call.object_type != "deals":
        raise not_found(f"{call.object_type} have no pipelines")
    return call.account.pipelines


def _refuse_in_use(call: Call, name: str, value: str) -> None:
    deals = call.account.records["deals"].all()
    if any(deal.properties.get(name) == value for deal in deals):
        raise bad_request(f"{value} is still the {name} of deals")
