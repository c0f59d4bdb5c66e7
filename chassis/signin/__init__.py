"""Sign-in of people at pages: authorization code with PKCE at the configured issuer, and sessions kept by the service.

Sessions count for page routes only; routes of the API take bearer tokens only.
"""

from chassis.signin.access import signed_in, signed_in_as
from chassis.signin.door import SignIn
from chassis.signin.origin import same_origin

__all__ = ["SignIn", "same_origin", "signed_in", "signed_in_as"]
