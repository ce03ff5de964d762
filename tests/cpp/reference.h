// The definition of the arithmetic, as slow and plain as possible: rationals with a power-of-two denominator, written
// without looking at bits. Good for numbers far below 2^100.
#ifndef HLS4NET_TESTS_REFERENCE_H
#define HLS4NET_TESTS_REFERENCE_H

namespace reference {

__extension__ typedef __int128 integer;

inline integer power(int n) {
    integer p = 1;
    for (int i = 0; i < n; i++) p *= 2;
    return p;
}

inline integer floor_divide(integer a, integer b) {
    integer q = a / b;
    if (q * b > a) q -= 1;
    return q;
}

// The integer that Q chooses for numerator / denominator (denominator > 0).
inline integer round(integer numerator, integer denominator, ap_q_mode mode) {
    const integer below = floor_divide(numerator, denominator);
    if (below * denominator == numerator) return below;
    const integer above = below + 1;
    const integer toward_zero = numerator < 0 ? above : below, away = numerator < 0 ? below : above;
    const integer to_below = numerator - below * denominator, to_above = above * denominator - numerator;
    if (mode == AP_TRN) return below;
    if (mode == AP_TRN_ZERO) return toward_zero;
    if (to_below < to_above) return below;
    if (to_above < to_below) return above;
    switch (mode) {
        case AP_RND: return above;
        case AP_RND_MIN_INF: return below;
        case AP_RND_ZERO: return toward_zero;
        case AP_RND_INF: return away;
        default: return below % 2 == 0 ? below : above;
    }
}

inline integer overflow(integer n, int width, bool is_signed, ap_o_mode mode) {
    const integer high = is_signed ? power(width - 1) - 1 : power(width) - 1;
    const integer low = is_signed ? -power(width - 1) : 0;
    switch (mode) {
        case AP_SAT: return n > high ? high : n < low ? low : n;
        case AP_SAT_SYM: return n > high ? high : n < (is_signed ? -high : 0) ? (is_signed ? -high : 0) : n;
        case AP_SAT_ZERO: return n > high || n < low ? 0 : n;
        default: return n - floor_divide(n - low, power(width)) * power(width);
    }
}

// n * 2^-fraction as an integer of the target type.
inline integer cast(integer n, int fraction, shape target, ap_q_mode q, ap_o_mode o) {
    const int shift = target.width - target.integer - fraction;
    const integer rounded = shift >= 0 ? n * power(shift) : round(n, power(-shift), q);
    return overflow(rounded, target.width, target.is_signed, o);
}

}  // namespace reference

#endif
