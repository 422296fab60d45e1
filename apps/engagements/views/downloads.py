"""Files of a case: always a download, never shown in place: they came from strangers."""

from django.db.models import Model
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404

from apps.accounts.models import User
from apps.core import audit
from apps.engagements.evidence import content_type_of


def download(stored: FieldFile, name: str, *, of: Model, by: User) -> FileResponse:
    """404 where the file is gone. Who took it out is kept: `of` is the row it belongs to."""
    if not stored:
        raise Http404
    try:
        content = stored.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    audit.record_view(of, "file.downloaded", by=by, detail={"file": name})
    response = FileResponse(content, as_attachment=True, filename=name, content_type=content_type_of(name))
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
