"""The views: as they were before Rolecall, but for their imports."""

from django.contrib.auth.decorators import permission_required
from django.http import JsonResponse
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ModelViewSet

from drawings.models import Drawing
from rolecall.django import (
    ActivityTracker,
    HasModuleAccess,
    HasPermission,
    SameOrganizationOrReadOnly,
    track_activity,
)


class DrawingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Drawing
        fields = ["code", "title", "organization", "created_by"]
        read_only_fields = ["organization", "created_by"]


class DrawingViewSet(ModelViewSet):
    """Read with `pid.read`, written with `pid.create`, in one's own organization alone."""

    queryset = Drawing.objects.order_by("code")
    serializer_class = DrawingSerializer
    lookup_field = "code"
    permission_classes = [HasPermission, SameOrganizationOrReadOnly]
    permission_required = {
        "GET": "pid.read",
        "POST": "pid.create",
        "PUT": ["pid.read", "pid.create"],
        "PATCH": ["pid.read", "pid.create"],
        "DELETE": "pid.delete",
    }

    def perform_create(self, serializer):
        user = self.request.user
        drawing = serializer.save(organization=user.organization, created_by=user.id)
        ActivityTracker.track(
            activity_type="drawing_created",
            user=user,
            description=f"Drawing {drawing.code} was created.",
            category="data_management",
            severity="normal",
            success=True,
            details={"title": drawing.title},
            tags=["pid"],
            request=self.request,
        )


class StatisticsView(APIView):
    """For whoever has the module."""

    permission_classes = [HasModuleAccess]
    module_required = "PID"

    @track_activity("statistics_viewed", "Somebody looked at the statistics.", "data_management")
    def get(self, request):
        return Response({"drawings": Drawing.objects.count()})


@permission_required("pid.read", raise_exception=True)
@track_activity("report_made", category="data_management")
def report(request):
    """A view without Django REST framework."""
    if request.GET.get("broken"):
        raise RuntimeError("the plotter is out of ink")
    return JsonResponse({"drawings": list(Drawing.objects.values_list("code", flat=True))})


@permission_required("pid.create", raise_exception=True)
@track_activity("drawing_plotted", category="data_management", severity="low")
async def plot(request):
    """An async view."""
    return JsonResponse({"plotted_by": str(request.user.id)})


def profile(request):
    """What the caller may do."""
    mine = request.rbac_profile
    if mine is None:
        return JsonResponse({"detail": "sign in"}, status=401)
    return JsonResponse(
        {
            "username": request.user.username,
            "may_create": request.user.rbac_profile.has_permission("pid.create"),
            "has_pid": mine.has_module_access("PID"),
            "permissions": [permission.code for permission in mine.get_all_permissions()],
            "modules": mine.get_all_modules(),
        }
    )


def active_users(request):
    """Who is there."""
    return JsonResponse({"active": ActivityTracker.get_active_users()})
