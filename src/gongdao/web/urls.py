"""Every address of the site."""

from __future__ import annotations

from django.urls import include, path

from gongdao.web.api.v1.site import api
from gongdao.web.desk.views.entry import SignInView, demo_sign_in

urlpatterns = [
    path("accounts/login/", SignInView.as_view(), name="account_login"),
    path("accounts/demo/", demo_sign_in, name="demo_sign_in"),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", api.urls),
    path("", include("gongdao.web.desk.urls")),
]
