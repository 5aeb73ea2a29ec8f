"""Files of the design manager as tests upload them: a template, a module."""

from __future__ import annotations

import json

EMAIL = "cartwheel/emails/hello.html"
MODULE = "cartwheel/modules/items.module"
ANNOTATIONS = "templateType: email\nisAvailableForNewContent: true\nlabel: Hello"
ADDRESS = "".join(
    f"{{{{ site_settings.company_{name} }}}} "
    for name in (
        "name", "street_address_1", "street_address_2", "city", "state", "zip", "country",
    )
)  # fmt: skip
FOOTER = ADDRESS + "{{ unsubscribe_link }}"
META = {"label": "Items", "host_template_types": ["EMAIL"]}
HEADING = {"name": "heading", "label": "Heading", "type": "text", "default": "Your items"}


def template(body: str = "", *, programmable: bool = False, footer: str = FOOTER) -> str:
    """An e-mail template around a body."""
    switch = "\nisEnabledForEmailV3Rendering: true" if programmable else ""
    return f"<!--\n{ANNOTATIONS}{switch}\n-->\n<html><body>{body}{footer}</body></html>"


class DesignFiles:
    """Sends files to the design manager of one account, as its API takes them."""

    base = "/cms/source-code/2026-03"

    def __init__(self, client) -> None:
        self.client = client

    def send(self, method, path, content, environment="published", part="file"):
        """Send one file; the answer is requests' own."""
        raw = content.encode() if isinstance(content, str) else content
        url = f"{self.client.url}{self.base}/{environment}/{path}"
        files = {part: ("x", raw)}
        return self.client.session.request(method, url, files=files, timeout=10)

    def put(self, path, content, environment="published"):
        """Store one file; the answer is requests' own."""
        return self.send("PUT", f"content/{path}", content, environment)

    def get(self, path, kind="content", environment="published"):
        """Ask for a file or its metadata; the answer is requests' own."""
        return self.client.send("GET", f"{self.base}/{environment}/{kind}/{path}")

    def stored(self, path, content, environment="published"):
        """Store one file, and fail if it is refused."""
        answer = self.put(path, content, environment)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def module(self, source, fields=(HEADING,), meta=None, path=MODULE):
        """Store a whole module."""
        self.stored(f"{path}/meta.json", json.dumps(meta or META))
        self.stored(f"{path}/fields.json", json.dumps(list(fields)))
        self.stored(f"{path}/module.html", source)
