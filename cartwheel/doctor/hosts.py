"""Whether a host answers, and what its clock says."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from cartwheel.core.addresses import host_of
from cartwheel.core.http import Http, http_date
from cartwheel.core.progress import Say
from cartwheel.doctor.checks import AGAIN, Finding, ok, unknown, wrong

ATTEMPTS = 3  # a person waits
LARGEST_SKEW = timedelta(minutes=5)


@dataclass
class Host:
    """A service's address; once it has answered, with the time of its Date header."""

    service: str
    url: str
    setting: str
    date: datetime | None = None

    def reach(self, method: str, path: str, say: Say) -> Finding:
        """Send one request without a token: any answer will do.

        Raises ServiceUnreachable or Redirected.
        """
        http = Http(self.service, self.url, setting=self.setting, attempts=ATTEMPTS, say=say)
        with closing(http):
            answer = http.send(method, path)
        self.date = http_date(answer.headers.get("Date", ""))
        return ok(f"{host_of(self.url)} answers")

    def clock(self, now: datetime) -> Finding:
        """Compare the machine's clock with the host's."""
        if self.date is None:
            return unknown(f"{self.service} did not say what time it is")
        skew = now - self.date
        seconds = abs(round(skew.total_seconds()))
        if abs(skew) <= LARGEST_SKEW:
            return ok(f"within {max(seconds, 1)} s of {self.service}'s")
        side = "ahead of" if skew > timedelta() else "behind"
        return wrong(
            f"the machine's clock is {seconds // 60} min {side} {self.service}'s",
            f"Set the clock, for example with: sudo timedatectl set-ntp true, {AGAIN}",
        )
