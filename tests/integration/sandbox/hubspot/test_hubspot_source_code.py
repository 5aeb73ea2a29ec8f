"""The files of the design manager: uploaded, read, validated and deleted."""

from __future__ import annotations

import hashlib
import json

import pytest

from tests.integration.sandbox.hubspot.design_files import (
    ADDRESS,
    EMAIL,
    HEADING,
    META,
    MODULE,
    template,
)

TEXT = "cartwheel/notes.txt"
OLD = "/cms/v3/source-code/published"


def test_an_uploaded_file_is_served_byte_for_byte(design):
    """Line ends, a boundary within and every byte are as they were sent."""
    content = bytes(range(256)) + b"\r\n--x--\r\n\r\n\n"

    assert design.put("cartwheel/a.png", content).status_code == 200
    assert design.get("cartwheel/a.png").content == content


@pytest.mark.parametrize("version", ["/cms/source-code/2026-09", "/cms/v3/source-code"])
def test_other_versions_serve_the_same_files(hubspot, design, version):
    """The path of another version leads to the same file."""
    design.stored(TEXT, "hello")

    answer = hubspot.send("GET", f"{version}/published/content/{TEXT}")

    assert answer.text == "hello"


def test_metadata_tells_of_a_file(design):
    """Its id is its path; the hash belongs to its bytes; times are in milliseconds."""
    design.stored(TEXT, "hello")

    told = design.get(TEXT, "metadata").json()

    assert told == {
        "id": TEXT,
        "name": "notes.txt",
        "folder": False,
        "hash": hashlib.blake2b(b"hello", digest_size=16).hexdigest(),
        "createdAt": 1_795_435_200_000,
        "updatedAt": 1_795_435_200_000,
    }


def test_metadata_tells_of_a_folder(design):
    """It names what lies in it, files and folders, and has no hash."""
    design.stored("cartwheel/a.txt", "a")
    design.stored("cartwheel/deep/b.txt", "b")

    told = design.get("cartwheel", "metadata").json()

    assert (told["folder"], told["children"]) == (True, ["a.txt", "deep"])
    assert "hash" not in told


def test_each_change_is_later_than_the_one_before(design):
    """Even while the sandbox's clock stands still; the creation stays."""
    first = design.stored(TEXT, "one")
    second = design.stored(TEXT, "two")

    assert second["updatedAt"] > first["updatedAt"]
    assert second["createdAt"] == first["createdAt"]
    assert second["hash"] != first["hash"]


def test_post_makes_a_file_once(design):
    """The second POST to a path is a conflict."""
    statuses = [design.send("POST", f"content/{TEXT}", "hello").status_code for _ in range(2)]

    assert statuses == [200, 409]


def test_a_deleted_file_is_not_found(hubspot, design):
    """After 204 neither its content nor its metadata is there."""
    design.stored(TEXT, "hello")
    path = f"{design.base}/published/content/{TEXT}"

    assert hubspot.send("DELETE", path).status_code == 204
    assert hubspot.send("DELETE", path).status_code == 404
    assert design.get(TEXT).status_code == 404
    assert design.get(TEXT, "metadata").status_code == 404


def test_a_draft_is_seen_by_who_reads_drafts(design):
    """The published file stays as it is."""
    design.stored(TEXT, "live")
    design.stored(TEXT, "draft", "draft")

    assert design.get(TEXT).text == "live"
    assert design.get(TEXT, environment="draft").text == "draft"


def test_publishing_a_file_discards_its_draft(design):
    """Who reads drafts then sees what is published."""
    design.stored(TEXT, "draft", "draft")
    design.stored(TEXT, "live")

    assert design.get(TEXT, environment="draft").text == "live"


@pytest.mark.parametrize("kind", ["content", "metadata", "validate"])
def test_another_environment_is_refused(hubspot, design, kind):
    """415, whatever is asked of it."""
    if kind == "validate":
        answer = design.send("POST", f"validate/{TEXT}", "x", "developer")
    else:
        answer = design.get(TEXT, kind, "developer")

    assert answer.status_code == 415
    assert answer.json()["message"] == "Environment specified in path 'developer' is invalid"


def test_json_is_not_an_upload(hubspot, design):
    """415, and nothing is stored."""
    path = f"{design.base}/published/content/{TEXT}"

    assert hubspot.send("PUT", path, {"file": "hello"}).status_code == 415
    assert design.get(TEXT).status_code == 404


def test_bare_bytes_are_answered_and_not_stored(hubspot, design):
    """HubSpot answers as if all were well; only the metadata tells."""
    answer = hubspot.session.put(
        f"{hubspot.url}{design.base}/published/content/{TEXT}",
        data=b"hello",
        headers={"Content-Type": "application/octet-stream"},
        timeout=10,
    )

    assert answer.status_code == 200
    assert design.get(TEXT, "metadata").status_code == 404


def test_the_part_is_named_file(design):
    """Another name is a bad request."""
    assert design.send("PUT", f"content/{TEXT}", "x", part="data").status_code == 400


@pytest.mark.parametrize(
    ("kind", "ending"),
    [("; boundary=b", ""), ("; boundary=c", "\r\n--b--"), ("", "\r\n--b--")],
)
def test_a_body_that_is_not_whole_is_refused(hubspot, design, kind, ending):
    """Without its last delimiter, with another one, or with none named: nothing is stored."""
    answer = hubspot.session.put(
        f"{hubspot.url}{design.base}/published/content/{TEXT}",
        data='--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nhal' + ending,
        headers={"Content-Type": "multipart/form-data" + kind},
        timeout=10,
    )

    assert answer.status_code == 400
    assert design.get(TEXT).status_code == 404


def test_a_token_is_needed(hubspot, design):
    """Without one nothing is shown."""
    design.stored(TEXT, "hello")
    del hubspot.session.headers["Authorization"]

    assert design.get(TEXT).status_code == 401


@pytest.mark.parametrize("path", ["a/x.exe", "a/nothing", "@hubspot/x.txt", "a//x.txt"])
def test_a_path_that_cannot_be_written(design, path):
    """Neither an unknown kind of file, nor HubSpot's own folder, nor a name that is blank."""
    assert design.put(path, "x").status_code == 400


def test_validate_stores_nothing(design):
    """A good file is answered with 200, and is not there."""
    assert design.send("POST", f"validate/{EMAIL}", template()).status_code == 200
    assert design.get(EMAIL).status_code == 404


def test_validate_tells_what_is_wrong(design):
    """The refusal is the one that storing would give."""
    answer = design.send("POST", f"validate/{EMAIL}", template("{% if %}"))

    assert (answer.status_code, answer.json()["category"]) == (400, "VALIDATION_ERROR")
    assert answer.json()["errors"][0]["context"]["line"] == ["6"]


def test_json_files_must_parse(design):
    """A theme's settings as much as any other."""
    assert design.put("cartwheel/theme.json", "{").status_code == 400


# templates


@pytest.mark.parametrize("missing", ADDRESS.split("}} ")[:-1])
def test_a_published_email_prints_the_senders_address(design, missing):
    """It is refused with HubSpot's words, which name what is missing."""
    footer = ADDRESS.replace(missing + "}} ", "") + "{{ unsubscribe_link }}"

    answer = design.put(EMAIL, template(footer=footer))

    assert answer.status_code == 400
    assert answer.json()["message"] == (
        "You are missing the following required tags in your template: " + missing.strip("{ ")
    )


def test_a_published_email_prints_how_to_unsubscribe(design):
    """Either of the two links will do, and none is refused."""
    assert design.put(EMAIL, template(footer=ADDRESS)).status_code == 400
    footer = ADDRESS + "{{ unsubscribe_link_all }}"
    assert design.put(EMAIL, template(footer=footer)).status_code == 200


def test_hubspots_own_module_prints_all_that_is_required(design):
    """@hubspot/email_can_spam stands for address and link."""
    footer = '{% module "legal" path="@hubspot/email_can_spam" %}'

    assert design.put(EMAIL, template(footer=footer)).status_code == 200


def test_a_draft_may_lack_what_is_required(design):
    """Only what is published must print it."""
    assert design.put(EMAIL, template(footer=""), "draft").status_code == 200


def test_each_annotation_stands_on_its_own_line(design):
    """Two on one line make a type that there is not."""
    source = template().replace("email\nis", "email is")

    answer = design.put(EMAIL, source)

    assert answer.status_code == 400
    assert "a line of its own" in answer.json()["message"]


@pytest.mark.parametrize("wrong", ["templateType: mail", "isAvailableForNewContent: yes"])
def test_an_annotation_has_a_value_that_hubspot_knows(design, wrong):
    """An unknown type and a switch that is neither true nor false are refused."""
    key = wrong.partition(":")[0]
    source = "\n".join(
        wrong if line.startswith(key) else line for line in template().split("\n")
    )

    assert design.put(EMAIL, source).status_code == 400


def test_a_file_without_annotations_is_no_template(hubspot, design):
    """It is stored; no e-mail can be made of it."""
    design.stored(EMAIL, "<p>hello</p>")

    body = {"name": "x", "content": {"templatePath": EMAIL}}
    assert hubspot.send("POST", "/marketing/emails/2026-03", body).status_code == 400


@pytest.mark.parametrize(
    ("hubl", "told"),
    [
        ("{% if a %}", "Unexpected end of template"),
        ("{{ a|shout }}", "No filter named 'shout'"),
        ("{{ lookup(1) }}", "Could not resolve function 'lookup'"),
        ("{{ a.upper() }}", "'upper' is not a method"),
        ("{% with a = 1 %}{% endwith %}", "'with' is not a tag"),
        ("{% include 'x.html' %}", "'include' is not a tag"),
        ("{% for a in b if a %}{% endfor %}", "condition"),
        ("{% module items path='x' %}", "a name and a path, both as text"),
        ("{% module 'items' %}", "a name and a path, both as text"),
        ("{{ " + "(" * 5_000 + " }}", "Nested too deeply"),
    ],
)
def test_what_is_not_hubl_is_refused(design, hubl, told):
    """Of what Jinja knows too, and of what neither knows."""
    answer = design.put(EMAIL, template(hubl))

    assert answer.status_code == 400
    assert told in answer.json()["message"]


def test_a_lesser_plan_has_no_coded_emails(account, design):
    """Other files are stored, a template of type email is not."""
    account.behaviours.order({"plan": {"marketing": "STARTER"}})

    assert design.put(EMAIL, template()).status_code == 403
    assert design.put(TEXT, "hello").status_code == 200


def test_a_file_that_is_not_utf_8_is_refused(design):
    """A template is text."""
    assert design.put(EMAIL, template().encode() + b"\xff").status_code == 400


# modules


def test_a_module_is_three_files(design):
    """With meta.json first the others follow, and a template may place it."""
    design.module("<p>{{ module.heading|escape_html }}</p>")
    placed = f'{{% module "items" path="/{MODULE}", heading="Cart" %}}'

    assert design.put(EMAIL, template(placed)).status_code == 200


def test_a_module_begins_with_its_meta(design):
    """Another file of a folder that lacks meta.json is refused."""
    answer = design.put(f"{MODULE}/module.html", "<p></p>")

    assert answer.status_code == 400
    assert "meta.json" in answer.json()["message"]


def test_half_a_module_cannot_be_placed(design):
    """Without module.html there is no module at that path."""
    design.stored(f"{MODULE}/meta.json", json.dumps(META))
    design.stored(f"{MODULE}/fields.json", "[]")

    answer = design.put(EMAIL, template(f'{{% module "items" path="/{MODULE}" %}}'))

    assert answer.status_code == 400
    assert f"no module at path /{MODULE}" in answer.json()["message"]


def test_a_module_of_a_draft_is_not_yet_there_for_what_is_published(design):
    """A published template finds published modules only."""
    for name, text in (
        ("meta.json", json.dumps(META)),
        ("fields.json", "[]"),
        ("module.html", ""),
    ):
        design.stored(f"{MODULE}/{name}", text, "draft")
    source = template(f'{{% module "items" path="/{MODULE}" %}}')

    assert design.put(EMAIL, source, "draft").status_code == 200
    assert design.put(EMAIL, source).status_code == 400


def test_an_email_takes_modules_made_for_emails(design):
    """host_template_types must name EMAIL."""
    design.module("x", meta={**META, "host_template_types": ["PAGE"]})

    answer = design.put(EMAIL, template(f'{{% module "items" path="/{MODULE}" %}}'))

    assert answer.status_code == 400
    assert "not made for EMAIL" in answer.json()["message"]


def test_a_template_sets_fields_that_the_module_has(design):
    """A field that it does not have is a typo."""
    design.module("x")

    placed = f'{{% module "items" path="/{MODULE}", headline="Cart" %}}'
    assert design.put(EMAIL, template(placed)).status_code == 400


@pytest.mark.parametrize(
    "meta",
    [
        "[]",
        "{",
        '{"label": "x"}',
        '{"label": "x", "host_template_types": []}',
        '{"label": "x", "host_template_types": ["MAIL"]}',
        '{"label": "x", "host_template_types": [["EMAIL"]]}',
        '{"host_template_types": ["EMAIL"]}',
        '{"label": "x", "host_template_types": ["EMAIL"], "global": "no"}',
    ],
)
def test_a_meta_says_what_the_module_is(design, meta):
    """An object with a label and the hosts that HubSpot knows."""
    assert design.put(f"{MODULE}/meta.json", meta).status_code == 400


@pytest.mark.parametrize(
    "fields",
    [
        {},
        [1],
        [{**HEADING, "name": "a b"}],
        [HEADING, HEADING],
        [{**HEADING, "label": None}],
        [{**HEADING, "type": "string"}],
        [{**HEADING, "default": 1}],
        [{**HEADING, "type": "boolean"}],
        [{**HEADING, "type": "color", "default": "#fff"}],
        [{"name": "pick", "label": "Pick", "type": "choice"}],
        [{"name": "all", "label": "All", "type": "group", "children": [{"name": "id"}]}],
    ],
)
def test_fields_are_what_hubspot_takes(design, fields):
    """Names, labels, types, defaults of their type, choices and what is in a group."""
    design.stored(f"{MODULE}/meta.json", json.dumps(META))

    assert design.put(f"{MODULE}/fields.json", json.dumps(fields)).status_code == 400


@pytest.mark.parametrize(
    "name",
    ["body", "class", "content", "id", "key", "label", "name", "style", "title", "type"],
)
def test_a_field_has_no_reserved_name(design, name):
    """HubSpot keeps these for itself."""
    design.stored(f"{MODULE}/meta.json", json.dumps(META))

    answer = design.put(f"{MODULE}/fields.json", json.dumps([{**HEADING, "name": name}]))

    assert answer.status_code == 400
    assert f"'{name}' is a reserved name" in answer.json()["message"]


@pytest.mark.parametrize("name", ["module.css", "module.js", "readme.html"])
def test_a_module_for_emails_has_no_other_files(design, name):
    """Styles and scripts of a module do not reach an e-mail."""
    design.module("x")

    assert design.put(f"{MODULE}/{name}", "").status_code == 400


def test_the_hubl_of_a_module_is_checked(design):
    """As that of a template."""
    design.stored(f"{MODULE}/meta.json", json.dumps(META))

    assert design.put(f"{MODULE}/module.html", "{% for %}").status_code == 400
