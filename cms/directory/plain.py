"""Text without mark-up: for search, for the feed and for what imports bring."""

import html
import re
import unicodedata

import nh3

_BLOCKS = {"p", "div", "br", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr"}
_MARKUP = re.compile(r"<[a-zA-Z!/?]|&[#\w]+;")
# Letters that Unicode does not take apart into a plain one and an accent.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})


def to_text(markup: str) -> str:
    """Paragraphs and list points of HTML (Word's too) as lines; other text stays as it is."""
    if _MARKUP.search(markup):
        safe = nh3.clean(markup, tags=_BLOCKS, attributes={})
        safe = re.sub(r"\s+", " ", safe)
        safe = re.sub(r"<li> ?", "\n• ", safe.replace("</li>", ""))
        safe = re.sub(r"</(?:p|div|h\d|ul|ol)> ?", "\n\n", safe)
        markup = html.unescape(re.sub(r"<[^>]+> ?", "\n", safe))
    return tidy(markup)


def tidy(text: str) -> str:
    """NFC, no control or invisible characters, no blank lines in a row."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(
        letter for letter in text if letter == "\n" or unicodedata.category(letter)[0] != "C"
    ).replace("\xa0", " ")
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(text: str) -> str:
    return " ".join(to_text(text).split())


def fold(text: str) -> str:
    """Lower case without accents, for searching and sorting: "Café Łódź" is "cafe lodz"."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).replace(
        "\0", ""
    )


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words with an ellipsis."""
    if len(text) <= limit:
        return text
    head, gap, _ = text[: limit - 1].rpartition(" ")
    return f"{head if gap else text[: limit - 1]}…"


def opening(text: str, limit: int = 250) -> str:
    """The first paragraph if it is short, else its first sentence: a summary for who gave none."""
    line = " ".join(text.strip().partition("\n")[0].split())
    if len(line) <= limit:
        return line
    found = re.match(r".+?[.!?](?=\s+[A-Z“\"(]|$)", line)
    return cut(found[0] if found else line, limit)


def paragraphs(plain: str) -> str:
    """Plain text as the mark-up that our rich text holds."""
    blocks = [" ".join(block.split()) for block in re.split(r"\n\s*\n|\n", plain)]
    return "".join(f"<p>{html.escape(block, quote=False)}</p>" for block in blocks if block)
