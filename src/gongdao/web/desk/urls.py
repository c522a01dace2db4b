"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from gongdao.web.desk.views import entry, rulebooks

app_name = "desk"
urlpatterns = [
    path("", entry.home, name="home"),
    path("role/", entry.choose_role, name="choose_role"),
    path("rulebooks/", rulebooks.rulebook_list, name="rulebooks"),
    path("rulebooks/<path:ref>/", rulebooks.rulebook_page, name="rulebook"),
]
