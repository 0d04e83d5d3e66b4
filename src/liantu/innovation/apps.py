"""Django app of the room `innovation`."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    name = "liantu.innovation"
    label = "innovation"
    verbose_name = "创新"
    default_auto_field = "django.db.models.BigAutoField"
