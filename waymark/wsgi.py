"""What granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark.settings")
application = get_wsgi_application()
gc.freeze()  # what came with the start stays: the collector need not look at it again
gc.set_threshold(
    50_000, 20, 20
)  # a page makes some 20,000 things and leaves next to none in cycles
