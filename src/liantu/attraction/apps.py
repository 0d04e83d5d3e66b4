"""Django app of the room `attraction`."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    name = "liantu.attraction"
    label = "attraction"
    verbose_name = "精准靶向招商"
    default_auto_field = "django.db.models.BigAutoField"
