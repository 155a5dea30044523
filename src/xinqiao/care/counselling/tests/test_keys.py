"""The group's key: who opens it, who no longer does, and what a copy of the database does not open."""

import datetime as dt

import pytest
from cryptography.exceptions import InvalidTag

from xinqiao.care.counselling import keyring
from xinqiao.care.counselling.errors import CannotKeep, MustWait
from xinqiao.care.counselling.keyring import current_version, opened_versions
from xinqiao.care.counselling.models import GivenHalf, Half, OwnKey, Share
from xinqiao.care.counselling.opening import unlock_own_key
from xinqiao.care.counselling.rows import every_given, every_half, every_recovery, is_recoverable, own_key_of
from xinqiao.care.counselling.rules import (
    GROUP_LIVES,
    HOLDER_IS_MEMBER,
    NO_RIGHT,
    NOT_HEIR,
    NOT_HOLDER,
    NOT_MEMBER,
    SAME_HOLDER,
    TOO_LATE,
)
from xinqiao.care.counselling.services.groups import (
    admit_member,
    end_member,
    join_group,
    name_holders,
    restart_group,
)
from xinqiao.care.counselling.services.recovering import begin_recovery, join_recovery, take_over
from xinqiao.care.counselling.services.sentences import change_sentence
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged
from xinqiao.foundation.core import clock
from xinqiao.foundation.keys.boxes import WrongWords, into_parcel, out_of_parcel
from xinqiao.foundation.keys.fields import open_sealed
from xinqiao.register.accounts.models import Membership
from xinqiao.register.accounts.services.memberships import end_membership
from xinqiao.register.accounts.services.staff import end_staff

NOTE = b"what was said in the room"


def refused(act) -> str:
    with pytest.raises(CannotKeep) as error:
        act()
    return error.value.code


def read(sealed, login, parcel) -> bytes:
    """What somebody reads of a parcel with all that their sentence opens today; empty for nothing."""
    opened = opened_versions(own_key_of(sealed.world.id_of(login)), sealed.private(login), sealed.group())
    for private in opened.values():
        try:
            return out_of_parcel(private, parcel, b"note")
        except InvalidTag:
            continue
    return b""


def written(group) -> bytes:
    """A note as it would be stored today: sealed to the group's public half, without any sentence."""
    return into_parcel(bytes(current_version(group).public), NOTE, b"note")


def check_leaving(world, sealed, leave) -> None:
    """Whoever leaves reads neither what was written before nor what is written after; the one who stays reads both."""
    group = sealed.found()
    before = written(group)
    assert read(sealed, "psych2", before) == read(sealed, "psych", before) == NOTE
    raw = opened_versions(own_key_of(world.id_of("psych2")), sealed.private("psych2"), group)
    leave()
    after = written(group)
    assert not Share.objects.for_system(reason="a test looks").filter(own_key__staff_id=world.id_of("psych2")).exists()
    assert read(sealed, "psych", before) == read(sealed, "psych", after) == NOTE
    for private in raw.values():  # even a key that was copied while it was open
        with pytest.raises(InvalidTag):
            out_of_parcel(private, after, b"note")


@pytest.mark.parametrize("how", ["staff", "role", "list"])
def test_whoever_leaves_reads_nothing_from_then_on(world, sealed, how):
    ways = {
        "staff": lambda: end_staff(world.staff["psych2"], actor=world.actor("security"), heir=world.staff["psych"]),
        "role": lambda: end_membership(
            Membership.objects.select_related("user").get(user=world.users["psych2"]), actor=world.actor("security")
        ),
        "list": lambda: end_member(sealed.member("psych2"), actor=world.actor("psych")),
    }
    check_leaving(world, sealed, ways[how])
    assert AuditEvent.objects.filter(event="counselling.member.ended").count() == 1


def test_control_a_group_that_keeps_its_key_is_read_by_whoever_left(world, sealed, monkeypatch):
    def leave():
        monkeypatch.setattr(keyring, "roll_group", lambda group, at: None)
        end_member(sealed.member("psych2"), actor=world.actor("psych"))

    with pytest.raises(BaseException) as error:
        check_leaving(world, sealed, leave)
    assert "DID NOT RAISE" in str(error.value)


def test_the_master_key_takes_off_the_outer_seal_and_finds_nothing_to_read(world, sealed):
    """Every sealed column of the group's keys, opened as the server can: no private half is among them."""
    group = sealed.found()
    sealed.choose("head", "security")
    holders = (world.id_of("head"), world.id_of("security"))
    name_holders(group, actor=world.actor("psych"), private=sealed.private("psych"), staff_ids=holders)
    private = next(iter(opened_versions(own_key_of(world.id_of("psych")), sealed.private("psych"), group).values()))
    secrets = [private.private_bytes_raw(), *(sealed.private(each).private_bytes_raw() for each in ("psych", "head"))]
    rows = [(OwnKey, "guarded"), (Share, "parcel"), (Half, "parcel"), (GivenHalf, "parcel")]
    plain = []
    for model, name in rows:
        found = list(model.objects.for_system(reason="a thief with the master key looks"))
        plain += [opened[name] for opened in open_sealed(found, name)]
    assert len(plain) == 4 + 2 + 2
    check_none_in(secrets, plain)
    with pytest.raises(AssertionError):  # the control: a half that was stored as it is would be found
        check_none_in(secrets, [*plain, b"\0" + secrets[0]])


def check_none_in(secrets, plain) -> None:
    assert not any(secret in text for secret in secrets for text in plain)


def test_wrong_sentences_are_counted_slowed_and_recorded_and_another_opens_as_before(world, sealed, frozen):
    group = sealed.found()
    parcel, psych = written(group), world.actor("psych")
    for _try in range(5):
        with pytest.raises(WrongWords):
            unlock_own_key(psych, "银杏黄了，我不在")
    with pytest.raises(MustWait):
        sealed.private("psych")
    assert AuditEvent.objects.filter(event="counselling.sentence.wrong").count() == 5
    with clock.frozen(frozen + dt.timedelta(minutes=2)):
        change_sentence(world.school.path, actor=psych, words=sealed.words("psych"), new_words="换一句 psych 也打得开")
        private = unlock_own_key(psych, "换一句 psych 也打得开")[1]
        with pytest.raises(WrongWords):
            sealed.private("psych")
    opened = opened_versions(own_key_of(psych.staff_id), private, group)
    assert [out_of_parcel(each, parcel, b"note") for each in opened.values()] == [NOTE]


def test_who_forgot_is_admitted_again_and_reads_what_was_written_before(world, sealed):
    parcel = written(sealed.found())
    sealed.choose("psych2")  # another key in the place of the first
    assert read(sealed, "psych2", parcel) == b""
    assert sealed.member("psych2").state == "waiting"
    waiting = sealed.member("psych2")
    outsider = refused(lambda: admit_member(waiting, actor=world.actor("psych2"), private=sealed.private("psych2")))
    assert outsider == NOT_MEMBER
    admit_member(waiting, actor=world.actor("psych"), private=sealed.private("psych"))
    assert read(sealed, "psych2", parcel) == NOTE
    assert isinstance(join_group(world.school, actor=world.actor("psych2")), Unchanged)


@pytest.fixture
def alone(world, sealed):
    """psych alone in the group, both halves held, a note written; then the sentence is forgotten."""
    sealed.choose("psych", "psych2", "head", "security")
    join_group(world.school, actor=world.actor("psych"))
    group, holders = sealed.group(), (world.id_of("head"), world.id_of("security"))
    for wrong, code in (((holders[0], holders[0]), SAME_HOLDER), ((holders[0], world.id_of("psych")), HOLDER_IS_MEMBER),
                        ((holders[0], world.id_of("psych2")), NO_RIGHT)):  # fmt: skip
        name = lambda wrong=wrong: name_holders(  # noqa: E731
            group, actor=world.actor("psych"), private=sealed.private("psych"), staff_ids=wrong
        )
        assert refused(name) == code
    name_holders(group, actor=world.actor("psych"), private=sealed.private("psych"), staff_ids=holders)
    assert is_recoverable(group)
    parcel = written(group)
    sealed.choose("psych")
    assert read(sealed, "psych", parcel) == b""
    return group, parcel


def check_neither_alone(world, sealed, group) -> None:
    """What one holder gave leads the heir nowhere; and neither holder ever has a share."""
    heir = sealed.member("psych")
    recovery = begin_recovery(group, actor=world.actor("head"), private=sealed.private("head"), heir=heir)
    give_again = lambda: join_recovery(recovery, actor=world.actor("head"), private=sealed.private("head"))  # noqa: E731
    assert refused(give_again) == SAME_HOLDER
    took = take_over(recovery, actor=world.actor("psych"), private=sealed.private("psych"))
    assert isinstance(took, Unchanged)
    assert not Share.objects.for_system(reason="a test looks").filter(own_key__staff_id=world.id_of("head")).exists()


def test_two_holders_together_admit_a_named_heir_who_reads_everything(world, sealed, alone, frozen):
    group, parcel = alone
    assert refused(lambda: restart_group(group, actor=world.actor("psych"))) == GROUP_LIVES
    check_neither_alone(world, sealed, group)
    recovery = every_recovery().select_related("group", "heir_key").get()
    stranger = lambda: begin_recovery(  # noqa: E731
        group, actor=world.actor("security"), private=sealed.private("head"), heir=sealed.member("psych")
    )
    with clock.frozen(frozen + dt.timedelta(minutes=61)):
        late = lambda: join_recovery(recovery, actor=world.actor("security"), private=sealed.private("security"))  # noqa: E731
        assert refused(late) == TOO_LATE
    with pytest.raises(InvalidTag):
        stranger()
    join_recovery(recovery, actor=world.actor("security"), private=sealed.private("security"))
    recovery = every_recovery().select_related("group", "heir_key").get()
    other = lambda: take_over(recovery, actor=world.actor("psych2"), private=sealed.private("psych2"))  # noqa: E731
    assert refused(other) == NOT_HEIR
    take_over(recovery, actor=world.actor("psych"), private=sealed.private("psych"))
    assert read(sealed, "psych", parcel) == read(sealed, "psych", written(group)) == NOTE
    assert not every_given().exists(), "what was given is gone once it is taken"
    assert every_half().filter(version__group=group).count() == 4, "the new key has its halves, too"
    told = AuditEvent.objects.filter(event__startswith="counselling.recovery.").values_list("event", flat=True)
    assert set(told) == {f"counselling.recovery.{step}" for step in ("begun", "joined", "taken")}


def test_control_one_holder_would_do_where_nobody_asks_for_the_second(world, sealed, alone, monkeypatch):
    monkeypatch.setattr("xinqiao.care.counselling.rules.refusal_to_join_recovery", lambda *_args, **_more: "")
    with pytest.raises(BaseException) as error:
        check_neither_alone(world, sealed, alone[0])
    assert "recovery_two_people" in str(error.value)


def test_where_nothing_opens_any_more_the_group_begins_anew_and_says_so(world, sealed):
    sealed.choose("psych", "head")
    join_group(world.school, actor=world.actor("psych"))
    group = sealed.group()
    parcel = written(group)
    sealed.choose("psych")
    assert current_version(group) is None, "nobody could read what would be written now"
    begin = lambda: begin_recovery(  # noqa: E731
        group, actor=world.actor("head"), private=sealed.private("head"), heir=sealed.member("psych")
    )
    assert refused(begin) == NOT_HOLDER
    restart_group(group, actor=world.actor("psych"))
    assert not is_recoverable(group)
    sealed.choose("security")
    holders = (world.id_of("head"), world.id_of("security"))
    name_holders(group, actor=world.actor("psych"), private=sealed.private("psych"), staff_ids=holders)
    assert is_recoverable(group), "the version that stays shut needs no halves"
    assert read(sealed, "psych", parcel) == b""
    assert read(sealed, "psych", written(group)) == NOTE
