"""What HubSpot holds and what the ledger says, without ids and times: to be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from cartwheel.core.warehouse import open_warehouse
from load.objects.catalogue import CATALOGUE
from sandbox.hubspot.account.account import Account

IDS_AND_TIMES = ("hs_object_id", "createdate", "lastmodifieddate", "hs_lastmodifieddate")
PRODUCT = "hs_product_id"  # an id, so shown as the product's key

_RECORDS = "select object, key, status, hubspot_id, properties::varchar from ops.{table}"
_ASSOCIATIONS = """
select association_type, from_object, from_key, from_id, to_object, to_key, to_id
from ops.hubspot_associations
"""


@dataclass(frozen=True)
class Holdings:
    """Records, associations and the ledger, each as a count of what is the same.

    A record that is there twice is counted twice. keys are those of the living records.
    """

    living: Counter[str]
    archived: Counter[str]
    associations: Counter[str]
    ledger: Counter[str]
    keys: Counter[str]

    @classmethod
    def of(cls, account: Account, warehouse: Path) -> Holdings:
        """Look into an account and a warehouse."""
        names = _names(account)
        found = {
            archived: Counter(
                _line(name, _plain(record["properties"], names))
                for name in CATALOGUE
                for record in account.objects(name, archived=archived)
            )
            for archived in (False, True)
        }
        associations = Counter(
            _line(
                names[link["from_object"], link["from_id"]],
                names[link["to_object"], link["to_id"]],
                link["type_id"],
            )
            for link in account.associations()
        )
        keys = Counter(
            _line(name, names[name, record["id"]])
            for name in CATALOGUE
            for record in account.objects(name)
        )
        return cls(found[False], found[True], associations, _ledger(warehouse, names), keys)

    def duplicates(self) -> list[str]:
        """Keys of living records, and associations, that are there more than once."""
        every = self.keys + self.associations
        return [line for line, number in every.items() if number > 1]

    def differences(self, other: Holdings) -> list[str]:
        """What only one of the two has, a few of each part."""
        return [
            f"{sign} {part}: {line}"
            for part in ("living", "archived", "associations", "ledger")
            for sign, one, two in (("+", self, other), ("-", other, self))
            for line in list(getattr(one, part) - getattr(two, part))[:3]
        ]


Names = Mapping[tuple[str, str], str]


def _names(account: Account) -> Names:
    """The unique key of each record by its object and id; of a contact, its e-mail."""
    return {
        (name, record["id"]): record["properties"].get(object_type.key, "no key")
        for name, object_type in CATALOGUE.items()
        for archived in (True, False)
        for record in account.objects(name, archived=archived)
    }


def _ledger(warehouse: Path, names: Names) -> Counter[str]:
    with open_warehouse(warehouse, read_only=True) as connection:
        records = connection.execute(_RECORDS.format(table="hubspot_records")).fetchall()
        associations = connection.execute(_ASSOCIATIONS).fetchall()
        others = [
            connection.execute(f"from ops.{table}").fetchall()
            for table in ("hubspot_keys", "hubspot_journal")
        ]
        refused = connection.execute(
            "select object, key, category from ops.hubspot_rejections"
        ).fetchall()
    found = [
        # of a record that was erased there is no name any more
        _line(name, key, status, names.get((name, record)), _plain(orjson.loads(values), names))
        for name, key, status, record, values in records
    ]
    found += [
        _line(kind, from_key, names.get((one, from_id)), to_key, names.get((other, to_id)))
        for kind, one, from_key, from_id, other, to_key, to_id in associations
    ]
    found += [_line(*row) for rows in (*others, refused) for row in rows]
    return Counter(found)


def _plain(properties: Mapping[str, str], names: Names) -> dict[str, str]:
    plain = {name: each for name, each in properties.items() if name not in IDS_AND_TIMES}
    if PRODUCT in plain:
        plain[PRODUCT] = names.get(("products", plain[PRODUCT]), "no product")
    return dict(sorted(plain.items()))


def _line(*parts: Any) -> str:
    return " ".join(map(str, parts))
