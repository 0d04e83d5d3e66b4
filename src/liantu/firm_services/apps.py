"""Django app of the room `firm_services`."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    name = "liantu.firm_services"
    label = "firm_services"
    verbose_name = "精准服务企业"
    default_auto_field = "django.db.models.BigAutoField"
