"""No text of a shop becomes mark-up, a link or a token in any e-mail of any workflow."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2.sandbox import SandboxedEnvironment

from load.workflows.preview.run import render
from tests.integration.load.workflows.mails import MESSAGES, Customer, Page, pages

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ contact.email }}",
    "{% for x in range(9) %}{{ x }}{% endfor %}",
    "{# gone #}",
    "}} %} {{ {%",
    "</td></tr></table><h1>Free money</h1>",
    "<!-- --><![endif]-->",
    "&lt;b&gt; &amp; &#123;&#123; contact.email }}",
    "\u202eevil\u202d قميص أزرق",
    "👩🏽\u200d🚀 A\u0301\u0302",
    "javascript:alert(1)",
    "line\nbreak\ttab",
    "x" * 300,
]
TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(
        st.one_of(st.sampled_from(HOSTILE), st.text("<>&\"'{}%#/= a!-\\", max_size=6)),
        min_size=1,
        max_size=3,
    ).map("".join),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30),
).filter(str.strip)
# a greeting leaves out what a mail program would turn into a link
NAMES = TEXTS.map(lambda text: text.replace(".", "")[:40]).filter(str.strip)
PLAIN = {
    mode: [Page(each.html) for each in render(found, Customer())]
    for mode, found in MESSAGES.items()
}


@settings(max_examples=30, deadline=None)
@given(NAMES, TEXTS, TEXTS, TEXTS, TEXTS)
def test_texts_stay_texts(first_name, thing, variant, picture, cart):
    """Every e-mail has the same elements and attributes, whatever a shop calls its things."""
    customer = Customer(
        first_name=first_name,
        thing=thing,
        variant=variant,
        picture=f"https://cdn.example.com/{picture}",
        cart=f"https://shop.example.com/{cart}",
    )
    for (html, page), plain, message in zip(
        pages(customer), PLAIN[True], MESSAGES[True], strict=True
    ):
        assert page.shape == plain.shape, message.name
        assert page.comments == plain.comments, message.name
        assert "ana@example.com" not in html
        assert set(page.values["src"]) <= {customer.picture}
        for link in page.values["href"]:
            assert link in (customer.cart, "https://demo.myshopify.com", "#unsubscribe")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_printed_as_it_is(text):
    """What the shop calls a thing is what the reader reads, in its picture's words as well."""
    customer = Customer(thing=text, variant=f"V {text}", first_name="Ana")
    shown = 0
    for _, page in pages(customer):
        if page.values["src"]:
            shown += 1
            assert text in page.texts
            assert f"V {text}" in page.texts
            assert page.values["alt"] == [text]

    assert shown == 12  # a recap, two reminders and a look back, in three languages


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_is_left_to_be_rendered_again(text):
    """A second pass, which HubSpot may make, finds no token and changes nothing."""
    again = SandboxedEnvironment()
    for html, _ in pages(Customer(thing=text, variant=text, first_name=text[:40])):
        assert again.from_string(html).render(
            contact={"email": "ana@example.com"}
        ) == html.rstrip("\n")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "http://shop.example.com/",
        "//shop.example.com/",
        "data:text/html,x",
        "HTTPS://shop.example.com/",
        " https://shop.example.com/",
        "https:/shop.example.com",
        "",
    ],
)
def test_only_https_becomes_a_link_or_a_picture(address):
    """Another address gives neither a button nor a picture, and the items still stand there."""
    for (html, page), message in zip(
        pages(Customer(cart=address, picture=address)), MESSAGES[True], strict=True
    ):
        assert page.values["src"] == []
        assert set(page.values["href"]) <= {"https://demo.myshopify.com", "#unsubscribe"}
        assert not address.strip() or address not in html
        if message.widgets.get("items", {"body": {}})["body"].get("show_items"):
            assert "Mug" in page.texts


@pytest.mark.parametrize(
    "name", ["www.evil.example", "Win at http://evil.example", "x" * 41, " "]
)
def test_a_name_that_may_be_a_link_is_not_greeted(name):
    """Mail programs turn a name with a dot into a link: such a person is greeted without it."""
    for (html, _), message in zip(
        pages(Customer(first_name=name)), MESSAGES[True], strict=True
    ):
        assert message.widgets["greeting"]["body"]["greeting_without_name"] in html
        assert "evil" not in html
        assert "x" * 41 not in html


@pytest.mark.parametrize("text", HOSTILE)
def test_the_html_of_the_warehouse_stays_a_list(text):
    """Without programmable e-mail its escaped titles are printed by a token, as a list."""
    escaped = text
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        escaped = escaped.replace(sign, entity)
    customer = Customer(items_html=f"<ul><li>1 x {escaped}</li></ul>")
    for (_, page), plain in zip(pages(customer, programmable=False), PLAIN[False], strict=True):
        assert page.shape == plain.shape
        assert f"1 x {text}" in page.texts
