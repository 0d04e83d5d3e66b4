"""Django app of the room `projects`."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    name = "liantu.projects"
    label = "projects"
    verbose_name = "项目"
    default_auto_field = "django.db.models.BigAutoField"
