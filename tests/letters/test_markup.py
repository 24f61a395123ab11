"""HTML of a body: nothing in it runs, nothing in it is fetched, and it looks like nothing of ours."""

from __future__ import annotations

import pytest

from saraban.letters.fields import paragraphs
from saraban.letters.markup import clean

DOT = "data:image/png;base64,iVBORw0KGgo="


@pytest.mark.parametrize(
    "source",
    ["http://tracker.example/x.png", "https://tracker.example/x", "//tracker.example/x", "/saraban/logout", "x.png", "cid:1",
     "data:image/svg+xml;base64,PHN2Zy8+", "data:text/html;base64,PGI+", "data:image/png,x", "blob:x", " http://tracker.example/x",
     "data:image/png;base64,AA==' onerror='x"],
)  # fmt: skip
def test_a_picture_from_elsewhere_is_left_out_and_its_words_stay(source: str) -> None:
    html = clean(f'<p>ตาม<img src="{source}" alt="แผนที่" width="1">นี้</p>')
    assert html == "<p>ตามแผนที่นี้</p>"


def test_a_picture_that_lies_in_the_letter_stays() -> None:
    html = f'<p><img src="{DOT}" alt="แผนที่"></p>'
    assert clean(html) == html


@pytest.mark.parametrize(
    "html",
    ["<script>x</script>", "<style>x</style>", "<iframe src='x'></iframe>", "<object data='x'></object>", "<embed src='x'>",
     "<form action='x'><input name='x'></form>", "<video src='x' poster='x'></video>", "<audio src='x'></audio>",
     "<picture><source srcset='x'></picture>", "<svg><image href='x'/></svg>", "<math><mi href='x'></mi></math>",
     "<link rel='stylesheet' href='x'>", "<meta http-equiv='refresh' content='0;url=x'>", "<base href='x'>",
     "<img srcset='x 2x'>", "<img>"],
)  # fmt: skip
def test_what_runs_or_is_fetched_goes(html: str) -> None:
    cleaned = clean(f"<p>ก</p>{html}<p>ข</p>")
    assert "x" not in cleaned
    assert "<img" not in cleaned
    assert "ก" in cleaned
    assert "ข" in cleaned


@pytest.mark.parametrize(
    "attribute", ["style", "class", "id", "name", "role", "onclick", "background", "srcset", "usemap", "accesskey", "target"]
)
def test_a_letter_does_not_dress_as_the_page_around_it(attribute: str) -> None:
    assert clean(f'<p {attribute}="message error">ก</p>') == "<p>ก</p>"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_a_link_runs_nothing(address: str) -> None:
    assert address not in clean(f'<a href="{address}">ก</a>')


def test_words_lists_and_tables_stay() -> None:
    html = '<ol start="3"><li>ก <b>ข</b></li></ol><table border="1"><tr><td colspan="2">1</td></tr></table>'
    assert clean(html) == html


def test_a_body_is_cleaned_as_it_is_read() -> None:
    assert paragraphs('<img src="http://tracker.example/x" alt="ภาพ"> ก') == "ภาพ ก"
    assert paragraphs("ก < ข และ ค > ง") == "ก < ข และ ค > ง"
