"""Small stores that go into one warehouse and one HubSpot account by a single sync."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from tests.end_to_end.journey import Journey, journey

SHOP, PERSON = "case.myshopify.com", "ann@case.example"
SECRETS = ("SHOPIFY_CLIENT_ID", "SHOPIFY_CLIENT_SECRET")


@dataclass
class StoreOfSeveral:
    """One of the stores: what the warehouse and HubSpot have of it alone."""

    shop: str
    person: str
    together: Journey

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query in which ? stands for the shop."""
        return self.together.rows(sql, [self.shop])

    def value(self, sql: str) -> Any:
        """The only value of a query in which ? stands for the shop."""
        return self.rows(sql)[0][0]

    def hubspot_records(self, object_type: str) -> list[dict[str, str | None]]:
        """The properties of the store's living records, of the contacts its person's."""
        key, belongs = {
            "contacts": ("email", self.person),
            "deals": ("shopify_deal_key", f"{self.shop}/"),
            "line_items": ("shopify_line_item_key", f"{self.shop}/"),
            "products": ("shopify_product_key", f"{self.shop}/"),
        }[object_type]
        found = self.together.hubspot_records(object_type)
        return [record for record in found if str(record[key]).startswith(belongs)]


@contextmanager
def served_together(
    folder: Path, sources: Sequence[Path]
) -> Iterator[tuple[Journey, dict[str, StoreOfSeveral]]]:
    """Serve copies of stores of shared/cases, each with a name and a person of its own.

    Gives the journey of all, whose HubSpot account is that of the first, and each store by
    the name of its folder.
    """
    settings: dict[str, str | None] = {}
    toml, stores = "", {}
    with ExitStack() as stack:
        for number, source in enumerate(sources):
            name, own = source.parent.name, folder / f"store-{number}"
            shop, person = f"{name}.myshopify.com", f"ann@{name}.example"
            _copy(source, own / "store", {SHOP: shop, PERSON: person})
            one = stack.enter_context(journey(own, "--store", str(own / "store")))
            env = dotenv_values(one.env_file)
            prefix = f"CASE_{number}"
            settings = {key: value for key, value in env.items() if key not in SECRETS} | {
                **{key: value for key, value in settings.items() if key != "SHOPIFY_SHOP"},
                **{f"{prefix}_{key}": env[key] for key in SECRETS},
            }
            toml += f'[[shops]]\nshop = "{shop}"\napi_url = "{env["SHOPIFY_API_URL"]}"\n'
            toml += f'secrets = "{prefix}"\n'
            if number == 0:
                first = one
            stores[name] = (shop, person)
        for key in ("SHOPIFY_SHOP", "SHOPIFY_API_URL"):
            settings.pop(key, None)
        env_file = folder / "s.env"
        env_file.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
        (folder / "shops.toml").write_text(toml)
        together = Journey(
            folder, env_file, folder / "warehouse.duckdb", first.url, first.token
        )
        yield (
            together,
            {name: StoreOfSeveral(*names, together) for name, names in stores.items()},
        )


def _copy(source: Path, target: Path, names: dict[str, str]) -> None:
    target.mkdir(parents=True)
    for path in source.iterdir():
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8") as file:
            text = file.read()
        for old, new in names.items():
            text = text.replace(old, new)
        (target / path.name.removesuffix(".gz")).write_text(text, encoding="utf-8")
