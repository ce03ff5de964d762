// Rounding and overflow modes, and the one conversion on which all ap_ types rest. Simulation only: see README.md.
#ifndef HLS4NET_AP_COMMON_H
#define HLS4NET_AP_COMMON_H

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <type_traits>

#include "ap_wide.h"

enum ap_q_mode {
    AP_RND,          // nearest, ties toward plus infinity
    AP_RND_ZERO,     // nearest, ties toward zero
    AP_RND_MIN_INF,  // nearest, ties toward minus infinity
    AP_RND_INF,      // nearest, ties away from zero
    AP_RND_CONV,     // nearest, ties to even
    AP_TRN,          // toward minus infinity
    AP_TRN_ZERO      // toward zero
};

enum ap_o_mode {
    AP_SAT,       // clamp to the type's limits
    AP_SAT_ZERO,  // zero on overflow
    AP_SAT_SYM,   // clamp to plus or minus the type's maximum
    AP_WRAP       // keep the low bits
};

namespace hls4net_ap {

template <int W, bool S> class ap_int_base;
template <int W> class ap_int;
template <int W> class ap_uint;
template <int W, int I, bool S = true, ap_q_mode Q = AP_TRN, ap_o_mode O = AP_WRAP, int N = 0> class ap_fixed_base;
template <int W, int I, ap_q_mode Q = AP_TRN, ap_o_mode O = AP_WRAP, int N = 0> class ap_fixed;
template <int W, int I, ap_q_mode Q = AP_TRN, ap_o_mode O = AP_WRAP, int N = 0> class ap_ufixed;

[[noreturn]] inline void fail(const char* message) {
    std::fprintf(stderr, "ap_types: %s\n", message);
    std::abort();
}

// Number of bits that a W-bit number needs when it is held as a signed one.
constexpr int signed_bits(int width, bool is_signed) { return width + (is_signed ? 0 : 1); }

// Holds the integer n of the value n * 2^-F, always sign-correct: an unsigned type has one bit of headroom.
template <int W, bool S>
using raw_type = signed_storage<signed_bits(W, S)>;

// The W-bit two's complement (or unsigned) number that equals v modulo 2^W.
template <int W, bool S, class T>
HLS4NET_AP_INLINE constexpr raw_type<W, S> wrap(const T& v) {
    using R = raw_type<W, S>;
    constexpr int spare = storage_bits<R> - W;
    const R r = static_cast<R>(v);
    if constexpr (S) return spare == 0 ? r : shift_right(shift_left(r, spare), spare);
    else return static_cast<R>(r & low_ones<R>(W));
}

template <int W, bool S, ap_o_mode O, class T>
HLS4NET_AP_INLINE constexpr raw_type<W, S> overflow(const T& v) {
    using R = raw_type<W, S>;
    if constexpr (O == AP_WRAP) {
        return wrap<W, S>(v);
    } else {
        using C = larger_storage<T, R>;
        constexpr C high = low_ones<C>(S ? W - 1 : W);
        constexpr C low = !S ? C(0) : O == AP_SAT_SYM ? static_cast<C>(-high) : static_cast<C>(~high);
        const C n = static_cast<C>(v);
        if (n > high) return static_cast<R>(O == AP_SAT_ZERO ? C(0) : high);
        if (n < low) return static_cast<R>(O == AP_SAT_ZERO ? C(0) : low);
        return static_cast<R>(n);
    }
}

// v / 2^drop as an integer, rounded by Q; drop >= 1.
template <ap_q_mode Q, class T>
HLS4NET_AP_INLINE constexpr T round_off(const T& v, int drop) {
    const T floor = shift_right(v, drop);
    if constexpr (Q == AP_TRN) {
        return floor;
    } else {
        const bool half = bit_at(v, drop - 1);
        const bool negative = v < T(0);
        bool up = half;
        if constexpr (Q != AP_RND) {
            const bool rest = any_below(v, drop - 1);
            if constexpr (Q == AP_TRN_ZERO) up = negative && (half || rest);
            if constexpr (Q == AP_RND_ZERO) up = half && (rest || negative);
            if constexpr (Q == AP_RND_INF) up = half && (rest || !negative);
            if constexpr (Q == AP_RND_MIN_INF) up = half && rest;
            if constexpr (Q == AP_RND_CONV) up = half && (rest || bit_at(floor, 0));
        }
        return static_cast<T>(floor + T(up));
    }
}

// Whether every n * 2^-f of the source type stays inside the target after rounding, so that overflow need not be tested.
template <int W, bool S, ap_q_mode Q, ap_o_mode O>
constexpr bool always_fits(int source_width, bool source_signed, int drop) {
    if (source_signed && !S) return false;
    const int target_bits = S ? W - 1 : W;
    const int source_bits = (source_signed ? source_width - 1 : source_width) - drop;
    const int reach = source_bits > 0 ? source_bits : 0;
    const bool may_grow = drop > 0 && Q != AP_TRN && Q != AP_TRN_ZERO;
    return reach < target_bits || (source_bits > 0 && reach == target_bits && !may_grow && O != AP_SAT_SYM);
}

// The cast: v * 2^-F1 to a W-bit number with F fractional bits. Rounding comes before the overflow test.
template <int W, int F, bool S, ap_q_mode Q, ap_o_mode O, int W1, int F1, bool S1>
HLS4NET_AP_INLINE constexpr raw_type<W, S> convert(const raw_type<W1, S1>& v) {
    using R = raw_type<W, S>;
    constexpr int drop = F1 - F;
    if constexpr (drop > 0) {
        const auto rounded = round_off<Q>(v, drop);
        if constexpr (always_fits<W, S, Q, O>(W1, S1, drop)) return static_cast<R>(rounded);
        else return overflow<W, S, O>(rounded);
    } else if constexpr (always_fits<W, S, Q, O>(W1, S1, drop)) {
        return shift_left(static_cast<R>(v), -drop);
    } else if constexpr (O == AP_WRAP) {
        return wrap<W, S>(shift_left(static_cast<R>(v), -drop));
    } else {
        using C = signed_storage<signed_bits(W1, S1) - drop>;
        return overflow<W, S, O>(shift_left(static_cast<C>(v), -drop));
    }
}

// The cast of a double, exact: the mantissa is taken as an integer. Infinities count as 2^1024.
template <int W, int F, bool S, ap_q_mode Q, ap_o_mode O>
constexpr raw_type<W, S> convert_double(double d) {
    const auto word = __builtin_bit_cast(std::uint64_t, d);
    const int exponent_field = static_cast<int>((word >> 52) & 0x7ff);
    auto mantissa = static_cast<std::int64_t>(word & ((std::uint64_t(1) << 52) - 1));
    if (exponent_field != 0) mantissa |= std::int64_t(1) << 52;
    if (mantissa == 0) return raw_type<W, S>(0);
    if ((word >> 63) != 0) mantissa = -mantissa;
    const int shift = (exponent_field == 0 ? 1 : exponent_field) - 1075 + F;  // d * 2^F = mantissa * 2^shift
    if (shift < 0) return overflow<W, S, O>(round_off<Q>(mantissa, -shift));
    if constexpr (O == AP_WRAP) {
        return wrap<W, S>(shift_left(static_cast<raw_type<W, S>>(mantissa), shift));
    } else {
        // A shift beyond W overflows whatever the mantissa, so that the storage below is wide enough.
        return overflow<W, S, O>(shift_left(static_cast<signed_storage<W + 56>>(mantissa), shift <= W ? shift : W + 1));
    }
}

constexpr double power_of_two(int exponent) {
    return __builtin_bit_cast(double, static_cast<std::uint64_t>(exponent + 1023) << 52);
}

// v * 2^-F, rounded once, half to even, to the floating type D. Exact up to 53 (24) significant bits.
template <class D, int F, class T>
D to_floating(const T& v) {
    if constexpr (is_machine_integer<T>) {
        const D integer = static_cast<D>(v);
        if constexpr (std::is_same_v<D, double> && F > -800 && F < 800 && sizeof(T) <= 16) return integer * power_of_two(-F);
        else return static_cast<D>(std::ldexp(integer, -F));
    } else {
        // The top 64 bits of the magnitude carry the value; whatever lies below only breaks a tie.
        const bool negative = v < T(0);
        const T magnitude = negative ? -v : v;
        int top = storage_bits<T> - 1;
        while (top > 63 && !bit_at(magnitude, top)) top--;
        const int drop = top - 63;
        auto head = static_cast<std::uint64_t>(shift_right(magnitude, drop));
        if (any_below(magnitude, drop)) head |= 1;
        const D integer = std::ldexp(static_cast<D>(head), drop - F);
        return negative ? -integer : integer;
    }
}

}  // namespace hls4net_ap

#endif
