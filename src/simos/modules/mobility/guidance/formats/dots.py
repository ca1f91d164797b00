"""The letters of an LED display: five dots wide, seven high, each as seven rows of five bits. Draws nothing."""

from collections.abc import Iterator, Mapping

WIDE, HIGH = 5, 7

_DRAWN = """
A 0e11111f111111|B 1e11111e11111e|C 0e11101010110e|D 1e11111111111e|E 1f10101e10101f|F 1f10101e101010
G 0e11101711110f|H 1111111f111111|I 0e04040404040e|J 0702020202120c|K 11121418141211|L 1010101010101f
M 111b1515111111|N 11111915131111|O 0e11111111110e|P 1e11111e101010|Q 0e11111115120d|R 1e11111e141211
S 0f10100e01011e|T 1f040404040404|U 1111111111110e|V 11111111110a04|W 1111111515150a|X 11110a040a1111
Y 1111110a040404|Z 1f01020408101f
Č 0a040e1110110e|Ć 02040e1110110e|Š 0a040f100e011e|Ž 0a041f0204081f|Đ 0e09091d09090e
À 08040e111f1111|È 08041f101e101f|É 02041f101e101f|Ì 08040e0404040e|Ò 08040e1111110e|Ù 0804111111110e
0 0e11131519110e|1 040c040404040e|2 0e11010204081f|3 1f02040201110e|4 02060a121f0202|5 1f101e0101110e
6 0608101e11110e|7 1f010204080808|8 0e11110e11110e|9 0e11110f01020c
. 00000000000c0c|, 000000000c0408|: 000c0c000c0c00|; 000c0c000c0408|- 0000001f000000|+ 0004041f040400
/ 00010204081000|( 02040808080402|) 08040202020408|! 04040404000004|? 0e110102040004|' 0c040800000000
& 0c12140815120d|> 08040201020408|< 02040810080402|% 18190204081303|= 00001f001f0000
"""

DOTS: Mapping[str, tuple[int, ...]] = {
    drawn[0]: tuple(bytes.fromhex(drawn[2:])) for line in _DRAWN.strip().splitlines() for drawn in line.split("|")
}


def runs_in(text: str) -> Iterator[tuple[int, int, int]]:
    """Column, row and length of every unbroken run of dots that shine for `text`; letters stand a column apart.

    Unknown signs are dark.
    """
    for place, sign in enumerate(text):
        for row, bits in enumerate(DOTS.get(sign, ())):
            column = 0
            while column < WIDE:
                length = 0
                while column + length < WIDE and bits >> (WIDE - 1 - column - length) & 1:
                    length += 1
                if length:
                    yield place * (WIDE + 1) + column, row, length
                column += length + 1
