"""Django app of the ground room `places`."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    name = "liantu.places"
    label = "places"
    verbose_name = "区划园区"
    default_auto_field = "django.db.models.BigAutoField"
