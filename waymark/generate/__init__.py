"""A database of its own, filled with as many invented referrals or services as wanted: for
benchmarks, and to see how pages behave when there is much. The demo's database is never touched."""

from .filling import ensure, fill
from .services import ensure as ensure_services
from .services import fill as fill_services

__all__ = ["ensure", "ensure_services", "fill", "fill_services"]
