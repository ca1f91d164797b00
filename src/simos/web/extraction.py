"""Finds the translatable texts of Django templates for Babel (`make messages`); named in babel.cfg.

It reads; it imports neither Babel nor any template.
"""

import ast
import re
from collections.abc import Iterator
from typing import IO, Any

from django.utils.translation.template import templatize

_STRING = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_CALL = re.compile(rf"\b(gettext|ngettext|pgettext|npgettext|_)\(({_STRING}(?:\s*,\s*{_STRING})*)")
_EACH = re.compile(_STRING)

Message = tuple[int, str, str | tuple[str, ...], list[str]]


def extract_templates(
    fileobj: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Message]:  # the arguments are Babel's
    """Babel's messages (line, function, texts, comments) of one template, as `{% translate %}` would look them up."""
    source = templatize(fileobj.read().decode("utf-8"))
    for call in _CALL.finditer(source):
        texts = tuple(ast.literal_eval(each) for each in _EACH.findall(call[2]))
        line = source.count("\n", 0, call.start()) + 1
        yield line, call[1], texts if len(texts) > 1 else texts[0], []
