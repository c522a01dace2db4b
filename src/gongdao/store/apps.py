"""The Django application of all rows; its label is `store`."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Models are rows: no logic, no signals."""

    name = "gongdao.store"
    label = "store"
    verbose_name = "公道"
    default_auto_field = "django.db.models.BigAutoField"
