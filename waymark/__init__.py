"""Waymark: no young person is lost between a referral and a sustained place."""

__version__ = "0.1.0"
