"""What goes wrong between Shopify and the warehouse, and is handled before a person sees it.

CartwheelError
├── Stopped             another resource failed or the user interrupted: cancelled
└── ServiceError
    └── OperationFailed     a bulk operation ended without its result: it is started again
        └── InvalidAddress      its result has an address that nothing may be fetched from
"""

from __future__ import annotations

from cartwheel.core.errors import CartwheelError, ServiceError


class Stopped(CartwheelError):
    """Another resource failed or the user interrupted, so this one was cancelled."""


class OperationFailed(ServiceError):
    """A bulk operation ended without its result."""


class InvalidAddress(OperationFailed):
    """A result has an address that nothing may be fetched from."""
