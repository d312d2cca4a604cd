"""What stands between the server and the routes, each in plain ASGI.

A base class that wraps requests and responses would cost more than a small trace.
"""

from .bodies import BodyLimit
from .conditional import Conditional
from .headers import SecurityHeaders, security_headers
from .hosts import Hosts
from .observe import Metrics, Observe, print_line, silence_access_log
from .origins import Origins
from .rates import RateLimit
from .sending import SendTimeout
from .stack import add_middleware

__all__ = [
    "BodyLimit",
    "Conditional",
    "Hosts",
    "Metrics",
    "Observe",
    "Origins",
    "RateLimit",
    "SecurityHeaders",
    "SendTimeout",
    "add_middleware",
    "print_line",
    "security_headers",
    "silence_access_log",
]
