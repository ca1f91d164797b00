"""What Django's and Wagtail's own permission questions are answered with: the office's rights, and nothing else.

Groups and permissions that somebody has put into Django's tables by hand count for nothing.
"""

from typing import Any

from django.core.exceptions import PermissionDenied


class OfficeBackend:
    """An authentication backend that signs nobody in. Put it before every backend that knows permissions."""

    def authenticate(self, request: Any, **credentials: Any) -> None:
        return None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """True for what the officer's roles in the scope of this request give; else no later backend is asked."""
        office = getattr(user_obj, "office", None)
        if office is None or not user_obj.is_active or perm not in office.wagtail_rights:
            raise PermissionDenied
        return True

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        raise PermissionDenied

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        office = getattr(user_obj, "office", None)
        return set(office.wagtail_rights) if office else set()
