"""Parquet files whose metadata contradict each other."""

__all__ = ["with_rows_of_group"]


def with_rows_of_group(content: bytes, rows: int, declared: int) -> bytes:
    """Return a Parquet file whose metadata declare another number of rows for its last group."""

    def field(number: int) -> bytes:
        # A field of Thrift: its type, and the number in zigzag notation with 7 bits per byte.
        zigzag, result = number * 2 if number >= 0 else -number * 2 - 1, b"\x16"
        while zigzag > 127:
            zigzag, result = zigzag >> 7, result + bytes([zigzag & 127 | 128])
        return result + bytes([zigzag])

    start = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    # The first number of rows in the footer is that of the file, the last one that of its group.
    before, after = content[start:-8].rsplit(field(rows), 1)
    footer = before + field(declared) + after
    return content[:start] + footer + len(footer).to_bytes(4, "little") + content[-4:]
