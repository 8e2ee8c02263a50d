"""A person's key that lies on a token of the server: registered by whoever knows its PIN."""

from __future__ import annotations

from workflow.domain.accounts import PersonKey
from workflow.domain.mandates import Actor
from workflow.domain.refusals import N_, Refusal
from workflow.token_keys import TokenRequest
from workflow.usecases.keys import LARGEST_KEY, keep_key, trusted_anywhere
from workflow.usecases.services import Services

NO_TOKENS = Refusal(
    "key.no_tokens",
    N_("Keys on tokens are not set up on this server."),
    N_("Add a key file, or sign in your own program."),
)


def add_token_key(services: Services, actor: Actor, request: TokenRequest) -> PersonKey | Refusal:
    """Remember the actor's key on a token of the server. The PIN is tried once and not kept.

    It serves the steps that a key kept here serves, never qualified ones. The same certificate
    once more takes the place of the one before.
    """
    if services.token_keys is None:
        return NO_TOKENS
    if len(request.certificate) > LARGEST_KEY:
        return Refusal(
            "key.certificate_too_large",
            N_("The file is too large to be a certificate."),
            N_("Choose the file that ends in .cer, .crt or .pem."),
        )
    with services.uow.reading() as tx:
        trust = trusted_anywhere(tx, services, actor)
    found = services.token_keys.register(request, actor.person_id, trust, services.clock())
    if isinstance(found, Refusal):
        return found
    return keep_key(services, actor, found.key, found.token)
