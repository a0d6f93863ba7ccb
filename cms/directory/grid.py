"""From latitude and longitude to metres on the national grid.

Method and constants: Ordnance Survey, "A guide to coordinate systems in Great Britain", annexes
B and C and the Helmert shift of section 6.6. Good to about 5 metres, to 1 in Nottinghamshire.
"""

from math import atan2, cos, radians, sin, sqrt, tan

_WGS84 = (6_378_137.0, 6_356_752.3142)  # half axes, metres
_AIRY = (6_377_563.396, 6_356_256.909)
_SHIFT = (-446.448, 125.157, -542.060)  # metres
_TURN = tuple(radians(seconds / 3600) for seconds in (-0.1502, -0.2470, -0.8421))
_SCALE = 1 + 20.4894e-6
_F0, _E0, _N0 = 0.9996012717, 400_000.0, -100_000.0
_LAT0, _LON0 = radians(49), radians(-2)


def to_grid(latitude: float, longitude: float) -> tuple[int, int]:
    """Easting and northing (OSGB36) of a point given in WGS84 degrees."""
    lat, lon = _to_airy(radians(latitude), radians(longitude))
    a, b = _AIRY
    e2 = 1 - (b / a) ** 2
    nu = a * _F0 / sqrt(1 - e2 * sin(lat) ** 2)
    rho = a * _F0 * (1 - e2) / (1 - e2 * sin(lat) ** 2) ** 1.5
    eta2 = nu / rho - 1
    s, c, t2 = sin(lat), cos(lat), tan(lat) ** 2
    p = lon - _LON0
    northing = (
        _arc(lat)
        + _N0
        + p**2 * nu / 2 * s * c
        + p**4 * nu / 24 * s * c**3 * (5 - t2 + 9 * eta2)
        + p**6 * nu / 720 * s * c**5 * (61 - 58 * t2 + t2**2)
    )
    easting = (
        _E0
        + p * nu * c
        + p**3 * nu / 6 * c**3 * (nu / rho - t2)
        + p**5 * nu / 120 * c**5 * (5 - 18 * t2 + t2**2 + 14 * eta2 - 58 * t2 * eta2)
    )
    return round(easting), round(northing)


def _to_airy(lat: float, lon: float) -> tuple[float, float]:
    a, b = _WGS84
    e2 = 1 - (b / a) ** 2
    nu = a / sqrt(1 - e2 * sin(lat) ** 2)
    x, y, z = nu * cos(lat) * cos(lon), nu * cos(lat) * sin(lon), nu * (1 - e2) * sin(lat)
    rx, ry, rz = _TURN
    x, y, z = (
        _SHIFT[0] + x * _SCALE - y * rz + z * ry,
        _SHIFT[1] + x * rz + y * _SCALE - z * rx,
        _SHIFT[2] - x * ry + y * rx + z * _SCALE,
    )
    a, b = _AIRY
    e2 = 1 - (b / a) ** 2
    level = sqrt(x * x + y * y)
    lat = atan2(z, level * (1 - e2))
    for _ in range(6):
        nu = a / sqrt(1 - e2 * sin(lat) ** 2)
        lat = atan2(z + e2 * nu * sin(lat), level)
    return lat, atan2(y, x)


def _arc(lat: float) -> float:
    """Metres along the meridian from the grid's origin."""
    a, b = _AIRY
    n = (a - b) / (a + b)
    d, s = lat - _LAT0, lat + _LAT0
    return (
        b
        * _F0
        * (
            (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * d
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(d) * cos(s)
            + (15 / 8 * n**2 + 15 / 8 * n**3) * sin(2 * d) * cos(2 * s)
            - 35 / 24 * n**3 * sin(3 * d) * cos(3 * s)
        )
    )
