// Counting checks, shared by the drivers of this folder. The drivers use nothing of ap_types beyond what the vendor's
// headers offer too, so that the same checks can run against those (see run.sh).
#ifndef HLS4NET_TESTS_CHECK_H
#define HLS4NET_TESTS_CHECK_H

#include <cstdio>

struct checks {
    long long done = 0, failed = 0;

    template <class Describe>
    void that(bool holds, Describe describe) {
        done++;
        if (holds) return;
        if (++failed <= 20) {
            std::printf("MISMATCH ");
            describe();
            std::printf("\n");
        }
    }

    void that(bool holds, const char* what) { that(holds, [=] { std::printf("%s", what); }); }

    int report(const char* section) const {
        std::printf("%s: %lld checks, %lld mismatches\n", section, done, failed);
        return failed == 0 && done > 0 ? 0 : 1;
    }
};

// The shape of a number, found from its type.
struct shape {
    int width, integer;
    bool is_signed;
    bool operator==(const shape& o) const { return width == o.width && integer == o.integer && is_signed == o.is_signed; }
};

template <int W, bool S>
shape shape_of(const ap_int_base<W, S>&) { return {W, W, S}; }
template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N>
shape shape_of(const ap_fixed_base<W, I, S, Q, O, N>&) { return {W, I, S}; }

template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O> struct fixed_of { using type = ap_fixed<W, I, Q, O>; };
template <int W, int I, ap_q_mode Q, ap_o_mode O> struct fixed_of<W, I, false, Q, O> { using type = ap_ufixed<W, I, Q, O>; };

// A number of at most 64 bits from and to its integer.
template <class T>
T from_raw(long long raw) {
    T t;
    t.range(T::width - 1, 0) = raw;
    return t;
}

template <class T>
long long to_raw(const T& t) {
    const shape s = shape_of(t);
    const unsigned long long bits = t.range(s.width - 1, 0).to_uint64();
    if (s.is_signed && s.width < 64 && ((bits >> (s.width - 1)) & 1) != 0) return static_cast<long long>(bits | (~0ULL << s.width));
    return static_cast<long long>(bits);
}

#endif
