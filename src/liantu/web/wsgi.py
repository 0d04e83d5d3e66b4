"""WSGI entry of the web face: ``granian --interface wsgi liantu.web.wsgi:application``."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.settings")
application = get_wsgi_application()
