"""Bad files: each is refused in a sentence, or its bad rows are named; never a traceback."""

import csv
import io
import re
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest

from accounts.import_report import PRINTED, Fault, Report, shown
from accounts.importing import Column, Refused, Table, inspect

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = [
    Column("place", ("place", r"pl\d\dcd")),
    Column("count", ("count",), required=False),
]


@pytest.fixture
def report(settings, tmp_path):
    settings.VAR = tmp_path / "var"
    with Report("import_tests", dry_run=False, out=io.StringIO(), err=io.StringIO()) as report:
        yield report


@pytest.fixture
def file(tmp_path):
    def write(content: bytes, name: str = "list.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def rows(path: Path, report: Report) -> list[tuple[int, dict[str, str]]]:
    return list(Table(inspect(path), COLUMNS).rows(report))


def rejected(report: Report) -> list[list[str]]:
    report.__exit__(None, None, None)
    assert report.file
    with report.file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))[1:]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty: download"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is not text: bring a CSV"),
        (b"PK\x03\x04\x14\0\x06\0", "is a spreadsheet or a zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "is an old Excel file"),
        (b"\x1f\x8b\x08\0\0", "is compressed"),
        (b"%PDF-1.7\nno zero byte here", "is a PDF"),
        ("place\nNottingham".encode("utf-16"), "is UTF-16"),
        (b"place\nNot\0tingham", "is not text"),
        (b"\x01\x02\x03\x04" * 100, "is not text"),
        (b"a" * 3_000_000, "a line of over a million characters"),
    ],
)
def test_file_that_is_no_table_is_refused_in_a_sentence(file, content, says):
    with pytest.raises(Refused, match=re.escape(says)):
        inspect(file(content))


def test_missing_file_and_folder_are_refused_in_a_sentence(tmp_path):
    with pytest.raises(Refused, match="is not a file that is there"):
        inspect(tmp_path / "nothing.csv")
    with pytest.raises(Refused, match="is a folder"):
        inspect(tmp_path)


def test_200_mb_are_refused_within_a_second_and_64_mb(tmp_path):
    big = tmp_path / "big.csv"
    with big.open("wb") as stream:
        stream.write(b"place\n")
        stream.truncate(200_000_000)  # sparse: no disk is used
    program = (
        "import re, sys, time; from pathlib import Path\n"
        "from accounts import importing\n"
        "start = time.perf_counter()\n"
        "try: importing.inspect(Path(sys.argv[1]))\n"
        "except importing.Refused as refusal: print(refusal)\n"
        "seconds = time.perf_counter() - start\n"
        # getrusage would count the forked test run; this starts anew with the program
        "peak = re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]\n"
        "print(seconds, int(peak) / 1024)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, str(big)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip

    refusal, figures = done.stdout.splitlines()
    seconds, megabytes = map(float, figures.split())
    assert "has 200 MB and the limit is 100 MB" in refusal
    assert seconds < 1
    assert megabytes < 64


def test_long_text_is_looked_through_in_pieces(file):
    path = file(b"place\n" + b"Nottingham\n" * 1_000_000)
    tracemalloc.start()
    start = time.perf_counter()
    inspect(path)
    seconds, peak = time.perf_counter() - start, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 8_000_000
    assert seconds < 2


@pytest.mark.parametrize(
    ("encoding", "note"),
    [("utf-8", ""), ("utf-8-sig", ""), ("cp1252", "was read as cp1252")],
)
def test_text_of_each_encoding_is_read(file, report, encoding, note):
    path = file("place,count\nCafé Ål,1\n".encode(encoding))

    assert rows(path, report) == [(2, {"place": "Café Ål", "count": "1"})]
    assert note in inspect(path).note


def test_latin_1_is_read_where_windows_has_no_letter(file, report):
    path = file(b"place\nCaf\xe9 \x81\n")

    assert inspect(path).encoding == "latin-1"
    assert rows(path, report)[0][1]["place"] == "Café \x81"


def test_utf_8_that_breaks_off_in_the_last_letter_is_read_as_windows(file):
    assert inspect(file(b"place\nCaf\xc3")).encoding == "cp1252"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_of_every_program_are_read(file, report, mark, end):
    text = mark.join(["Place", "Count"]) + end + mark.join(['"A, B; C"', "2"]) + end + end

    assert rows(file(text.encode()), report) == [(2, {"place": "A, B; C", "count": "2"})]


def test_wrong_header_names_what_is_missing_and_what_is_there(file):
    path = file(b"town;people\nNottingham;1\n")

    with pytest.raises(Refused) as refusal:
        Table(inspect(path), COLUMNS)

    assert "has no column place (or pl24cd)" in str(refusal.value)
    assert "Its first line has: “town”, “people”" in str(refusal.value)


def test_header_of_strange_letters_is_shown_without_control_characters(file):
    path = file(b"\x1b[31mtown,people and more\n" + b"a,b\n" * 100)

    with pytest.raises(Refused) as refusal:
        Table(inspect(path), COLUMNS)

    assert "\x1b" not in str(refusal.value)


def test_column_that_is_there_twice_is_refused(file):
    with pytest.raises(Refused, match="“place” twice"):
        Table(inspect(file(b"place,place\na,b\n")), COLUMNS)


def test_rows_of_a_wrong_length_are_named_and_the_rest_is_read(file, report):
    path = file(b"place,count\nA,1\nB\nC,3,4\nD,4,,\n")

    taken = rows(path, report)

    assert [cells["place"] for _, cells in taken] == ["A", "D"]
    assert [row[:3] for row in rejected(report)] == [
        ["3", "", "The row has 1 cells and the header 2."],
        ["4", "", "The row has 3 cells and the header 2."],
    ]


def test_quotation_mark_that_is_never_closed_is_named_with_its_line(file, report):
    path = file(b'place,count\nA,1\n"B,2\nC,3\n')

    assert [cells["place"] for _, cells in rows(path, report)] == ["A"]
    assert [row[0] for row in rejected(report)] == ["3"]


def test_cell_of_a_huge_length_is_named_with_its_line(file, report):
    path = file(b"place,count\n" + b"x" * 200_000 + b",1\nB,2\n")

    assert [cells["place"] for _, cells in rows(path, report)] == ["B"]
    assert "field larger" in rejected(report)[0][2]


def test_line_number_is_where_a_row_of_several_lines_begins(file, report):
    path = file(b'place,count\n"A\nB",1\nC,2\n')

    assert [line for line, _ in rows(path, report)] == [2, 4]


def test_every_rejected_row_is_in_the_file_and_the_first_at_the_terminal(report):
    for line in range(2, 60):
        report.reject(line, [Fault("place", f"{shown('=2+2')} is no place.", "Mend it.")])

    printed = report._err.getvalue()
    assert printed.count("is no place") == PRINTED
    assert "further faults are only in" in printed
    assert len(rejected(report)) == 58
    assert report.rejected == 58
    assert not any(
        cell.startswith(("=", "+", "-", "@")) for row in rejected(report) for cell in row
    )


def test_long_and_hidden_letters_of_a_value_are_not_printed():
    assert shown("\x1b[2J" + "x" * 100) == "“·[2J" + "x" * 36 + "…”"


def test_progress_is_told_every_second(report):
    for row in range(1, 64):
        report.tick(row / 128)
    assert report._err.getvalue() == ""

    report._told -= 1  # as if a second had passed
    report.tick(0.5)

    assert report._err.getvalue() == "64 rows read, 50% of the file"
