from wagtail.snippets.models import register_snippet

from .editor import DirectoryGroup

register_snippet(DirectoryGroup)
