"""Checks that the account has room for what a setup creates, before it creates anything."""

from __future__ import annotations

from collections.abc import Iterator

from cartwheel.core.counts import counted
from cartwheel.core.errors import AccessDenied, SettingsError
from load.account.state import AccountState
from load.hubspot.client import Body, HubSpot

_TYPE_IDS = {"contacts": "0-1", "deals": "0-3", "products": "0-7", "line_items": "0-8"}


def check_limits(hubspot: HubSpot, missing: AccountState) -> None:
    """Raise SettingsError naming every limit of the account that a setup would exceed.

    Asks only about what is to be created. If HubSpot does not tell this token a limit, the
    creation itself fails on it.
    """
    wrong = [*_properties(hubspot, missing), *_pipelines(hubspot, missing)]
    if wrong:
        raise SettingsError(
            f"The account has no room for what setup creates: {'; '.join(wrong)}. Nothing was "
            "created. Remove what is no longer used in HubSpot under Settings > Properties or "
            "Settings > Objects > Deals > Pipelines, or raise the plan, then run: cartwheel "
            "setup"
        )


def _properties(hubspot: HubSpot, missing: AccountState) -> Iterator[str]:
    wanted = {name: len(each) for name, each in missing.properties.items() if each}
    if not wanted:
        return
    told = _ask(hubspot, "custom-properties")
    room = _room(told.get("byObjectType"))
    for name, number in wanted.items():
        yield from _short(
            f"{name}: {counted(number, 'property')}", number, room.get(_TYPE_IDS[name])
        )
    in_all = _left(told.get("overallLimit"), told.get("overallUsage"))
    total = sum(wanted.values())
    yield from _short(f"{counted(total, 'property')} of all objects", total, in_all)


def _pipelines(hubspot: HubSpot, missing: AccountState) -> Iterator[str]:
    if missing.pipeline.pipeline_id is None:
        told = _ask(hubspot, "pipelines")
        room = _room(told.get("hubspotDefinedObjectTypes"))
        yield from _short("deals: 1 pipeline", 1, room.get(_TYPE_IDS["deals"]))


def _short(what: str, number: int, room: int | None) -> Iterator[str]:
    if room is not None and number > room:
        yield f"{what} to create, room for {max(room, 0)}"


def _room(usages: object) -> dict[str, int | None]:
    """How much more fits, by the id of the object type."""
    listed = usages if isinstance(usages, list) else []
    return {
        str(each.get("objectTypeId")): _left(each.get("limit"), each.get("usage"))
        for each in listed
        if isinstance(each, dict)
    }


def _left(limit: object, usage: object) -> int | None:
    return limit - usage if isinstance(limit, int) and isinstance(usage, int) else None


def _ask(hubspot: HubSpot, which: str) -> Body:
    try:
        answer = hubspot.call("GET", f"/crm/limits/{hubspot.version}/{which}")
    except AccessDenied as error:
        if error.status != 403:
            raise
        return {}
    return answer.body if answer.ok else {}
