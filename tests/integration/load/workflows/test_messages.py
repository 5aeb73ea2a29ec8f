"""What the e-mails of the workflows show of a customer, in each language."""

from __future__ import annotations

from dataclasses import replace

import pytest

from load.workflows.preview.run import render
from tests.integration.load.workflows.mails import MESSAGES, Customer, Page, pages


@pytest.mark.parametrize("programmable", [True, False])
def test_every_element_ends(programmable):
    """Each message is whole HTML in each language, with one heading of the first rank."""
    for (_, page), message in zip(
        pages(Customer(), programmable=programmable), MESSAGES[programmable], strict=True
    ):
        assert page.unclosed == [], message.name
        assert [tag for tag, *_ in page.shape].count("h1") == 1
        assert message.subject
        assert message.plain_text


def test_a_language_that_runs_from_right_to_left_does():
    """Arabic, Persian, Hebrew and Urdu have the direction of their script."""
    [message, *_] = MESSAGES[True]
    for language, direction in {"ar": "rtl", "fa": "rtl", "he-IL": "rtl", "de": "ltr"}.items():
        [found] = render((replace(message, language=language),), Customer())
        assert found.html.count(f'lang="{language}" dir="{direction}"') == 2


def test_amounts_are_written_as_people_write_them():
    """By language and currency: yen have no decimals."""
    deals = Customer().both(deal_currency_code="JPY", amount="2500")
    yen = Customer(found=deals, more={"price": "1250"})
    found = {
        each.message.language: Page(each.html).texts
        for each in render(MESSAGES[True], yen)
        if each.message.workflow == "abandoned_checkout" and each.message.number == 1
    }

    assert "¥2,500" in found["en"]
    assert "2.500\xa0¥" in found["de"]
    assert any(text.startswith("2\u202f500\xa0") for text in found["fr"])


def test_a_reduced_price_is_told():
    """What it was is struck out beside what it is."""
    [found, *_] = [
        each
        for each in render(MESSAGES[True], Customer(more={"discount": "1.25"}))
        if each.message.name == "Cartwheel: Abandoned cart 1 (en)"
    ]
    page = Page(found.html)

    assert ("s", "class", "style") in page.shape
    assert "€12.50" in page.texts
    assert any(text.strip() == "€10.00" for text in page.texts)


def test_a_variant_is_named_once():
    """Shopify ends a thing's name with its variant, which has a line of its own."""
    [(_, page), *_] = pages(Customer(thing="Mug - Blue / S", variant="Blue / S"))

    assert "Mug" in page.texts
    assert "Blue / S" in page.texts
    assert "Mug - Blue / S" not in page.texts


def test_a_thing_without_a_picture_keeps_its_place():
    """Beside things with pictures it has a blank square, so that all names align."""
    [(html, page), *_] = pages(Customer(beside=Customer(picture="")))
    [(plain, _), *_] = pages(Customer(picture=""))

    assert len(page.values["src"]) == 1
    assert html.count('class="cw-blank"') == 1
    assert 'class="cw-blank"' not in plain


def test_a_long_list_says_that_it_goes_on():
    """Twenty lines are shown, and that there are more."""
    [(html, page), *_] = pages(Customer(times=21))

    assert page.values["alt"] == ["Mug"] * 20
    assert "…and more." in html


@pytest.mark.parametrize("name", ["new_customer_1", "abandoned_checkout_1", "re_engagement_2"])
def test_without_a_deal_there_is_a_sentence(name):
    """Where the deal is no longer what it was, the e-mail still makes sense."""
    for each in render(MESSAGES[True], Customer(found=[])):
        if each.file.startswith(name):
            assert (
                each.message.widgets["items"]["body"]["fallback_text"] in Page(each.html).texts
            )
            assert Page(each.html).values["href"] == ["#unsubscribe"]


def carts() -> list[dict[str, str]]:
    """Three carts of one person, the newest of whom was bought elsewhere."""

    def cart(name: str, since: str, **more: str) -> dict[str, str]:
        [found, _] = Customer(cart=f"https://shop.example.com/{name}").both(
            hs_object_id=name, shopify_abandoned_since=since, **more
        )
        return found

    return [
        cart("bought", "2026-05-02", shopify_recovered_elsewhere="true"),
        cart("older", "2026-04-01"),
        cart("newer", "2026-05-01"),
    ]


@pytest.mark.parametrize(
    ("enrolled", "shown"),
    [("", "newer"), ("older", "older"), ("newer", "newer"), ("bought", "newer")],
)
def test_of_several_carts_the_enrolled_one_is_shown(enrolled, shown):
    """Each cart has a reminder of its own; one that was bought elsewhere is not shown."""
    customer = Customer(found=carts(), enrolled=enrolled)
    for (_, page), message in zip(pages(customer), MESSAGES[True], strict=True):
        if message.workflow == "abandoned_checkout":
            assert page.values["href"] == [f"https://shop.example.com/{shown}", "#unsubscribe"]


def test_the_last_purchase_is_looked_back_at():
    """Of several deals the newest that is a purchase, whose lines are asked for."""
    deals = [
        Customer().both(hs_object_id=name, dealstage=stage, closedate=at)[0]
        for name, stage, at in (
            ("first", "shipped", "2026-01-01"),
            ("last", "processed", "2026-02-01"),
            ("cancelled", "cancelled", "2026-03-01"),
            ("cart", "checkout_abandoned", ""),
        )
    ]
    customer = Customer(found=deals)
    render(tuple(each for each in MESSAGES[True] if each.workflow == "re_engagement"), customer)

    assert set(customer.asked) == {"last"}


@pytest.mark.parametrize(
    ("name", "variant", "shown"),
    [
        ("Shirt - Mint - M", "M", "Shirt - Mint - M"),  # its variant stands in it twice
        ("Shirt - M", "M", "Shirt"),
        ("Shirt", "M", "Shirt"),
    ],
)
def test_a_name_loses_its_variant_at_its_end_alone(name, variant, shown):
    """Where the variant stands elsewhere in it as well, the name stays whole."""
    for _, page in pages(Customer(thing=name, variant=variant)):
        texts = [text.strip() for text in page.texts]

        assert shown in texts or not any(name in text for text in texts)
