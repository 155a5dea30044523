"""Enums of pupils' files, and the moves of a request and of an excerpt. Pure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xinqiao.foundation.access.moves import Move, draw_moves, sources_among
from xinqiao.foundation.access.permissions import Permission


class ToldBy(models.TextChoices):
    """Who told of the family."""

    GUARDIAN = "guardian", _("Guardian")
    PUPIL = "pupil", _("The pupil")
    VISIT = "visit", _("A visit at home")
    TEACHER = "teacher", _("A teacher")


class RequestKind(models.TextChoices):
    """What is asked."""

    SEE = "see", _("To see what is held, or have a copy")
    CORRECT = "correct", _("To correct something")
    WITHDRAW = "withdraw", _("To withdraw consent")
    DELETE = "delete", _("To delete something")


class AskedBy(models.TextChoices):
    """Who asks."""

    PUPIL = "pupil", _("The pupil")
    GUARDIAN = "guardian", _("Guardian")


class AskedHow(models.TextChoices):
    """By which way it was asked."""

    PERSON = "person", _("In person")
    PHONE = "phone", _("By telephone")
    LETTER = "letter", _("In writing")


class RequestState(models.TextChoices):
    """Where a request stands."""

    OPEN = "open", _("Not answered yet")
    GRANTED = "granted", _("Done as asked")
    PARTLY = "partly", _("Done in part")
    REFUSED = "refused", _("Refused, with a reason")


class ExcerptState(models.TextChoices):
    """Where an excerpt stands."""

    WAITING = "waiting", _("Waits for a second person")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Not approved")


class ErasureState(models.TextChoices):
    """Where the erasure of a pupil's texts stands."""

    PROPOSED = "proposed", _("Waits for a second person")
    WAITING = "waiting", _("Approved; can be called back until it is carried out")
    REFUSED = "refused", _("Not approved")
    RECALLED = "recalled", _("Called back")
    STOPPED = "stopped", _("Stopped: something about the pupil was still open")
    DONE = "done", _("Carried out")


R, X, ANSWER, APPROVE = RequestState, ExcerptState, Permission.FILE_REQUEST, Permission.FILE_APPROVE
E = ErasureState
REQUEST_MOVES = tuple(
    Move(R.OPEN, target, ANSWER, "archives.request.answered") for target in (R.GRANTED, R.PARTLY, R.REFUSED)
)
EXCERPT_MOVES = (
    Move(X.WAITING, X.APPROVED, APPROVE, "archives.excerpt.approved"),
    Move(X.WAITING, X.REFUSED, APPROVE, "archives.excerpt.refused"),
)
ERASURE_MOVES = (
    Move(E.PROPOSED, E.WAITING, APPROVE, "archives.erasure.approved"),
    Move(E.PROPOSED, E.REFUSED, APPROVE, "archives.erasure.refused"),
    Move(E.PROPOSED, E.RECALLED, ANSWER, "archives.erasure.recalled"),
    Move(E.WAITING, E.RECALLED, ANSWER, "archives.erasure.recalled"),
    Move(E.WAITING, E.STOPPED, "", "archives.erasure.stopped"),
    Move(E.WAITING, E.DONE, "", "archives.erasure.done"),
)
LIVE = (E.PROPOSED, E.WAITING)
ANSWERS = (R.GRANTED, R.PARTLY, R.REFUSED)


def request_sources_of(target: str) -> list[str]:
    """Return the states from which a request may come to `target`."""
    return list(sources_among(REQUEST_MOVES, target))


def excerpt_sources_of(target: str) -> list[str]:
    """Return the states from which an excerpt may come to `target`."""
    return list(sources_among(EXCERPT_MOVES, target))


def erasure_sources_of(target: str) -> list[str]:
    """Return the states from which an erasure may come to `target`."""
    return list(sources_among(ERASURE_MOVES, target))


def request_diagram() -> str:
    """Return the moves of a request as docs/states/file-request.md holds them."""
    return draw_moves(REQUEST_MOVES, [R.OPEN], born="archives.request.recorded", with_permission=True)


def excerpt_diagram() -> str:
    """Return the moves of an excerpt as docs/states/file-request.md holds them."""
    return draw_moves(EXCERPT_MOVES, [X.WAITING], born="archives.excerpt.asked", with_permission=True)


def erasure_diagram() -> str:
    """Return the moves of an erasure as docs/states/file-request.md holds them."""
    return draw_moves(ERASURE_MOVES, [E.PROPOSED], born="archives.erasure.proposed", with_permission=True)
