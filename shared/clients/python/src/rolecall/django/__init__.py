"""Rolecall in a Django project: authentication, permissions, middleware, and a record of activity.

Add ``"rolecall.django"`` to ``INSTALLED_APPS`` and say where the server is::

    ROLECALL = {"URL": "https://id.example.com", "KEY": os.environ["ROLECALL_KEY"]}

It has no model and no migration.
"""

from rolecall.django.authentication import RolecallAuthentication, ServiceUnavailable
from rolecall.django.conf import get_client
from rolecall.django.permissions import (
    HasModuleAccess,
    HasPermission,
    SameOrganization,
    SameOrganizationOrReadOnly,
)
from rolecall.django.tracking import ActivityTracker, track_activity
from rolecall.django.user import Profile, RolecallUser

__all__ = [
    "ActivityTracker",
    "HasModuleAccess",
    "HasPermission",
    "Profile",
    "RolecallAuthentication",
    "RolecallUser",
    "SameOrganization",
    "SameOrganizationOrReadOnly",
    "ServiceUnavailable",
    "get_client",
    "track_activity",
]
