"""The WSGI application: the staff's pages."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinqiao.config.settings")
application = get_wsgi_application()
