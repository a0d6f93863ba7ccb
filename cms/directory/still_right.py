"""The page behind the link of a letter: is all of this still right?"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cms.services import site_settings

from . import freshness
from .cards import service_page
from .models import Reminder, Service


@csrf_exempt  # it acts for nobody who is signed in, and a token would be a cookie
@require_http_methods(["GET", "HEAD", "POST"])
def still_right(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what the directory says, and take a yes. Opening the link says nothing yet: programs
    that look through letters open it too."""
    asked = Reminder.objects.filter(service__in=Service.objects.running())
    reminder = get_object_or_404(asked, pk=pk)
    if request.method == "POST":
        freshness.confirm(reminder)
        return redirect(reminder)
    service = Service.objects.whole().get(pk=reminder.service_id)
    context = service_page(service) | {
        "reminder": reminder,
        "contact": site_settings().contact_email,
    }
    return render(request, "cms/directory/still_right.html", context)
