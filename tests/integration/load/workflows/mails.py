"""A customer's records, and what tests look at in the e-mails that are rendered of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from load.objects.catalogue import PIPELINE, stages
from load.workflows.definition.templates import TITLES
from load.workflows.mailing.messages import Message, messages
from load.workflows.preview.run import render

STAGES = {stage.stage_id: stage.stage_id for stage in stages()}
# every language says its texts at the same places, which the unit tests look at
LANGUAGES = ("en", "de", "fr")
VOID = {"br", "hr", "img", "link", "meta"}


def every_message(*, programmable: bool = True) -> Iterator[Message]:
    """Each message of each workflow in three languages."""
    for workflow in TITLES:
        for language in LANGUAGES:
            yield from messages(
                workflow,
                language,
                pipeline_id=PIPELINE,
                stage_ids=STAGES,
                programmable=programmable,
            )


@dataclass
class Customer:
    """A customer with a cart and a purchase of one line each, whatever their texts are.

    found are the deals that they have instead; times is how often the line comes,
    beside is somebody whose line comes as well;
    enrolled is the deal whose workflow sends the e-mails, asked are those whose lines were
    asked for.
    """

    first_name: str = "Ana"
    thing: str = "Mug"
    variant: str = "Blue"
    picture: str = "https://cdn.example.com/mug.png"
    cart: str = "https://shop.example.com/cart?a=1&b=2"
    shop: str = "demo.myshopify.com"
    items_html: str = "<ul><li>1 x Mug</li></ul>"
    more: dict[str, str] = field(default_factory=dict)
    found: list[dict[str, str]] | None = None
    times: int = 1
    beside: Customer | None = None
    enrolled: str = ""
    asked: list[str] = field(default_factory=list)

    def contact(self) -> dict[str, str]:
        """The contact."""
        return {
            "hs_object_id": "1",
            "email": "ana@example.com",
            "firstname": self.first_name,
            "shopify_abandoned_checkout_items_html": self.items_html,
            "shopify_last_order_items_html": self.items_html,
            "shopify_abandoned_checkout_url": "https://shop.example.com/cart",
        }

    def deal(self) -> dict[str, str]:
        """The deal whose workflow sends the e-mails, if one is named."""
        return {"hs_object_id": self.enrolled} if self.enrolled else {}

    def deals(self, contact: str) -> list[dict[str, str]]:
        """A cart and a purchase."""
        assert contact == "1"
        return self.both() if self.found is None else self.found

    def both(self, **changes: str) -> list[dict[str, str]]:
        """A cart and a purchase, with these properties."""
        return [
            {
                "hs_object_id": stage,
                "pipeline": PIPELINE,
                "dealstage": stage,
                "amount": "12.5",
                "deal_currency_code": "EUR",
                "shopify_store": self.shop,
                "shopify_new_customer": "true",
                "shopify_abandoned_checkout_url": self.cart,
                **changes,
            }
            for stage in ("checkout_abandoned", "processed")
        ]

    def line_items(self, deal: str) -> list[dict[str, str]]:
        """One line."""
        self.asked.append(deal)
        line = {
            "name": self.thing,
            "shopify_variant_title": self.variant,
            "shopify_image_url": self.picture,
            "quantity": "2",
            "price": "6.25",
        }
        more = self.beside.line_items(deal) if self.beside else []
        own = {name: text for name, text in {**line, **self.more}.items() if text}
        return [own] * self.times + more


class Page(HTMLParser):
    """An e-mail as an HTML parser reads it.

    shape is its tags with the names of their attributes; texts are what stands between them;
    values are those of the attributes that people fill in.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.shape: list[tuple[str, ...]] = []
        self.texts: list[str] = []
        self.values: dict[str, list[str]] = {"href": [], "src": [], "alt": []}
        self.comments: list[str] = []
        self._text = ""
        self.feed(html)
        self.close()
        self._end_text()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element and its attributes."""
        self._end_text()
        self.shape.append((tag, *(name for name, _ in attrs)))
        for name, value in attrs:
            if name in self.values:
                self.values[name].append(value or "")

    def handle_endtag(self, tag: str) -> None:
        """Note the end of an element."""
        self._end_text()
        self.shape.append((f"/{tag}",))

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self._text += data

    def handle_comment(self, data: str) -> None:
        """Note a comment."""
        self._end_text()
        self.comments.append(data)

    def _end_text(self) -> None:
        if self._text.strip():
            self.texts.append(self._text)
        self._text = ""

    @property
    def unclosed(self) -> list[str]:
        """The elements that do not end where they should."""
        open_elements: list[str] = []
        for tag, *_ in self.shape:
            if tag.startswith("/"):
                if not open_elements or open_elements.pop() != tag[1:]:
                    return [*open_elements, tag]
            elif tag not in VOID:
                open_elements.append(tag)
        return open_elements


MESSAGES = {mode: tuple(every_message(programmable=mode)) for mode in (True, False)}


def pages(customer: Customer, *, programmable: bool = True) -> list[tuple[str, Page]]:
    """Each message's HTML for a customer, as it is and as a parser reads it."""
    found = render(MESSAGES[programmable], customer)
    return [(each.html, Page(each.html)) for each in found]
