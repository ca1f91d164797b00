"""Getting Django ready in a process that Django did not start. Call it before `platform` is imported."""

from simos.app.settings import point_django_here


def make_django_ready() -> None:
    """Afterwards models can be used. Idempotent."""
    point_django_here()
    import django

    django.setup()
