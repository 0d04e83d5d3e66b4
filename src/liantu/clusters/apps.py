"""Django app of the room `clusters`."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    name = "liantu.clusters"
    label = "clusters"
    verbose_name = "产业集群"
    default_auto_field = "django.db.models.BigAutoField"
