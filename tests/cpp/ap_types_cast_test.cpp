// All 28 mode pairs, every source value, against the definition: fixed-point, integer and double sources; targets with
// I > W and I < 0.
#include <cmath>
#include <initializer_list>
#include <utility>

#include "ap_fixed.h"
#include "ap_int.h"
#include "check.h"
#include "reference.h"

namespace {

constexpr ap_q_mode rounding[] = {AP_TRN, AP_TRN_ZERO, AP_RND, AP_RND_ZERO, AP_RND_INF, AP_RND_MIN_INF, AP_RND_CONV};
constexpr ap_o_mode overflowing[] = {AP_WRAP, AP_SAT, AP_SAT_ZERO, AP_SAT_SYM};

checks casts, doubles, integers;

struct cast_case {
    shape source, target;
    ap_q_mode q;
    ap_o_mode o;
};

void describe(const cast_case& c, long long raw, long long got, long long expected) {
    std::printf("cast of %lld in <%d,%d,%d> to <%d,%d,%d,q%d,o%d>: %lld, expected %lld", raw, c.source.width, c.source.integer, c.source.is_signed,
                c.target.width, c.target.integer, c.target.is_signed, c.q, c.o, got, expected);
}

// Not a template: the work that all pairs of types share.
void check_all(const cast_case& c, long long (*cast)(long long), checks& count) {
    const long long low = c.source.is_signed ? -(1LL << (c.source.width - 1)) : 0;
    const long long high = low + (1LL << c.source.width);
    for (long long raw = low; raw < high; raw++) {
        const long long got = cast(raw);
        const auto expected = static_cast<long long>(reference::cast(raw, c.source.width - c.source.integer, c.target, c.q, c.o));
        count.that(got == expected, [&] { describe(c, raw, got, expected); });
    }
}

template <class Source, class Target>
void check_pair(ap_q_mode q, ap_o_mode o) {
    check_all({shape_of(Source(0)), shape_of(Target(0)), q, o}, [](long long raw) { return to_raw(Target(from_raw<Source>(raw))); }, casts);
}

// From double: every multiple of 2^-7 within +-20, and values at both ends of the format.
void check_doubles(shape target, ap_q_mode q, ap_o_mode o, long long (*cast)(double)) {
    auto check = [&](double x, long long expected) {
        doubles.that(cast(x) == expected, [&] {
            std::printf("cast of double %a to <%d,%d,%d,q%d,o%d>: %lld, expected %lld", x, target.width, target.integer, target.is_signed, q, o, cast(x), expected);
        });
    };
    for (int n = -2560; n <= 2560; n++) check(n / 128.0, static_cast<long long>(reference::cast(n, 7, target, q, o)));
    // Out of range in every target type: only the sign matters, and no bit of it is left under AP_WRAP.
    for (double x : {HUGE_VAL, 1e300, -1e300, -HUGE_VAL}) {
        const long long end = static_cast<long long>(reference::overflow(x > 0 ? 1000000 : -1000000, target.width, target.is_signed, o));
        check(x, o == AP_WRAP ? 0 : end);
    }
    // Nearer to zero than half of any step: as if it were 2^-60.
    for (double x : {1e-300, 5e-324, -1e-300, -5e-324})
        check(x, static_cast<long long>(reference::cast(x > 0 ? 1 : -1, 60, target, q, o)));
    for (double x : {0.0, -0.0}) check(x, 0);
}

template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O>
void check_target() {
    using target = typename fixed_of<W, I, S, Q, O>::type;
    check_pair<ap_fixed<7, 3>, target>(Q, O);
    check_pair<ap_ufixed<7, 3>, target>(Q, O);
    check_pair<ap_fixed<5, 8>, target>(Q, O);
    check_pair<ap_ufixed<6, -2>, target>(Q, O);
}

template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O>
void check_target_from_double() {
    using target = typename fixed_of<W, I, S, Q, O>::type;
    check_doubles(shape_of(target(0)), Q, O, [](double x) { return to_raw(target(x)); });
    check_all({{8, 8, true}, shape_of(target(0)), Q, O}, [](long long n) { return to_raw(target(static_cast<signed char>(n))); }, integers);
    check_all({{5, 5, false}, shape_of(target(0)), Q, O}, [](long long n) { return to_raw(target(ap_uint<5>(n))); }, integers);
    check_all({{9, 9, true}, shape_of(target(0)), Q, O}, [](long long n) { return to_raw(target(static_cast<float>(n))); }, integers);
}

template <int W, int I, bool S, std::size_t... M>
void check_modes(std::index_sequence<M...>) {
    (check_target<W, I, S, rounding[M / 4], overflowing[M % 4]>(), ...);
}

template <int W, int I, bool S, std::size_t... M>
void check_modes_from_double(std::index_sequence<M...>) {
    (check_target_from_double<W, I, S, rounding[M / 4], overflowing[M % 4]>(), ...);
}

constexpr auto modes = std::make_index_sequence<28>();

template <int W, int I>
void check_shapes() {
    check_modes<W, I, true>(modes);
    check_modes<W, I, false>(modes);
}

template <int W, int I>
void check_shapes_from_double() {
    check_modes_from_double<W, I, true>(modes);
    check_modes_from_double<W, I, false>(modes);
}

// Storage limits: a 60-bit source into targets whose integers fill a machine word exactly.
template <class Target>
void check_word(ap_q_mode q, ap_o_mode o) {
    using source = ap_fixed<60, 30>;
    const shape target = shape_of(Target(0));
    const long long half = 1LL << 59;
    for (long long raw : {-half, -half + 1, -half / 2, -3LL, -2LL, -1LL, 0LL, 1LL, 2LL, 3LL, half / 2 - 1, half / 2, half - 1}) {
        const long long got = to_raw(Target(from_raw<source>(raw)));
        const auto expected = static_cast<long long>(reference::cast(raw, 30, target, q, o));
        casts.that(got == expected, [&] { describe({{60, 30, true}, target, q, o}, raw, got, expected); });
    }
}

template <int W, int I>
void check_words() {
    check_word<ap_fixed<W, I, AP_RND_CONV, AP_SAT>>(AP_RND_CONV, AP_SAT);
    check_word<ap_fixed<W, I, AP_TRN, AP_WRAP>>(AP_TRN, AP_WRAP);
    check_word<ap_fixed<W, I, AP_RND, AP_SAT_SYM>>(AP_RND, AP_SAT_SYM);
    check_word<ap_ufixed<W, I, AP_RND_INF, AP_SAT>>(AP_RND_INF, AP_SAT);
    check_word<ap_ufixed<W, I, AP_TRN_ZERO, AP_SAT_ZERO>>(AP_TRN_ZERO, AP_SAT_ZERO);
}

}  // namespace

int main() {
    check_shapes<1, 1>();
    check_shapes<4, 2>();
    check_shapes<4, 6>();
    check_shapes<3, -1>();
    check_shapes<5, -3>();
    check_shapes<9, 4>();
    check_shapes_from_double<4, 2>();
    check_shapes_from_double<4, 7>();
    check_shapes_from_double<6, -1>();
    check_words<8, 6>();
    check_words<16, 10>();
    check_words<32, 15>();
    check_words<63, 40>();
    check_words<64, 34>();
    return casts.report("casts from fixed point, exhaustive") | doubles.report("casts from double") |
           integers.report("casts from C and ap_ integers and float, exhaustive");
}
