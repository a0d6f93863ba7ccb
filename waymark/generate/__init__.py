"""A database of its own, filled with as many invented referrals as wanted: for benchmarks, and to
see how pages behave when there is much. The demo's database is never touched."""

from .filling import ensure, fill

__all__ = ["ensure", "fill"]
