"""A pupil about whom something is written in every model that can, all of it over and done with.

Rows are made as the canaries' story makes them, but under the keys under which the programme writes them. Each sealed
text holds the pupil's own word, so that a find says of whom it is.
"""

import datetime as dt
import json
import os
import uuid

from django.apps import apps
from django.db import models

from xinqiao.care.archives.inventory import GOES, STAYS
from xinqiao.care.transfers.parcel import Parcel, Part, parcel_text
from xinqiao.foundation.core.clock import now, today
from xinqiao.foundation.keys.fields import SealedField, open_sealed, sealed_fields
from xinqiao.foundation.keys.store import new_key
from xinqiao.foundation.keys.tests.filling import plain_value
from xinqiao.register.people.models import PupilPin, Student

NOT_SHARED = ("centre", "counselling", "deadlines")  # an hour and a session are one pupil's
NOBODY = "nobody's words"
PLACE = "aaaaaaaa/bbbbbbbb/"
LABELS = ("archives.FileRequest", "people.PupilPin", "people.Consent")
# Models below a pupil's rows whose words lie under the pupil's key as well.
BELOW = (
    "crisis.FollowUp", "crisis.Judgement", "crisis.LeaveStep", "crisis.CarePlan", "crisis.Measure",
    "crisis.ReferralStep", "crisis.WatchLook", "feedback.GuardianTry", "feedback.Decision", "filings.Edition",
    "counselling.SealedNote", "counselling.Draft", "counselling.Goal", "counselling.Progress", "mailbox.LetterWords",
    "mailbox.NameRequest", "deadlines.ClockPause",
)  # fmt: skip
# Sealed words that are about no single pupil, or about staff.
NOT_OF_A_PUPIL = (
    "audit.AuditEvent", "notifications.Webhook", "notifications.ChannelSetting", "notifications.OwnChannel",
    "notifications.OutboxMessage", "people.Student", "people.Guardian", "people.RosterRun", "people.RosterPart",
    "people.RosterRefusal", "people.Staff", "staffing.StaffRun", "staffing.StaffLine", "rounds.DormVisit",
    "incidents.Incident", "incidents.IncidentLine", "incidents.IncidentNote", "incidents.MessageDraft",
    "incidents.Drill", "incidents.Hotline", "incidents.JointActivation", "incidents.JointPart", "incidents.JointNote",
    "incidents.OpinionItem", "incidents.IncidentReport", "screening.ClassObservation", "wellbeing.Notebook",
    "wellbeing.Entry", "counselling.OwnKey", "counselling.Share", "counselling.Half", "counselling.GivenHalf",
    "feedback.Meeting", "mailbox.SealedName",
)  # fmt: skip
OVER = {
    "alerts.Signal": {"state": "closed", "closed_at": now, "closed_by": uuid.uuid4, "outcome": "nothing"},
    "crisis.Case": {"state": "closed", "closed_at": now, "closed_by": uuid.uuid4, "end_reason": "left"},
    "crisis.Watch": {"state": "ended", "ended_at": now, "ended_by": uuid.uuid4, "end_reason": "calm"},
    "crisis.Referral": {"state": "withdrawn", "ended_at": now},
    "crisis.Leave": {"state": "dropped", "ended_at": now},
    "alerts.Attention": {"ended_at": now},
    "counselling.Course": {"state": "ended", "ended_on": today, "end_reason": "done"},
    "support.RegisterEntry": {"state": "ended", "ended_on": today},
    "centre.Booking": {"state": "came"},
    "centre.Waiting": {"state": "ended", "ended_at": now, "ended_by": uuid.uuid4},
    "transfers.Handover": {"state": "kept", "decided_by": uuid.uuid4, "decided_at": now},
    "transfers.Arrival": {"state": "done", "taken_by": uuid.uuid4, "taken_at": now},
    "mailbox.PupilLetter": {"state": "closed", "closed_at": now, "closed_by": uuid.uuid4},
    "voices.ClassmateWorry": {"state": "set_aside", "settled_by": uuid.uuid4, "settled_at": now},
    "screening.Campaign": {
        "state": "closed", "closed_at": now, "closed_by": uuid.uuid4, "launched_at": now, "form_id": uuid.uuid4,
    },
    "letters.Letter": {
        "state": "settled", "released_at": now, "expires_at": now, "code_mac": lambda: os.urandom(32),
    },
    "support.ContactDuty": {"kind": "pupil"},
    "rounds.RoundList": {"state": "dropped"},
    "incidents.Exposure": {"state": "fine", "settled_by": uuid.uuid4, "settled_at": now},
    "incidents.HotlineCall": {"signal_id": uuid.uuid4},
    "feedback.Feedback": {"state": "dropped", "done_at": now},
    "feedback.Meeting": {"state": "held", "held_at": now, "held_by": uuid.uuid4, "opened_at": now, "present": '["a"]'},
    "feedback.Decision": {"state": "done", "done_at": now, "done_by": uuid.uuid4},
    "filings.Filing": {"state": "lapsed", "lapsed_at": now, "lapsed_by": uuid.uuid4},
    "archives.Excerpt": {"state": "refused", "decided_by": uuid.uuid4, "decided_at": now},
    "archives.FileRequest": {
        "state": "refused", "answered_by": uuid.uuid4, "answered_at": now, "kind": "see",
    },
}  # fmt: skip


def word_of(word, model, field):
    """The canary in one field of one pupil: of the right kind, and findable."""
    if field.is_binary:
        return word.encode()
    if field.name == "birth_on":
        return "2012-03-04"
    if field.name == "parcel":
        return parcel_text(Parcel(word, "female", "2012-03-04", word, today(), parts=(Part("plan", word),)))
    return json.dumps([word, model._meta.label, field.name], ensure_ascii=False)


def is_of_pupil(model):
    """Is a row of this model about one pupil?"""
    return model._meta.label in {*GOES, *STAYS, *BELOW}


class Writing:
    """Writes of one pupil. `made` shares what is nobody's (campaigns, meetings, incidents), also with `beside`."""

    def __init__(self, word, student=None, beside=None):
        self.word = word
        shared = beside.made.items() if beside else ()
        self.made = {
            model: row for model, row in shared if not is_of_pupil(model) and model._meta.app_label not in NOT_SHARED
        }
        self.student = student or self.make(Student)
        self.made[Student] = self.student
        self.key_id = self.student.key_id

    def write_all(self):
        """One row of every model that holds words about a pupil; return the labels of those written."""
        PupilPin._base_manager.filter(student=self.student).delete()
        labels = [label for label in (*GOES, *LABELS, *BELOW) if label != "archives.Erasure"]
        for label in labels:
            model = apps.get_model(label)
            self.made.get(model) or self.make(model)
        return labels

    def value(self, field):
        if isinstance(field, models.ForeignKey):
            return self.made.get(field.related_model) or self.make(field.related_model)
        return plain_value(field)

    def make(self, model):
        """Insert one row, and whatever it stands on."""
        label, row = model._meta.label, model()
        is_own = is_of_pupil(model)
        over = OVER.get(label, {})
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField):
                continue
            if field.name == "key_id":
                is_foreign = label == "incidents.HotlineCall" or not is_own
                row.key_id = new_key("unit" if label != "people.Student" else "student") if is_foreign else self.key_id
            elif field.name in over:
                told = over[field.name]
                setattr(row, field.name, told() if callable(told) else told)
            elif field.name == "student" and is_own:
                row.student = self.student
            elif field.name in {"closes_at", "end_at"} and not field.null:
                setattr(row, field.name, now() + dt.timedelta(hours=1))
            elif field.name == "finding" and not field.null:
                row.finding = "worry"
            elif field.name in {"proposed_by", "proposed_at", "by", "look_on", "counsellor"}:
                setattr(row, field.name, self.value(field))
            elif field.name in {"place", "path", "school_place"}:
                setattr(row, field.name, PLACE)
            elif not (field.null or field.has_default() or field.primary_key or getattr(field, "auto_now_add", False)):
                setattr(row, field.name, self.value(field))
        for field in sealed_fields(model):
            word = self.word if is_own or model is Student else NOBODY
            setattr(row, field.attname, word_of(word, model, field))
        row.save(force_insert=True)
        self.made[model] = row
        return row


def readable(word):
    """Every sealed field of every model that still yields a pupil's word, as `label.field`; opened with all keys."""
    found = set()
    for model in apps.get_models():
        names = [field.attname for field in sealed_fields(model)]
        rows = list(model._base_manager.all()) if names else []
        for opened in open_sealed(rows, *names) if rows else ():
            for name, plain in opened.items():
                text = plain.decode("utf-8", "replace") if isinstance(plain, bytes) else plain
                if text and word in text:
                    found.add(f"{model._meta.label}.{name}")
    return sorted(found)
