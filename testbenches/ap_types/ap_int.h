// ap_int<W> and ap_uint<W> for simulation with a plain C++17 compiler. See README.md.
#ifndef HLS4NET_AP_INT_H
#define HLS4NET_AP_INT_H

#include "ap_common.h"
#include "ap_operators.h"
#include "ap_references.h"

namespace hls4net_ap {

// v * 2^-F as an integer, toward zero.
template <int F, int W, bool S>
HLS4NET_AP_INLINE constexpr auto integer_part(const raw_type<W, S>& v) {
    constexpr int width = larger(W - F, 1);
    if constexpr (F == 0) return v;
    else return convert<width, 0, S, AP_TRN_ZERO, AP_WRAP, W, F, S>(v);
}

// The C integer type to which a number of W bits converts by itself.
template <int W, bool S>
using c_integer = std::conditional_t<S,
    std::conditional_t<W <= 8, signed char, std::conditional_t<W <= 16, short, std::conditional_t<W <= 32, int, long long>>>,
    std::conditional_t<W <= 8, unsigned char, std::conditional_t<W <= 16, unsigned short, std::conditional_t<W <= 32, unsigned int, unsigned long long>>>>;

// Stands where a conversion does not exist.
template <int> struct refused;

template <int W, bool S>
class ap_int_base {
    static_assert(W >= 1, "an ap_int has at least one bit");
    friend struct access;
    raw_type<W, S> raw_;

    static constexpr int digit_of(char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        if (c >= 'A' && c <= 'F') return c - 'A' + 10;
        return 99;
    }

    constexpr void parse(const char* text, int radix) {
        using T = signed_storage<signed_bits(W, S) + 6>;
        const bool negative = *text == '-';
        if (*text == '-' || *text == '+') text++;
        if (radix == 16 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) text += 2;
        if (radix == 2 && text[0] == '0' && (text[1] == 'b' || text[1] == 'B')) text += 2;
        if (*text == 0) fail("an integer literal without digits");
        T value(0);
        for (; *text != 0; text++) {
            const int digit = digit_of(*text);
            if (digit >= radix) fail("a digit that does not belong to the radix of its integer literal");
            value = static_cast<T>(wrap<W, S>(static_cast<T>(value * T(radix) + T(digit))));
        }
        raw_ = wrap<W, S>(static_cast<T>(negative ? -value : value));
    }

    static constexpr int radix_of(const char* text) {
        if (*text == '-' || *text == '+') text++;
        if (text[0] != '0') return 10;
        return text[1] == 'x' || text[1] == 'X' ? 16 : text[1] == 'b' || text[1] == 'B' ? 2 : 10;
    }

public:
    static constexpr int width = W;

    // Leaves the value undefined, as the vendor's does: a forgotten initialisation must show.
    ap_int_base() = default;

    // From C and ap_ integers and selected bits: modulo 2^W. From fixed point: toward zero, then modulo 2^W.
    template <class T, std::enable_if_t<operand<T>::category != kind::none, int> = 0>
    HLS4NET_AP_INLINE constexpr ap_int_base(const T& v)
        : raw_(wrap<W, S>(integer_part<operand<T>::width - operand<T>::integer, operand<T>::width, operand<T>::is_signed>(raw_of(v)))) {}

    constexpr ap_int_base(double v) : raw_(convert_double<W, 0, S, AP_TRN_ZERO, AP_WRAP>(v)) {}
    constexpr ap_int_base(float v) : ap_int_base(static_cast<double>(v)) {}

    // Decimal, or 0x... or 0b...; the second form names the radix: 2, 10 or 16.
    explicit constexpr ap_int_base(const char* text) : raw_(0) { parse(text, radix_of(text)); }
    explicit constexpr ap_int_base(const char* text, signed char radix) : raw_(0) {
        if (radix != 2 && radix != 10 && radix != 16) fail("a radix other than 2, 10 and 16");
        parse(text, radix);
    }

    // Beyond 64 bits the conversion loses the high bits and is not implicit.
    HLS4NET_AP_INLINE constexpr operator std::conditional_t<(W <= 64), c_integer<W, S>, refused<0>>() const {
        return static_cast<c_integer<W, S>>(raw_);
    }
    explicit constexpr operator std::conditional_t<(W > 64), c_integer<W, S>, refused<1>>() const {
        return static_cast<c_integer<W, S>>(raw_);
    }

    constexpr bool to_bool() const { return raw_ != raw_type<W, S>(0); }
    constexpr int to_int() const { return static_cast<int>(raw_); }
    constexpr unsigned to_uint() const { return static_cast<unsigned>(raw_); }
    constexpr long to_long() const { return static_cast<long>(raw_); }
    constexpr unsigned long to_ulong() const { return static_cast<unsigned long>(raw_); }
    constexpr long long to_int64() const { return static_cast<long long>(raw_); }
    constexpr unsigned long long to_uint64() const { return static_cast<unsigned long long>(raw_); }
    double to_double() const { return to_floating<double, 0>(raw_); }
    float to_float() const { return to_floating<float, 0>(raw_); }

    constexpr int length() const { return W; }
    constexpr bool sign() const { return raw_ < raw_type<W, S>(0); }

    constexpr range_ref<ap_int_base> range(int high, int low) { return {*this, high, low}; }
    constexpr range_ref<const ap_int_base> range(int high, int low) const { return {*this, high, low}; }
    constexpr range_ref<ap_int_base> range() { return {*this, W - 1, 0}; }
    constexpr range_ref<const ap_int_base> range() const { return {*this, W - 1, 0}; }
    constexpr range_ref<ap_int_base> operator()(int high, int low) { return {*this, high, low}; }
    constexpr range_ref<const ap_int_base> operator()(int high, int low) const { return {*this, high, low}; }
    constexpr bit_ref<ap_int_base> operator[](int index) { return {*this, index}; }
    constexpr bool operator[](int index) const { return bit_ref<const ap_int_base>(*this, index); }
};

template <int W>
class ap_int : public ap_int_base<W, true> {
public:
    using ap_int_base<W, true>::ap_int_base;
    ap_int() = default;
    HLS4NET_AP_INLINE constexpr ap_int(const ap_int_base<W, true>& v) : ap_int_base<W, true>(v) {}
};

template <int W>
class ap_uint : public ap_int_base<W, false> {
public:
    using ap_int_base<W, false>::ap_int_base;
    ap_uint() = default;
    HLS4NET_AP_INLINE constexpr ap_uint(const ap_int_base<W, false>& v) : ap_int_base<W, false>(v) {}
};

template <int W, bool S>
struct operand<ap_int_base<W, S>> : operand_shape<kind::integer, W, W, S> {
    using self = ap_int_base<W, S>;
    static HLS4NET_AP_INLINE constexpr raw_type<W, S> get(const self& v) { return access::raw(v); }
};
template <int W> struct operand<ap_int<W>> : operand<ap_int_base<W, true>> {};
template <int W> struct operand<ap_uint<W>> : operand<ap_int_base<W, false>> {};

}  // namespace hls4net_ap

using hls4net_ap::ap_int;
using hls4net_ap::ap_int_base;
using hls4net_ap::ap_uint;

#endif
