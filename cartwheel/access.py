"""What a sync lacks on both sides, all of it at once and before anything is read."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta

from cartwheel.core.errors import AccessDenied, CartwheelError, OtherAccount, SettingsError
from cartwheel.core.progress import Say, silent
from cartwheel.core.settings import Settings
from cartwheel.core.warehouse import open_warehouse, tables
from extract.preflight import preflight
from extract.shopify.client import Shopify
from load.account.token_scopes import lacking_scopes
from load.hubspot.client import connected
from load.setup.run import check_access


def check_both_sides(
    settings: Settings, shops: Sequence[Settings], say: Say, *, since: timedelta | None = None
) -> None:
    """Raise what HubSpot's side lacks for a sync, with what the stores lack as notes.

    Of HubSpot that is what a setup would raise, and every scope that a load needs where none
    has proved that it has them. What Shopify's side alone lacks the extract says itself, for
    each store, and reads the others. Nothing is written.
    """
    problems = _lacking_in_hubspot(settings, say)
    if not problems:
        return
    for shop in shops:
        try:
            with closing(Shopify(shop, silent, tell=say)) as shopify:
                preflight(shopify, silent, since=since)
        except CartwheelError as problem:
            problems.append(problem)
    first, *others = problems
    for other in others:
        first.add_note(str(other))
    raise first


def _lacking_in_hubspot(settings: Settings, say: Say) -> list[CartwheelError]:
    problem: CartwheelError | None = None
    try:
        check_access(settings, say)
    except OtherAccount:
        raise  # what this account lacks is not the question then
    except (AccessDenied, SettingsError) as error:
        problem = error
    is_refused = isinstance(problem, AccessDenied) and problem.status == 403
    if is_refused or (problem is None and not _was_loaded(settings)):
        with connected(settings, say) as hubspot:
            lacking = lacking_scopes(hubspot)
        if lacking:
            return [
                AccessDenied(
                    f"HubSpot's token lacks the scopes {', '.join(lacking)}. Add them to the "
                    "service key or the private app in HubSpot, then run: cartwheel sync",
                    status=403,
                )
            ]
    return [] if problem is None else [problem]


def _was_loaded(settings: Settings) -> bool:
    """Whether HubSpot has acknowledged a record, which takes most scopes."""
    if not settings.warehouse.exists():
        return False
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        if "ops.hubspot_records" not in tables(connection):
            return False
        query = "select 1 from ops.hubspot_records limit 1"
        return connection.execute(query).fetchone() is not None
