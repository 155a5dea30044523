"""Permissions, roles, and which role holds which. The table follows the domain paper's "who uses it, for what"."""

from enum import StrEnum


class Permission(StrEnum):
    """What can be done; the value names app, thing and act."""

    HOME_VIEW = "home:view"
    UNIT_VIEW = "orgs.unit:view"
    UNIT_EDIT = "orgs.unit:edit"
    CALENDAR_EDIT = "orgs.calendar:edit"
    POLICY_VIEW = "policy.pack:view"
    STUDENT_LIST = "people.student:list"
    STUDENT_EDIT = "people.student:edit"
    ROSTER_IMPORT = "people.roster:import"
    PIN_SLIP = "people.pin:slip"
    CONSENT_RECORD = "people.consent:record"
    STAFF_VIEW = "people.staff:view"
    STAFF_EDIT = "people.staff:edit"
    GRANT_EDIT = "accounts.membership:edit"
    YEAR_VIEW = "years.turn:view"
    YEAR_TURN = "years.turn:edit"
    DUTY_VIEW = "duty.shift:view"
    DUTY_EDIT = "duty.shift:edit"
    SCALE_READ = "scales.scale:read"
    SCALE_IMPORT = "scales.wording:import"
    NORM_EDIT = "scales.norm:edit"
    CAMPAIGN_VIEW = "screening.campaign:view"
    CAMPAIGN_EDIT = "screening.campaign:edit"
    CAMPAIGN_PROGRESS = "screening.progress:view"
    SEAT_LIST = "screening.seat:list"
    COVERAGE_VIEW = "screening.coverage:view"
    SUMMARY_VIEW = "screening.summary:view"
    OBSERVATION_WRITE = "screening.observation:write"
    EDUCATION_VIEW = "screening.education:view"
    EDUCATION_EDIT = "screening.education:edit"
    PAPER_TYPE = "sheets.paper:type"
    ORDER_EDIT = "screening.order:edit"
    RESULT_FULL = "screening.result:full"
    RESULT_LEVEL = "screening.result:level"
    RESULT_OWN = "screening.result:own"
    RESULT_EXPORT = "screening.result:export"
    EXPORT_APPROVE = "screening.export:approve"
    LETTER_WRITE = "letters.letter:write"
    LETTER_HAND = "letters.letter:hand"
    LETTER_COUNT = "letters.count:view"
    NOTICE_VIEW = "alerts.notice:view"
    NOTICE_ACKNOWLEDGE = "alerts.notice:acknowledge"
    WARNING_VIEW = "alerts.warning:view"
    WARNING_BEYOND = "alerts.warning:beyond"
    CLOCK_PAUSE = "alerts.clock:pause"
    CLOCK_PAUSE_RED = "alerts.clock:pause-red"
    QUEUE_VIEW = "alerts.queue:view"
    INTERVIEW_WRITE = "alerts.interview:write"
    ATTENTION_VIEW = "alerts.attention:view"
    ATTENTION_SET = "alerts.attention:set"
    WORRY_REPORT = "alerts.worry:report"
    WORRY_HAND_OVER = "alerts.worry:hand-over"
    COMMITTEE_VIEW = "voices.committee:view"
    COMMITTEE_EDIT = "voices.committee:edit"
    WORRY_SETTLE = "voices.worry:settle"
    MAIL_ANSWER = "mailbox.letter:answer"
    MAIL_NAME = "mailbox.name:decide"
    MAIL_COUNT = "mailbox.count:view"
    CASE_VIEW = "crisis.case:view"
    CASE_EDIT = "crisis.case:edit"
    WELLBEING_OWN = "wellbeing.own:use"
    REGISTER_VIEW = "support.entry:view"
    REGISTER_EDIT = "support.entry:edit"
    REGISTER_PROPOSE = "support.entry:propose"
    MENTEE_OWN = "support.mentee:own"
    MENTOR_DEAL = "support.mentor:deal"
    SUPPORT_COUNT = "support.count:view"
    CONTACT_WRITE = "support.contact:write"
    CONTACT_FOLLOW = "support.contact:follow"
    PARENTS_EDIT = "support.parents:edit"
    ROUND_SIGN = "rounds.list:sign"
    ROUND_FOLLOW = "rounds.round:view"
    ROUND_COUNT = "rounds.count:view"
    ROUND_CALL = "rounds.round:call"
    INCIDENT_LEAD = "incidents.incident:lead"
    INCIDENT_EXPOSED = "incidents.exposure:edit"
    INCIDENT_AFTERCARE = "incidents.aftercare:own"
    INCIDENT_COUNT = "incidents.count:view"
    INCIDENT_RECEIVE = "incidents.report:receive"
    LEDGER_VIEW = "crisis.ledger:view"
    HELPER_OWN = "crisis.helping:own"
    REFERRAL_EDIT = "crisis.referral:edit"
    REFERRAL_COUNT = "crisis.referral:count"
    PARTNER_EDIT = "crisis.partner:edit"
    LEAVE_EDIT = "crisis.leave:edit"
    LEAVE_DECIDE = "crisis.leave:decide"
    FEEDBACK_EDIT = "feedback.owed:edit"
    FEEDBACK_COUNT = "feedback.count:view"
    FEEDBACK_OWN = "feedback.words:own"
    MEETING_HOLD = "feedback.meeting:hold"
    MEETING_ATTEND = "feedback.meeting:attend"
    MECHANISM_VIEW = "feedback.mechanism:view"
    FILING_VIEW = "filings.filing:view"
    FILING_WRITE = "filings.filing:write"
    FILING_CHECK = "filings.filing:check"
    FILING_RECEIVE = "filings.filing:receive"
    COUNSEL_KEY = "counselling.key:own"
    COUNSEL_WRITE = "counselling.note:write"
    COUNSEL_HOLD = "counselling.recovery:hold"
    COUNSEL_COUNT = "counselling.count:view"
    FILE_VIEW = "archives.file:view"
    FILE_PLAN = "archives.plan:write"
    FILE_FAMILY = "archives.family:write"
    FILE_COUNT = "archives.count:view"
    FILE_ACCESS = "archives.access:view"
    FILE_REQUEST = "archives.request:answer"
    FILE_EXCERPT = "archives.excerpt:write"
    FILE_APPROVE = "archives.excerpt:approve"
    TRANSFER_HAND = "transfers.file:hand"
    TRANSFER_COUNT = "transfers.count:view"
    CENTRE_VIEW = "centre.room:view"
    CENTRE_EDIT = "centre.room:edit"
    BOOKING_MAKE = "centre.booking:make"
    BOOKING_HOLD = "centre.booking:hold"
    AUDIT_READ = "audit.event:read"
    KEYS_EDIT = "keys.ring:edit"
    OPERATION_VIEW = "core.operation:view"
    CHANNEL_EDIT = "reach.channel:edit"


class Role(StrEnum):
    """The roles of the domain paper."""

    STUDENT = "student"
    GUARDIAN = "guardian"
    COMMITTEE_MEMBER = "committee_member"
    CLASS_TEACHER = "class_teacher"
    SUBJECT_TEACHER = "subject_teacher"
    MENTOR = "mentor"
    DORM_KEEPER = "dorm_keeper"
    GRADE_HEAD = "grade_head"
    PSYCH_TEACHER = "psych_teacher"
    PAPER_TYPIST = "paper_typist"
    PRINCIPAL = "principal"
    LEADING_GROUP = "leading_group"
    COUNTY_OFFICER = "county_officer"
    CITY_OFFICER = "city_officer"
    PROVINCE_OFFICER = "province_officer"
    RESEARCHER = "researcher"
    SUPERVISOR = "supervisor"
    STATION_COUNSELLOR = "station_counsellor"
    HOSPITAL_LIAISON = "hospital_liaison"
    SECURITY_OFFICER = "security_officer"
    SYSTEM_ADMIN = "system_admin"
    AUDITOR = "auditor"


P, R = Permission, Role

_STAFF = frozenset({P.HOME_VIEW, P.WELLBEING_OWN})
_SCHOOL = _STAFF | {
    P.UNIT_VIEW, P.POLICY_VIEW, P.DUTY_VIEW, P.SCALE_READ, P.WARNING_VIEW, P.HELPER_OWN,
    P.FEEDBACK_OWN,
}  # fmt: skip
_OFFICER = _STAFF | {
    P.UNIT_VIEW, P.POLICY_VIEW, P.SCALE_READ, P.COVERAGE_VIEW, P.LETTER_COUNT, P.YEAR_VIEW, P.ROUND_COUNT,
    P.FEEDBACK_COUNT, P.MECHANISM_VIEW,
    P.MAIL_COUNT,
    P.SUPPORT_COUNT,
    P.TRANSFER_COUNT,
}  # fmt: skip
_CLASS = _SCHOOL | {P.ATTENTION_VIEW, P.RESULT_LEVEL, P.CAMPAIGN_PROGRESS, P.EDUCATION_VIEW, P.MEETING_ATTEND}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    R.STUDENT: frozenset({P.HOME_VIEW, P.RESULT_OWN}),
    R.GUARDIAN: frozenset({P.HOME_VIEW}),
    R.COMMITTEE_MEMBER: frozenset({P.HOME_VIEW}),
    R.CLASS_TEACHER: _CLASS
    | {
        P.STUDENT_LIST, P.PIN_SLIP, P.SEAT_LIST, P.CONSENT_RECORD, P.OBSERVATION_WRITE, P.REGISTER_PROPOSE,
        P.LETTER_HAND, P.WORRY_REPORT, P.COMMITTEE_VIEW, P.COMMITTEE_EDIT,
        P.ROUND_SIGN,
        P.INCIDENT_AFTERCARE,
        P.FILE_VIEW, P.FILE_PLAN,
        P.BOOKING_MAKE,
        P.MENTEE_OWN, P.CONTACT_WRITE, P.CONTACT_FOLLOW, P.PARENTS_EDIT,
    },
    R.SUBJECT_TEACHER: _SCHOOL | {P.WORRY_REPORT, P.MENTEE_OWN},
    R.MENTOR: _SCHOOL | {P.WORRY_REPORT, P.MENTEE_OWN},
    R.DORM_KEEPER: _SCHOOL | {P.WORRY_REPORT},
    R.GRADE_HEAD: _CLASS
    | {
        P.STUDENT_LIST, P.WORRY_REPORT, P.ROUND_FOLLOW, P.ROUND_SIGN, P.FILE_VIEW, P.BOOKING_MAKE, P.MENTEE_OWN,
        P.CONTACT_FOLLOW,
    },
    R.PSYCH_TEACHER: _SCHOOL
    | {
        P.STUDENT_LIST, P.STUDENT_EDIT, P.ROSTER_IMPORT, P.PIN_SLIP, P.CONSENT_RECORD, P.STAFF_VIEW,
        P.DUTY_EDIT, P.SCALE_IMPORT, P.CAMPAIGN_VIEW, P.CAMPAIGN_EDIT, P.CAMPAIGN_PROGRESS, P.SEAT_LIST,
        P.PAPER_TYPE, P.COVERAGE_VIEW, P.RESULT_FULL, P.RESULT_LEVEL, P.RESULT_EXPORT, P.EXPORT_APPROVE, P.NOTICE_VIEW,
        P.NOTICE_ACKNOWLEDGE, P.QUEUE_VIEW, P.INTERVIEW_WRITE, P.ATTENTION_VIEW, P.ATTENTION_SET, P.YEAR_VIEW,
        P.SUMMARY_VIEW, P.EDUCATION_VIEW, P.EDUCATION_EDIT, P.REGISTER_VIEW, P.REGISTER_EDIT, P.NORM_EDIT,
        P.LETTER_WRITE, P.LETTER_HAND, P.LETTER_COUNT, P.CASE_VIEW, P.CASE_EDIT, P.CLOCK_PAUSE, P.WORRY_REPORT,
        P.WORRY_HAND_OVER, P.COMMITTEE_VIEW, P.COMMITTEE_EDIT, P.WORRY_SETTLE,
        P.MAIL_ANSWER, P.MAIL_COUNT,
        P.ROUND_CALL, P.ROUND_FOLLOW, P.ROUND_SIGN,
        P.LEDGER_VIEW,
        P.PARTNER_EDIT, P.REFERRAL_COUNT, P.REFERRAL_EDIT,
        P.LEAVE_DECIDE, P.LEAVE_EDIT,
        P.FEEDBACK_COUNT, P.FEEDBACK_EDIT, P.MECHANISM_VIEW, P.MEETING_ATTEND, P.MEETING_HOLD,
        P.FILING_VIEW, P.FILING_WRITE,
        P.INCIDENT_LEAD, P.INCIDENT_EXPOSED, P.INCIDENT_AFTERCARE,
        P.COUNSEL_KEY, P.COUNSEL_WRITE, P.COUNSEL_COUNT,
        P.FILE_VIEW, P.FILE_PLAN, P.FILE_FAMILY, P.FILE_COUNT, P.FILE_ACCESS, P.FILE_REQUEST, P.FILE_EXCERPT,
        P.FILE_APPROVE,
        P.TRANSFER_HAND, P.TRANSFER_COUNT,
        P.CENTRE_VIEW, P.CENTRE_EDIT, P.BOOKING_MAKE, P.BOOKING_HOLD,
        P.MENTEE_OWN, P.MENTOR_DEAL, P.SUPPORT_COUNT, P.CONTACT_WRITE, P.CONTACT_FOLLOW, P.PARENTS_EDIT,
    },
    R.PAPER_TYPIST: _SCHOOL | {P.CAMPAIGN_PROGRESS, P.PAPER_TYPE},
    R.PRINCIPAL: _SCHOOL
    | {
        P.STUDENT_LIST, P.STAFF_VIEW, P.STAFF_EDIT, P.DUTY_EDIT, P.CAMPAIGN_VIEW, P.CAMPAIGN_PROGRESS,
        P.COVERAGE_VIEW, P.NOTICE_VIEW, P.NOTICE_ACKNOWLEDGE, P.ATTENTION_VIEW, P.RESULT_LEVEL, P.UNIT_EDIT,
        P.CALENDAR_EDIT, P.EXPORT_APPROVE, P.YEAR_VIEW, P.YEAR_TURN, P.SUMMARY_VIEW, P.EDUCATION_VIEW,
        P.LETTER_COUNT, P.CLOCK_PAUSE, P.CLOCK_PAUSE_RED, P.WORRY_REPORT, P.WORRY_HAND_OVER,
        P.ROUND_CALL, P.ROUND_COUNT,
        P.LEDGER_VIEW,
        P.REFERRAL_COUNT,
        P.MAIL_NAME, P.MAIL_COUNT,
        P.LEAVE_DECIDE,
        P.FEEDBACK_COUNT, P.MECHANISM_VIEW, P.MEETING_ATTEND, P.MEETING_HOLD,
        P.FILING_CHECK, P.FILING_VIEW,
        P.INCIDENT_LEAD, P.INCIDENT_EXPOSED,
        P.COUNSEL_KEY, P.COUNSEL_HOLD, P.COUNSEL_COUNT,
        P.FILE_VIEW, P.FILE_COUNT, P.FILE_ACCESS, P.FILE_REQUEST, P.FILE_APPROVE,
        P.TRANSFER_COUNT,
        P.CENTRE_VIEW, P.CENTRE_EDIT,
        P.MENTOR_DEAL, P.SUPPORT_COUNT, P.CONTACT_FOLLOW, P.PARENTS_EDIT,
    },
    R.LEADING_GROUP: _SCHOOL
    | {
        P.WORRY_REPORT,
        P.MAIL_NAME, P.MAIL_COUNT,
        P.COVERAGE_VIEW, P.CAMPAIGN_VIEW, P.CAMPAIGN_PROGRESS, P.SUMMARY_VIEW, P.EDUCATION_VIEW, P.LETTER_COUNT,
        P.ROUND_COUNT,
        P.FEEDBACK_COUNT, P.MECHANISM_VIEW, P.MEETING_ATTEND, P.INCIDENT_LEAD,
        P.COUNSEL_COUNT,
        P.FILE_COUNT,
        P.TRANSFER_COUNT,
        P.CENTRE_VIEW,
        P.SUPPORT_COUNT,
    },
    R.COUNTY_OFFICER: _OFFICER
    | {P.UNIT_EDIT, P.CALENDAR_EDIT, P.ORDER_EDIT, P.NORM_EDIT, P.WARNING_BEYOND, P.ROUND_CALL,
        P.PARTNER_EDIT, P.FILING_RECEIVE,
        P.INCIDENT_COUNT, P.INCIDENT_RECEIVE,
    },
    R.CITY_OFFICER: _OFFICER
    | {P.UNIT_EDIT, P.CALENDAR_EDIT, P.ORDER_EDIT, P.NORM_EDIT, P.FILING_RECEIVE, P.INCIDENT_COUNT},
    R.PROVINCE_OFFICER: _OFFICER | {P.FILING_RECEIVE},
    R.RESEARCHER: _STAFF | {P.UNIT_VIEW, P.POLICY_VIEW, P.SCALE_READ},
    R.SUPERVISOR: _STAFF | {P.UNIT_VIEW, P.POLICY_VIEW, P.SCALE_READ},
    R.STATION_COUNSELLOR: _STAFF | {P.UNIT_VIEW, P.POLICY_VIEW, P.SCALE_READ},
    R.HOSPITAL_LIAISON: _STAFF,
    R.SECURITY_OFFICER: _STAFF
    | {
        P.UNIT_VIEW, P.STAFF_VIEW, P.STAFF_EDIT, P.GRANT_EDIT, P.KEYS_EDIT,
        P.COUNSEL_KEY, P.COUNSEL_HOLD,
    },
    R.SYSTEM_ADMIN: _STAFF | {P.UNIT_VIEW, P.OPERATION_VIEW, P.CHANNEL_EDIT},
    R.AUDITOR: _STAFF | {P.UNIT_VIEW, P.AUDIT_READ},
}  # fmt: skip
