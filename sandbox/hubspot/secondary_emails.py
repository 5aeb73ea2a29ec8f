"""A contact's further e-mail addresses, which are as unique as its first.

Facts: docs/reference/hubspot.md#e-mail-addresses
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

ADDITIONAL = "hs_additional_emails"


def additional_emails(properties: Mapping[str, str]) -> list[str]:
    """The secondary addresses among a record's values, in their order."""
    return [address for address in properties.get(ADDITIONAL, "").split(";") if address]


def joined(addresses: Iterable[str], primary: str) -> str:
    """Addresses as hs_additional_emails holds them, each once and without the primary one."""
    return ";".join(dict.fromkeys(each for each in addresses if each and each != primary))
