"""Mailing addresses, as orders, checkouts and customers carry them."""

from __future__ import annotations

from typing import Any

from sandbox.generator.shop.people import Person

STREETS = ("Sample Street", "Éclair Road", "Main St", "O'Connell Ave", "Kurfürstendamm")


def address(person: Person, gid: str, number: int = 0) -> dict[str, Any]:
    """A MailingAddress of a person; the number tells several of one person apart."""
    place = person.place
    hidden = person.role is not None and person.role.redacted
    seen = not hidden
    return {
        "id": gid,
        "firstName": person.first,
        "lastName": person.last,
        "name": person.name or None,
        "company": person.role.company if person.role is not None else None,
        "address1": f"{1 + (person.draw + number) % 400} {STREETS[person.draw % 5]}"
        if seen
        else None,
        "address2": "Apt 4" if seen and person.draw % 7 == 0 else None,
        "city": place.cities[(person.draw >> 3) % len(place.cities)] if seen else None,
        "province": place.province,
        "provinceCode": place.province_code,
        "country": place.country,
        "countryCodeV2": place.code,
        "zip": place.zip if seen else None,
        "phone": "+13105550100" if seen and person.draw % 11 == 0 else None,
        "latitude": None,
        "longitude": None,
    }
