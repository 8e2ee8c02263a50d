"""What a person hands in as signatures: one for each file, of one certificate, within bounds."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from workflow.domain.refusals import N_, Refusal
from workflow.domain.signatures import PreparedFile
from workflow.ports import Blobs
from workflow.usecases.examine import Examined

#: Bounds of what may be handed in: the signed PDF of a 50 MB file at most.
LARGEST_UPLOAD = 60 * 1024 * 1024


def one_for_each(files: Collection[object], outputs: Sequence[bytes]) -> Refusal | None:
    """Whether every file of the document is signed, and nothing is larger than may be read."""
    if len(outputs) != len(files) or not all(outputs):
        return Refusal(
            "signing.incomplete",
            N_("{wanted} files have to be signed, {got} signatures were handed in."),
            N_("Sign every file of the document: all or none are accepted."),
            {"wanted": len(files), "got": sum(1 for o in outputs if o)},
        )
    if any(len(output) > LARGEST_UPLOAD for output in outputs):
        return Refusal(
            "signing.too_large",
            N_("A file is larger than {megabytes} MB."),
            N_("Check that you chose the signature and not another file."),
            {"megabytes": LARGEST_UPLOAD // (1024 * 1024)},
        )
    return None


def completes(
    blobs: Blobs, prepared: Sequence[PreparedFile], outputs: Sequence[bytes]
) -> Refusal | None:
    """Whether each output is its prepared file, with something in the place for the signature.

    Nothing is asked where no files were prepared.
    """
    for file, output in zip(prepared, outputs, strict=bool(prepared)):
        given = blobs.get(file.pdf)
        start, end = file.place_start, file.place_end
        if (output[:start], output[end:]) != (given[:start], given[end:]):
            return Refusal(
                "signing.not_the_prepared",
                N_("The signed PDF is not the one that was prepared for this signing."),
                N_("Open the document and begin anew. Your signature has not been used."),
            )
    return None


def of_one_certificate(examined: Examined) -> Refusal | None:
    """Whether all files were signed with one certificate."""
    if len(examined.certificates) == 1:
        return None
    return Refusal(
        "signing.several_certificates",
        N_("The files were signed with different certificates."),
        N_("Sign all files of the document with one certificate."),
    )
