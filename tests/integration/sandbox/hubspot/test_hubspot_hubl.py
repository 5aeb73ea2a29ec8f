"""E-mails as contacts receive them: HubL rendered over the account's records."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.integration.sandbox.hubspot.design_files import EMAIL, MODULE, template

EMAILS = "/marketing/emails/2026-03"
HOSTILE = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "{{ contact.email }}",
    "{% raw %}",
    "{% for a in (1, 2) %}x{% endfor %}",
    "{# gone #}",
    "\u05e9\u05dc\u05d5\u05dd \u202e\u05e2\u05d5\u05dc\u05dd",
    "👟 Läufer & Söhne",
    "\ue0000-0\ue001",
]
ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"}


@pytest.fixture
def ann(hubspot):
    """The id of a contact."""
    return hubspot.create("contacts", email="ann@shop.example", firstname="Ann")


@pytest.fixture
def sent(hubspot, design, account):
    """Send an e-mail with that body to a contact, and give its entry in the outbox."""

    def sent(
        contact_id,
        body="",
        *,
        programmable=True,
        deal_id=None,
        subject="Hi",
        text="",
        widgets=None,
    ):
        design.stored(EMAIL, template(body, programmable=programmable))
        content = {"templatePath": EMAIL, "plainTextVersion": text, "widgets": widgets or {}}
        sender = {"fromName": "Shop", "replyTo": "hello@shop.example"}
        wanted = {"name": "x", "subject": subject, "subcategory": "automated", "from": sender}
        made = hubspot.send("POST", EMAILS, {**wanted, "content": content})
        assert made.status_code == 201, made.text
        email_id = made.json()["id"]
        published = hubspot.send("POST", f"{EMAILS}/{email_id}/publish")
        assert published.status_code == 204, published.text
        account.outbox.send(
            email_id,
            contact_id,
            flow_id="7",
            object_type_id="0-3" if deal_id else "0-1",
            record_id=deal_id or contact_id,
            at=datetime(2026, 11, 24, 12, tzinfo=UTC),
        )
        return hubspot.send("GET", "/_sandbox/outbox").json()["results"][-1]

    return sent


@pytest.fixture
def html(sent):
    """What stands between the tags of body, before the footer."""

    def html(contact_id, body="", **more):
        entry = sent(contact_id, f"<i>{body}</i>", **more)
        assert "error" not in entry, entry["error"]
        return entry["html"].partition("<i>")[2].rpartition("</i>")[0]

    return html


@pytest.fixture
def cart(hubspot, ann):
    """The id of a deal of Ann's with some line items, made from their names."""

    def cart(*names, **properties):
        deal_id = hubspot.create("deals", dealname="Cart", **properties)
        ids = [hubspot.create("line_items", name=name, quantity="2") for name in names]
        pairs = [("contacts", "deals", ann, deal_id, 4)]
        pairs += [("deals", "line_items", deal_id, line_id, 19) for line_id in ids]
        for from_object, to_object, from_id, to_id, type_id in pairs:
            kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}
            row = {"from": {"id": from_id}, "to": {"id": to_id}, "types": [kind]}
            answer = hubspot.associate(from_object, to_object, [row])
            assert answer.status_code in (200, 201), answer.text
        return deal_id

    return cart


def escaped(value):
    """A text as HTML shows it, by the rules of HTML and not by the code under test."""
    return "".join(ESCAPES.get(each, each) for each in value)


# the outbox


def test_the_outbox_tells_what_a_contact_received(sent, ann):
    """Who got which e-mail of which flow, when, and what it said."""
    entry = sent(
        ann, "<p>Hello {{ contact.firstname }}</p>", subject="For {{ contact.firstname }}"
    )

    assert entry["to"] == "ann@shop.example"
    assert (entry["flowId"], entry["contactId"], entry["recordId"]) == ("7", ann, ann)
    assert entry["sentAt"] == "2026-11-24T12:00:00.000Z"
    assert entry["subject"] == "For Ann"
    assert "<p>Hello Ann</p>" in entry["html"]
    assert entry["text"].startswith("Hello Ann\nSandbox Ltd 1 Test Street")


def test_the_outbox_can_be_emptied(hubspot, sent, ann):
    """DELETE forgets what was sent."""
    sent(ann)

    assert hubspot.send("DELETE", "/_sandbox/outbox").status_code == 204
    assert hubspot.send("GET", "/_sandbox/outbox").json() == {"results": []}


def test_a_contact_without_an_address_gets_nothing(hubspot, account, sent, ann):
    """Nor does one that was deleted."""
    sent(ann)
    nobody = hubspot.create("contacts", firstname="Nobody")
    account.archive("contacts", ann)

    for contact_id in (nobody, ann):
        sent(contact_id)

    assert len(account.outbox.sent) == 1


def test_a_draft_is_not_sent(hubspot, account, ann):
    """The outbox says so in place of its texts."""
    body = {"name": "x", "subcategory": "automated"}
    email_id = hubspot.send("POST", EMAILS, body).json()["id"]
    moment = datetime(2026, 11, 24, tzinfo=UTC)

    for each in (email_id, "77"):
        account.outbox.send(
            each, ann, flow_id="7", object_type_id="0-1", record_id=ann, at=moment
        )

    errors = [entry["error"] for entry in account.outbox.sent]
    assert errors == [
        f"Email {each} is not published for automation" for each in (email_id, "77")
    ]


def test_a_template_deleted_meanwhile_stops_the_mail(hubspot, account, sent, ann):
    """The e-mail stays published; it cannot be rendered."""
    email_id = sent(ann)["emailId"]
    hubspot.control("DELETE", f"files/{EMAIL}")
    account.outbox.send(
        email_id, ann, flow_id="7", object_type_id="0-1", record_id=ann, at=datetime.now(UTC)
    )

    assert account.outbox.sent[-1]["error"] == f"There is no published template at {EMAIL}"


@pytest.mark.parametrize(
    "mistake", ["{{ 1 / 0 }}", "{{ 'a' + 1 }}", "{{ 2|divide(0) }}", "{{ 'a'|add(1) }}"]
)
def test_a_mistake_of_the_author_stops_the_mail(sent, ann, mistake):
    """What fails while rendering is an error in the outbox, whatever its kind."""
    entry = sent(ann, mistake)

    assert entry["error"]
    assert "html" not in entry


def test_a_module_within_itself_stops_the_mail(sent, design, ann):
    """It would never end."""
    tag = f'{{% module "items" path="{MODULE}" %}}'
    design.module(tag)

    assert "RecursionError" in sent(ann, tag)["error"]


def test_python_is_out_of_reach(html, ann):
    """What is not HubL's has no members."""
    assert html(ann, "{{ ().__class__.__mro__ }}{{ contact.get.__globals__ }}") == ""


def test_plain_text_is_made_of_the_html_where_there_is_none(sent, ann):
    """A line for each block, without styles; or what the author wrote."""
    body = "<style>p {}</style><p>Hello&nbsp;there</p><p>Bye</p>"

    assert sent(ann, body)["text"].splitlines()[:2] == ["Hello there", "Bye"]
    assert sent(ann, body, text="Dear {{ contact.firstname }}")["text"] == "Dear Ann"


def test_links_to_unsubscribe_are_the_contacts_own(html, ann):
    """Both are there, on https."""
    printed = html(ann, "{{ unsubscribe_link }} {{ unsubscribe_link_all }}").split()

    assert all(link.startswith("https://") and f"contact={ann}" in link for link in printed)


def test_a_template_knows_the_language_of_the_mail(html, ann):
    """html_lang is the e-mail's."""
    assert html(ann, "{{ html_lang }}") == "en"


# modules


def test_a_module_shows_its_defaults(html, design, ann):
    """In HubSpot's wrapper, unless the tag says otherwise."""
    design.module("<b>{{ module.heading }}</b>")
    tag = f'{{% module "items" path="/{MODULE}" %}}'

    assert "<b>Your items</b></div>" in html(ann, tag)
    assert html(ann, tag.replace(" %}", ", no_wrapper=True %}")) == "<b>Your items</b>"


def test_a_template_sets_fields_and_an_email_overrides_them(html, design, ann):
    """By the name of the module in the template."""
    design.module("<b>{{ module.heading }}</b>")
    tag = f'{{% module "items" path="/{MODULE}", heading="Cart", no_wrapper=True %}}'
    widgets = {"items": {"body": {"heading": "Basket"}}, "other": {"body": {"heading": "x"}}}

    assert html(ann, tag) == "<b>Cart</b>"
    assert html(ann, tag, widgets=widgets) == "<b>Basket</b>"


def test_fields_of_a_group_have_defaults(html, design, ann):
    """They are members of the group."""
    text = {"name": "label_text", "label": "L", "type": "text", "default": "Buy"}
    group = {"name": "button", "label": "Button", "type": "group", "children": [text]}
    design.module("{{ module.button.label_text }}", [group])

    assert html(ann, f'{{% module "x" path="{MODULE}", no_wrapper=True %}}') == "Buy"


def test_tokens_in_a_field_are_rendered_once(html, design, account, ann):
    """The author's text is HubL, the name in it is not."""
    design.module("{{ module.heading|escape_html }}")
    account.edit("contacts", ann, {"firstname": "{{ contact.email }}"})
    widgets = {"items": {"body": {"heading": "<b> {{ contact.firstname }}"}}}
    tag = f'{{% module "items" path="/{MODULE}", no_wrapper=True %}}'

    assert html(ann, tag, widgets=widgets) == "&lt;b&gt; {{ contact.email }}"


# what records hold


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("programmable", [True, False])
def test_a_value_is_never_read_as_hubl(html, sent, account, ann, title, programmable):
    """In the HTML, the subject and the plain text alike."""
    account.edit("contacts", ann, {"jobtitle": title})
    token = "{{ contact.jobtitle }}"

    entry = sent(ann, f"<i>{token}</i>", subject=token, text=token, programmable=programmable)

    assert f"<i>{title}</i>" in entry["html"]
    assert (entry["subject"], entry["text"]) == (title, title)


@pytest.mark.parametrize("title", HOSTILE)
def test_an_escaped_value_of_a_line_item_stays_text(html, cart, ann, title):
    """Read by a CRM function and escaped where it is printed, it brings no mark-up to life."""
    deal_id = cart(title)
    body = (
        f'{{% for line in crm_associations({deal_id}, "HUBSPOT_DEFINED", 19, "", "name", false)'
        ".results %}{{ line.name|escape_html }}|{{ line.name|escape_attr }}{% endfor %}"
    )

    assert html(ann, body).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") == "|".join(
        [escaped(title)] * 2
    )


def test_tokens_are_not_escaped(html, account, ann):
    """Without programmable e-mail HubSpot prints them as they are, whatever the filter."""
    account.edit("contacts", ann, {"jobtitle": "<b>Boss</b>"})
    body = "{{ contact.jobtitle|escape_html|upper }}"

    assert html(ann, body, programmable=False) == "<b>Boss</b>"
    assert html(ann, body) == "&LT;B&GT;BOSS&LT;/B&GT;"


def test_a_condition_on_a_token_needs_programmable_email(html, ann):
    """Without it the token is a text that is never empty."""
    body = "{% if contact.jobtitle %}has{% else %}none{% endif %}"

    assert html(ann, body, programmable=False) == "has"
    assert html(ann, body) == "none"


@pytest.mark.parametrize("programmable", [True, False])
def test_a_token_has_a_default(html, ann, programmable):
    """personalization_token prints it where the contact has no value."""
    body = (
        '{{ personalization_token("contact.jobtitle", "friend") }} '
        '{{ personalization_token("contact.firstname", "friend") }}'
    )

    assert html(ann, body, programmable=programmable) == "friend Ann"


def test_a_subject_is_one_line(sent, account, ann):
    """Line ends in a name do not end the header."""
    account.edit("contacts", ann, {"jobtitle": "a\r\nBcc: b@shop.example"})

    assert sent(ann, subject="{{ contact.jobtitle }}")["subject"] == "a Bcc: b@shop.example"


@pytest.mark.parametrize("programmable", [True, False])
def test_deals_are_known_in_the_mails_of_deal_flows_only(html, cart, ann, programmable):
    """Elsewhere the token prints nothing."""
    deal_id, body = cart(amount="12.50"), "{{ deal.dealname }}:{{ deal.amount }}"

    assert html(ann, body, deal_id=deal_id, programmable=programmable) == "Cart:12.50"
    assert html(ann, body, programmable=programmable) == ":"


# functions that read the CRM


def test_associations_come_with_their_number(html, cart, ann):
    """Ten unless the query says otherwise, in order of id."""
    deal_id = cart(*(f"Item {number}" for number in range(12)))
    body = (
        '{{% set page = crm_associations({}, "HUBSPOT_DEFINED", 19, "{}", "name", false) %}}'
        "{{{{ page.results|length }}}} {{{{ page.total }}}} {{{{ page.has_more }}}} "
        "{{{{ page.offset }}}} {{{{ page.results.0.name }}}}"
    )

    assert html(ann, body.format(deal_id, "")) == "10 12 true 10 Item 0"
    assert html(ann, body.format(deal_id, "limit=20")) == "12 12 false 12 Item 0"
    assert html(ann, body.format(deal_id, "limit=5&offset=10")) == "2 12 false 12 Item 10"


def test_a_query_filters_and_orders(html, cart, ann):
    """By a value, and by a property in either direction; blanks come last."""
    for amount in ("5", "30", "9"):
        cart(amount=amount)
    cart(dealtype="newbusiness")
    body = (
        '{{% for deal in crm_associations(contact.hs_object_id, "HUBSPOT_DEFINED", 4, "{}", '
        '"amount", false).results %}}{{{{ deal.amount }}}},{{% endfor %}}'
    )

    assert html(ann, body.format("orderBy=-amount")) == "30,9,5,,"
    assert html(ann, body.format("orderBy=amount")) == "5,9,30,,"
    assert html(ann, body.format("amount__gte=9&orderBy=amount&limit=1")) == "9,"
    assert html(ann, body.format("amount=5.00")) == "5,"
    assert html(ann, body.format("dealtype__is_null=true&amount__neq=5")) == "30,9,"
    assert html(ann, body.format("amount__in=5,9")) == "5,9,"


def test_an_object_is_found_by_its_id_or_by_a_query(html, ann):
    """Empty where there is none."""
    body = '{{ crm_object("contact", "%s", "firstname", false).firstname }}'

    assert html(ann, body % ann) == "Ann"
    assert html(ann, body % "email=ann@shop.example") == "Ann"
    assert html(ann, body % "99") == ""


def test_objects_are_found_by_ids_or_by_a_query(html, hubspot, ann):
    """With the same answer as that for associations."""
    bob = hubspot.create("contacts", email="bob@shop.example", firstname="Bob")
    body = (
        '{%% for each in crm_objects("contact", "%s", "firstname", false).results %%}'
        "{{ each.firstname }}{%% endfor %%}"
    )

    assert html(ann, body % f"{bob},{ann}") == "BobAnn"
    assert html(ann, body % "firstname=Bob") == "Bob"


def test_formatting_shows_values_as_people_read_them(hubspot, html, cart, ann):
    """Labels and dates; raw where it is false."""
    option = {
        "label": "New Business",
        "value": "newbusiness",
        "displayOrder": 0,
        "hidden": False,
    }
    hubspot.add_property(
        "deals", "kind", type="enumeration", fieldType="select", options=[option]
    )
    deal_id = cart(kind="newbusiness", closedate="2026-11-20T10:00:00Z")
    body = (
        '{{% set deal = crm_object("deal", {}, "kind,closedate"{}) %}}'
        "{{{{ deal.kind }}}} {{{{ deal.closedate }}}}"
    )

    assert html(ann, body.format(deal_id, "")) == "New Business November 20, 2026"
    assert html(ann, body.format(deal_id, ", false")).startswith("newbusiness 2026-11-20T10")


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ('crm_object("contact", contact.hs_object_id, "colour")', "'colour' does not exist"),
        ('crm_object("ticket", 1)', "ticket"),
        ('crm_objects("deal", "limit=101")', "up to 100"),
        ('crm_objects("deal", "orderBy=-colour")', "'colour' does not exist"),
        ('crm_objects("deal", "amount__near=1")', "operator 'near'"),
        ('crm_associations(1, "USER_DEFINED", 19)', "no category 'USER_DEFINED'"),
        ('crm_associations(1, "HUBSPOT_DEFINED", 99)', "no association type 99"),
        ('crm_associations(1, "HUBSPOT_DEFINED", "19")', "no association type '19'"),
    ],
)
def test_a_call_that_makes_no_sense_stops_the_mail(sent, ann, call, told):
    """Its entry in the outbox says why, and has no texts."""
    entry = sent(ann, f"{{{{ {call} }}}}")

    assert told in entry["error"]
    assert "html" not in entry


def test_an_email_has_five_functions(sent, html, design, ann):
    """Those in its modules count as well."""
    call = '{{ crm_object("contact", contact.hs_object_id).id }}'
    design.module(call)
    module = f'{{% module "items" path="/{MODULE}" %}}'

    assert ann in html(ann, call * 4 + module)
    assert "at most 5 CRM functions" in sent(ann, call * 5 + module)["error"]


def test_a_function_is_invoked_ten_times(sent, html, ann):
    """The eleventh stops the mail."""
    call = "{{ crm_object('contact', contact.hs_object_id).id }}"
    body = "{%% for n in range(%d) %%}" + call + "{%% endfor %%}"

    assert html(ann, body % 10) == ann * 10
    assert "at most 10 times" in sent(ann, body % 11)["error"]


def test_the_crm_is_read_by_programmable_emails_only(sent, account, design, ann):
    """The template must say so, and the plan must have it."""
    body = '{{ crm_object("contact", contact.hs_object_id).id }}'

    assert "need programmable e-mail" in sent(ann, body, programmable=False)["error"]
    account.behaviours.order({"programmable_email": False})
    assert design.put(EMAIL, template(body, programmable=True)).status_code == 400


# filters


@pytest.mark.parametrize(
    ("hubl", "printed"),
    [
        ('{{ "a&b"|escape }}', "a&amp;b"),
        ('{{ "a b/c"|escape_url }}', "a%20b%2Fc"),
        ('{{ none|escape_html }}', ""),
        ("{{ '<p onclick=\"x\">a<script>b</script></p>'|sanitize_html }}", "<p>a</p>"),
        ("{{ '<a href=\"javascript:x\">a</a>'|sanitize_html }}", "<a>a</a>"),
        ("{{ '<a href=\"https://x.example\">a</a>'|sanitize_html }}",
         '<a href="https://x.example">a</a>'),
        ('{{ "2026-11-03T10:00:00Z"|datetimeformat("%B %e, %Y") }}', "November 3, 2026"),
        ('{{ 1793700000000|datetimeformat("%Y-%m-%d") }}', "2026-11-03"),
        ('{{ "soon"|datetimeformat }}', ""),
        ('{{ "1234.5"|format_currency_value(locale="en-US", currency="EUR") }}', "€1,234.50"),
        ('{{ "1234.5"|format_currency_value(locale="de-DE", currency="EUR") }}',
         "1.234,50\xa0€"),
        ('{{ "much"|format_currency_value }}', ""),
        ('{{ "2"|add(3) }} {{ 6|divide(4) }} {{ 2|multiply("1.5") }}', "5 1.5 3.0"),
        ('{{ "a-b"|cut("-") }} {{ "a,b"|split(",")|join("+") }}', "ab a+b"),
        ('{{ "&lt;"|unescape_html }}', "<"),
        ('{{ "https://x" is string_startingwith("https:") }}', "true"),
        ('{{ none is string_containing("x") }}', "false"),
        ("{{ nothing.at.all }}{{ none }}{{ true }}", "true"),
    ],
)  # fmt: skip
def test_filters_and_habits_of_hubl(html, ann, hubl, printed):
    """Each prints what HubSpot's reference says."""
    assert html(ann, hubl) == printed
