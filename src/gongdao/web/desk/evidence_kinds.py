"""Evidence kinds (凭证种类): what a piece of evidence shows."""

from __future__ import annotations

from django.utils.translation import gettext as _


def kinds() -> list[tuple[str, str]]:
    """Return the kinds offered to choose from: wire value and label."""
    return [
        ("photo", _("Photo of the goods")),
        ("chat", _("Chat record")),
        ("tracking", _("Tracking record")),
        ("appraisal", _("Appraisal or test report")),
        ("purchase_proof", _("Proof of purchase or origin")),
        ("voucher", _("Refund voucher")),
        ("other", _("Other")),
    ]


def accepted() -> str:
    """Say which files are accepted."""
    return _("A picture, video, recording, PDF or plain text, at most 20 MB.")


def admissions() -> dict[str, str]:
    """Return how a piece that was not in time was received."""
    return {"late": _("given late"), "annex": _("annex to the dossier")}
