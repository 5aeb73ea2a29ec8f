"""Filters on dates: asked as of the sandbox's clock, in lists as in flows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.sandbox.hubspot.flow_bodies import either, furnish, prop

LISTS = "/crm/lists/2026-03"
LAST = "shopify_last_order_at"
# days from the clock's noon of 23 November 2026, a Monday
AGES = {"today": 0.25, "week": 7, "month": 30, "quarter": 90.5, "tomorrow": -1, "later": -40}


@pytest.fixture(autouse=True)
def people(account):
    """Contacts by age of their last order, and one without any."""
    furnish(account)
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    made = {account.create("contacts", {"lastname": "none"})["id"]: "none"}
    for name, days in AGES.items():
        moment = (now - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        made[account.create("contacts", {"lastname": name, LAST: moment})["id"]] = name
    return made


@pytest.fixture
def members(hubspot, people):
    """The names of the contacts that pass a filter."""

    def members(*filters):
        body = {"name": f"L{filters}", "objectTypeId": "0-1", "processingType": "DYNAMIC"}
        answer = hubspot.send("POST", LISTS, {**body, "filterBranch": either(list(filters))})
        assert answer.status_code == 200, answer.text
        path = f"{LISTS}/{answer.json()['list']['listId']}/memberships"
        rows = hubspot.send("GET", path).json()["results"]
        return " ".join(people[row["recordId"]] for row in rows)

    return members


def rolling(operator, days, **more):
    """A filter on a number of days."""
    more = {"requiresTimeZoneConversion": False, **more}
    return prop(LAST, "ROLLING_DATE_RANGE", operator, numberOfDays=days, **more)


def indexed(reference="TODAY", zone="UTC", **offset):
    """A point that is counted from another; a reference may come with its own members."""
    named = {"referenceType": reference} if isinstance(reference, str) else reference
    return {
        "timeType": "INDEXED",
        "timezoneSource": "CUSTOM",
        "zoneId": zone,
        "indexReference": named,
        "offset": offset,
    }


def on(year, month, day, zone="UTC", **more):
    """A date."""
    both = {"timeType": "DATE", "zoneId": zone}
    return {**both, "year": year, "month": month, "day": day, **more}


def point(operator, time_point, **more):
    """A filter on a point in time."""
    both = {"type": "TIME_POINT", "timePoint": time_point, "propertyParser": "VALUE"}
    return prop(LAST, "TIME_POINT", operator, **both, **more)


@pytest.mark.parametrize(
    ("operator", "days", "found"),
    [
        ("IS_MORE_THAN_X_DAYS_AGO", 29, "month quarter"),
        ("IS_MORE_THAN_X_DAYS_AGO", 90, "quarter"),
        ("IS_LESS_THAN_X_DAYS_AGO", 8, "today week"),
        ("IS_MORE_THAN_X_DAYS_FROM_NOW", 2, "later"),
        ("IS_LESS_THAN_X_DAYS_FROM_NOW", 41, "tomorrow later"),
    ],
)
def test_days_roll_with_the_clock(members, operator, days, found):
    """Who has no date is out."""
    assert members(rolling(operator, days)) == found


def test_a_list_of_days_changes_as_the_clock_moves(hubspot, members):
    """Two months later the customer of a month ago has been away for 90 days."""
    assert members(rolling("IS_MORE_THAN_X_DAYS_AGO", 89)) == "quarter"
    assert hubspot.send("POST", "/_sandbox/clock", {"hours": 60 * 24}).status_code == 200

    assert members(rolling("IS_MORE_THAN_X_DAYS_AGO", 88)) == "month quarter"


@pytest.mark.parametrize(
    ("operation", "found"),
    [
        (("IS_BEFORE", indexed(days=-29)), "month quarter"),
        (("IS_BEFORE", indexed("NOW", months=-3)), ""),
        (("IS_BEFORE", indexed("NOW", months=-3, days=3)), "quarter"),
        (("IS_AFTER", indexed("NOW", hours=-7)), "today tomorrow later"),
        (("IS_AFTER", indexed("NOW", hours=-5)), "tomorrow later"),
        (("IS_AFTER", indexed(weeks=1)), "later"),
        (("IS_AFTER", indexed({"referenceType": "WEEK", "dayOfWeek": "MONDAY"})),
         "today tomorrow later"),
        (("IS_BEFORE", indexed({"referenceType": "MONTH", "day": 1})), "month quarter"),
        (("IS_BEFORE", indexed({"referenceType": "YEAR", "month": 9, "day": 1})), "quarter"),
        (("IS_BEFORE", on(2026, 10, 24)), "quarter"),
        (("IS_BEFORE", on(2026, 10, 24, hour=12), "INCLUSIVE"), "month quarter"),
        (("IS_BEFORE", on(2026, 10, 24, hour=12), "EXCLUSIVE"), "quarter"),
        (("IS_BEFORE", on(2026, 10, 24, "America/New_York", hour=9)), "month quarter"),
    ],
)  # fmt: skip
def test_points_in_time(members, operation, found):
    """Counted from now, today, week, month or year, or a date, in their time zone."""
    operator, time_point, *endpoint = operation
    more = {"endpointBehavior": endpoint[0]} if endpoint else {}

    assert members(point(operator, time_point, **more)) == found


@pytest.mark.parametrize(
    ("operator", "found"),
    [("IS_BETWEEN", "today week"), ("IS_NOT_BETWEEN", "month quarter tomorrow later")],
)
def test_between_two_points(members, operator, found):
    """Two weeks up to now, or the rest."""
    bounds = {
        "lowerBoundTimePoint": indexed("NOW", weeks=-2),
        "upperBoundTimePoint": indexed("NOW"),
        "lowerBoundEndpointBehavior": "INCLUSIVE",
        "upperBoundEndpointBehavior": "EXCLUSIVE",
    }

    assert members(prop(LAST, "TIME_RANGED", operator, type="TIME_RANGED", **bounds)) == found


WRONG = {
    "days as text": rolling("IS_MORE_THAN_X_DAYS_AGO", "90"),
    "days below zero": rolling("IS_MORE_THAN_X_DAYS_AGO", -1),
    "an unknown operator": rolling("IS_BEFORE", 5),
    "a conversion that is not a truth": rolling(
        "IS_MORE_THAN_X_DAYS_AGO", 5, requiresTimeZoneConversion="no"
    ),
    "no point": point("IS_BEFORE", None),
    "no type": prop(LAST, "TIME_POINT", "IS_BEFORE", timePoint=indexed()),
    "a month 13": point("IS_BEFORE", on(2026, 13, 1)),
    "a day that there is not": point("IS_BEFORE", on(2026, 2, 30)),
    "a zone that there is not": point("IS_BEFORE", on(2026, 2, 1, "Mars/Base")),
    "a zone that is a way out": point("IS_BEFORE", on(2026, 2, 1, "../../etc/passwd")),
    "another property": point(
        "IS_BEFORE", {"timeType": "PROPERTY_REFERENCED", "zoneId": "UTC"}
    ),
    "an unknown reference": point("IS_BEFORE", indexed("LUNCH")),
    "an unknown offset": point("IS_BEFORE", indexed(fortnights=1)),
    "an offset out of time": point("IS_BEFORE", indexed(years=5_000)),
    "an endpoint that is neither": point("IS_BEFORE", indexed(), endpointBehavior="OPEN"),
    "the time of the last update": point("IS_BEFORE", indexed()) | {"operation": {
        **point("IS_BEFORE", indexed())["operation"], "propertyParser": "UPDATED_AT"}},
    "a range without bounds": prop(LAST, "TIME_RANGED", "IS_BETWEEN", type="TIME_RANGED"),
    "a date operation on text": {**rolling("IS_MORE_THAN_X_DAYS_AGO", 5), "property": "email"},
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_what_is_not_an_operation_on_dates_is_refused(hubspot, wrong):
    """400."""
    body = {"name": "L", "objectTypeId": "0-1", "processingType": "DYNAMIC"}
    answer = hubspot.send("POST", LISTS, {**body, "filterBranch": either([wrong])})

    assert answer.status_code == 400


def test_a_date_property_is_a_midnight(hubspot, account, people, members):
    """Of a property of type date the day's beginning counts."""
    definition = {"type": "date", "fieldType": "date"}
    hubspot.add_property("contacts", "birthday", **definition)
    record_id = next(iter(people))
    account.edit("contacts", record_id, {"birthday": "2026-11-23"})
    ago = prop("birthday", "ROLLING_DATE_RANGE", "IS_LESS_THAN_X_DAYS_AGO", numberOfDays=1,
               requiresTimeZoneConversion=False)  # fmt: skip

    assert members(ago) == "none"
