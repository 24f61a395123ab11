"""Small files of every kind whose text is searched, made with the standard library; and bombs."""

from __future__ import annotations

import io
import zipfile

_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_DRAW = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_URN = "urn:oasis:names:tc:opendocument:xmlns"
_ODF = f'xmlns:office="{_URN}:office:1.0" xmlns:text="{_URN}:text:1.0"'


def package(**parts: str) -> bytes:
    """A package; a part's name has `__` for each slash."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(f"{name.replace('__', '/')}.xml", text)
    return kept.getvalue()


def docx(text: str) -> bytes:
    half = len(text) // 2
    runs = f"<w:r><w:t>{text[:half]}</w:t></w:r><w:r><w:t>{text[half:]}</w:t></w:r>"
    return package(_rels="<x/>", word__document=f"<w:document {_WORD}><w:body><w:p>{runs}</w:p><w:p/></w:body></w:document>")


def xlsx(text: str) -> bytes:
    return package(
        xl__sharedStrings=f"<sst {_SHEET}><si><t>{text}</t></si></sst>", xl__worksheets__sheet1=f"<worksheet {_SHEET}/>"
    )


def pptx(text: str) -> bytes:
    return package(ppt__slides__slide1=f"<p {_DRAW}><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p>")


def odf(text: str) -> bytes:
    body = f"<office:body><office:text><text:p>{text}</text:p></office:text></office:body>"
    return package(content=f"<office:document-content {_ODF}>{body}</office:document-content>")


def rtf(text: str) -> bytes:
    signs = "".join(f"\\'{byte:02x}" for byte in text.encode("cp874"))
    return (r"{\rtf1\ansi\ansicpg874\deff0{\fonttbl{\f0\fnil\fcharset222 Sarabun;}}\f0 " + signs + r"\par}").encode()


def pdf(text: str) -> bytes:
    """One page; only letters of Helvetica."""
    stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode("latin-1")
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    kept, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(kept))
        kept += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(kept)
    kept += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return kept + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


def unpacking_bomb(megabytes: int = 128) -> bytes:
    """A document of some kilobytes that becomes hundreds of megabytes."""
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as part,
    ):
        part.write(f"<w:document {_WORD}>".encode())
        for _ in range(megabytes):
            part.write(b"<w:b>" + b" " * 1048565 + b"</w:b>")
    return kept.getvalue()


def entity_bomb() -> bytes:
    """Laughs by the billion."""
    entities = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
    return package(word__document=f'<!DOCTYPE d [<!ENTITY l0 "ha">{entities}]><d><t>&l9;</t></d>')
