"""What may be attached: told by the content, not by the name (L35, E46)."""

from __future__ import annotations

import io
import zipfile

import pytest

from saraban.letters import files
from saraban.letters.errors import UnsupportedFile


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as found:
        for name in names:
            found.writestr(name, "x")
    return out.getvalue()


def judged(name: str, content: bytes) -> str:
    return files.check(name, io.BytesIO(content), len(content))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"#!/bin/sh\nrm -rf /"),
        ("a.csv", b"\xef\xbb\xbf\n#!/usr/bin/env python3\n"),
        ("a.txt", b"\x7fELF" + bytes(100)),
        ("a.txt", b"\r\n@ECHO OFF\r\ndel *.*"),
        ("a.xml", b"<?php system('x'); ?>"),
        ("a.zip", archive("folder/Setup.EXE")),
        ("a.zip", archive("a.txt", "b.ps1")),
        ("a.docx", archive("word/document.xml", "word/embeddings/a.exe")),
        ("a.zip", b"PK\3\4" + bytes(100)),
    ],
)
def test_programs_by_another_name(name: str, content: bytes) -> None:
    with pytest.raises(UnsupportedFile):
        judged(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"# a heading\n! and more"),
        ("a.xml", b"<?xml version='1.0'?><a/>"),
        ("a.txt", "ภาษาไทย".encode("cp874")),
        ("a.zip", archive("a.pdf", "b.txt")),
        ("a.docx", archive("[Content_Types].xml", "word/document.xml")),
    ],
)
def test_documents(name: str, content: bytes) -> None:
    assert judged(name, content)
