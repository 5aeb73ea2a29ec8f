"""Whose e-mails a preview shows: a contact with deals and line items, as HubSpot has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import duckdb

from cartwheel.core.errors import SettingsError, WarehouseError
from cartwheel.core.sql import SqlFiles
from cartwheel.core.warehouse import open_warehouse
from load.objects.catalogue import purchase_stages
from load.objects.serialization import as_text

_SQL = SqlFiles(__file__)

# what dbt_project/macros/why_not_mailable.sql says -> its name among the texts
WHY_NOT = {"no valid e-mail": "no_email", "no consent to e-mail marketing": "no_consent"}

Record = dict[str, str]  # the properties that are not blank, in HubSpot's form

# workflow -> the column of its audience that says which record is enrolled
KEYS = {
    "new_customer": "shopify_deal_key",
    "abandoned_checkout": "shopify_deal_key",
    "re_engagement": "email",
}


class Records(Protocol):
    """What a template asks HubSpot for."""

    def contact(self) -> Record:
        """The recipient."""

    def deal(self) -> Record:
        """The deal whose workflow sends the e-mail; nothing in a workflow of contacts."""

    def deals(self, contact: str) -> list[Record]:
        """The deals of a contact, by its hs_object_id."""

    def line_items(self, deal: str) -> list[Record]:
        """The line items of a deal, by its hs_object_id."""


@dataclass(frozen=True)
class Standing:
    """Whether somebody is in the audience, and why they get no e-mail all the same, or ""."""

    is_in_audience: bool
    why_not: str = ""

    def in_words(self, texts: Mapping[str, str]) -> str:
        """Whether HubSpot would send the e-mails now."""
        if not self.is_in_audience:
            return texts["not_in_audience"]
        if not self.why_not:
            return texts["in_audience"]
        known = WHY_NOT.get(self.why_not)
        reason = texts[known] if known else self.why_not
        return texts["not_mailable"].replace("{reason}", reason)


@dataclass(frozen=True)
class Example:
    """Whom a preview is for: a contact, and in a workflow of deals the deal that is enrolled.

    standing says whether HubSpot would send them the e-mails.
    """

    email: str
    deal: str
    standing: Standing

    def in_words(self, texts: Mapping[str, str]) -> str:
        """Whose e-mails these are, and whether HubSpot would send them, in these texts."""
        whose = texts["deal" if self.deal else "records"]
        whose = whose.replace("{email}", self.email).replace("{deal}", self.deal)
        return f"{whose} {self.standing.in_words(texts)}"


class WarehouseRecords:
    """Records of hubspot.* for an example; their keys stand for HubSpot's ids."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, example: Example) -> None:
        self._connection = connection
        self._example = example

    def contact(self) -> Record:
        """The example's contact."""
        found = self._read("contacts", "email", "where source.email = ?", self._example.email)
        return found[0] if found else {}

    def deal(self) -> Record:
        """The example's deal."""
        return {"hs_object_id": self._example.deal} if self._example.deal else {}

    def deals(self, contact: str) -> list[Record]:
        """The contact's deals."""
        return self._read(
            "deals",
            "shopify_deal_key",
            "inner join hubspot.associations on from_key = source.shopify_deal_key "
            "where association_type = 'deal_to_contact' and to_key = ? "
            "order by source.shopify_deal_key",
            contact,
        )

    def line_items(self, deal: str) -> list[Record]:
        """The deal's line items, the first one first."""
        return self._read(
            "line_items",
            "shopify_line_item_key",
            "inner join hubspot.associations on from_key = source.shopify_line_item_key "
            "where association_type = 'line_item_to_deal' and to_key = ? "
            "order by length(source.shopify_line_item_key), source.shopify_line_item_key",
            deal,
        )

    def _read(self, name: str, key: str, where: str, *values: str) -> list[Record]:
        kinds = _columns(self._connection, f"hubspot.{name}")
        texts = [as_text(f'source."{column}"', kind) for column, kind in kinds.items()]
        rows = self._connection.execute(
            f'select source."{key}", {", ".join(texts)} from hubspot.{name} as source {where}',
            list(values),
        ).fetchall()
        names = ("hs_object_id", *kinds)
        return [
            {column: text for column, text in zip(names, row, strict=True) if text}
            for row in rows
        ]


class MadeUpRecords:
    """A made-up customer, for a shop whose audience is empty."""

    def contact(self) -> Record:
        """Somebody with a cart and a purchase."""
        return {
            "hs_object_id": "made-up",
            "firstname": "Robin",
            "email": "robin@example.com",
            "shopify_abandoned_checkout_url": "https://example.com/cart",
            "shopify_abandoned_checkout_items": "2 x Linen napkin (Sage); 1 x Stoneware bowl",
        }

    def deal(self) -> Record:
        """None in particular."""
        return {}

    def deals(self, contact: str) -> list[Record]:
        """A cart, which is the first purchase as well."""
        return [
            {
                "hs_object_id": f"{contact}-{stage}",
                "pipeline": "ecommerce",
                "dealstage": stage,
                "amount": "64.5",
                "deal_currency_code": "EUR",
                "shopify_store": "example.myshopify.com",
                "shopify_new_customer": "true",
                "shopify_abandoned_checkout_url": "https://example.com/cart",
            }
            for stage in ("checkout_abandoned", "processed")
        ]

    def line_items(self, deal: str) -> list[Record]:
        """Two things that nobody sells."""
        del deal
        return [
            {
                "name": "Linen napkin",
                "shopify_variant_title": "Sage",
                "quantity": "2",
                "price": "12.25",
            },
            {"name": "Stoneware bowl", "quantity": "1", "price": "40"},
        ]


@contextmanager
def marts_of(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse, open to read.

    Raises WarehouseError if there is none, or if it lacks a table that a preview reads.
    """
    with open_warehouse(warehouse, read_only=True) as connection:
        try:
            yield connection
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise WarehouseError(
                f"The preview cannot be made: {str(error).splitlines()[0]}. "
                "Run first: cartwheel transform"
            ) from error


def choose_example(
    connection: duckdb.DuckDBPyConnection,
    workflow: str,
    deal: str,
    email: str,
    since: datetime,
) -> Example | None:
    """The contact of a deal or of an e-mail address; else the newest of the audience.

    One that has items to show and can be mailed comes first. None if the audience is empty.
    Whoever entered before since is too old for the workflow (UTC, without a zone).
    Raises SettingsError if there is no such deal or contact; no message repeats the address.
    """
    if deal:
        return _of_deal(connection, workflow, deal, since)
    if email:
        return _of_email(connection, workflow, email, since)
    return _of_audience(connection, workflow, since)


def _of_deal(
    connection: duckdb.DuckDBPyConnection, workflow: str, deal: str, since: datetime
) -> Example:
    example = f"To see an example, run: cartwheel workflows preview {workflow}"
    found = connection.execute(
        "select shopify_deal_key from hubspot.deals where ? in (shopify_deal_key, dealname) "
        "order by shopify_deal_key limit 2",
        [deal],
    ).fetchall()
    if len(found) != 1:
        raise SettingsError(
            f"There is {'more than one deal' if found else 'no deal'} {deal!r} in the "
            "warehouse. Name a deal by its shopify_deal_key, such as "
            f"{found[0][0] if found else 'name.myshopify.com/order:1001'}. {example}"
        )
    [(key,)] = found
    contact = connection.execute(
        "select email from hubspot.contacts inner join hubspot.associations on to_key = email "
        "where association_type = 'deal_to_contact' and from_key = ? order by email limit 1",
        [key],
    ).fetchone()
    if contact is None:
        raise SettingsError(
            f"The deal {key} has no contact with an e-mail address, so nobody would receive "
            f"its e-mails. {example}"
        )
    is_of_deals = KEYS[workflow] == "shopify_deal_key"
    standing = _standing(connection, workflow, key if is_of_deals else contact[0], since)
    return Example(contact[0], key if is_of_deals else "", standing)


def _of_email(
    connection: duckdb.DuckDBPyConnection, workflow: str, email: str, since: datetime
) -> Example:
    found = connection.execute(
        "select email from hubspot.contacts where email = lower(trim(?))", [email]
    ).fetchone()
    if found is None:
        raise SettingsError(
            "There is no contact with that e-mail address in the warehouse. To see an example, "
            f"run: cartwheel workflows preview {workflow}"
        )
    newest = connection.execute(
        f"select {KEYS[workflow]} from workflows.{workflow} where email = ? "
        "order by is_enrolled desc, entered_at desc limit 1",
        [found[0]],
    ).fetchone()
    is_of_deals = KEYS[workflow] == "shopify_deal_key"
    deal = newest[0] if newest and is_of_deals else ""
    return Example(
        found[0], deal, _standing(connection, workflow, newest[0] if newest else "", since)
    )


def _of_audience(
    connection: duckdb.DuckDBPyConnection, workflow: str, since: datetime
) -> Example | None:
    is_of_deals = KEYS[workflow] == "shopify_deal_key"
    found = connection.execute(
        _SQL(
            "example",
            workflow=workflow,
            key=KEYS[workflow],
            purchase_stages=", ".join(f"'{stage}'" for stage in purchase_stages()),
            enrolled_deal="shown.deal" if is_of_deals else "''",
            shown=(
                "inner join enrolled_deals as shown on shown.email = contacts.email "
                "and shown.deal = audience.shopify_deal_key"
                if is_of_deals
                else "left join purchases as shown on shown.email = contacts.email"
            ),
        )
    ).fetchone()
    if found is None:
        return None
    email, deal, enrolled = found
    return Example(email, deal, _standing(connection, workflow, enrolled, since))


def _standing(
    connection: duckdb.DuckDBPyConnection, workflow: str, enrolled: str, since: datetime
) -> Standing:
    """Whether HubSpot would send the e-mails now."""
    found = connection.execute(
        f"select is_enrolled, why_not_mailable, entered_at > ? from workflows.{workflow} "
        f"where {KEYS[workflow]} = ? order by 1 desc limit 1",
        [since, enrolled],
    ).fetchone()
    if found is None or not found[0]:
        return Standing(is_in_audience=False)
    return Standing(is_in_audience=True, why_not=found[1] or "")


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """The columns of a table with their types."""
    found = connection.execute("select name, type from pragma_table_info(?)", [table])
    return dict(found.fetchall())
