// What range(high, low), operator() and operator[] return: bits of an ap_ number, readable and assignable.
#ifndef HLS4NET_AP_REFERENCES_H
#define HLS4NET_AP_REFERENCES_H

#include "ap_common.h"
#include "ap_operators.h"

namespace hls4net_ap {

template <class Word> struct word_shape;
template <int W, bool S> struct word_shape<ap_int_base<W, S>> {
    static constexpr int width = W;
    static constexpr bool is_signed = S;
};
template <int W, int I, bool S, ap_q_mode Q, ap_o_mode O, int N> struct word_shape<ap_fixed_base<W, I, S, Q, O, N>> {
    static constexpr int width = W;
    static constexpr bool is_signed = S;
};
template <class Word> struct word_shape<const Word> : word_shape<Word> {};

// Bits high..low of a number as an unsigned integer. Word is const where the number was.
template <class Word>
class range_ref {
    static constexpr int W = word_shape<Word>::width;
    static constexpr bool S = word_shape<Word>::is_signed;
    using pattern = raw_type<W, false>;

    Word& word_;
    int high_, low_;

    constexpr pattern mask() const { return low_ones<pattern>(length()); }

    constexpr void put(const pattern& bits) const {
        if (length() == W) {  // without reading: the number may not have a value yet
            access::raw(word_) = wrap<W, S>(bits);
            return;
        }
        const pattern whole = wrap<W, false>(access::raw(word_));
        const pattern kept = static_cast<pattern>(whole & static_cast<pattern>(~shift_left(mask(), low_)));
        const pattern laid = shift_left(static_cast<pattern>(bits & mask()), low_);
        access::raw(word_) = wrap<W, S>(static_cast<pattern>(kept | laid));
    }

public:
    constexpr range_ref(Word& word, int high, int low) : word_(word), high_(high), low_(low) {
        if (low < 0 || high < low || high >= W) fail("range(high, low) outside its number, or high < low");
    }
    range_ref(const range_ref&) = default;

    constexpr ap_int_base<W, false> get() const {
        return access::make<ap_int_base<W, false>>(static_cast<pattern>(shift_right(wrap<W, false>(access::raw(word_)), low_) & mask()));
    }

    // Takes the low bits of an integer or of other selected bits; the rest of the number stays.
    template <class T, std::enable_if_t<operand<T>::category != kind::none && operand<T>::category != kind::fixed, int> = 0>
    constexpr const range_ref& operator=(const T& v) const {
        put(wrap<W, false>(raw_of(v)));
        return *this;
    }
    constexpr const range_ref& operator=(const range_ref& other) const {
        put(access::raw(other.get()));
        return *this;
    }
    constexpr range_ref& operator=(const range_ref& other) {
        put(access::raw(other.get()));
        return *this;
    }

    constexpr operator unsigned long long() const { return get().to_uint64(); }
    constexpr int to_int() const { return get().to_int(); }
    constexpr unsigned to_uint() const { return get().to_uint(); }
    constexpr long to_long() const { return get().to_long(); }
    constexpr unsigned long to_ulong() const { return get().to_ulong(); }
    constexpr long long to_int64() const { return get().to_int64(); }
    constexpr unsigned long long to_uint64() const { return get().to_uint64(); }
    constexpr int length() const { return high_ - low_ + 1; }
};

// One bit of a number.
template <class Word>
class bit_ref {
    Word& word_;
    int index_;

public:
    constexpr bit_ref(Word& word, int index) : word_(word), index_(index) {
        if (index < 0 || index >= word_shape<Word>::width) fail("bit index outside its number");
    }
    bit_ref(const bit_ref&) = default;

    constexpr const bit_ref& operator=(bool v) const {
        range_ref<Word>(word_, index_, index_) = v;
        return *this;
    }
    constexpr const bit_ref& operator=(const bit_ref& other) const { return *this = static_cast<bool>(other); }
    constexpr bit_ref& operator=(const bit_ref& other) {
        range_ref<Word>(word_, index_, index_) = static_cast<bool>(other);
        return *this;
    }

    constexpr operator bool() const { return bit_at(access::raw(word_), index_); }
    constexpr bool to_bool() const { return *this; }
};

template <class Word>
struct operand<range_ref<Word>> : operand_shape<kind::bits, word_shape<Word>::width, word_shape<Word>::width, false> {
    static constexpr raw_type<word_shape<Word>::width, false> get(const range_ref<Word>& r) { return access::raw(r.get()); }
};

template <class Word>
struct operand<bit_ref<Word>> : operand_shape<kind::bits, 1, 1, false> {
    static constexpr raw_type<1, false> get(const bit_ref<Word>& r) { return static_cast<bool>(r); }
};

template <class T> inline constexpr bool is_range = false;
template <class Word> inline constexpr bool is_range<range_ref<Word>> = true;
template <class A, class B>
inline constexpr bool range_with_c_integer = (is_range<A> && operand<B>::category == kind::c_integer) ||
                                             (operand<A>::category == kind::c_integer && is_range<B>);

// A range and a C integer would meet as unsigned long long: convert the range to the type that is meant.
#define HLS4NET_AP_REFUSE(SYMBOL) \
    template <class A, class B, std::enable_if_t<range_with_c_integer<A, B>, int> = 0> void operator SYMBOL(const A&, const B&) = delete;
HLS4NET_AP_REFUSE(+)
HLS4NET_AP_REFUSE(-)
HLS4NET_AP_REFUSE(*)
HLS4NET_AP_REFUSE(/)
HLS4NET_AP_REFUSE(%)
HLS4NET_AP_REFUSE(&)
HLS4NET_AP_REFUSE(|)
HLS4NET_AP_REFUSE(^)
HLS4NET_AP_REFUSE(<<)
HLS4NET_AP_REFUSE(>>)
#undef HLS4NET_AP_REFUSE

}  // namespace hls4net_ap

#endif
