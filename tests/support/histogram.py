"""Reads the histograms of trials, in both forms that the protocol knows."""

import base64
import zlib

_V2 = 0x1C849313
_HEADER_BYTES = 40


def _counts_by_index(hdr):
    """Pairs of index and count; after HdrHistogram's V2 encoding (ZigZag LEB128, negative: a run of zeros)."""
    plain = zlib.decompress(base64.b64decode(hdr)[8:])
    assert int.from_bytes(plain[:4], "big") == _V2
    index, position = 0, _HEADER_BYTES
    while position < len(plain):
        number = shift = 0
        more = True
        while more:
            byte, position = plain[position], position + 1
            # The ninth byte has eight bits of the number, and no mark of another.
            more = byte & 0x80 != 0 and shift < 56
            number |= (byte if shift == 56 else byte & 0x7F) << shift
            shift += 7
        number = (number >> 1) ^ -(number & 1)
        if number > 0:
            yield index, number
        index += max(-number, 1)


def _middle(index, sub_bucket_bits):
    """The middle of the values that are counted at the index."""
    half = 1 << (sub_bucket_bits - 1)
    bucket = max((index >> (sub_bucket_bits - 1)) - 1, 0)
    sub_bucket = index if index < half else (index & (half - 1)) + half
    return (sub_bucket << bucket) + (1 << bucket) / 2


def values(histogram):
    """Pairs of value and count."""
    if "values" in histogram:
        return histogram["values"]
    digits = int.from_bytes(zlib.decompress(base64.b64decode(histogram["hdr"])[8:])[12:16], "big")
    bits = (2 * 10**digits - 1).bit_length()
    return [(_middle(index, bits), count) for index, count in _counts_by_index(histogram["hdr"])]


def count_of(histogram):
    return sum(count for _, count in values(histogram))


def mean(histogram):
    return sum(value * count for value, count in values(histogram)) / count_of(histogram)
