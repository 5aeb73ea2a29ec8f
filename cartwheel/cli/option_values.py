"""What options take, read from what the user typed."""

from __future__ import annotations

from datetime import timedelta

import click

UNITS = {"m": "minutes", "h": "hours", "d": "days"}
MOST = timedelta(days=36_525)
LIST_KINDS = ("product", "vendor", "type")


def days(ctx: click.Context, option: click.Parameter, text: str | None) -> timedelta | None:
    """A number of days written like 60d."""
    del ctx
    if text is None:
        return None
    number = text.removesuffix("d")
    if not number.isdecimal():
        raise click.BadParameter(
            f"{text!r} is not a valid number of days; write it like 60d", param=option
        )
    return _span("days", number, option)


def time_span(
    ctx: click.Context, option: click.Parameter, text: str | None
) -> timedelta | None:
    """A time written like 90m, 2h or 1d."""
    del ctx
    if text is None:
        return None
    number, unit = text[:-1], UNITS.get(text[-1:])
    if unit is None or not number.isdecimal():
        raise click.BadParameter(
            f"{text!r} is not a valid duration; write it like 90m, 2h or 1d", param=option
        )
    return _span(unit, number, option)


def _span(unit: str, number: str, option: click.Parameter) -> timedelta:
    """So many days, hours or minutes; what leads out of the calendar is wrong use."""
    try:
        span = timedelta(**{unit: int(number)})
    except (OverflowError, ValueError):  # the latter of more digits than Python reads
        span = timedelta.max
    if span > MOST:
        raise click.BadParameter(
            f"that is more than {MOST.days:,} days, a hundred years", param=option
        )
    return span


def all_or_number(ctx: click.Context, option: click.Parameter, text: str | None) -> str:
    """What --verify takes: a whole number above 0, or all."""
    del ctx
    if text is None or text == "all" or (text.isdecimal() and int(text) > 0):
        return text or ""
    raise click.BadParameter(f"{text!r} is neither a number of records nor all", param=option)


def kinds_and_names(
    ctx: click.Context, option: click.Parameter, texts: tuple[str, ...]
) -> list[tuple[str, str]]:
    """Options written like vendor=Acme, as pairs."""
    del ctx
    found = []
    for text in texts:
        kind, _, name = text.partition("=")
        if kind not in LIST_KINDS or not name.strip():
            raise click.BadParameter(
                f"{text!r} is not like product=Mug, vendor=Acme or type=Toys", param=option
            )
        found.append((kind, name.strip()))
    return found


def listed(
    ctx: click.Context, option: click.Parameter, text: str | None
) -> tuple[str, ...] | None:
    """Names separated by commas; None where none is given."""
    del ctx, option
    if text is None:
        return None
    return tuple(name.strip() for name in text.split(",") if name.strip())
