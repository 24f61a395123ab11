"""What letters refuse."""

from saraban import _
from saraban.errors import DomainError


class TopSecretNotElectronic(DomainError):
    """Top secret matters never go through e-saraban (regulation clause 29; E27)."""

    code = "TopSecretNotElectronic"
    status = 400
    text = _(
        "error_top_secret",
        default="Top secret letters may not be handled in this system. Use paper, through the secret registrar.",
    )


class NumberedLetter(DomainError):
    """Anything numbered is cancelled, never deleted (E09)."""

    code = "NumberedLetter"
    text = _("error_numbered_letter", default="This letter has a number. It can be cancelled, but not deleted.")


class NotADraft(DomainError):
    """Only a draft can be changed."""

    code = "NotADraft"
    text = _("error_not_a_draft", default="Only a draft can be changed.")


class UnsupportedFile(DomainError):
    """Empty files, programs, and content that is not what the name says (E46)."""

    code = "UnsupportedFile"
    status = 415
    text = _("error_unsupported_file", default="“${name}” cannot be attached: ${reason}")


class UploadOffset(DomainError):
    """A piece of a file that does not begin where the last one ended."""

    code = "UploadOffset"
    text = _("error_upload_offset", default="This piece of the file is not the next one.")


class UnknownTusVersion(DomainError):
    """Another version of the upload protocol than ours."""

    code = "UnknownTusVersion"
    status = 412
    text = _("error_tus_version", default="Uploads speak version 1.0.0 of the tus protocol here.")


class FileTooLarge(DomainError):
    """Over the limit for one file."""

    code = "FileTooLarge"
    status = 413
    text = _("error_file_too_large", default="“${name}” is larger than ${limit} MB.")
