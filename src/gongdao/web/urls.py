"""Every address of the site."""

from __future__ import annotations

from django.urls import include, path

from gongdao.web.api.v1.site import api
from gongdao.web.desk.views.entry import SignInView, demo_sign_in
from gongdao.web.evidence_links import follow_link

urlpatterns = [
    path("accounts/login/", SignInView.as_view(), name="account_login"),
    path("accounts/demo/", demo_sign_in, name="demo_sign_in"),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", api.urls),
    path("e/<str:token>/", follow_link, name="evidence_link"),
    path("", include("gongdao.web.desk.urls")),
]
