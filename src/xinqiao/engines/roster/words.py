"""Fixed words of a roster and the codes they stand for."""

from typing import Final

from xinqiao.engines.roster.codes import Refused
from xinqiao.engines.roster.text import is_nothing, squeezed

_SEX: Final = {
    "男": "male", "男性": "male", "男生": "male", "m": "male", "male": "male", "1": "male", "boy": "male",
    "女": "female", "女性": "female", "女生": "female", "f": "female", "female": "female", "2": "female",
    "girl": "female",
}  # fmt: skip
"""1 and 2 after GB/T 2261.1 (codes for the sexes of persons)."""

_BOARDS: Final = "是 住校 住宿 住宿生 住校生 寄宿 寄宿生 内宿 内宿生 全宿 √ ✓ ✔ y yes 1 true"
_LIVES_AT_HOME: Final = """
    否 不住校 非住校 走读 走读生 通校 通校生 非寄宿 非住宿 外宿 不住宿 借宿 × ✗ x n no 0 false
"""
_BOARDING: Final = dict.fromkeys(_BOARDS.split(), True) | dict.fromkeys(_LIVES_AT_HOME.split(), False)

_ETHNICITIES: Final = """
    汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡
    纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克
    德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺
""".split()  # noqa: SIM905 - 56 quoted names are harder to read
"""In the order of GB/T 3304 (codes of the 56 nationalities), so that 01 is 汉族."""
_ETHNICITY: Final = (
    {name: f"{name}族" for name in _ETHNICITIES}
    | {f"{name}族": f"{name}族" for name in _ETHNICITIES}
    | {f"{place:02d}": f"{name}族" for place, name in enumerate(_ETHNICITIES, start=1)}
    | {
        "其他": "其他",
        "其它": "其他",
        "97": "其他",
        "外国血统": "外国血统",
        "98": "外国血统",
        "穿青人": "穿青人",
        "未识别民族": "其他",
    }
)

_RELATION: Final = {
    **dict.fromkeys(["父亲", "父", "爸爸", "爸", "父子", "父女", "生父"], "father"),
    **dict.fromkeys(["母亲", "母", "妈妈", "妈", "母子", "母女", "生母"], "mother"),
    **dict.fromkeys(["父母", "家长"], "parent"),
    **dict.fromkeys(["继父", "养父"], "stepfather"),
    **dict.fromkeys(["继母", "养母"], "stepmother"),
    **dict.fromkeys(["爷爷", "祖父", "阿公"], "paternal_grandfather"),
    **dict.fromkeys(["奶奶", "祖母", "阿嬷"], "paternal_grandmother"),
    **dict.fromkeys(["外公", "外祖父", "姥爷"], "maternal_grandfather"),
    **dict.fromkeys(["外婆", "外祖母", "姥姥"], "maternal_grandmother"),
    **dict.fromkeys(["祖父母", "爷爷奶奶", "外祖父母"], "grandparent"),
    **dict.fromkeys(["哥哥", "姐姐", "兄", "姐", "兄弟", "姐妹", "兄姐", "弟弟", "妹妹"], "sibling"),
    **dict.fromkeys(["伯父", "伯母", "叔叔", "叔父", "婶婶", "姑姑", "姑父", "舅舅", "舅妈"], "relative"),
    **dict.fromkeys(["姨妈", "姨父", "阿姨", "亲戚", "亲属", "其他亲属"], "relative"),
    **dict.fromkeys(["监护人", "法定监护人"], "guardian"),
    **dict.fromkeys(["其他", "其它", "非亲属", "福利院", "社工"], "other"),
}  # fmt: skip

_ID_TYPE: Final = {
    **dict.fromkeys(["居民身份证", "身份证", "二代身份证", "户口簿", "户口本", "1", "01"], "resident_id"),
    **dict.fromkeys(["护照", "外国护照", "中国护照", "普通护照"], "passport"),
    **dict.fromkeys(
        ["港澳居民来往内地通行证", "港澳通行证", "回乡证", "港澳居民通行证", "港澳来往内地通行证"], "hk_macao_permit"
    ),
    **dict.fromkeys(["台湾居民来往大陆通行证", "台胞证", "台湾通行证", "台湾居民通行证"], "taiwan_permit"),
    **dict.fromkeys(["港澳台居民居住证", "港澳居民居住证", "台湾居民居住证"], "residence_permit"),
    **dict.fromkeys(["外国人永久居留身份证", "外国人永久居留证", "永居证", "境外永久居住证"], "foreign_permanent"),
    **dict.fromkeys(["其他", "其它", "其他证件", "出生医学证明", "出生证"], "other"),
    **dict.fromkeys(["香港特区护照/身份证明", "澳门特区护照/身份证明"], "other"),
}
ID_TYPES: Final = frozenset(_ID_TYPE.values())
RELATIONS: Final = frozenset(_RELATION.values())


def read_sex(text: str) -> str | None:
    """`male`, `female`, or None if empty; raises `Refused("sex_unknown")`."""
    return _look_up(_SEX, text, "sex_unknown")


def read_boarding(text: str) -> bool | None:
    """Whether the pupil boards, None if empty; raises `Refused("boarding_unknown")`."""
    word = squeezed(text).lower()
    if word in _BOARDING:
        return _BOARDING[word]
    if is_nothing(word) or word == "其他":  # the national register's own word beside 走读, 住校 and 借宿
        return None
    raise Refused("boarding_unknown", value=word[:20])


def read_ethnicity(text: str) -> str | None:
    """The nationality's name ending in 族, None if empty; raises `Refused("ethnicity_unknown")`."""
    word = squeezed(text)
    return _look_up(_ETHNICITY, word.zfill(2) if word.isdecimal() else word, "ethnicity_unknown")


def read_relation(text: str) -> str | None:
    """A code of `RELATIONS`, None if empty; raises `Refused("relation_unknown")`."""
    return _look_up(_RELATION, text, "relation_unknown")


def read_id_type(text: str) -> str | None:
    """A code of `ID_TYPES`, None if empty; raises `Refused("id_type_unknown")`."""
    return _look_up(_ID_TYPE, text, "id_type_unknown")


def _look_up(table: dict[str, str], text: str, refusal: str) -> str | None:
    word = squeezed(text).lower()
    if word in table:
        return table[word]
    if is_nothing(word):
        return None
    raise Refused(refusal, value=word[:20])
