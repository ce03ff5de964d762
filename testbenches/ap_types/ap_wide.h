// Integers of a fixed number of bits beyond __int128, and the few operations that the ap_ types need on any of them.
// Everything is two's complement and wraps at the width of its storage; callers choose a storage in which the exact
// result fits. Simulation only.
#ifndef HLS4NET_AP_WIDE_H
#define HLS4NET_AP_WIDE_H

#if __cplusplus < 201703L
#error "these headers need -std=c++17 or later"
#endif

#include <cstdint>
#include <type_traits>

#define HLS4NET_AP_INLINE inline __attribute__((always_inline))

namespace hls4net_ap {

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

template <class T>
inline constexpr bool is_machine_integer = std::is_integral_v<T> || std::is_same_v<T, int128> || std::is_same_v<T, uint128>;

// Two's complement integer of N little-endian limbs of 64 bits.
template <int N>
struct wide {
    std::uint64_t limb[N];

    wide() = default;

    template <class T, std::enable_if_t<is_machine_integer<T>, int> = 0>
    constexpr wide(T value) : limb{} {
        const bool negative = value < T(0);
        limb[0] = static_cast<std::uint64_t>(value);
        for (int i = 1; i < N; i++) limb[i] = negative ? ~std::uint64_t(0) : 0;
        if constexpr (sizeof(T) > 8 && N > 1) limb[1] = static_cast<std::uint64_t>(value >> 64);
    }

    // Truncates or extends the sign.
    template <int M>
    explicit constexpr wide(const wide<M>& other) : limb{} {
        const std::uint64_t sign = other.is_negative() ? ~std::uint64_t(0) : 0;
        for (int i = 0; i < N; i++) limb[i] = i < M ? other.limb[i] : sign;
    }

    template <class T, std::enable_if_t<is_machine_integer<T>, int> = 0>
    explicit constexpr operator T() const {
        if constexpr (sizeof(T) > 8 && N > 1) return static_cast<T>((uint128(limb[1]) << 64) | limb[0]);
        else return static_cast<T>(limb[0]);
    }

    constexpr bool is_negative() const { return (limb[N - 1] >> 63) != 0; }

    friend constexpr wide operator+(const wide& a, const wide& b) {
        wide r{};
        uint128 carry = 0;
        for (int i = 0; i < N; i++) {
            carry += uint128(a.limb[i]) + b.limb[i];
            r.limb[i] = static_cast<std::uint64_t>(carry);
            carry >>= 64;
        }
        return r;
    }

    constexpr wide operator~() const {
        wide r{};
        for (int i = 0; i < N; i++) r.limb[i] = ~limb[i];
        return r;
    }

    constexpr wide operator-() const { return ~*this + wide(1); }
    friend constexpr wide operator-(const wide& a, const wide& b) { return a + -b; }

    friend constexpr wide operator*(const wide& a, const wide& b) {
        wide r{};
        for (int i = 0; i < N; i++) {
            std::uint64_t carry = 0;
            for (int j = 0; i + j < N; j++) {
                const uint128 t = uint128(a.limb[i]) * b.limb[j] + r.limb[i + j] + carry;
                r.limb[i + j] = static_cast<std::uint64_t>(t);
                carry = static_cast<std::uint64_t>(t >> 64);
            }
        }
        return r;
    }

    friend constexpr wide operator&(const wide& a, const wide& b) {
        wide r{};
        for (int i = 0; i < N; i++) r.limb[i] = a.limb[i] & b.limb[i];
        return r;
    }

    friend constexpr wide operator|(const wide& a, const wide& b) { return ~(~a & ~b); }
    friend constexpr wide operator^(const wide& a, const wide& b) { return (a | b) & ~(a & b); }

    friend constexpr bool operator==(const wide& a, const wide& b) {
        for (int i = 0; i < N; i++)
            if (a.limb[i] != b.limb[i]) return false;
        return true;
    }

    friend constexpr bool operator<(const wide& a, const wide& b) {
        if (a.is_negative() != b.is_negative()) return a.is_negative();
        return a.less_as_unsigned(b);
    }

    friend constexpr bool operator!=(const wide& a, const wide& b) { return !(a == b); }
    friend constexpr bool operator>(const wide& a, const wide& b) { return b < a; }
    friend constexpr bool operator<=(const wide& a, const wide& b) { return !(b < a); }
    friend constexpr bool operator>=(const wide& a, const wide& b) { return !(a < b); }

    // 0 <= count < 64 N.
    constexpr wide shifted_left(int count) const {
        wide r{};
        const int limbs = count / 64, bits = count % 64;
        for (int i = N - 1; i >= limbs; i--) {
            r.limb[i] = limb[i - limbs] << bits;
            if (bits != 0 && i > limbs) r.limb[i] |= limb[i - limbs - 1] >> (64 - bits);
        }
        return r;
    }

    // Arithmetic; 0 <= count < 64 N.
    constexpr wide shifted_right(int count) const {
        wide r{};
        const int limbs = count / 64, bits = count % 64;
        const std::uint64_t sign = is_negative() ? ~std::uint64_t(0) : 0;
        for (int i = 0; i < N; i++) {
            const std::uint64_t low = i + limbs < N ? limb[i + limbs] : sign;
            const std::uint64_t high = i + limbs + 1 < N ? limb[i + limbs + 1] : sign;
            r.limb[i] = bits == 0 ? low : (low >> bits) | (high << (64 - bits));
        }
        return r;
    }

    constexpr bool less_as_unsigned(const wide& b) const {
        for (int i = N - 1; i >= 0; i--)
            if (limb[i] != b.limb[i]) return limb[i] < b.limb[i];
        return false;
    }

    // Quotient toward zero and remainder with the sign of the dividend, bit by bit: wide divisions are rare.
    static constexpr void divide(const wide& a, const wide& b, wide& quotient, wide& remainder) {
        // Magnitudes, unsigned: that of the most negative number is 2^(64 N - 1).
        const wide dividend = a.is_negative() ? -a : a, divisor = b.is_negative() ? -b : b;
        wide q{}, r{};
        for (int i = 64 * N - 1; i >= 0; i--) {
            r = r.shifted_left(1);
            r.limb[0] |= (dividend.limb[i / 64] >> (i % 64)) & 1;
            if (!r.less_as_unsigned(divisor)) {
                r = r - divisor;
                q.limb[i / 64] |= std::uint64_t(1) << (i % 64);
            }
        }
        quotient = a.is_negative() != b.is_negative() ? -q : q;
        remainder = a.is_negative() ? -r : r;
    }

    friend constexpr wide operator/(const wide& a, const wide& b) {
        wide q{}, r{};
        divide(a, b, q, r);
        return q;
    }

    friend constexpr wide operator%(const wide& a, const wide& b) {
        wide q{}, r{};
        divide(a, b, q, r);
        return r;
    }
};

// The smallest storage for a signed number of B bits.
template <int B>
using signed_storage = std::conditional_t<B <= 8, std::int8_t, std::conditional_t<B <= 16, std::int16_t,
    std::conditional_t<B <= 32, std::int32_t, std::conditional_t<B <= 64, std::int64_t,
    std::conditional_t<B <= 128, int128, wide<(B + 63) / 64>>>>>>;

template <class T>
inline constexpr int storage_bits = static_cast<int>(8 * sizeof(T));

template <class A, class B>
using larger_storage = std::conditional_t<(sizeof(A) >= sizeof(B)), A, B>;

template <class T> struct unsigned_storage { using type = std::make_unsigned_t<T>; };
template <> struct unsigned_storage<int128> { using type = uint128; };

// v * 2^count, low bits kept; any count >= 0.
template <class T>
HLS4NET_AP_INLINE constexpr T shift_left(const T& v, int count) {
    if (count >= storage_bits<T>) return T(0);
    if constexpr (is_machine_integer<T>) return static_cast<T>(static_cast<typename unsigned_storage<T>::type>(v) << count);
    else return v.shifted_left(count);
}

// floor(v / 2^count); any count >= 0.
template <class T>
HLS4NET_AP_INLINE constexpr T shift_right(const T& v, int count) {
    const int n = count < storage_bits<T> ? count : storage_bits<T> - 1;
    if constexpr (is_machine_integer<T>) return static_cast<T>(v >> n);
    else return v.shifted_right(n);
}

// 2^count - 1; all ones where count reaches the storage.
template <class T>
HLS4NET_AP_INLINE constexpr T low_ones(int count) { return static_cast<T>(~shift_left(static_cast<T>(~T(0)), count)); }

template <class T>
HLS4NET_AP_INLINE constexpr bool bit_at(const T& v, int index) {
    return (static_cast<unsigned>(shift_right(v, index)) & 1U) != 0;
}

// Whether any of the lowest `count` bits is set.
template <class T>
HLS4NET_AP_INLINE constexpr bool any_below(const T& v, int count) {
    if (count <= 0) return false;
    if (count >= storage_bits<T>) return v != T(0);
    return shift_left(v, storage_bits<T> - count) != T(0);
}

}  // namespace hls4net_ap

#endif
