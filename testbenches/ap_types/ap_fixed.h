// ap_fixed<W, I, Q, O> and ap_ufixed<W, I, Q, O> for simulation with a plain C++17 compiler. See README.md.
#ifndef HLS4NET_AP_FIXED_H
#define HLS4NET_AP_FIXED_H

#include "ap_common.h"
#include "ap_int.h"
#include "ap_operators.h"
#include "ap_references.h"

namespace hls4net_ap {

// The numbers n * 2^-(W-I), n an integer of W bits; I may exceed W or be negative.
template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N>
class ap_fixed_base {
    static_assert(W >= 1, "an ap_fixed has at least one bit");
    static_assert(N == 0, "saturation bits (N) are not supported");
    friend struct access;
    raw_type<W, S> raw_;

    // Toward zero; the low bits of the two's complement integer where it does not fit.
    template <class T>
    HLS4NET_AP_INLINE constexpr T truncated() const { return static_cast<T>(integer_part<W - I, W, S>(raw_)); }

public:
    static constexpr int width = W;
    static constexpr int iwidth = I;
    static constexpr ap_q_mode qmode = Q;
    static constexpr ap_o_mode omode = O;

    // Leaves the value undefined, as the vendor's does: a forgotten initialisation must show.
    ap_fixed_base() = default;

    // From C and ap_ integers, selected bits (as an unsigned integer) and fixed point: rounds by Q, then overflows by O.
    template <class T, std::enable_if_t<operand<T>::category != kind::none, int> = 0>
    HLS4NET_AP_INLINE constexpr ap_fixed_base(const T& v)
        : raw_(convert<W, W - I, S, Q, O, operand<T>::width, operand<T>::width - operand<T>::integer, operand<T>::is_signed>(raw_of(v))) {}

    constexpr ap_fixed_base(double v) : raw_(convert_double<W, W - I, S, Q, O>(v)) {}
    constexpr ap_fixed_base(float v) : ap_fixed_base(static_cast<double>(v)) {}

    constexpr operator bool() const { return raw_ != raw_type<W, S>(0); }
    constexpr operator char() const { return truncated<char>(); }
    constexpr operator signed char() const { return truncated<signed char>(); }
    constexpr operator unsigned char() const { return truncated<unsigned char>(); }
    constexpr operator short() const { return truncated<short>(); }
    constexpr operator unsigned short() const { return truncated<unsigned short>(); }
    constexpr operator int() const { return truncated<int>(); }
    constexpr operator unsigned() const { return truncated<unsigned>(); }
    constexpr operator long() const { return truncated<long>(); }
    constexpr operator unsigned long() const { return truncated<unsigned long>(); }
    constexpr operator long long() const { return truncated<long long>(); }
    constexpr operator unsigned long long() const { return truncated<unsigned long long>(); }
    operator double() const { return to_double(); }
    operator float() const { return to_float(); }

    constexpr int to_int() const { return truncated<int>(); }
    constexpr unsigned to_uint() const { return truncated<unsigned>(); }
    constexpr long long to_int64() const { return truncated<long long>(); }
    constexpr unsigned long long to_uint64() const { return truncated<unsigned long long>(); }
    double to_double() const { return to_floating<double, W - I>(raw_); }
    float to_float() const { return to_floating<float, W - I>(raw_); }

    constexpr int length() const { return W; }

    constexpr range_ref<ap_fixed_base> range(int high, int low) { return {*this, high, low}; }
    constexpr range_ref<const ap_fixed_base> range(int high, int low) const { return {*this, high, low}; }
    constexpr range_ref<ap_fixed_base> range() { return {*this, W - 1, 0}; }
    constexpr range_ref<const ap_fixed_base> range() const { return {*this, W - 1, 0}; }
    constexpr range_ref<ap_fixed_base> operator()(int high, int low) { return {*this, high, low}; }
    constexpr range_ref<const ap_fixed_base> operator()(int high, int low) const { return {*this, high, low}; }
    constexpr bit_ref<ap_fixed_base> operator[](int index) { return {*this, index}; }
    constexpr bool operator[](int index) const { return bit_ref<const ap_fixed_base>(*this, index); }
};

template <int W, int I, ap_q_mode Q, ap_o_mode O, int N>
class ap_fixed : public ap_fixed_base<W, I, true, Q, O, N> {
public:
    using ap_fixed_base<W, I, true, Q, O, N>::ap_fixed_base;
    ap_fixed() = default;
    HLS4NET_AP_INLINE constexpr ap_fixed(const ap_fixed_base<W, I, true, Q, O, N>& v) : ap_fixed_base<W, I, true, Q, O, N>(v) {}
};

template <int W, int I, ap_q_mode Q, ap_o_mode O, int N>
class ap_ufixed : public ap_fixed_base<W, I, false, Q, O, N> {
public:
    using ap_fixed_base<W, I, false, Q, O, N>::ap_fixed_base;
    ap_ufixed() = default;
    HLS4NET_AP_INLINE constexpr ap_ufixed(const ap_fixed_base<W, I, false, Q, O, N>& v) : ap_fixed_base<W, I, false, Q, O, N>(v) {}
};

template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N>
struct operand<ap_fixed_base<W, I, S, Q, O, N>> : operand_shape<kind::fixed, W, I, S> {
    using self = ap_fixed_base<W, I, S, Q, O, N>;
    static HLS4NET_AP_INLINE constexpr raw_type<W, S> get(const self& v) { return access::raw(v); }
};
template <int W, int I, ap_q_mode Q, ap_o_mode O, int N>
struct operand<ap_fixed<W, I, Q, O, N>> : operand<ap_fixed_base<W, I, true, Q, O, N>> {};
template <int W, int I, ap_q_mode Q, ap_o_mode O, int N>
struct operand<ap_ufixed<W, I, Q, O, N>> : operand<ap_fixed_base<W, I, false, Q, O, N>> {};

// Against a floating-point number the comparison is that of doubles.
template <class A, class D>
using compared_as_double = std::enable_if_t<operand<A>::category == kind::fixed && std::is_floating_point_v<D>, bool>;

#define HLS4NET_AP_COMPARE(SYMBOL)                                                                              \
    template <class A, class D> compared_as_double<A, D> operator SYMBOL(const A& a, const D& d) { return a.to_double() SYMBOL d; } \
    template <class A, class D> compared_as_double<A, D> operator SYMBOL(const D& d, const A& a) { return d SYMBOL a.to_double(); }
HLS4NET_AP_COMPARE(==)
HLS4NET_AP_COMPARE(!=)
HLS4NET_AP_COMPARE(<)
HLS4NET_AP_COMPARE(>)
HLS4NET_AP_COMPARE(<=)
HLS4NET_AP_COMPARE(>=)
#undef HLS4NET_AP_COMPARE

}  // namespace hls4net_ap

using hls4net_ap::ap_fixed;
using hls4net_ap::ap_fixed_base;
using hls4net_ap::ap_ufixed;

#endif
