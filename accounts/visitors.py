"""Where a request comes from."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104  nothing listens here


def address(request: HttpRequest) -> str:
    """The visitor's IP address.

    Each of our WAYMARK_PROXIES proxies adds one entry to X-Forwarded-For, so the visitor is that
    many from the right; what a visitor wrote there stands further left and is not believed.
    """
    direct = request.META.get("REMOTE_ADDR", "")
    if settings.WAYMARK_PROXIES:
        chain = request.headers.get("X-Forwarded-For", "").split(",")
        if len(chain) >= settings.WAYMARK_PROXIES:
            direct = chain[-settings.WAYMARK_PROXIES].strip() or direct
    try:
        return str(ip_address(direct))
    except ValueError:
        return UNKNOWN
