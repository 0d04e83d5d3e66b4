"""Django app of the ground room `enterprises`."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    name = "liantu.enterprises"
    label = "enterprises"
    verbose_name = "企业名录"
    default_auto_field = "django.db.models.BigAutoField"
