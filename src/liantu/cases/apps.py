"""Django app of the room `cases`."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    name = "liantu.cases"
    label = "cases"
    verbose_name = "事项台账"
    default_auto_field = "django.db.models.BigAutoField"
