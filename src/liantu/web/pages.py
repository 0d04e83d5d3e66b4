"""Doors of the web face: sign in and out, language, keeping a session alive, error pages; and the list of all own addresses."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET, require_POST

from liantu.web.answers import next_address
from liantu.web.chain_view import chain_map, chain_maps, decide, node
from liantu.web.context import say
from liantu.web.dossier_view import dossier, origin
from liantu.web.exports import export, export_firms
from liantu.web.firms_view import firm_list
from liantu.web.home_view import home
from liantu.web.outputs_view import output, outputs


def _again_at(username: str, address: str | None) -> datetime:
    """When a locked-out name may be tried again."""
    from axes.models import AccessAttempt

    tries = AccessAttempt.objects.filter(username=username)
    last = (tries.filter(ip_address=address) or tries).order_by("-attempt_time").values_list("attempt_time", flat=True).first() or timezone.now()
    return timezone.localtime(last + timedelta(hours=settings.AXES_COOLOFF_TIME))


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """Sign in by name and password; after too many tries it says until when the door stays shut."""

    template_name = "liantu/sign_in.html"
    redirect_authenticated_user = True

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        return super().get_context_data(title=say("登录", "Sign in"), **more)

    def form_invalid(self, form: Any) -> HttpResponse:
        locked = getattr(self.request, "axes_locked_out", False)
        again = None
        if locked:
            self.request.axes_locked_out = False  # type: ignore[attr-defined]
            again = _again_at(form.data.get("username", ""), self.request.META.get("REMOTE_ADDR"))
        return self.render_to_response(self.get_context_data(form=form, again_at=again, failed=not locked), status=429 if locked else 200)


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose 中文 or English; kept in a cookie for a year."""
    answer = HttpResponseRedirect(next_address(request, "/"))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 86400, samesite="Lax", httponly=True, secure=request.is_secure())
    return answer


@login_not_required
@require_GET
def session(request: HttpRequest) -> HttpResponse:
    """Asked now and then by a page in use: renews the session (204), or says that it has ended (401)."""
    return HttpResponse(status=204 if request.user.is_authenticated else 401)


def _error(request: HttpRequest, status: int, title: str, text: str, hint: str) -> HttpResponse:
    return render(request, "liantu/error.html", {"title": title, "text": text, "hint": hint, "status": status}, status=status)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _error(request, 403, say("没有权限", "Not allowed"), say("您的账号不能做这一步。", "Your account may not do this."),
                  say("如果工作需要，请联系管理员开通。", "Ask the administrator if your work needs it."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _error(request, 404, say("没有这个页面", "No such page"), say("这个地址没有内容，可能是链接过期或者写错了。",
                  "Nothing is served at this address; the link may be old or mistyped."),
                  say("请从左侧菜单进入。", "Please use the menu on the left."))


@login_not_required
def broken(request: HttpRequest) -> HttpResponse:
    """500: never a traceback, and nothing that may fail again."""
    response = render(request, "liantu/broken.html", {"home": reverse("home")}, status=500)
    return response


urlpatterns = [
    path("", home, name="home"),
    path("sign-in/", SignIn.as_view(), name="sign_in"),
    path("sign-out/", LogoutView.as_view(), name="sign_out"),
    path("language/", language, name="language"),
    path("session/", session, name="session"),
    path("maps/", chain_maps, name="chain_maps"),
    path("maps/chain/<slug:chain>/", chain_map, name="chain_map"),
    path("maps/chain/<slug:chain>/node/<path:node>/", node, name="node"),
    path("placements/<int:placement>/<str:word>/", decide, name="decide"),
    path("firms/", firm_list, name="firm_list"),
    path("firms/export/<str:form>", export_firms, name="export_firms"),
    path("firms/<int:firm>/", dossier, name="dossier"),
    path("records/<slug:table>/<int:record>/<slug:column>/", origin, name="origin"),
    path("outputs/", outputs, name="outputs"),
    path("outputs/<slug:name>/", output, name="output"),
    path("outputs/<slug:name>/export/<str:form>", export, name="export"),
]
