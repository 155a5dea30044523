"""Single values of a roster: names, identity numbers, student numbers, dates, telephones, words."""

from datetime import date

import pytest

from xinqiao.engines.roster import dates, names, numbers, words
from xinqiao.engines.roster.codes import Refused
from xinqiao.engines.roster.dates import PartialDate, read_birth
from xinqiao.engines.roster.names import has_private_use, read_name
from xinqiao.engines.roster.sheets import Cell, DateCell, ErrorCell, FormulaCell, NumberCell
from xinqiao.engines.roster.text import digits_text, whole_text

LONG_NAME = "阿卜杜拉·买买提江·吐尔逊尼亚孜·阿布都热西提"
TODAY = date(2024, 10, 1)


def code_of(function, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        function(*args, **kwargs)
    return caught.value.code


def resident_number(birth: str = "20120305", sequence: str = "003", place: str = "511025") -> str:
    body = f"{place}{birth}{sequence}"
    return body + numbers.check_character(body)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("张三", "张三"),
        (" 张 三 ", "张三"),
        ("张　三", "张三"),
        ("张\u200b三", "张三"),
        ("\ufeff欧阳娜娜", "欧阳娜娜"),
        ("Anna  Li", "Anna Li"),
        ("Ａｎｎａ　Ｌｉ", "Anna Li"),
        ("Jean-Luc O'Neil", "Jean-Luc O'Neil"),
        ("José Núñez", "José Núñez"),
        ("\U00020bb7野家", "\U00020bb7野家"),
        ("张\U00030edd", "张\U00030edd"),
        ("王㛃", "王㛃"),
        ("\uf9dd娜", "\uf9dd娜"),
        ("〇一", "〇一"),
        ("张\ue815", "张\ue815"),
        ("ᠪᠠᠶᠠᠷ", "ᠪᠠᠶᠠᠷ"),
        (LONG_NAME, LONG_NAME),
    ],
)
def test_a_name_is_kept_without_loss(typed, kept):
    assert read_name(typed) == kept


@pytest.mark.parametrize("dot", [*"·•・‧．∙⋅･ᐧ﹒.", " · ", "\u200b·"])
def test_every_middle_dot_becomes_one(dot):
    assert read_name(f"阿依古丽{dot}买买提") == "阿依古丽·买买提"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("张?", "damaged_character"),
        ("张？三", "damaged_character"),
        ("张\ufffd", "damaged_character"),
        ("张□", "damaged_character"),
        ("张\x07三", "damaged_character"),
        ("", "name_missing"),
        ("\u200b 　", "name_missing"),
        ("张3", "name_suspicious"),
        ("张三A", "name_suspicious"),
        ("张三(转)", "name_suspicious"),
        ("张*明", "name_suspicious"),
        ("12345", "name_suspicious"),
        ("张三·", "name_suspicious"),
        ("张", "name_too_short"),
        ("张" * 61, "name_too_long"),
    ],
)
def test_what_is_no_name_is_refused(typed, code):
    assert code_of(read_name, typed) == code


def test_private_use_is_kept_and_said():
    assert has_private_use("张\ue815")
    assert has_private_use("张\U000f0001")
    assert not has_private_use("张\U00020bb7")


def test_composing_would_have_changed_a_compatibility_character(monkeypatch):
    """Control: without the guard the character of the register becomes another one."""
    monkeypatch.setattr(names, "_COMPATIBILITY", names.re.compile("(?!)"))
    assert read_name("\uf9dd娜") != "\uf9dd娜"


def test_the_published_example_has_its_check_character():
    # The example number of GB 11643-1999 itself.
    assert numbers.check_character("11010519491231002") == "X"


def test_an_identity_number_says_birth_and_sex():
    number = resident_number()
    facts = numbers.resident_facts(number)
    assert (facts.birth, facts.sex) == (PartialDate(2012, 3, 5), "male")
    assert numbers.resident_facts(resident_number(sequence="004")).sex == "female"


def test_every_single_digit_mistake_is_found():
    number = resident_number()
    for place in range(17):
        for digit in "0123456789":
            if digit != number[place]:
                wrong = number[:place] + digit + number[place + 1 :]
                with pytest.raises(Refused):
                    numbers.resident_facts(wrong)


def test_without_the_checksum_a_mistake_passes(monkeypatch):
    """Control of the test above."""
    number = resident_number()
    wrong = number[:14] + "9" + number[15:]
    monkeypatch.setattr(numbers, "check_character", lambda text: wrong[17])
    assert numbers.resident_facts(wrong).number == wrong


@pytest.mark.parametrize("x", ["X", "x", "Ⅹ", "ｘ"])
def test_the_check_x_is_read_in_every_writing(x):
    body = next(
        f"51102520120305{n:03d}" for n in range(1, 99) if numbers.check_character(f"51102520120305{n:03d}") == "X"
    )
    found = numbers.read_id_number(f" {body[:6]} {body[6:]}{x}", id_type=None)
    assert found is not None
    assert found[0] == body + "X"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (resident_number(place="991025"), "id_region"),
        (resident_number(birth="20120230"), "id_birth"),
        ("511025981305003", "id_birth"),
        ("12345", "id_number_bad"),
        ("G" + resident_number(), "id_number_bad"),
        (resident_number()[:17] + ("0" if resident_number()[17] != "0" else "1"), "id_checksum"),
        ("511025200601011000", "digits_lost"),
    ],
)
def test_wrong_identity_numbers(number, code):
    assert code_of(numbers.read_id_number, number, id_type=None) == code


def test_old_numbers_and_other_documents():
    old = numbers.read_id_number("511025980305003", id_type=None)
    assert old is not None
    assert old[1] is not None
    assert old[1].birth == PartialDate(1998, 3, 5)
    assert numbers.read_id_number("E12345678", id_type="passport") == ("E12345678", None)
    assert numbers.read_id_number("H1234567(8)", id_type="hk_macao_permit") == ("H12345678", None)
    assert numbers.read_id_number("无", id_type=None) is None
    assert code_of(numbers.read_id_number, "护照", id_type="passport") == "document_number_bad"
    permit = numbers.read_id_number(resident_number(place="810000"), id_type="residence_permit")
    assert permit is not None
    assert permit[1] is not None


def test_student_numbers():
    read = numbers.read_student_number
    assert read("007", must_be_national=False) == "007"
    assert read("2024-A-01", must_be_national=False) == "2024-A-01"
    assert read("g" + resident_number(), must_be_national=True) == "G" + resident_number()
    assert read("L" + "5" * 18, must_be_national=True) == "L" + "5" * 18
    assert code_of(read, "G" + "5" * 18, must_be_national=False) == "national_number_bad"
    for damaged in (resident_number()[:14], resident_number()[:17], resident_number() + "1"):
        assert code_of(read, "G" + damaged, must_be_national=False) == "national_number_bad"
    assert read("G2024030101", must_be_national=False) == "G2024030101"
    assert code_of(read, "2024001", must_be_national=True) == "national_number_bad"
    assert code_of(read, "学号一", must_be_national=False) == "number_bad"
    assert code_of(read, "1" * 33, must_be_national=False) == "number_bad"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (NumberCell("5.11025200601011e+17", 511025200601011000.0), "digits_lost"),
        (NumberCell("1e+15", 1e15), "digits_lost"),
        ("5.11E+17", "scientific_notation"),
        ("5.11025E+17", "scientific_notation"),
        (FormulaCell(), "formula"),
        (ErrorCell("#REF!"), "cell_error"),
    ],
)
def test_damaged_numbers_are_refused_never_guessed(cell: Cell, code):
    assert code_of(digits_text, cell) == code


def test_short_numeric_cells_are_exact():
    assert digits_text(NumberCell("202400000000001", 202400000000001.0)) == "202400000000001"
    assert digits_text(NumberCell("0012", 12.0)) == "0012"


def test_a_rounded_column_is_recognised():
    fine = [resident_number(sequence=f"{n:03d}") for n in range(1, 40)]
    assert not numbers.is_rounded_column(fine)
    assert numbers.is_rounded_column([number[:15] + "000" for number in fine])
    assert not numbers.is_rounded_column([*fine, "511025200601011000"])


@pytest.mark.parametrize(
    ("cell", "born"),
    [
        ("2012.3.5", (2012, 3, 5)),
        ("2012/3/5", (2012, 3, 5)),
        ("20120305", (2012, 3, 5)),
        ("2012年3月5日", (2012, 3, 5)),
        ("2012-03-05 00:00:00", (2012, 3, 5)),
        ("２０１２－０３－０５", (2012, 3, 5)),
        ("2012-03", (2012, 3, None)),
        ("2012年3月", (2012, 3, None)),
        ("201203", (2012, 3, None)),
        ("2012.10", (2012, 10, None)),
        (NumberCell("40973", 40973.0), (2012, 3, 5)),
        ("40973", (2012, 3, 5)),
        (NumberCell("20120305", 20120305.0), (2012, 3, 5)),
        (NumberCell("2012.3", 2012.3), (2012, 3, None)),
        (DateCell(2012, 3, 5), (2012, 3, 5)),
    ],
)
def test_dates_in_every_writing(cell: Cell, born):
    assert read_birth(cell, today=TODAY) == PartialDate(*born)


def test_serials_of_both_epochs():
    # 2012-03-05 is 40973 days after the epoch of 1900 and 39511 after that of 1904 (the two differ by 1462).
    assert read_birth(NumberCell("39511", 39511.0), today=TODAY, date_1904=True) == PartialDate(2012, 3, 5)
    assert read_birth(NumberCell("39511", 39511.0), today=TODAY) == PartialDate(2008, 3, 4)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2012-02-30", "date_impossible"),
        ("20121301", "date_impossible"),
        ("2012年", "date_unreadable"),
        ("三月", "date_unreadable"),
        ("2012.1", "date_ambiguous"),
        (NumberCell("2012.1", 2012.1), "date_ambiguous"),
        ("1984-01-01", "age_implausible"),
        ("12345", "age_implausible"),
        ("4097", "date_unreadable"),
        ("2023-06-01", "age_implausible"),
        ("2042-03-05", "age_implausible"),
        (FormulaCell(), "formula"),
        (NumberCell("2012", 2012.0), "date_unreadable"),
    ],
)
def test_impossible_and_implausible_dates(cell: Cell, code):
    assert code_of(read_birth, cell, today=TODAY) == code


def test_the_bounds_of_age_are_inclusive(monkeypatch):
    assert read_birth("2022-10-01", today=TODAY) == PartialDate(2022, 10, 1)
    assert code_of(read_birth, "2022-10-02", today=TODAY) == "age_implausible"
    assert read_birth("1993-10-02", today=TODAY) == PartialDate(1993, 10, 2)
    assert code_of(read_birth, "1993-10-01", today=TODAY) == "age_implausible"
    monkeypatch.setattr(dates, "OLDEST_YEARS", 40)
    assert read_birth("1993-10-01", today=TODAY) == PartialDate(1993, 10, 1)


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("13800000000", ("13800000000",)),
        ("+86 138-0000-0000", ("13800000000",)),
        ("0086 138 0000 0000", ("13800000000",)),
        ("８６１３８００００００００", ("13800000000",)),
        ("0832-1234567", ("08321234567",)),
        ("(0832)2234567", ("08322234567",)),
        ("2234567", ("2234567",)),
        ("13800000000/13900000000", ("13800000000", "13900000000")),
        ("+852 1234 5678", ("+85212345678",)),
        ("13800000000\n13900000000", ("13800000000", "13900000000")),
        ("无", ()),
        ("", ()),
        ("13800000000、13800000000", ("13800000000",)),
    ],
)
def test_telephones(text, phones):
    assert numbers.read_phones(text) == phones


@pytest.mark.parametrize("text", ["1380000000", "138000000000", "12345", "爸爸", "13800000000/123", "12800000000"])
def test_what_is_no_telephone(text):
    assert code_of(numbers.read_phones, text) == "phone_bad"


def test_fixed_words():
    assert [words.read_sex(text) for text in ("男", "M", "1", "Female", "女 ", "")] == ["male"] * 3 + ["female"] * 2 + [
        None
    ]
    assert [words.read_boarding(text) for text in ("是", "住校", "√", "1", "Y")] == [True] * 5
    assert [words.read_boarding(text) for text in ("否", "走读", "0", "N", "×")] == [False] * 5
    assert [words.read_ethnicity(text) for text in ("汉", "汉族", "1", "01", "彝", "")] == ["汉族"] * 4 + ["彝族", None]
    assert [words.read_relation(text) for text in ("父亲", "奶奶", "监护人", "其他")] == [
        "father",
        "paternal_grandmother",
        "guardian",
        "other",
    ]
    assert words.read_id_type("台胞证") == "taiwan_permit"
    for reader, code in (
        (words.read_sex, "sex_unknown"),
        (words.read_boarding, "boarding_unknown"),
        (words.read_relation, "relation_unknown"),
        (words.read_ethnicity, "ethnicity_unknown"),
        (words.read_id_type, "id_type_unknown"),
    ):
        assert code_of(reader, "火星") == code


def test_the_56_nationalities_are_all_there():
    assert len({words.read_ethnicity(f"{code:02d}") for code in range(1, 57)}) == 56


def test_text_of_a_cell_refuses_formulas_and_errors():
    assert code_of(whole_text, FormulaCell()) == "formula"
    assert code_of(whole_text, ErrorCell("#N/A")) == "cell_error"
    assert whole_text(DateCell(2012, 3, 5)) == "2012-03-05"
