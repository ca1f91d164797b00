"""Getting Django ready in a process that was not started by Django. Call it before anything of `platform` is imported."""

from simos.app.settings import point_django_here


def make_django_ready() -> None:
    """Afterwards models can be used. Idempotent."""
    point_django_here()
    import django

    django.setup()
