"""Django app of the ground room `chains`."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    name = "liantu.chains"
    label = "chains"
    verbose_name = "产业链"
    default_auto_field = "django.db.models.BigAutoField"
