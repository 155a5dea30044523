"""What stands outside a rule, each with its reason. A list that is longer than the truth fails the tests."""


def _each(reason: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, reason)


# Public functions in services modules that are no commands.
PRIVATE_BODIES: dict[str, str] = {
    **_each(
        "private body that commands and jobs share; whoever calls it records the event",
        "xinqiao.care.alerts.services.acknowledging.record_acknowledged",
        "xinqiao.care.alerts.services.acknowledging.take_joined",
        "xinqiao.care.alerts.services.joining.release_joined",
        "xinqiao.care.alerts.services.joining.start_clock_or_join",
        "xinqiao.care.alerts.services.gates.clear_at_gate",
        "xinqiao.care.alerts.services.gates.end_gate_clocks",
        "xinqiao.care.alerts.services.gates.lead_to_gate",
        "xinqiao.care.alerts.services.gates.leave_gate_for_talk",
        "xinqiao.care.alerts.services.gates.pass_gate",
        "xinqiao.care.alerts.services.gates.release_from_gate",
        "xinqiao.care.alerts.services.levels.write_attention",
        "xinqiao.care.screening.services.informants.end_forms",
        "xinqiao.care.screening.services.informants.freeze_forms",
        "xinqiao.care.sheets.services.forms.form_index",
        "xinqiao.care.sheets.services.forms.new_form_code",
        "xinqiao.care.sheets.services.forms.open_forms",
        "xinqiao.care.sheets.services.forms.set_code",
        "xinqiao.care.alerts.services.lot_talks.write_talk_without_signal",
        "xinqiao.care.alerts.services.moves.move_signal",
        "xinqiao.care.alerts.services.raising.prepare_signal",
        "xinqiao.care.alerts.services.raising.raise_signal",
        "xinqiao.care.alerts.services.guardians.settle_guardian_clock",
        "xinqiao.care.alerts.services.guardians.start_guardian_clock",
        "xinqiao.care.alerts.services.guardians.write_guardian_told",
        "xinqiao.care.alerts.services.warning.warn_beyond",
        "xinqiao.care.alerts.services.warning.warn_levels",
        "xinqiao.care.alerts.services.signal_clocks.start_signal_clock",
        "xinqiao.care.alerts.services.telling.call_again",
        "xinqiao.care.alerts.services.telling.end_notices",
        "xinqiao.care.alerts.services.telling.send_word",
        "xinqiao.care.alerts.services.telling.tell_if_anybody",
        "xinqiao.care.alerts.services.telling.write_notices",
        "xinqiao.care.crisis.services.opening.record_handed_over",
        "xinqiao.care.crisis.services.opening.write_case",
        "xinqiao.care.letters.services.writing.record_letter",
        "xinqiao.care.sheets.services.papers.build_paper",
        "xinqiao.care.voices.services.committee.write_end",
        "xinqiao.care.sheets.services.sittings.mark_excused",
        "xinqiao.care.sheets.services.sittings.open_sittings",
        "xinqiao.register.deadlines.services.clocks.cancel_deadlines",
        "xinqiao.register.deadlines.services.clocks.hasten_climb",
        "xinqiao.register.deadlines.services.clocks.meet_deadline",
        "xinqiao.register.deadlines.services.clocks.start_deadline",
        "xinqiao.register.deadlines.services.moments.note_moment",
        "xinqiao.register.deadlines.services.moments.note_told",
        "xinqiao.register.deadlines.services.moments.skip_rungs",
        "xinqiao.register.deadlines.services.pausing.pause_clock",
        "xinqiao.register.deadlines.services.pausing.resume_clock",
        "xinqiao.register.orgs.services.units.shard_below",
        "xinqiao.register.orgs.services.units.build_unit",
        "xinqiao.register.orgs.services.units.ensure_class",
        "xinqiao.register.orgs.services.units.shut_unit",
        "xinqiao.register.people.services.consents.write_decision",
        "xinqiao.register.people.services.rosters.mend_earlier_refusals",
    ),
    **_each(
        "pure: computes a value and changes nothing",
        "xinqiao.care.crisis.services.following_up.latest_next",
        "xinqiao.care.crisis.services.judging.latest_review",
        "xinqiao.care.alerts.services.gates.gate_for",
        "xinqiao.care.alerts.services.joining.without_own_clock",
        "xinqiao.care.alerts.services.reporting.report_id",
        "xinqiao.care.alerts.services.reporting.source_of",
        "xinqiao.care.alerts.services.reporting.urgency_of",
        "xinqiao.care.alerts.services.raising.basis_text",
        "xinqiao.care.alerts.services.raising.reasons_of",
        "xinqiao.care.alerts.services.telling.next_digest_at",
        "xinqiao.care.alerts.services.telling.people_words",
        "xinqiao.care.screening.services.lots.pupils_without_signal",
        "xinqiao.care.sheets.services.sittings.new_code",
        "xinqiao.care.voices.services.worries.said_of",
        "xinqiao.register.deadlines.services.clocks.open_clocks",
        "xinqiao.register.deadlines.services.clocks.rule_of",
        "xinqiao.register.orgs.services.units.new_window_code",
        "xinqiao.register.people.services.consents.shipped_text",
    ),
    **_each(
        "the system's own act: no person asks for it, and it records its event as the system",
        "xinqiao.care.alerts.services.telling.tell",
        "xinqiao.care.scales.services.publishing.publish_pack",
        "xinqiao.care.scales.services.publishing.publish_shipped_scales",
        "xinqiao.care.scales.services.publishing.retire",
    ),
    **_each(
        "a sign that a page is open, often many times a minute: no business event",
        "xinqiao.care.alerts.services.showing.note_polled",
        "xinqiao.care.alerts.services.showing.note_warning_shown",
        "xinqiao.register.duty.services.presence.note_seen",
    ),
}

# Modules that use the open manager of scoped models.
SYSTEM_MANAGER_USERS: dict[str, str] = {}

# Fields of D2 or D4–D6 that are readable in the database.
READABLE_FIELDS: dict[str, str] = {
    **_each(
        "HMAC under a key outside the database: it finds an identifier and does not tell it",
        "crisis.Referral.code_mac",
        "crisis.Referral.link_mac",
        "letters.Letter.code_mac",
        "letters.Letter.locator_mac",
        "people.Guardian.phone_index",
        "people.PupilPin.pin_mac",
        "people.Staff.number_index",
        "people.Staff.phone_index",
        "people.Student.id_index",
        "people.Student.national_index",
        "people.Student.number_index",
        "sheets.Sitting.code_mac",
        "sheets.Sitting.number_index",
        "wellbeing.Entry.owner",
        "wellbeing.Notebook.owner",
    ),
    **_each(
        "a group of thousands, needed by norms, populations and statistics; identifies nobody by itself",
        "people.Student.birth_year",
        "people.Student.boards",
        "people.Student.ethnicity",
        "people.Student.sex",
    ),
    "people.Tie.relation": "mother, father, other: names nobody, the guardian's name is sealed",
    "account.EmailAddress.email": "the library's table stays empty: no account has a mail address",
}

# URLs without @page.
OPEN_URLS: dict[str, str] = {
    "": "the front page: a welcome to strangers, the own work to those who signed in",
    "i18n/setlang/": "chooses the language, touches no data",
    "referrals/open/": "institutions have no account: what is shown hangs on the link and the code that are posted",
    "centre/calendar/<str:token>.ics": "calendars cannot sign in: what is shown hangs on 256 bits of address",
    "letters/open/": "guardians have no account: what is shown hangs on the code that is posted",
    **_each(
        "sign-in and its second factor (allauth): open to strangers by nature, or about the own account only",
        "accounts/login/",
        "accounts/logout/",
        "accounts/logout/everywhere/",
        "accounts/reauthenticate/",
        "accounts/2fa/",
        "accounts/2fa/authenticate/",
        "accounts/2fa/reauthenticate/",
        "accounts/2fa/recovery-codes/",
        "accounts/2fa/recovery-codes/generate/",
        "accounts/2fa/totp/activate/",
        "accounts/2fa/totp/deactivate/",
        "accounts/password/change/",
    ),
}

LONG_FUNCTIONS: dict[str, str] = _each(
    "a table: one line for each value that a pack may state",
    "xinqiao.register.policy.parameters.parameters_of",
    "xinqiao.register.policy.wording._other_labels",
)
LONG_FILES: dict[str, str] = {}
VAGUE_NAMES: dict[str, str] = {
    "xinqiao.foundation.access.scoped._Manager": "Django's word for it",
    "xinqiao.register.accounts.models.UserManager": "Django's word for it",
    "xinqiao.register.people.roster_file.child.limit_this_process": "an operating system's process",
    **_each(
        "html.parser gives the name",
        "xinqiao.register.people.roster_file.html_table.handle_data",
        "xinqiao.register.people.roster_file.html_table.handle_endtag",
        "xinqiao.register.people.roster_file.html_table.handle_starttag",
    ),
}

# Modules that read the time.
CLOCK_READERS: dict[str, str] = {
    "xinqiao.foundation.core.clock": "the clock itself",
}
