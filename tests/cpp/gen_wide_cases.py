"""Writes CSV files of casts and arithmetic at widths of 65 to 1100 bits, computed with Python's integers and fractions.

Nothing here knows limbs or bits: rounding and overflow are those of the definition. The files have the columns of the
reference data in shared/data/fixed-point, with integers in hexadecimal. The cases are the same in every run.

usage: gen_wide_cases.py DIRECTORY
"""

import math
import pathlib
import random
import sys
from fractions import Fraction

ROUNDING = ["AP_TRN", "AP_TRN_ZERO", "AP_RND", "AP_RND_ZERO", "AP_RND_INF", "AP_RND_MIN_INF", "AP_RND_CONV"]
OVERFLOW = ["AP_WRAP", "AP_SAT", "AP_SAT_ZERO", "AP_SAT_SYM"]

rng = random.Random(20240521)


def rounded(value, mode):
    below = math.floor(value)
    if value == below:
        return below
    above = below + 1
    toward_zero, away = (above, below) if value < 0 else (below, above)
    if mode == "AP_TRN":
        return below
    if mode == "AP_TRN_ZERO":
        return toward_zero
    if value - below != above - value:
        return below if value - below < above - value else above
    return {
        "AP_RND": above,
        "AP_RND_MIN_INF": below,
        "AP_RND_ZERO": toward_zero,
        "AP_RND_INF": away,
        "AP_RND_CONV": below if below % 2 == 0 else above,
    }[mode]


def overflowed(n, width, signed, mode):
    low, high = (-(2 ** (width - 1)), 2 ** (width - 1) - 1) if signed else (0, 2**width - 1)
    if mode == "AP_WRAP":
        return (n - low) % 2**width + low
    if mode == "AP_SAT_SYM" and signed:
        low = -high
    if low <= n <= high:
        return n
    return 0 if mode == "AP_SAT_ZERO" else max(low, min(high, n))


def cast(value, width, integer, signed, q, o):
    """The integer n of the value n * 2^-(width - integer)."""
    return overflowed(rounded(value * Fraction(2) ** (width - integer), q), width, signed, o)


def value_of(raw, width, integer):
    return raw * Fraction(2) ** (integer - width)


def random_raw(width, signed):
    """Corners, powers of two and their neighbours, small values and uniform ones."""
    low, high = (-(2 ** (width - 1)), 2 ** (width - 1) - 1) if signed else (0, 2**width - 1)
    n = rng.choice([
        lambda: rng.choice([low, low + 1, 0, 1, high - 1, high]),
        lambda: 2 ** rng.randrange(width) + rng.randrange(-1, 2),
        lambda: -(2 ** rng.randrange(width)) + rng.randrange(-1, 2),
        lambda: rng.randrange(-20, 20),
        lambda: rng.randrange(low, high + 1),
        lambda: rng.randrange(low, high + 1) >> rng.randrange(width),
        lambda: (rng.randrange(low, high + 1) >> (width // 2)) << (width // 2),
    ])()
    return max(low, min(high, n))


def hexadecimal(n):
    return hex(n)


def write(path, header, rows):
    path.write_text(header + "\n" + "".join(",".join(map(str, row)) + "\n" for row in rows))


def shapes():
    """(width, integer, signed): word limits, far and near binary points, up to beyond 1024 bits."""
    fixed = [(65, 33), (64, 64), (63, 0), (66, -3), (100, 130), (127, 60), (128, 64), (129, 65), (160, 10), (192, 100),
             (193, 93), (255, 128), (256, 128), (300, 150), (300, 310), (1024, 512), (1100, 80), (8, 4), (16, 6), (40, 20)]
    return [(w, i, s) for w, i in fixed for s in (1, 0)]


def cast_rows():
    pairs = [(a, b) for a in shapes() for b in shapes() if a[0] > 64 or b[0] > 64]
    for index, (source, target) in enumerate(rng.sample(pairs, 112)):
        q, o = ROUNDING[index % 7], OVERFLOW[index // 7 % 4]
        for _ in range(40):
            raw = random_raw(source[0], source[2])
            if rng.random() < 0.5:  # ties: the bits below the target's last one are just a half
                drop = (source[0] - source[1]) - (target[0] - target[1])
                if 0 < drop < source[0]:
                    raw = overflowed((raw >> drop << drop) + (1 << (drop - 1)), source[0], source[2], "AP_WRAP")
            result = cast(value_of(raw, source[0], source[1]), *target, q, o)
            yield *source, *target, q, o, hexadecimal(raw), hexadecimal(result)


def random_double():
    return rng.choice([
        lambda: math.ldexp(rng.uniform(-1, 1), rng.randrange(-400, 400)),
        lambda: math.ldexp(rng.randrange(-64, 64), rng.randrange(-200, 200)),
        lambda: rng.uniform(-1e6, 1e6),
        lambda: rng.choice([0.0, 1.0, -1.0, 5e-324, -5e-324, 1.7976931348623157e308, -1.7976931348623157e308]),
    ])()


def double_rows():
    for index, target in enumerate(rng.sample(shapes(), 28)):
        q, o = ROUNDING[index % 7], OVERFLOW[index // 7 % 4]
        for _ in range(40):
            x = random_double()
            yield *target, q, o, x.hex(), hexadecimal(cast(Fraction(x), *target, q, o)), x


def alignment(a, b):
    integer = max(a[1] + (b[2] and not a[2]), b[1] + (a[2] and not b[2]))
    return integer, max(a[0] - a[1], b[0] - b[1])


def exact(op, a, b, x, y):
    """Type and value of an operator on the values x of type a and y of type b; None where it has none."""
    signed = int(a[2] or b[2])
    integer, fraction = alignment(a, b)
    if op in ("add", "sub"):
        return (integer + 1 + fraction, integer + 1, 1 if op == "sub" else signed), x + y if op == "add" else x - y
    if op == "mul":
        return (a[0] + b[0], a[1] + b[1], signed), x * y
    if op in ("lt", "eq"):
        return (1, 1, 0), Fraction(int(x < y if op == "lt" else x == y))
    if op in ("and", "or", "xor"):
        m, n = int(x * Fraction(2) ** fraction), int(y * Fraction(2) ** fraction)
        bits = {"and": m & n, "or": m | n, "xor": m ^ n}[op]
        return (integer + fraction, integer, signed), bits * Fraction(2) ** -fraction
    if y == 0:
        return None
    up = max(b[0] - b[1], 0)
    dividend, divisor = int(x * Fraction(2) ** (a[0] - a[1])) << up, int(y * Fraction(2) ** (b[0] - b[1]))
    quotient = abs(dividend) // abs(divisor) * (1 if (dividend < 0) == (divisor < 0) else -1)
    shape = (a[0] + up + b[2], a[1] + b[0] - b[1] + b[2], signed)
    return shape, quotient * Fraction(2) ** (shape[1] - shape[0])


def arith_rows():
    ops = ["add", "sub", "mul", "div", "and", "or", "xor", "lt", "eq"]
    pairs = [(a, b) for a in shapes() for b in shapes() if a[0] + b[0] > 64]
    for a, b in rng.sample(pairs, 16):
        for op in ops:
            for _ in range(40):
                m, n = random_raw(a[0], a[2]), random_raw(b[0], b[2])
                if op == "eq" and rng.random() < 0.5:
                    n = cast(value_of(m, a[0], a[1]), *b, "AP_TRN", "AP_SAT")
                found = exact(op, a, b, value_of(m, a[0], a[1]), value_of(n, b[0], b[1]))
                if found is not None:
                    shape, value = found
                    raw = value * Fraction(2) ** (shape[0] - shape[1])
                    yield op, *a, hexadecimal(m), *b, hexadecimal(n), *shape, hexadecimal(int(raw))


def integer_rows():
    """Operators of ap_int alone: remainder, negation, shifts (by the value of b, an 11-bit integer)."""
    for width in (64, 65, 128, 129, 200, 1024):
        for signed in (1, 0):
            for op in ("mod", "neg", "shl", "shr"):
                b = (11, 11, 1) if op in ("shl", "shr") else (90, 90, 1)
                for _ in range(25):
                    m, n = random_raw(width, signed), random_raw(b[0], b[2])
                    if op == "mod" and n != 0:
                        shape = (min(width, b[0] + (signed and not b[2])), 0, signed)
                        result = abs(m) % abs(n) * (-1 if m < 0 else 1)
                    elif op == "neg":
                        shape, result = (width + 1, 0, 1), -m
                    elif op in ("shl", "shr"):
                        left = n if op == "shl" else -n
                        result = overflowed(m << left, width, signed, "AP_WRAP") if left >= 0 else m >> -left
                        shape = (width, 0, signed)
                    else:
                        continue
                    yield op, width, width, signed, hexadecimal(m), *b, hexadecimal(n), shape[0], shape[0], shape[2], hexadecimal(result)


def extreme_quotient_rows():
    """Quotients at widths that fill their storage: by the most negative number, whose magnitude does not fit, and by -1."""
    for width, divisor_width in [(32, 32), (64, 64), (64, 8), (65, 192), (128, 128), (192, 192), (200, 256), (60, 1024)]:
        a, b = (width, width, 1), (divisor_width, divisor_width, 1)
        lowest = -(2 ** (divisor_width - 1))
        for n in (lowest, -1):
            for m in [random_raw(width, 1) for _ in range(10)] + [-(2 ** (width - 1)), lowest % 2 ** (width - 1)]:
                for op in ("div", "mul", "lt"):
                    shape, value = exact(op, a, b, Fraction(m), Fraction(n))
                    yield op, *a, hexadecimal(m), *b, hexadecimal(n), *shape, hexadecimal(int(value))
                narrower = min(width, divisor_width)
                remainder = abs(m) % abs(n) * (-1 if m < 0 else 1)
                yield "mod", *a, hexadecimal(m), *b, hexadecimal(n), narrower, narrower, 1, hexadecimal(remainder)


def float32(value):
    """Nearest float32, half to even, of a rational in the range of normal numbers; as its exact double."""
    if value == 0:
        return 0.0
    exponent = math.floor(math.log2(abs(float(value)))) if abs(value) < 2**1000 else abs(value.numerator).bit_length()
    while abs(value) >= Fraction(2) ** (exponent + 1):
        exponent += 1
    while abs(value) < Fraction(2) ** exponent:
        exponent -= 1
    unit = Fraction(2) ** (exponent - 23)
    return float(rounded(value / unit, "AP_RND_CONV") * unit)


def to_double_rows():
    for shape in [(65, 33, 1), (64, 64, 0), (64, 10, 1), (100, 60, 0), (128, 64, 1), (129, 65, 1), (255, 100, 0), (300, 110, 1)]:
        for _ in range(60):
            raw = random_raw(shape[0], shape[2])
            if rng.random() < 0.5:  # a tie of the double, or just beside it
                raw = (random_raw(53, 0) * 2 + 1 << max(shape[0] - 56, 0)) + rng.choice([0, 0, 1, -1])
            value = value_of(raw, shape[0], shape[1])
            if raw != 0 and not Fraction(2) ** -120 < abs(value) < Fraction(2) ** 120:
                continue
            yield *shape, hexadecimal(raw), float(value).hex(), float32(value).hex()


def main(directory):
    out = pathlib.Path(directory)
    arith = "op,aW,aI,aS,a_raw,bW,bI,bS,b_raw,rW,rI,rS,r_raw"
    write(out / "wide_cast.csv", "srcW,srcI,srcS,W,I,signed,Q,O,src_raw,raw", cast_rows())
    write(out / "wide_from_double.csv", "W,I,signed,Q,O,x_hexfloat,raw,value", double_rows())
    write(out / "wide_arith.csv", arith, [*arith_rows(), *extreme_quotient_rows()])
    write(out / "wide_integer.csv", arith, integer_rows())
    write(out / "wide_to_double.csv", "W,I,signed,raw,double,float", to_double_rows())


main(sys.argv[1])
