"""Django app of the room `resilience`."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    name = "liantu.resilience"
    label = "resilience"
    verbose_name = "产业链供应链安全"
    default_auto_field = "django.db.models.BigAutoField"
