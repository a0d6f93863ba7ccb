"""PDF documents: nothing given is lost, read as markup, or drawn as a block."""

import io
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.colors import HexColor

from casework.fonts import legible, runs, typeface
from casework.pdf import WIDTH, Document
from casework.typeset import Style, Typesetter

ROOT = Path(__file__).resolve().parents[2]
BODY = Style(10, 14, HexColor("#000000"))


def document(**fields) -> Document:
    fields = {"title": "Referral", "reference": "K7M-2QF", "readers": "The referrer."} | fields
    return Document(**fields)


def read(made: Document) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made.render()))


def text_of(made: Document) -> str:
    pages = "\n".join(page.extract_text() for page in read(made).pages)
    return re.sub(r"\n?Referral K7M-2QF\s+Page \d+ of \d+", "", pages)


def round_trip(text: str) -> str:
    made = document()
    made.paragraph("(start)")
    made.paragraph(text)
    made.paragraph("(end)")
    return text_of(made).split("(start)\n")[1].split("\n(end)")[0]


@pytest.mark.parametrize(
    "text",
    [
        "O'Brien <x>",
        "<dad lives there>",
        "<b>hello",
        '<img src="/etc/passwd"/> &amp; &lt;',
        '<a href="javascript:alert(1)">click</a>',
        r"back\slash (brackets) [square] {curly} %percent",
        "Zażółć gęślą jaźń",
        "Łukasz Źdźbło, Șerban Țîrlea, Žydrūnė Šimkutė",
        "Đặng Thị Hồng",
        "Ελένη Παπαδοπούλου",
        "Олександр Шевченко, Ђорђе, Ґалаґан",
        "محمد",
        "محمد عبد الله الحسيني",
        "عَلِيّ إلا",
        "پڑھنا ہے، ٹھیک ہے",
        "ڕێبوار ئێستا لە نۆتینگهام",
        "می‌خواهم",
        "Mohammed (محمد) lives in Sneinton, with مريم too.",
        "والد الفتى يعمل (في نوتنغهام) منذ 2015 ورقمه 07700 900123.",
        "½ of £20 – “quoted” … €5 • 10 % °",
    ],
)
def test_text_comes_back_as_it_was_given(text):
    assert round_trip(text) == unicodedata.normalize("NFC", text)


ATKINSON = sorted(
    letter
    for letter in map(chr, range(0x21, 0x2000))
    if typeface(0, False).draws(letter)
    and unicodedata.category(letter)[0] in "LNPS"
    and unicodedata.normalize("NFC", letter) == letter
)
ARABIC = [
    letter
    for letter in map(chr, range(0x600, 0x700))
    if typeface(2, False).draws(letter) and unicodedata.category(letter) == "Lo"
]


def sentences(letters: list[str]) -> st.SearchStrategy[str]:
    words = st.lists(st.text(letters, min_size=1, max_size=8), min_size=1, max_size=6)
    return words.map(" ".join)


@pytest.mark.slow  # makes and reads back a document for each example
@given(text=sentences(ATKINSON) | sentences(ARABIC))
@settings(max_examples=60, deadline=None)
def test_any_words_come_back_as_they_were_given(text):
    assert round_trip(text).split() == unicodedata.normalize("NFC", text).split()


@pytest.mark.thorough
@pytest.mark.slow  # makes a document for each example
@given(text=st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_text_at_all_makes_a_document(text):
    made = document()
    made.paragraph(text)
    made.rows([(text[:20], text)])
    made.table(["One", "Two"], [[text, text]])

    assert made.render().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("😀", "[grinning face]"),
        ("👍🏽", "[thumbs up sign][skin tone 3]"),
        ("👨‍👩‍👧", "[man][woman][girl]"),
        ("🇵🇱", "[flag PL]"),
        ("中文 ok", "[U+4E2D U+6587] ok"),
        ("ਗੁਰ", "[U+0A17 U+0A41 U+0A30]"),
        ("\ud800", "[U+D800]"),
        ("\U000f0000", "[U+F0000]"),
        ("e\u0301", "é"),
        ("a\tb\u00a0c", "a b c"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\u202egnihton\u202c", "gnihton"),
        ("a\x00\x1b[2Jb\u200b\ufeff", "a[2Jb"),
        ("x\u200dy", "xy"),
        ("می\u200cخ", "می\u200cخ"),
    ],
)
def test_what_cannot_be_drawn_is_named_and_hidden_marks_go(text, drawn):
    assert legible(text) == drawn


def test_named_letters_are_explained_at_the_end():
    made = document()
    made.paragraph("I am fine 😀")

    assert "[grinning face]" in text_of(made)
    assert "stand for pictures and letters" in text_of(made)
    plain = document()
    plain.paragraph("I am fine [really]")
    assert "stand for pictures and letters" not in text_of(plain)


def test_private_codes_of_glyphs_never_let_private_letters_of_a_text_through():
    round_trip("محمد")  # gives codes in plane 15 to joined letters

    assert typeface(2, False)._codes
    assert not typeface(2, False).draws("\U000f0000")
    assert round_trip("\U000f0000 here") == "[U+F0000] here"


def test_every_letter_is_drawn_by_a_typeface_that_has_it():
    text = "Zażółć Ελένη Шевченко Đặng محمد پڑھنا ڕێبوار"

    for start, end, font in runs(text, bold=True):
        assert font.draws(text[start:end])
        assert 0 not in [
            font.face.charToGlyph[ord(code)] for code in font.shape(text[start:end]).glyphs
        ]


def test_arabic_letters_are_joined():
    font = typeface(2, False)
    alone = [font.face.charToGlyph[ord(letter)] for letter in reversed("محمد")]
    joined = [font.face.charToGlyph[ord(code)] for code in font.shape("محمد", rtl=True).glyphs]

    assert len(joined) == 4
    assert joined[1:] != alone[1:]


def test_file_has_title_language_and_outline_and_asks_for_nothing():
    made = document(title="Referral")
    made.section("Why now")
    made.paragraph('<a href="https://example.org">x</a> https://example.org')
    made.section("Risk")
    reader = read(made)

    assert reader.metadata is not None
    assert reader.metadata.title == "Referral K7M-2QF"
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"] in (True, "/true")
    assert [entry.title for entry in reader.outline] == ["Why now", "Risk"]
    assert all("/Annots" not in page for page in reader.pages)
    assert not any(page.images for page in reader.pages)
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    drawn = [font for font in fonts if font["/Subtype"] == "/TrueType"]
    assert drawn
    assert all("/FontFile2" in font["/FontDescriptor"] for font in drawn)


def test_document_says_who_may_read_it_and_when_it_was_made():
    made = document(
        readers="Only the safeguarding lead.", made_at=datetime(2025, 6, 3, 13, 30, tzinfo=UTC)
    )

    text = text_of(made)
    assert "Only the safeguarding lead." in text
    assert "Made on Tuesday 3 June 2025 at 2:30pm." in text


def test_each_page_has_the_reference_and_its_number():
    made = document()
    for number in range(120):
        made.paragraph(f"Line {number}")
    pages = [page.extract_text() for page in read(made).pages]

    assert len(pages) > 2
    for number, text in enumerate(pages, 1):
        assert text.endswith(f"Referral K7M-2QF Page {number} of {len(pages)}")


def test_table_repeats_its_heads_on_each_page_and_loses_no_row():
    made = document()
    made.table(["When", "Who"], [[f"Day {number}", "Max"] for number in range(120)])
    pages = [page.extract_text() for page in read(made).pages]

    assert len(pages) > 2
    assert all(text.count("When") == 1 for text in pages)
    found = re.findall(r"Day (\d+)", "\n".join(pages))
    assert [int(number) for number in found] == list(range(120))


def test_long_answer_runs_over_pages_and_loses_no_word():
    words = [f"word{number}" for number in range(2_500)]
    made = document()
    made.rows([("Why now", " ".join(words))])
    made.table(["Note"], [[" ".join(words)]])

    assert len(read(made).pages) > 4
    assert re.findall(r"word\d+", text_of(made)) == words + words


def test_ten_thousand_letters_without_a_space_are_cut_and_none_is_lost():
    made = document()
    made.paragraph("x" * 10_000)

    assert text_of(made).count("x") == 10_000


def test_no_line_is_wider_than_its_place():
    text = "A word, anotherquitelongone, محمد عبد الله and Ελένη " * 5 + "y" * 300

    for width in (40.0, 133.7, WIDTH):
        assert all(line.width <= width for line in Typesetter().lines(text, BODY, width))


def test_heading_never_stands_at_the_foot_of_a_page():
    for lines in range(34, 50):
        made = document()
        made.paragraph("\n".join(["x"] * lines))
        made.section("Heading here")
        made.paragraph("First words\nof it")
        page = next(t for p in read(made).pages if "Heading here" in (t := p.extract_text()))
        assert "First words" in page


def test_long_answer_says_on_the_next_page_what_it_answers():
    made = document()
    made.rows([("Why now", "word " * 2_000), ("Risk", "word " * 50)])
    pages = [page.extract_text() for page in read(made).pages]

    assert len(pages) > 2
    assert "continued" not in pages[0]
    assert all(text.startswith("Why now (continued)\n") for text in pages[1:])
    assert "Risk (continued)" not in "".join(pages)


def test_address_is_cut_after_a_mark():
    lines = Typesetter().lines("a.person@a-school.nottinghamshire.sch.uk", BODY, 120)

    assert len(lines) > 1
    assert round_trip("x" * 70 + "@school.sch.uk" + "/y" * 40).split("\n")[0].endswith("/")


def test_empty_answer_is_said_to_be_not_given():
    made = document()
    made.rows([("Phone", "  "), ("Email", "")])

    assert text_of(made).count("Not given") == 2


def test_empty_document_is_one_page():
    assert "Page 1 of 1" in read(document()).pages[0].extract_text()


def test_fixed_document_is_the_same_file_each_time_and_in_any_thread():
    def make(_number: int) -> bytes:
        made = document(is_fixed=True)
        made.section("Names")
        made.rows([("Name", "محمد Ελένη Zażółć"), ("Note", "word " * 300)])
        return made.render()

    with ThreadPoolExecutor(8) as pool:
        files_made = set(pool.map(make, range(24)))

    assert len(files_made) == 1


def test_no_module_reads_text_as_markup():
    """reportlab's paragraphs delete what looks like a tag: nothing of ours may use them."""
    ours = [
        "accounts",
        "casework",
        "cms",
        "insight",
        "mentoring",
        "pathways",
        "referrals",
        "waymark",
    ]
    for package in ours:
        for module in (ROOT / package).rglob("*.py"):
            if "node_modules" not in module.parts:
                assert "reportlab.platypus" not in module.read_text(encoding="utf-8"), module
