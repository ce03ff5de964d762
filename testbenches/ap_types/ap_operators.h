// Operators over ap_int, ap_uint, ap_fixed, ap_ufixed and C integers, found by argument-dependent lookup alone.
// Every operand is seen as raw * 2^-(width - integer); an integer is a fixed-point number without fraction bits.
#ifndef HLS4NET_AP_OPERATORS_H
#define HLS4NET_AP_OPERATORS_H

#include "ap_common.h"

namespace hls4net_ap {

// Plain ints: an enumeration of this namespace would itself look up the operators below.
namespace kind {
constexpr int none = 0, c_integer = 1, bits = 2, integer = 3, fixed = 4;
}

// Reads and makes numbers from raw integers, for this library only.
struct access {
    template <class T> static constexpr const auto& raw(const T& t) { return t.raw_; }
    template <class T> static constexpr auto& raw(T& t) { return t.raw_; }
    template <class T, class R> static HLS4NET_AP_INLINE constexpr T make(const R& raw) {
        T t{};
        t.raw_ = static_cast<std::remove_reference_t<decltype(t.raw_)>>(raw);
        return t;
    }
};

template <int K, int W, int I, bool S>
struct operand_shape {
    static constexpr int category = K;
    static constexpr int width = W, integer = I;
    static constexpr bool is_signed = S;
    using raw = raw_type<W, S>;
};

template <class T, class = void>
struct operand { static constexpr int category = kind::none; };

template <class T>
struct operand<T, std::enable_if_t<std::is_integral_v<T>>>
    : operand_shape<kind::c_integer, std::is_same_v<T, bool> ? 1 : storage_bits<T>, std::is_same_v<T, bool> ? 1 : storage_bits<T>,
                    std::is_signed_v<T>> {
    static HLS4NET_AP_INLINE constexpr raw_type<operand::width, operand::is_signed> get(T v) { return v; }
};

template <class T>
inline constexpr bool is_number = operand<T>::category == kind::integer || operand<T>::category == kind::fixed;

template <class T>
HLS4NET_AP_INLINE constexpr auto raw_of(const T& v) { return operand<T>::get(v); }

// Which pairs have operators: at least one ap_ type; selected bits only with one another or with ap_ integers.
constexpr bool combines(int a, int b) {
    if (a == kind::none || b == kind::none) return false;
    if (a == kind::bits) return b == kind::bits || b == kind::integer;
    if (b == kind::bits) return a == kind::integer;
    return a != kind::c_integer || b != kind::c_integer;
}

template <bool Fixed, int W, int I, bool S>
using result = std::conditional_t<Fixed, ap_fixed_base<W, I, S>, ap_int_base<W, S>>;

constexpr int larger(int a, int b) { return a > b ? a : b; }
constexpr int smaller(int a, int b) { return a < b ? a : b; }

template <class A, class B, bool Valid = combines(operand<A>::category, operand<B>::category)>
struct binary {};

// Exact result types and values.
template <class A, class B>
struct binary<A, B, true> {
    using OA = operand<A>;
    using OB = operand<B>;
    static constexpr bool sa = OA::is_signed, sb = OB::is_signed, either_signed = sa || sb;
    static constexpr bool fixed = OA::category == kind::fixed || OB::category == kind::fixed;
    static constexpr int wa = OA::width, ia = OA::integer, fa = wa - ia;
    static constexpr int wb = OB::width, ib = OB::integer, fb = wb - ib;
    static constexpr int integer = larger(ia + (sb && !sa), ib + (sa && !sb)), fraction = larger(fa, fb);
    static constexpr int divided = larger(fb, 0);  // the dividend is scaled up by that many bits

    using sum = result<fixed, integer + 1 + fraction, integer + 1, either_signed>;
    using difference = result<fixed, integer + 1 + fraction, integer + 1, true>;
    using product = result<fixed, wa + wb, ia + ib, either_signed>;
    using quotient = result<fixed, wa + divided + sb, ia + fb + sb, either_signed>;
    using logic = result<fixed, integer + fraction, integer, either_signed>;

    // Holds either operand at the finer of the two resolutions.
    using aligned = signed_storage<larger(signed_bits(ia, sa), signed_bits(ib, sb)) + fraction>;
    template <class T> static HLS4NET_AP_INLINE constexpr T left(const A& a) {
        return shift_left(static_cast<T>(raw_of(a)), fraction - fa);
    }
    template <class T> static HLS4NET_AP_INLINE constexpr T right(const B& b) {
        return shift_left(static_cast<T>(raw_of(b)), fraction - fb);
    }

    static HLS4NET_AP_INLINE constexpr sum add(const A& a, const B& b) {
        using T = typename operand<sum>::raw;
        return access::make<sum>(left<T>(a) + right<T>(b));
    }
    static HLS4NET_AP_INLINE constexpr difference subtract(const A& a, const B& b) {
        using T = typename operand<difference>::raw;
        return access::make<difference>(left<T>(a) - right<T>(b));
    }
    static HLS4NET_AP_INLINE constexpr product multiply(const A& a, const B& b) {
        using T = typename operand<product>::raw;
        return access::make<product>(static_cast<T>(raw_of(a)) * static_cast<T>(raw_of(b)));
    }
    // Toward zero. Both operands and the quotient fit the storage.
    static constexpr quotient divide(const A& a, const B& b) {
        using T = signed_storage<larger(signed_bits(wa, sa) + divided + 1, signed_bits(wb, sb))>;
        const T divisor = static_cast<T>(raw_of(b));
        if (divisor == T(0)) fail("division by zero");
        return access::make<quotient>(shift_left(static_cast<T>(raw_of(a)), divided) / divisor);
    }
    static HLS4NET_AP_INLINE constexpr logic both(const A& a, const B& b) {
        using T = typename operand<logic>::raw;
        return access::make<logic>(left<T>(a) & right<T>(b));
    }
    static HLS4NET_AP_INLINE constexpr logic any(const A& a, const B& b) {
        using T = typename operand<logic>::raw;
        return access::make<logic>(left<T>(a) | right<T>(b));
    }
    static HLS4NET_AP_INLINE constexpr logic differ(const A& a, const B& b) {
        using T = typename operand<logic>::raw;
        return access::make<logic>(left<T>(a) ^ right<T>(b));
    }
    static HLS4NET_AP_INLINE constexpr bool equal(const A& a, const B& b) {
        using T = aligned;
        return left<T>(a) == right<T>(b);
    }
    static HLS4NET_AP_INLINE constexpr bool less(const A& a, const B& b) {
        using T = aligned;
        return left<T>(a) < right<T>(b);
    }
};

// The remainder has the sign of the dividend; fixed point has none.
template <class A, class B, bool Valid = combines(operand<A>::category, operand<B>::category) &&
                                         operand<A>::category != kind::fixed && operand<B>::category != kind::fixed>
struct integer_binary {};

template <class A, class B>
struct integer_binary<A, B, true> {
    static constexpr bool sa = operand<A>::is_signed, sb = operand<B>::is_signed;
    static constexpr int wa = operand<A>::width, wb = operand<B>::width;
    using remainder = ap_int_base<smaller(wa, wb + (sa && !sb)), sa>;

    static constexpr remainder modulo(const A& a, const B& b) {
        using T = signed_storage<larger(signed_bits(wa, sa), signed_bits(wb, sb)) + 1>;
        const T divisor = static_cast<T>(raw_of(b));
        if (divisor == T(0)) fail("remainder of a division by zero");
        return access::make<remainder>(static_cast<T>(raw_of(a)) % divisor);
    }
};

#define HLS4NET_AP_BINARY(SYMBOL, OPERATIONS, TYPE, METHOD)                                                              \
    template <class A, class B>                                                                              \
    HLS4NET_AP_INLINE constexpr typename OPERATIONS<A, B>::TYPE operator SYMBOL(const A& a, const B& b) {        \
        return OPERATIONS<A, B>::METHOD(a, b);                                                                   \
    }                                                                                                        \
    template <class A, class B, std::enable_if_t<is_number<A>, int> = 0, class = typename OPERATIONS<A, B>::TYPE> \
    HLS4NET_AP_INLINE constexpr A& operator SYMBOL##=(A& a, const B& b) {                                    \
        return a = a SYMBOL b;                                                                               \
    }

HLS4NET_AP_BINARY(+, binary, sum, add)
HLS4NET_AP_BINARY(-, binary, difference, subtract)
HLS4NET_AP_BINARY(*, binary, product, multiply)
HLS4NET_AP_BINARY(/, binary, quotient, divide)
HLS4NET_AP_BINARY(%, integer_binary, remainder, modulo)
HLS4NET_AP_BINARY(&, binary, logic, both)
HLS4NET_AP_BINARY(|, binary, logic, any)
HLS4NET_AP_BINARY(^, binary, logic, differ)
#undef HLS4NET_AP_BINARY

template <class A, class B>
using comparable = std::enable_if_t<combines(operand<A>::category, operand<B>::category), bool>;

template <class A, class B> HLS4NET_AP_INLINE constexpr comparable<A, B> operator==(const A& a, const B& b) { return binary<A, B>::equal(a, b); }
template <class A, class B> HLS4NET_AP_INLINE constexpr comparable<A, B> operator!=(const A& a, const B& b) { return !binary<A, B>::equal(a, b); }
template <class A, class B> HLS4NET_AP_INLINE constexpr comparable<A, B> operator<(const A& a, const B& b) { return binary<A, B>::less(a, b); }
template <class A, class B> HLS4NET_AP_INLINE constexpr comparable<A, B> operator>(const A& a, const B& b) { return binary<B, A>::less(b, a); }
template <class A, class B> HLS4NET_AP_INLINE constexpr comparable<A, B> operator<=(const A& a, const B& b) { return !binary<B, A>::less(b, a); }
template <class A, class B> HLS4NET_AP_INLINE constexpr comparable<A, B> operator>=(const A& a, const B& b) { return !binary<A, B>::less(a, b); }

// Shifts stay in the left operand's type: what leaves it on either side is lost. A negative count shifts the other way.
template <class A>
HLS4NET_AP_INLINE constexpr auto shifted(const A& a, int left) {
    using O = operand<A>;
    const auto& v = raw_of(a);
    return access::make<typename O::self>(left >= 0 ? wrap<O::width, O::is_signed>(shift_left(v, left)) : shift_right(v, -left));
}

template <class B>
HLS4NET_AP_INLINE constexpr int shift_count(const B& b) {
    constexpr int limit = 1 << 24;
    const auto n = raw_of(b);
    using T = larger_storage<std::remove_const_t<decltype(n)>, std::int32_t>;
    const T count = static_cast<T>(n);
    return count > T(limit) ? limit : count < T(-limit) ? -limit : static_cast<int>(count);
}

template <class A, class B>
inline constexpr bool shifts = is_number<A> && (operand<B>::category == kind::c_integer || operand<B>::category == kind::integer);

template <class A, class B, std::enable_if_t<shifts<A, B>, int> = 0>
HLS4NET_AP_INLINE constexpr typename operand<A>::self operator<<(const A& a, const B& b) { return shifted(a, shift_count(b)); }
template <class A, class B, std::enable_if_t<shifts<A, B>, int> = 0>
HLS4NET_AP_INLINE constexpr typename operand<A>::self operator>>(const A& a, const B& b) { return shifted(a, -shift_count(b)); }
template <class A, class B, std::enable_if_t<shifts<A, B>, int> = 0>
HLS4NET_AP_INLINE constexpr A& operator<<=(A& a, const B& b) { access::raw(a) = raw_of(a << b); return a; }
template <class A, class B, std::enable_if_t<shifts<A, B>, int> = 0>
HLS4NET_AP_INLINE constexpr A& operator>>=(A& a, const B& b) { access::raw(a) = raw_of(a >> b); return a; }

template <class A, std::enable_if_t<is_number<A>, int> = 0>
HLS4NET_AP_INLINE constexpr typename operand<A>::self operator+(const A& a) { return a; }

// A fixed-point number gains one bit; an integer has the type of 0 - a.
template <class A, std::enable_if_t<is_number<A>, int> = 0>
HLS4NET_AP_INLINE constexpr auto operator-(const A& a) {
    using O = operand<A>;
    constexpr int grown = O::category == kind::fixed || !O::is_signed || O::width > 1 ? 1 : 2;
    using R = result<O::category == kind::fixed, O::width + grown, O::integer + grown, true>;
    return access::make<R>(-static_cast<typename operand<R>::raw>(raw_of(a)));
}

template <class A, std::enable_if_t<is_number<A>, int> = 0>
HLS4NET_AP_INLINE constexpr typename operand<A>::self operator~(const A& a) {
    using O = operand<A>;
    return access::make<typename O::self>(wrap<O::width, O::is_signed>(static_cast<typename O::raw>(~raw_of(a))));
}

template <class A, std::enable_if_t<is_number<A>, int> = 0>
HLS4NET_AP_INLINE constexpr bool operator!(const A& a) { return raw_of(a) == typename operand<A>::raw(0); }

template <class A, std::enable_if_t<is_number<A>, int> = 0> constexpr A& operator++(A& a) { return a += 1; }
template <class A, std::enable_if_t<is_number<A>, int> = 0> constexpr A& operator--(A& a) { return a -= 1; }
template <class A, std::enable_if_t<is_number<A>, int> = 0> constexpr A operator++(A& a, int) { A old = a; a += 1; return old; }
template <class A, std::enable_if_t<is_number<A>, int> = 0> constexpr A operator--(A& a, int) { A old = a; a -= 1; return old; }

// With the vendor's headers a comma between two ap_ integers concatenates them; here it must not silently mean less.
template <class A, class B, std::enable_if_t<(operand<A>::category == kind::integer || operand<A>::category == kind::bits) &&
                                             (operand<B>::category == kind::integer || operand<B>::category == kind::bits), int> = 0>
void operator,(const A&, const B&) = delete;

}  // namespace hls4net_ap

#endif
