"""Opening by one's own sentence, once a while: the opened key lies in the session only as ciphertext.

The key to that ciphertext is random and lies in a cookie of this browser alone, so that neither the session table nor
the master key opens anything. It shuts with the session, by hand, and after the policy's idle minutes.
"""

import base64
import datetime as dt
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.http import HttpRequest, HttpResponse

from xinqiao.care.counselling.errors import CannotKeep, MustWait
from xinqiao.care.counselling.models import OwnKey
from xinqiao.care.counselling.rows import own_key_of
from xinqiao.care.counselling.rules import NO_SENTENCE
from xinqiao.foundation.access.actors import Actor, any_place
from xinqiao.foundation.access.pages import actor_of
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.recording import record, recording
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.boxes import WrongWords, unlocked
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.foundation.keys.ring import ring
from xinqiao.foundation.keys.sealing import blind_index
from xinqiao.register.accounts.limits import failures_in_a_row, forget_failures, take_try
from xinqiao.register.policy.selectors import parameters_for

COOKIE = SLOT = "xinqiao_counselling"
KEY_BYTES, NONCE_BYTES = 32, 12


def unlock_own_key(actor: Actor, words: str) -> tuple[OwnKey, X25519PrivateKey]:
    """Return the actor's key pair, opened by the sentence. Wrong ones are counted, slowed and recorded.

    Raises CannotKeep (no sentence yet), MustWait, WrongWords.
    """
    own_key, at = own_key_of(actor.staff_id), now()
    if own_key is None:
        raise CannotKeep(NO_SENTENCE)
    index = blind_index(ring().secrets["index"], "counselling sentence", own_key.staff_id.hex)
    minutes = take_try(index, at)
    if minutes:
        raise MustWait(minutes)
    try:
        private = unlocked(open_sealed([own_key], "guarded")[0]["guarded"], words, own_key.id.bytes)
    except WrongWords:
        _record(actor, own_key, "counselling.sentence.wrong", failures=failures_in_a_row(index))
        raise
    forget_failures(index)
    _record(actor, own_key, "counselling.sentence.opened")
    return own_key, private


def keep_open(request: HttpRequest, response: HttpResponse, own_key: OwnKey, private: X25519PrivateKey) -> None:
    """Keep an opened key for this browser, until it was idle for too long."""
    cookie, nonce = os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES)
    box = nonce + AESGCM(cookie).encrypt(nonce, private.private_bytes_raw(), _bound_to(request, own_key.id))
    request.session[SLOT] = {"box": base64.b64encode(box).decode(), "seen_at": now().isoformat()}
    response.set_cookie(
        COOKIE, base64.urlsafe_b64encode(cookie).decode(), httponly=True, samesite="Strict",
        secure=request.is_secure(),
    )  # fmt: skip


def opened_key(request: HttpRequest) -> tuple[OwnKey, X25519PrivateKey] | None:
    """Return the key pair that is open in this browser, None where it is shut."""
    kept, own_key = request.session.get(SLOT), own_key_of(actor_of(request).staff_id)
    if not kept or own_key is None:
        return None
    at = now()
    if at - dt.datetime.fromisoformat(kept["seen_at"]) >= dt.timedelta(minutes=open_minutes(actor_of(request))):
        del request.session[SLOT]
        return None
    box = base64.b64decode(kept["box"])
    try:
        cookie = base64.urlsafe_b64decode(request.COOKIES.get(COOKIE, ""))
        raw = AESGCM(cookie).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], _bound_to(request, own_key.id))
    except (InvalidTag, ValueError):
        return None
    request.session[SLOT] = {**kept, "seen_at": at.isoformat()}
    return own_key, X25519PrivateKey.from_private_bytes(raw)


def shut(request: HttpRequest, response: HttpResponse) -> None:
    """Shut it in this browser."""
    request.session.pop(SLOT, None)
    response.delete_cookie(COOKIE, samesite="Strict")


def open_minutes(actor: Actor) -> int:
    """Return for how many idle minutes it stays open where the actor works."""
    place = any_place(actor.places(Permission.COUNSEL_KEY))
    return parameters_for(place, today()).counselling.open_minutes


def _bound_to(request: HttpRequest, own_key_id: UUID) -> bytes:
    return b"open|" + actor_of(request).id.bytes + own_key_id.bytes


def _record(actor: Actor, own_key: OwnKey, event: str, **facts: object) -> None:
    with recording(actor, Permission.COUNSEL_KEY):
        record(event, subject_kind="staff", subject_id=own_key.staff_id, place=own_key.place,
               county_id=own_key.county_id, facts=facts)  # fmt: skip
