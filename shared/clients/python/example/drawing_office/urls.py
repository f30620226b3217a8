"""What answers where."""

from django.http import HttpResponse
from django.urls import include, path
from drawings import views
from rest_framework.routers import SimpleRouter

router = SimpleRouter()
router.register("drawings", views.DrawingViewSet)

urlpatterns = [
    path("", include(router.urls)),
    path("statistics/", views.StatisticsView.as_view()),
    path("report/", views.report),
    path("plot/", views.plot),
    path("profile/", views.profile),
    path("active-users/", views.active_users),
    path("healthz", lambda request: HttpResponse("ok")),
]
