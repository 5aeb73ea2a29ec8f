"""What is read: in batches, page by page, from the recycle bin, and by search."""

from __future__ import annotations

import pytest


def test_read_by_a_unique_property_names_what_is_missing(hubspot):
    """batch/read by e-mail gives what there is and one error row for the rest."""
    hubspot.create("contacts", email="a@x.com", firstname="Ann")
    inputs = [{"id": "A@x.com"}, {"id": "b@x.com"}]
    answer = hubspot.batch(
        "read", "contacts", inputs, idProperty="email", properties=["firstname", "phone"]
    )

    assert answer.status_code == 207
    assert answer.json()["results"][0]["properties"]["firstname"] == "Ann"
    assert answer.json()["results"][0]["properties"]["phone"] is None
    assert answer.json()["errors"][0]["context"]["ids"] == ["b@x.com"]


def test_an_archived_record_is_found_only_as_archived(hubspot, account):
    """After archiving, batch/read misses the id unless it asks for archived ones."""
    contact_id = hubspot.create("contacts", email="a@x.com")
    assert hubspot.batch("archive", "contacts", [{"id": contact_id}]).status_code == 204

    assert hubspot.batch("read", "contacts", [{"id": contact_id}]).status_code == 207
    answer = hubspot.batch("read", "contacts", [{"id": contact_id}], "true")
    assert (answer.status_code, answer.json()["results"][0]["archived"]) == (200, True)
    assert account.objects("contacts") == []


def test_an_archived_record_is_read_by_id_only(hubspot, account):
    """By its e-mail, which it does not hold any more, batch/read misses it."""
    account.archive("contacts", hubspot.create("contacts", email="a@x.com"))
    inputs = [{"id": "a@x.com"}]
    answer = hubspot.batch("read", "contacts", inputs, "true", idProperty="email")

    assert (answer.status_code, answer.json()["results"]) == (207, [])


def test_the_list_is_read_page_by_page(hubspot):
    """Following paging.next.after gives every record once, in the order of ids."""
    ids = [hubspot.create("products", name=str(number)) for number in range(5)]
    seen, after = [], "0"
    while after:
        page = hubspot.send(
            "GET", "/crm/objects/2026-03/products", params={"limit": 2, "after": after}
        ).json()
        seen += [row["id"] for row in page["results"]]
        after = page.get("paging", {}).get("next", {}).get("after")

    assert seen == ids


def test_the_list_of_archived_records(hubspot, account):
    """archived=true lists the recycle bin and nothing else."""
    kept, gone = (hubspot.create("deals", dealname=name) for name in ("Kept", "Gone"))
    account.archive("deals", gone)

    listed = hubspot.send("GET", "/crm/objects/2026-03/deals?archived=true").json()["results"]

    assert [row["id"] for row in listed] == [gone]
    assert kept not in [row["id"] for row in listed]


def test_the_recycle_bin_is_read_page_by_page(hubspot, account):
    """Pages of archived records leave out the living ones between them."""
    ids = [hubspot.create("deals", dealname=str(number)) for number in range(6)]
    for gone in ids[::2]:
        account.archive("deals", gone)
    path = "/crm/objects/2026-03/deals?archived=true&limit=2"
    first = hubspot.send("GET", path).json()
    after = first["paging"]["next"]["after"]
    second = hubspot.send("GET", f"{path}&after={after}").json()

    assert [row["id"] for row in first["results"] + second["results"]] == ids[::2]
    assert "paging" not in second


@pytest.mark.parametrize("limit", ["101", "0", "-1", "ten"])
@pytest.mark.parametrize("archived", ["true", "false"])
def test_a_page_holds_a_hundred_at_most(hubspot, limit, archived):
    """More, or nonsense, is refused."""
    path = f"/crm/objects/2026-03/deals?archived={archived}&limit={limit}"

    assert hubspot.send("GET", path).status_code == 400


def test_an_erased_contact_is_nowhere(hubspot, account):
    """A GDPR delete removes the contact from the living and from the bin."""
    hubspot.create("contacts", email="a@x.com")
    answer = hubspot.send(
        "POST",
        "/crm/objects/2026-03/contacts/gdpr-delete",
        {"objectId": "a@x.com", "idProperty": "email"},
    )

    assert answer.status_code == 204
    assert account.objects("contacts") == account.objects("contacts", archived=True) == []


def test_search_finds_by_property_once_the_index_has_caught_up(hubspot):
    """Without lag a created contact is found, and sorted, at once."""
    for email, name in (("b@x.com", "B"), ("a@x.com", "A"), ("c@y.com", "C")):
        hubspot.create("contacts", email=email, lastname=name)
    at_x = {"propertyName": "email", "operator": "CONTAINS_TOKEN", "value": "*@x.com"}
    groups, sorts = [{"filters": [at_x]}], [{"propertyName": "lastname"}]
    names = ["lastname"]
    answer = hubspot.search(
        "contacts", filterGroups=groups, sorts=sorts, properties=names
    ).json()

    assert answer["total"] == 2
    assert [row["properties"]["lastname"] for row in answer["results"]] == ["A", "B"]


def test_search_takes_words_for_words(hubspot):
    """A name that reads like a number without a value is compared as text."""
    for name in ("Nan", "7", "Infinity", "12"):
        hubspot.create("contacts", lastname=name)
    nan = {"propertyName": "lastname", "operator": "EQ", "value": "nan"}

    found = hubspot.search("contacts", filterGroups=[{"filters": [nan]}]).json()
    ranked = hubspot.search("contacts", sorts=[{"propertyName": "lastname"}]).json()
    assert [row["properties"]["lastname"] for row in found["results"]] == ["Nan"]
    assert [row["properties"]["lastname"] for row in ranked["results"]] == [
        "7",
        "12",
        "Infinity",
        "Nan",
    ]


def test_search_lags_behind_the_writes(hubspot, account):
    """A record that was just created is not in the index yet."""
    account.records["contacts"].lag = 60.0
    hubspot.create("contacts", email="a@x.com")

    answer = hubspot.search("contacts")

    assert answer.json()["total"] == 0
