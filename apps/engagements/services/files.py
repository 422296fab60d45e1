"""Files of a contract."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.engagements import history
from apps.engagements.evidence import kept_name
from apps.engagements.models import Contract, ContractFile
from apps.engagements.models.columns import CaseFile
from apps.engagements.permissions import can_keep_contract
from apps.engagements.services.locking import locked_contract
from apps.needs.file_kinds import MOST_ATTACHMENTS, Upload, checked_content_type


@transaction.atomic
def contract_file_add(*, contract: Contract, by: User, upload: Upload) -> ContractFile:
    """Store a file that is what its name says. ValidationError beside "upload"."""
    file = fill_file(ContractFile(contract=contract), by=by, upload=upload)
    contract = locked_contract(contract)
    can_keep_contract(by, contract.engagement).require()
    if contract.files.count() >= MOST_ATTACHMENTS:
        raise ValidationError({"upload": [_("附件最多 %(most)d 个。") % {"most": MOST_ATTACHMENTS}]})
    file.file.save(file.name, upload, save=False)
    file.save()
    history.record(contract.engagement, "contract.file_added", by=by, about=file, changes={"name": file.name})
    return file


@transaction.atomic
def contract_file_remove(*, file: ContractFile, by: User) -> None:
    """Remove the row, and once that is certain, the file."""
    contract = locked_contract(file.contract)
    can_keep_contract(by, contract.engagement).require()
    stored, storage = str(file.file.name), file.file.storage
    history.record(contract.engagement, "contract.file_removed", by=by, changes={"name": file.name})
    file.delete()
    transaction.on_commit(lambda: storage.delete(stored))


def fill_file[Row: CaseFile](row: Row, *, by: User, upload: Upload) -> Row:
    """The row of an upload whose content is what its name says; the file itself is not stored yet."""
    try:
        row.content_type = checked_content_type(upload)
    except ValidationError as error:
        raise ValidationError({"upload": error.messages}) from error
    row.name, row.size_bytes, row.uploaded_by = kept_name(upload), upload.size or 0, by
    return row
