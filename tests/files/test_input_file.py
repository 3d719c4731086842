"""A file is taken in whole, within limits, and decoded without a guess."""

import gzip
import os
import socket
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thbstats.errors import InvalidFile
from thbstats.files import Limits, open_bytes, open_file, open_regular, read_declaration

TEXT = "sex,value\nfemale,12\n"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"sex,value", "sex,value"),
        (b"\xef\xbb\xbfsex,value", "sex,value"),
        ("Côte d'Ivoire".encode(), "Côte d'Ivoire"),
        (b"\xff\xfe" + "Türkiye".encode("utf-16-le"), "Türkiye"),
        (b"\xfe\xff" + "Türkiye".encode("utf-16-be"), "Türkiye"),
        (b"", ""),
    ],
)
def test_byte_order_mark_sets_the_encoding_and_utf_8_is_the_default(data: bytes, text: str) -> None:
    assert open_bytes(data).text == text


def test_other_encoding_is_an_error_with_its_line() -> None:
    data = "a\nCôte d'Ivoire\n".encode("latin-1")
    with pytest.raises(InvalidFile, match=r"line 2.*must be encoded in utf-8.*encoding="):
        _ = open_bytes(data, name="a.csv").text
    assert open_bytes(data, encoding="latin-1").text == "a\nCôte d'Ivoire\n"


@pytest.mark.parametrize("name", ["utf-99", "base64", "undefined", "utf\0"])
def test_unknown_encoding_is_refused(name: str) -> None:
    with pytest.raises(InvalidFile, match="must be an encoding"):
        _ = open_bytes(b"a", encoding=name).text
    with pytest.raises(InvalidFile, match="must be an encoding"):
        _ = open_bytes(b"a", encoding=name).head


def test_nul_character_is_rejected() -> None:
    with pytest.raises(InvalidFile, match=r"line 2.*NUL"):
        _ = open_bytes(b"a\nb\0c").text


@given(st.binary(max_size=2000))
def test_compressed_contents_are_restored(data: bytes) -> None:
    opened = open_bytes(gzip.compress(data) + gzip.compress(data))
    assert opened.data == data + data
    assert opened.packing == "gzip"


PACKED = gzip.compress(TEXT.encode() * 100, mtime=0)
WRONG_CHECKSUM = PACKED[:-6] + bytes([PACKED[-6] ^ 255]) + PACKED[-5:]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        *((PACKED[:size], "must be valid gzip") for size in (4, 20, -1)),
        (WRONG_CHECKSUM, "must be valid gzip"),
        (PACKED + b"more", r"must be valid gzip: Not a gzipped file \(b'mo'\)"),
    ],
)
def test_damaged_archive_is_rejected(data: bytes, problem: str) -> None:
    assert open_bytes(PACKED + b"\0" * 8).data == TEXT.encode() * 100
    with pytest.raises(InvalidFile, match=problem):
        open_bytes(data)


def test_gzip_bomb_is_rejected_before_it_is_unpacked() -> None:
    bomb = zlib.compressobj(wbits=31)
    packed = b"".join(bomb.compress(b"\0" * 2**20) for _ in range(8)) + bomb.flush()
    assert len(packed) < 2**14
    with pytest.raises(InvalidFile, match="must have at most 1000000 bytes"):
        open_bytes(packed, limits=Limits(size=10**6))


def test_large_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"x" * 1001)
    with pytest.raises(InvalidFile, match=r"a\.csv must have at most 1000 bytes"):
        open_file(path, limits=Limits(size=1000))
    with pytest.raises(InvalidFile, match="must have at most"):
        open_bytes(b"x" * 1001, limits=Limits(size=1000))


def test_other_than_regular_file_is_refused_without_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket may not be long
    os.mkfifo("pipe")
    Path("link").symlink_to("pipe")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket")
        for path in ("pipe", "link", "socket", os.devnull):
            for read in (open_file, read_declaration):
                with pytest.raises(InvalidFile, match="a pipe, a socket or a device"):
                    read(path)
    with pytest.raises(InvalidFile, match="got a folder"):
        open_file(tmp_path)
    with pytest.raises(FileNotFoundError):
        open_file("nothing")


def test_file_replaced_by_a_pipe_is_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").touch()
    was = os.stat(tmp_path / "file")
    with monkeypatch.context() as swapped:
        swapped.setattr(os, "stat", lambda _path: was)
        with pytest.raises(InvalidFile, match="a pipe, a socket or a device"):
            open_regular(tmp_path / "pipe")


def test_file_without_available_bytes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.csv"
    os.mkfifo(path)
    writer = os.open(path, os.O_RDWR)  # until it is closed, a reader would wait
    try:
        # The system's log looks like this; only its administrator may open it.
        monkeypatch.setattr("stat.S_ISREG", lambda _mode: True)
        for read in (open_file, read_declaration):
            with pytest.raises(InvalidFile, match="a file without available bytes"):
                read(path)
    finally:
        os.close(writer)


def test_reading_reports_its_progress(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(TEXT)
    steps: list[tuple[str, float]] = []
    opened = open_file(path, progress=lambda step, done: steps.append((step, done)))
    assert opened.text == TEXT
    assert opened.head == TEXT
    assert steps == [("reading", 1.0)]


@pytest.mark.parametrize("limit", [0, -1, 1.5, True, "1"])
def test_limit_must_be_a_positive_integer(limit: object) -> None:
    with pytest.raises(ValueError, match="must be a positive integer"):
        Limits(size=limit)  # type: ignore[arg-type]


@given(st.binary(max_size=300))
def test_any_bytes_are_opened_or_rejected_with_an_error(data: bytes) -> None:
    try:
        text = open_bytes(data).text
    except InvalidFile:
        return
    assert "\0" not in text
