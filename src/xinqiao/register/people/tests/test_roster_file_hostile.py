"""Files that want to hurt: each is refused with its own word, and with the guard off the test would see the harm."""

import io
import os
import resource
import struct
import zipfile
from dataclasses import replace

import msgspec
import pytest

from xinqiao.engines.roster import UnreadableRoster
from xinqiao.register.people.roster_file import Limits, child, markup, messages, package, read_sheets, reading, xls
from xinqiao.register.people.roster_file.meter import Meter
from xinqiao.register.people.roster_file.wire import Writer, to_cell
from xinqiao.register.people.tests import awkward_rosters as made

ONE = made.inline(["张三"])
WIDE = Limits(inflate_ratio=10**9)


def refusal(path, limits=None) -> UnreadableRoster:
    with pytest.raises(UnreadableRoster) as caught:
        read_sheets(path, limits=limits)
    return caught.value


def read_here(path, limits=None):
    """The last word of the reader, run in this process so that its guards can be taken away."""
    out = io.BytesIO()
    with path.open("rb") as source:
        child.read_file(source, Writer(out, Meter(limits or Limits())))
    return msgspec.json.decode(out.getvalue().splitlines()[-1])


def bomb(path, mebibytes=8):
    sheet = "<sheetData/>" + " " * (mebibytes << 20)
    return made.raw_xlsx(path, sheet)


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path):
    assert refusal(bomb(tmp_path / "a.xlsx")).code == "package_ratio"
    assert refusal(bomb(tmp_path / "a.xlsx"), replace(WIDE, inflated_bytes=1 << 20)).code == "package_too_big"


def test_without_the_guard_the_bomb_is_inflated(tmp_path, monkeypatch):
    monkeypatch.setattr(package, "check_directory", lambda package, limits: None)
    assert read_here(bomb(tmp_path / "a.xlsx"))[0] == "done"


def test_a_directory_that_lies_about_sizes(tmp_path):
    path = bomb(tmp_path / "a.xlsx")
    data = bytearray(path.read_bytes())
    place = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/sheet1.xml"))
    struct.pack_into("<I", data, place + 24, 1000)
    path.write_bytes(data)
    assert refusal(path).code == "file_damaged"


def test_a_broken_stream_inside_the_package(tmp_path):
    path = made.raw_xlsx(tmp_path / "a.xlsx", made.inline(*[[f"{n * 7919 % 1009}"] for n in range(500)]))
    data = bytearray(path.read_bytes())
    place = data.index(b"xl/sheet1.xml") + len(b"xl/sheet1.xml")
    for offset in range(place + 40, place + 240):
        data[offset] ^= 0x5A
    path.write_bytes(data)
    assert refusal(path).code in {"file_damaged", "xml_damaged"}


def test_too_many_parts(tmp_path):
    path = made.raw_xlsx(tmp_path / "a.xlsx", ONE, more={f"x{n}": b"" for n in range(2100)})
    assert refusal(path).code == "package_too_many_parts"
    assert read_sheets(path, limits=Limits(part_count=10_000)).kind == "xlsx"


def overlapping(path):
    made.raw_xlsx(path, ONE, more={"a.bin": b"x" * 3000, "b.bin": b"y" * 3000})
    with zipfile.ZipFile(path) as opened:
        first = opened.getinfo("a.bin").header_offset
    data = bytearray(path.read_bytes())
    place = data.rindex(b"PK\x01\x02", 0, data.rindex(b"b.bin"))
    struct.pack_into("<I", data, place + 42, first)
    path.write_bytes(data)
    return path


def test_overlapping_parts(tmp_path, monkeypatch):
    path = overlapping(tmp_path / "a.xlsx")
    assert refusal(path).code == "package_overlap"
    monkeypatch.setattr(package, "_require_apart", lambda parts: None)
    assert read_here(path)[0] == "done"


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)
ENTITIES = {
    "laughs": (LAUGHS + "]>", made.inline(["&j;"])),
    "external": ('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>', made.inline(["&e;"])),
    "outer": ('<!DOCTYPE x SYSTEM "http://example.invalid/x.dtd">', ONE),
    "parameter": ("<!DOCTYPE x [<!ENTITY % p \"<!ENTITY q '1'>\"> %p;]>", ONE),
}


@pytest.mark.parametrize("kind", ENTITIES)
def test_entities_are_refused(tmp_path, kind):
    before, sheet = ENTITIES[kind]
    assert refusal(made.raw_xlsx(tmp_path / "a.xlsx", sheet, before=before)).code == "xml_dtd"


def test_entities_are_refused_in_utf_16_too(tmp_path):
    path = made.raw_xlsx(tmp_path / "a.xlsx", ONE)
    before, _ = ENTITIES["laughs"]
    body = f'<?xml version="1.0" encoding="utf-16"?>{before}<worksheet>{ONE}</worksheet>'.encode("utf-16")
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, data in (parts | {"xl/sheet1.xml": body}).items():
            new.writestr(name, data)
    assert refusal(path).code == "xml_dtd"


def test_without_the_guard_an_entity_would_be_expanded(tmp_path, monkeypatch):
    before = '<!DOCTYPE x [<!ENTITY a "ha">]>'
    path = made.raw_xlsx(tmp_path / "a.xlsx", made.inline(["&a;"]), before=before)
    assert read_here(path)[1] == "xml_dtd"
    monkeypatch.setattr(markup, "_refuse_doctype", lambda *_: None)
    assert read_here(path)[0] == "done"


def test_a_million_empty_rows(tmp_path):
    rows = "".join(f'<row r="{n}" s="1" customFormat="1"/>' for n in range(2, 1_048_577))
    path = made.raw_xlsx(tmp_path / "a.xlsx", f"<sheetData>{rows}</sheetData>")
    found = refusal(path)
    assert (found.code, found.params["sheet"]) == ("too_many_rows", "S")


def test_fewer_empty_rows_are_passed_over(tmp_path):
    rows = "".join(f'<row r="{n}" s="1"><c r="A{n}" s="1"/></row>' for n in range(2, 5000))
    first = '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>'
    (sheet,) = read_sheets(made.raw_xlsx(tmp_path / "a.xlsx", f"<sheetData>{first}{rows}</sheetData>")).sheets
    assert len(sheet.rows) == 1


def test_too_many_columns(tmp_path):
    path = made.raw_xlsx(tmp_path / "a.xlsx", made.inline(["x"] * 16384))
    found = refusal(path)
    assert (found.code, found.params["cell"]) == ("too_many_columns", "IW1")
    assert len(read_sheets(path, limits=Limits(column_count=16384)).sheets[0].rows[0].cells) == 16384
    path = made.text(tmp_path / "a.csv", "utf-8", rows=[["x"] * 300])
    assert refusal(path).code == "too_many_columns"


@pytest.mark.parametrize("where", ["strings", "inline", "csv", "html"])
def test_a_giant_text(tmp_path, where):
    giant = "x" * 50_000
    path = tmp_path / "a"
    if where == "strings":
        cell = "<sheetData><row><c t='s'><v>0</v></c></row></sheetData>"
        made.raw_xlsx(path, cell, strings=f"<si><t>{giant}</t></si>")
    elif where == "inline":
        made.raw_xlsx(path, made.inline([giant]))
    elif where == "csv":
        path.write_text(f"a,b\n{giant},c\n")
    else:
        path.write_text(f"<table><tr><td>{giant}</td></tr></table>")
    assert refusal(path).code in {"cell_too_long", "text_broken"}
    assert read_sheets(path, limits=Limits(cell_chars=100_000)).sheets[0].rows


@pytest.mark.parametrize("where", ["strings", "inline", "html"])
def test_a_giant_text_is_named_by_its_place(tmp_path, where):
    giant, path = "长" * 9000, tmp_path / "a"
    if where == "html":
        path.write_text("<table>" + "<tr><td>a</td></tr>" * 2 + f"<tr>{'<td>a</td>' * 3}<td>{giant}</td></tr></table>")
    elif where == "strings":
        row = '<row r="3"><c r="D3" t="s"><v>1</v></c></row>'
        made.raw_xlsx(path, f"<sheetData>{row}</sheetData>", strings=f"<si><t>短</t></si><si><t>{giant}</t></si>")
    else:
        cell = f'<c r="D3" t="inlineStr"><is><t>{giant}</t></is></c>'
        made.raw_xlsx(path, f'<sheetData><row r="3">{cell}</row></sheetData>')
    found = refusal(path)
    assert (found.code, found.params["row"], found.params["column"]) == ("cell_too_long", 3, "D")
    words = messages.message_of(found.code, found.params)
    assert all(part in words for part in (found.params["sheet"], "3", "D", "8000"))
    assert read_sheets(path, limits=Limits(cell_chars=9000)).sheets[0].rows, "control: it is the length alone"


def test_a_giant_text_that_no_cell_holds_keeps_nobody_out(tmp_path):
    path = made.raw_xlsx(tmp_path / "a.xlsx", made.inline(["姓名"]), strings=f"<si><t>{'x' * 50_000}</t></si>")
    assert read_sheets(path).sheets[0].rows


def test_one_long_string_named_by_many_cells(tmp_path):
    row = "<row>" + "<c t='s'><v>0</v></c>" * 100 + "</row>"
    path = made.raw_xlsx(
        tmp_path / "a.xlsx", f"<sheetData>{row * 500}</sheetData>", strings=f"<si><t>{'长' * 7000}</t></si>"
    )
    assert refusal(path).code == "too_much_text"


def test_counts_of_cells_sheets_and_merges(tmp_path):
    path = made.raw_xlsx(
        tmp_path / "a.xlsx", made.inline(*[["x"] * 10] * 10) + '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>'
    )
    assert refusal(path, Limits(cell_count=99)).code == "too_many_cells"
    assert refusal(path, Limits(element_count=99)).code == "too_many_cells"
    assert read_sheets(path, limits=Limits(cell_count=100, element_count=100)).kind == "xlsx"
    assert refusal(path, Limits(merge_count=0)).code == "too_many_merges"
    assert refusal(path, Limits(sheet_count=0)).code == "too_many_sheets"
    assert refusal(path, Limits(file_bytes=100)).code == "file_too_big"


def test_gaps_in_a_row_count_as_cells(tmp_path):
    rows = "".join(f'<row r="{n}"><c r="IV{n}"><v>1</v></c></row>' for n in range(1, 101))
    path = made.raw_xlsx(tmp_path / "a.xlsx", f"<sheetData>{rows}</sheetData>")
    assert refusal(path, Limits(cell_count=25_000)).code == "too_many_cells"
    assert read_sheets(path, limits=Limits(cell_count=25_600)).kind == "xlsx"


@pytest.mark.parametrize(
    "sheet",
    [
        "<sheetData><row r='5'/><row r='4'/></sheetData>",
        "<sheetData><row r='1048577'/></sheetData>",
        "<sheetData><row><c r='B1'/><c r='A1'/></row></sheetData>",
        "<sheetData><row><c r='1A'/></row></sheetData>",
        "<sheetData><row><c t='s'><v>7</v></c></row></sheetData>",
        "<sheetData><row><c t='s'><v>-1</v></c></row></sheetData>",
        "<sheetData><row><c><v>twelve</v></c></row></sheetData>",
        "<sheetData><row>",
    ],
)
def test_sheets_that_contradict_themselves(tmp_path, sheet):
    assert refusal(made.raw_xlsx(tmp_path / "a.xlsx", sheet)).code == "xml_damaged"


def test_an_external_relation_is_never_followed(tmp_path):
    path = made.raw_xlsx(tmp_path / "a.xlsx", ONE)
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    key = "xl/_rels/workbook.xml.rels"
    parts[key] = parts[key].replace(b'Target="sheet1.xml"', b'Target="/etc/hostname" TargetMode="External"')
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    assert refusal(path).code == "sheets_empty"


def test_a_password_on_xlsx_and_on_zip(tmp_path):
    name = "EncryptedPackage".encode("utf-16-le")
    assert refusal(ole_with(tmp_path / "a.xlsx", name)).code == "password_protected"
    assert refusal(ole_with(tmp_path / "b.xls", "WordDocument".encode("utf-16-le"))).code == "format_unsupported"
    path = made.raw_xlsx(tmp_path / "c.xlsx", ONE)
    data = bytearray(path.read_bytes())
    struct.pack_into("<H", data, data.rindex(b"PK\x01\x02") + 8, 1)
    path.write_bytes(data)
    assert refusal(path).code == "password_protected"


def ole_with(path, name):
    """A compound file of three sectors: allocation table, directory with one stream of that name, its bytes."""
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", header, 44, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    struct.pack_into("<I", header, 76, 0)
    for place in range(80, 512, 4):
        struct.pack_into("<I", header, place, 0xFFFFFFFF)
    table = struct.pack("<4I", 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFE, 0xFFFFFFFF) + b"\xff" * 496
    entry = bytearray(512)
    entry[: len(name)] = name
    struct.pack_into("<HB", entry, 64, len(name) + 2, 2)
    path.write_bytes(bytes(header) + table + bytes(entry) + bytes(512))
    return path


def test_chains_that_run_in_circles_end(tmp_path):
    path = made.xls(tmp_path / "a.xls", [made.HEADER, *made.PUPILS * 300])
    data = bytearray(path.read_bytes())
    (table,) = struct.unpack_from("<I", data, 76)
    for number in range(100):
        struct.pack_into("<I", data, (table + 1) * 512 + number * 4, number ^ 1)
    path.write_bytes(data)
    assert refusal(path).code in {"file_damaged", "reader_crashed"}


def test_two_far_corners_of_an_xls(tmp_path, monkeypatch):
    far = [["x"]] + [[]] * 65_000 + [[""] * 255 + ["y"]]
    assert refusal(made.xls(tmp_path / "a.xls", far)).code == "too_many_cells"
    near = made.xls(tmp_path / "b.xls", [["x"]] + [[]] * 400 + [[""] * 255 + ["y"]])
    monkeypatch.setattr(xls, "_MOST_DENSE_CELLS", 100_000)
    assert read_here(near)[1] == "too_many_cells"
    monkeypatch.setattr(xls, "_MOST_DENSE_CELLS", 10**9)
    assert read_here(near)[0] == "done"


def heavy(path):
    """Many strings in a small file: more than 60 MB of text in memory once read."""
    strings = "".join(f"<si><t>{n:06d}{'长' * 394}</t></si>" for n in range(70_000))
    return made.raw_xlsx(path, ONE, strings=strings)


def test_memory_is_limited(tmp_path):
    path = heavy(tmp_path / "a.xlsx")
    limits = replace(WIDE, memory_bytes=80 << 20)
    assert refusal(path, limits).code in {"too_much_memory", "reader_crashed"}
    assert read_sheets(path, limits=replace(limits, memory_bytes=1 << 30)).kind == "xlsx"


def test_time_is_limited(tmp_path):
    path = made.xlsx(tmp_path / "a.xlsx")
    assert refusal(path, Limits(wall_seconds=0.001)).code == "reading_timeout"
    assert read_sheets(path).kind == "xlsx"


def test_the_child_limits_itself():
    pid = os.fork()
    if pid == 0:
        child.limit_this_process(Limits(cpu_seconds=7))
        wanted = resource.getrlimit(resource.RLIMIT_CPU) == (7, 7) and resource.getrlimit(resource.RLIMIT_FSIZE) == (
            0,
            0,
        )
        os._exit(0 if wanted and resource.getrlimit(resource.RLIMIT_AS)[0] == Limits().memory_bytes else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_a_crash_of_the_child_is_a_refusal(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "_CHILD", "xinqiao.register.people.roster_file.absent")
    assert refusal(made.xlsx(tmp_path / "a.xlsx")).code == "reader_crashed"


def test_the_child_is_given_nothing_of_our_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("XINQIAO_PROBE", "seen")
    given = {}
    start = reading.subprocess.Popen

    def note_environment(*args, **kwargs):
        given.update(kwargs["env"])
        return start(*args, **kwargs)

    monkeypatch.setattr(reading.subprocess, "Popen", note_environment)
    read_sheets(made.xlsx(tmp_path / "a.xlsx"))
    assert set(given) == {"PYTHONPATH", "PATH", "PYTHONUTF8"}


def test_what_the_child_says_wrongly_is_a_refusal():
    collected = reading._Collected("x")
    with pytest.raises(UnreadableRoster, match="reader_crashed"):
        collected._take(["cut"])
    assert to_cell(["e", "#N/A"]).text == "#N/A"
