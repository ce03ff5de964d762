// Result types and values of every operator on every pair of values of small types, against rational arithmetic; then
// conversions, bit access, streams.
#include <type_traits>
#include <utility>

#include "ap_fixed.h"
#include "ap_int.h"
#include "check.h"
#include "hls_stream.h"
#include "reference.h"

namespace {

using reference::integer;

checks operators, conversions, access;

constexpr int scale_bits = 24;  // values are compared as integers times 2^-24

integer scaled(long long raw, const shape& s) {
    const int shift = scale_bits - (s.width - s.integer);
    return raw * reference::power(shift);
}

struct outcome {
    shape type;
    long long raw;
};

// A number must also equal the one made anew from its bits: nothing may hide above them.
template <class T>
outcome outcome_of(const T& t) {
    const outcome r{shape_of(t), to_raw(t)};
    if (!(t == from_raw<T>(r.raw))) operators.that(false, "a number with bits beyond its width");
    return r;
}

struct operand_pair {
    shape a, b;
    long long raw_a, raw_b;
};

int larger(int a, int b) { return a > b ? a : b; }
int smaller(int a, int b) { return a < b ? a : b; }

void check(const char* op, const operand_pair& p, const outcome& got, const shape& type, integer value) {
    operators.that(got.type == type && scaled(got.raw, got.type) == value, [&] {
        std::printf("%lld in <%d,%d,%d> %s %lld in <%d,%d,%d>: %lld in <%d,%d,%d>, expected %.17g in <%d,%d,%d>", p.raw_a, p.a.width, p.a.integer,
                    p.a.is_signed, op, p.raw_b, p.b.width, p.b.integer, p.b.is_signed, got.raw, got.type.width, got.type.integer, got.type.is_signed,
                    static_cast<double>(value) / static_cast<double>(reference::power(scale_bits)), type.width, type.integer, type.is_signed);
    });
}

// The alignment of a sum: integer bits (one more for an unsigned operand that meets a signed one) and fraction bits.
struct alignment {
    int integer, fraction;
    bool either_signed;
    explicit alignment(const operand_pair& p)
        : integer(larger(p.a.integer + (p.b.is_signed && !p.a.is_signed), p.b.integer + (p.a.is_signed && !p.b.is_signed))),
          fraction(larger(p.a.width - p.a.integer, p.b.width - p.b.integer)), either_signed(p.a.is_signed || p.b.is_signed) {}
    shape grown(bool is_signed) const { return {integer + 1 + fraction, integer + 1, is_signed}; }
    shape same() const { return {integer + fraction, integer, either_signed}; }
};

template <class A, class B>
void check_exact(const operand_pair& p, const A& a, const B& b) {
    const integer va = scaled(p.raw_a, p.a), vb = scaled(p.raw_b, p.b);
    const alignment al(p);
    check("+", p, outcome_of(a + b), al.grown(al.either_signed), va + vb);
    check("-", p, outcome_of(a - b), al.grown(true), va - vb);
    const shape product{p.a.width + p.b.width, p.a.integer + p.b.integer, al.either_signed};
    check("*", p, outcome_of(a * b), product, va * vb / reference::power(scale_bits));
}

template <class A, class B>
void check_bitwise(const operand_pair& p, const A& a, const B& b) {
    const integer va = scaled(p.raw_a, p.a), vb = scaled(p.raw_b, p.b);
    const alignment al(p);
    check("&", p, outcome_of(a & b), al.same(), va & vb);
    check("|", p, outcome_of(a | b), al.same(), va | vb);
    check("^", p, outcome_of(a ^ b), al.same(), va ^ vb);
}

template <class A, class B>
void check_quotient(const operand_pair& p, const A& a, const B& b) {
    if (p.raw_b == 0) return;
    const int fa = p.a.width - p.a.integer, fb = p.b.width - p.b.integer, up = larger(fb, 0);
    const shape type{p.a.width + up + p.b.is_signed, p.a.integer + fb + p.b.is_signed, p.a.is_signed || p.b.is_signed};
    const integer raw = p.raw_a * reference::power(up) / p.raw_b;  // C division truncates toward zero
    check("/", p, outcome_of(a / b), type, raw * reference::power(scale_bits - (fa + up - fb)));
}

template <class A, class B>
void check_comparisons(const operand_pair& p, const A& a, const B& b) {
    const integer va = scaled(p.raw_a, p.a), vb = scaled(p.raw_b, p.b);
    const bool holds = (a == b) == (va == vb) && (a != b) == (va != vb) && (a < b) == (va < vb) && (a > b) == (va > vb) && (a <= b) == (va <= vb) &&
                       (a >= b) == (va >= vb);
    operators.that(holds, [&] { std::printf("comparison of %lld in <%d,%d> with %lld in <%d,%d>", p.raw_a, p.a.width, p.a.integer, p.raw_b, p.b.width, p.b.integer); });
}

template <class A, class B, class Body>
void each_pair(Body body) {
    const shape sa = shape_of(A(0)), sb = shape_of(B(0));
    for (long long i = 0; i < 1LL << sa.width; i++)
        for (long long j = 0; j < 1LL << sb.width; j++) {
            const A a = from_raw<A>(i);
            const B b = from_raw<B>(j);
            body(operand_pair{sa, sb, to_raw(a), to_raw(b)}, a, b);
        }
}

template <class A, class B>
void check_operators() {
    each_pair<A, B>([](const operand_pair& p, const A& a, const B& b) {
        check_exact(p, a, b);
        check_bitwise(p, a, b);
        check_quotient(p, a, b);
        check_comparisons(p, a, b);
    });
}

template <class A, class... B>
void check_against() { (check_operators<A, B>(), ...); }

template <class... T>
void check_all_pairs() { (check_against<T, T...>(), ...); }

template <class A, class B>
void check_remainder() {
    each_pair<A, B>([](const operand_pair& p, const A& a, const B& b) {
        if (p.raw_b == 0) return;
        const int width = smaller(p.a.width, p.b.width + (p.a.is_signed && !p.b.is_signed));
        check("%", p, outcome_of(a % b), {width, width, p.a.is_signed}, p.raw_a % p.raw_b * reference::power(scale_bits));
    });
}

// With C integers: as with the ap_ integer of the same width.
template <class A, class C>
void check_with_c_integer(int width, bool is_signed) {
    const shape sa = shape_of(A(0)), sc{width, width, is_signed};
    for (long long i = 0; i < 1LL << sa.width; i++)
        for (int j = is_signed ? -7 : 0; j <= (width == 1 ? 1 : 7); j++) {
            const A a = from_raw<A>(i);
            const C c = static_cast<C>(j);
            const operand_pair p{sa, sc, to_raw(a), j}, reversed{sc, sa, j, to_raw(a)};
            check_exact(p, a, c);
            check_exact(reversed, c, a);
            check_quotient(p, a, c);
            check_quotient(reversed, c, a);
            check_comparisons(p, a, c);
            check_comparisons(reversed, c, a);
        }
}

template <class A>
void check_with_c_integers() {
    check_with_c_integer<A, int>(32, true);
    check_with_c_integer<A, unsigned char>(8, false);
    check_with_c_integer<A, short>(16, true);
    check_with_c_integer<A, bool>(1, false);
}

long long wrapped(integer n, const shape& s) { return static_cast<long long>(reference::overflow(n, s.width, s.is_signed, AP_WRAP)); }

template <class A>
void check_unary() {
    const shape s = shape_of(A(0));
    const bool is_integer = !std::is_same_v<A, ap_fixed<4, 2>> && !std::is_same_v<A, ap_ufixed<4, -1>>;
    for (long long i = 0; i < 1LL << s.width; i++) {
        const A a = from_raw<A>(i);
        const long long raw = to_raw(a);
        const operand_pair p{s, s, raw, 0};
        const int grown = is_integer ? larger(s.width, 1 + s.is_signed) + 1 - s.width : 1;
        check("unary -", p, outcome_of(-a), {s.width + grown, s.integer + grown, true}, -scaled(raw, s));
        check("unary +", p, outcome_of(+a), s, scaled(raw, s));
        check("~", p, outcome_of(~a), s, scaled(wrapped(-raw - 1, s), s));
        operators.that(!a == (raw == 0), "operator !");
        for (int n = 0; n <= s.width + 2; n++) {
            const long long left = wrapped(raw * reference::power(n), s);
            const auto right = static_cast<long long>(reference::floor_divide(raw, reference::power(n)));
            check("<<", p, outcome_of(a << n), s, scaled(left, s));
            check(">>", p, outcome_of(a >> n), s, scaled(right, s));
            check("<< negative", p, outcome_of(a << -n), s, scaled(right, s));
            check(">> negative", p, outcome_of(a >> -n), s, scaled(left, s));
            check("<< ap_uint", p, outcome_of(a << ap_uint<4>(n)), s, scaled(left, s));
            A b = a, c = a;
            b <<= n;
            c >>= n;
            check("<<=", p, outcome_of(b), s, scaled(left, s));
            check(">>=", p, outcome_of(c), s, scaled(right, s));
        }
    }
}

template <class A, ap_q_mode Q, ap_o_mode O, class B>
void check_compound() {
    each_pair<A, B>([](const operand_pair& p, const A& a, const B& b) {
        const integer va = scaled(p.raw_a, p.a), vb = scaled(p.raw_b, p.b);
        auto expect = [&](const char* op, const A& got, integer value) {
            const integer raw = reference::cast(value, scale_bits, p.a, Q, O);
            check(op, p, outcome_of(got), p.a, scaled(static_cast<long long>(raw), p.a));
        };
        A t = a;
        expect("+=", t += b, va + vb);
        expect("-=", (t = a) -= b, va - vb);
        expect("*=", (t = a) *= b, va * vb / reference::power(scale_bits));
        const integer one = reference::power(scale_bits);
        t = a;
        expect("++", ++t, va + one);
        t = a;
        expect("x--", t--, va);
        expect("--", t, va - one);
    });
}

void check_operator_sections() {
    check_all_pairs<ap_fixed<4, 2>, ap_ufixed<4, 3>, ap_fixed<3, 5>, ap_ufixed<3, -1>, ap_fixed<4, -1>>();
    check_all_pairs<ap_int<4>, ap_uint<3>, ap_int<1>, ap_uint<5>>();
    check_against<ap_fixed<4, 2>, ap_int<3>, ap_uint<4>>();
    check_against<ap_uint<3>, ap_fixed<4, 2>, ap_ufixed<4, 0>>();
    check_remainder<ap_int<5>, ap_int<4>>();
    check_remainder<ap_int<5>, ap_uint<3>>();
    check_remainder<ap_uint<4>, ap_int<5>>();
    check_remainder<ap_uint<5>, ap_uint<2>>();
    check_with_c_integers<ap_fixed<5, 3>>();
    check_with_c_integers<ap_ufixed<4, 6>>();
    check_with_c_integers<ap_int<4>>();
    check_with_c_integers<ap_uint<4>>();
    check_unary<ap_fixed<4, 2>>();
    check_unary<ap_ufixed<4, -1>>();
    check_unary<ap_int<5>>();
    check_unary<ap_uint<4>>();
    check_unary<ap_int<1>>();
    check_unary<ap_uint<1>>();
    check_compound<ap_fixed<5, 3>, AP_TRN, AP_WRAP, ap_fixed<4, 1>>();
    check_compound<ap_fixed<4, 2, AP_RND_CONV, AP_SAT>, AP_RND_CONV, AP_SAT, ap_ufixed<3, 1>>();
    check_compound<ap_ufixed<5, 4, AP_TRN_ZERO, AP_SAT_ZERO>, AP_TRN_ZERO, AP_SAT_ZERO, ap_int<3>>();
    check_compound<ap_int<5>, AP_TRN_ZERO, AP_WRAP, ap_uint<4>>();
}

// To C integers and to ap_ integers: toward zero, low bits kept.
template <class A>
void check_conversions() {
    const shape s = shape_of(A(0));
    for (long long i = 0; i < 1LL << s.width; i++) {
        const A a = from_raw<A>(i);
        const integer value = reference::cast(to_raw(a), s.width - s.integer, {60, 60, true}, AP_TRN_ZERO, AP_WRAP);
        const auto n = static_cast<long long>(value);
        const int as_int = a;
        const long as_long = a;
        const unsigned char as_byte = a;
        const bool as_bool = a;
        conversions.that(as_int == n && as_long == n && as_byte == static_cast<unsigned char>(n) && as_bool == (to_raw(a) != 0), "implicit conversion");
        conversions.that(static_cast<int>(a) == n && static_cast<short>(a) == n && static_cast<unsigned>(a) == static_cast<unsigned>(n), "explicit conversion");
        conversions.that(a.to_int() == n && a.to_int64() == n && a.to_uint() == static_cast<unsigned>(n) &&
                             a.to_uint64() == static_cast<unsigned long long>(n), "named conversion");
        conversions.that(to_raw(ap_int<4>(a)) == wrapped(value, {4, 4, true}) && to_raw(ap_uint<3>(a)) == wrapped(value, {3, 3, false}), "to ap_int");
        const double exact = static_cast<double>(scaled(to_raw(a), s)) / static_cast<double>(reference::power(scale_bits));
        conversions.that(a.to_double() == exact && a.to_float() == static_cast<float>(exact) && static_cast<double>(a) == exact, "to_double");
        conversions.that(a == exact && !(a < exact) && exact >= a && a > exact - 0.001 && exact + 1.0f != a, "comparison with double");
        conversions.that((a > 0 ? A(a) : A(0)) == (exact > 0 ? exact : 0.0) && (a ? 1 : 0) == (exact != 0), "conditions");
    }
}

void check_integer_conversions() {
    for (int n = -300; n <= 300; n++) {
        const ap_int<8> a = n;
        const ap_uint<8> u = n;
        const auto low = static_cast<signed char>(n);
        const int i = a, j = u;
        conversions.that(i == low && j == static_cast<unsigned char>(n) && a.to_int() == low && u.to_uint64() == static_cast<unsigned char>(n), "ap_int of int");
        conversions.that(a.to_double() == low && (a ? true : false) == (low != 0) && a.sign() == (low < 0) && a.to_bool() == (low != 0), "ap_int reads");
        conversions.that(ap_int<20>(n + 0.75).to_int() == static_cast<int>(n + 0.75), "ap_int of double goes toward zero");
        conversions.that(ap_int<20>(a).to_int() == low && ap_int<9>(u).to_int() == j && ap_uint<4>(a).to_int() == (n & 15), "ap_int of ap_int");
        switch (ap_uint<2>(n)) {
            case 0: conversions.that((n & 3) == 0, "switch"); break;
            default: conversions.that((n & 3) != 0, "switch"); break;
        }
        int table[256] = {};
        table[u] = 1;
        conversions.that(table[static_cast<unsigned char>(n)] == 1, "index");
    }
    conversions.that(ap_int<100>("-1") == -1 && ap_uint<100>("0x10000000000000000") == ap_uint<100>(1) << 64, "literals");
    conversions.that(ap_int<70>("590295810358705651712").to_int64() == 0 && ap_int<12>("7ff", 16) == 2047, "literals with a radix");
    conversions.that(ap_int<8>("255") == -1 && ap_uint<8>("0b101") == 5 && ap_int<128>("-12345678901234567890123").to_uint64() == 0xbd49b1898ebdbb35ULL, "literals wrap");
    conversions.that(ap_int<64>(1LL << 63).to_int64() == -9223372036854775807LL - 1 && ap_uint<64>(-1).to_uint64() == ~0ULL, "64 bits");
    conversions.that((ap_fixed<16, 6>(0.5) * 1024 / 16).to_int() == 32 && static_cast<int>(ap_fixed<16, 6>(-0.99)) == 0, "table index");
}

template <class A>
void check_access() {
    const shape s = shape_of(A(0));
    const unsigned whole = (1U << s.width) - 1;
    for (unsigned bits = 0; bits <= whole; bits++) {
        const A a = from_raw<A>(bits);
        access.that(a.range().to_uint() == bits && static_cast<unsigned>(a(s.width - 1, 0).to_int64()) == bits && a.length() == s.width, "whole range");
        const ap_uint<8> read = a.range(s.width - 1, 0);
        const long long number = a.range();
        access.that(read.to_uint() == bits && number == bits, "range to integers");
        for (int high = 0; high < s.width; high++) {
            access.that(static_cast<bool>(a[high]) == ((bits >> high & 1) != 0), "bit read");
            A flipped = a;
            flipped[high] = !a[high];
            access.that(flipped.range().to_uint() == (bits ^ (1U << high)), "bit write");
            for (int low = 0; low <= high; low++) {
                const unsigned mask = (2U << (high - low)) - 1;
                access.that(a.range(high, low).to_uint() == (bits >> low & mask) && a.range(high, low).length() == high - low + 1, "range read");
                for (int value : {0, 5, -1, 1 << 20}) {
                    const unsigned expected = (bits & ~(mask << low)) | ((static_cast<unsigned>(value) & mask) << low);
                    A b = a, c = a, d = a;
                    b.range(high, low) = value;
                    c(high, low) = ap_int<24>(value);
                    ap_int<32> source = value;
                    d.range(high, low) = source.range(high - low, 0);
                    access.that(b.range().to_uint() == expected && c.range().to_uint() == expected && d.range().to_uint() == expected, "range write");
                    A e = b;
                    b = a;
                    b.range() = e.range();
                    access.that(b == e, "range to range");
                }
            }
        }
    }
}

void check_streams() {
    hls::stream<ap_fixed<8, 4>> s("s");
    access.that(s.empty() && !s.full() && s.size() == 0, "a new stream is empty");
    ap_fixed<8, 4> v = 0;
    access.that(!s.read_nb(v), "nothing to read");
    for (int i = 0; i < 5; i++) s.write(i);
    s << ap_fixed<8, 4>(5);
    access.that(s.size() == 6 && !s.empty() && s.read() == 0, "first in, first out");
    s.read(v);
    access.that(v == 1, "read into");
    s >> v;
    access.that(v == 2 && s.read_nb(v) && v == 3 && s.write_nb(7) && s.size() == 3, "non-blocking");
}

void check_members() {
    using t = ap_ufixed<9, -2, AP_RND_CONV, AP_SAT>;
    static_assert(t::width == 9 && t::iwidth == -2 && t::qmode == AP_RND_CONV && t::omode == AP_SAT && ap_int<7>::width == 7, "static members");
    static_assert(std::is_trivially_copyable_v<t> && std::is_trivially_copyable_v<ap_int<200>>, "plain data");
    access.that(sizeof(ap_fixed<16, 6>) <= 2 && sizeof(ap_int<8>) == 1, "small numbers stay small");
}

#ifdef HLS4NET_AP_COMMON_H
// What our headers refuse although a conversion would make it compile.
template <class A, class B, class = void> struct adds : std::false_type {};
template <class A, class B> struct adds<A, B, std::void_t<decltype(std::declval<A>() + std::declval<B>())>> : std::true_type {};
static_assert(adds<ap_fixed<8, 4>, int>() && !adds<ap_fixed<8, 4>, double>(), "no arithmetic between fixed point and floating point");
static_assert(!adds<decltype(std::declval<ap_int<8>&>().range()), int>(), "no arithmetic between selected bits and C integers");
static_assert(!std::is_convertible_v<ap_int<65>, long long> && std::is_convertible_v<ap_int<64>, long long>, "no silent loss of high bits");
static_assert(!std::is_assignable_v<decltype(std::declval<ap_fixed<8, 4>&>().range()), ap_fixed<8, 4>>, "no fixed point into selected bits");
#endif

}  // namespace

int main() {
    check_operator_sections();
    check_conversions<ap_fixed<6, 3>>();
    check_conversions<ap_ufixed<6, 3>>();
    check_conversions<ap_fixed<5, 8>>();
    check_conversions<ap_fixed<5, -1>>();
    check_conversions<ap_fixed<12, 10>>();
    check_integer_conversions();
    check_access<ap_fixed<5, 3>>();
    check_access<ap_ufixed<6, -1>>();
    check_access<ap_int<5>>();
    check_access<ap_uint<6>>();
    check_streams();
    check_members();
    return operators.report("operators, exhaustive") | conversions.report("conversions") | access.report("bits, ranges, streams");
}
