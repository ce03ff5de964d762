// Checks every line of CSV files of casts and arithmetic, bit for bit. The files' types are in dispatch.inc, made from
// the same files by gen_dispatch.py; a row whose types are missing there is a failure.
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "ap_fixed.h"
#include "ap_int.h"
#include "check.h"

namespace {

// Two's complement integer, long enough for every type in the files, in words of 32 bits.
struct bits {
    std::array<std::uint32_t, 80> word{};

    bool operator==(const bits& o) const { return word == o.word; }

    void multiply_add(unsigned factor, unsigned term) {
        std::uint64_t carry = term;
        for (auto& w : word) {
            carry += std::uint64_t(w) * factor;
            w = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
    }

    // The low `width` bits, zeros above.
    bits low(int width) const {
        bits r;
        for (int i = 0; i < width; i++) r.word[i / 32] |= (word[i / 32] >> (i % 32) & 1) << (i % 32);
        return r;
    }

    // Decimal, or hexadecimal after 0x; a minus sign may stand before it.
    static bits parse(const std::string& text) {
        bits r;
        const bool negative = text[0] == '-';
        const std::size_t start = negative ? 1 : 0;
        const bool hexadecimal = text.compare(start, 2, "0x") == 0;
        for (std::size_t i = start + (hexadecimal ? 2 : 0); i < text.size(); i++)
            r.multiply_add(hexadecimal ? 16 : 10, static_cast<unsigned>(std::strchr("0123456789abcdef", text[i]) - "0123456789abcdef"));
        if (negative) {
            for (auto& w : r.word) w = ~w;
            std::uint64_t carry = 1;
            for (auto& w : r.word) {
                carry += w;
                w = static_cast<std::uint32_t>(carry);
                carry >>= 32;
            }
        }
        return r;
    }

    std::string text() const {
        std::string s;
        char part[9];
        for (auto i = word.rbegin(); i != word.rend(); ++i) {
            std::snprintf(part, sizeof part, s.empty() ? "%x" : "%08x", static_cast<unsigned>(*i));
            if (!s.empty() || *i != 0) s += part;
        }
        return "0x" + (s.empty() ? "0" : s);
    }
};

template <class T>
T number(const bits& b) {
    T t = 0;
    for (int low = 0; low < T::width; low += 32) t.range(low + 31 < T::width ? low + 31 : T::width - 1, low) = b.word[low / 32];
    return t;
}

template <class T>
bits bits_of(const T& t) {
    bits b;
    const int width = shape_of(t).width;
    for (int low = 0; low < width; low += 32) b.word[low / 32] = t.range(low + 31 < width ? low + 31 : width - 1, low).to_uint();
    return b;
}

struct outcome {
    shape type;
    bits raw;
};

// A number must also equal the one made anew from its bits: nothing may hide above them. If not, the bits returned are
// those of no number.
template <class T>
outcome outcome_of(const T& t) {
    outcome r{shape_of(t), bits_of(t)};
    if (!(t == number<T>(r.raw))) r.raw.word.back() = 0xdeadbeef;
    return r;
}
outcome outcome_of(bool b) { return outcome_of(ap_uint<1>(b)); }

template <int W, int I, bool S> using plain = typename fixed_of<W, I, S, AP_TRN, AP_WRAP>::type;
template <int W, bool S> using ap_integer = std::conditional_t<S, ap_int<W>, ap_uint<W>>;

// A row's numbers. What is computed from them is returned as bits, so that the templates below stay small.
struct inputs {
    bits a, b;
    double x;
    int table_size;
};

using compute = outcome (*)(const inputs&);

template <class Source, class Target>
outcome compute_cast(const inputs& in) { return outcome_of(Target(number<Source>(in.a))); }

template <class Target>
outcome compute_from_double(const inputs& in) { return outcome_of(Target(in.x)); }

// The integers of a double and of a float, so that their comparison is one of bits, too.
template <class Source>
outcome compute_to_double(const inputs& in) {
    const Source t = number<Source>(in.a);
    const double d = t.to_double();
    const double f = t.to_float();
    outcome r{};
    std::memcpy(&r.raw.word[0], &d, 8);
    std::memcpy(&r.raw.word[2], &f, 8);
    return r;
}

// How the firmware of the field computes a table index: ap_fixed times int, divided by int, to int.
template <class X, int Divisor>
outcome compute_lut_index(const inputs& in) {
    const X x = number<X>(in.a);
    int index;
    if constexpr (Divisor == 0) index = x;
    else index = x * in.table_size / Divisor;
    return outcome_of(ap_int<32>(index));
}

struct entry {
    const char* key;
    compute function;
};

#define OPERATION_add(a, b) a + b
#define OPERATION_sub(a, b) a - b
#define OPERATION_mul(a, b) a * b
#define OPERATION_div(a, b) a / b
#define OPERATION_and(a, b) (a & b)
#define OPERATION_or(a, b) (a | b)
#define OPERATION_xor(a, b) (a ^ b)
#define OPERATION_lt(a, b) a < b
#define OPERATION_eq(a, b) a == b
#define OPERATION_mod(a, b) a % b
#define OPERATION_neg(a, b) -a
#define OPERATION_shl(a, b) a << b
#define OPERATION_shr(a, b) a >> b
#define OPERANDS_add plain
#define OPERANDS_sub plain
#define OPERANDS_mul plain
#define OPERANDS_div plain
#define OPERANDS_and plain
#define OPERANDS_or plain
#define OPERANDS_xor plain
#define OPERANDS_lt plain
#define OPERANDS_eq plain
#define OPERANDS_mod integers
#define OPERANDS_neg integers
#define OPERANDS_shl integers
#define OPERANDS_shr integers
template <int W, int I, bool S> using integers = ap_integer<W, S>;

#define CAST(SW, SI, SS, W, I, S, Q, O) \
    {"cast," #SW "," #SI "," #SS "," #W "," #I "," #S "," #Q "," #O, compute_cast<plain<SW, SI, SS>, fixed_of<W, I, S, Q, O>::type>},
#define FROM_DOUBLE(W, I, S, Q, O) {"from_double," #W "," #I "," #S "," #Q "," #O, compute_from_double<fixed_of<W, I, S, Q, O>::type>},
#define TO_DOUBLE(W, I, S) {"to_double," #W "," #I "," #S, compute_to_double<plain<W, I, S>>},
#define ARITH(OP, AW, AI, AS, BW, BI, BS)                                                             \
    {"arith," #OP "," #AW "," #AI "," #AS "," #BW "," #BI "," #BS, [](const inputs& in) {             \
        const auto a = number<OPERANDS_##OP<AW, AI, AS>>(in.a);                                       \
        const auto b = number<OPERANDS_##OP<BW, BI, BS>>(in.b);                                       \
        (void)b;                                                                                      \
        return outcome_of(OPERATION_##OP(a, b));                                                      \
    }},
#define LUT_INDEX(DIVISOR, W, I, S) {"lut_index," #DIVISOR "," #W "," #I "," #S, compute_lut_index<plain<W, I, S>, DIVISOR>},

constexpr entry entries[] = {
#include "dispatch.inc"
};

using row = std::vector<std::string>;

struct expectation {
    std::string key;
    inputs in;
    outcome out;
};

std::string joined(const char* kind, const row& r, std::initializer_list<int> columns) {
    std::string key = kind;
    for (int c : columns) key += "," + r[c];
    return key;
}

shape shape_in(const row& r, int column) { return {std::stoi(r[column]), std::stoi(r[column + 1]), r[column + 2] == "1"}; }

outcome number_in(const shape& type, const std::string& text) { return {type, bits::parse(text).low(type.width)}; }

expectation read_cast(const row& r) {
    return {joined("cast", r, {0, 1, 2, 3, 4, 5, 6, 7}), {bits::parse(r[8]), {}, 0, 0}, number_in(shape_in(r, 3), r[9])};
}

expectation read_from_double(const row& r) {
    return {joined("from_double", r, {0, 1, 2, 3, 4}), {{}, {}, std::strtod(r[5].c_str(), nullptr), 0}, number_in(shape_in(r, 0), r[6])};
}

expectation read_to_double(const row& r) {
    expectation e{joined("to_double", r, {0, 1, 2}), {bits::parse(r[3]), {}, 0, 0}, {}};
    const double d = std::strtod(r[4].c_str(), nullptr), f = std::strtod(r[5].c_str(), nullptr);
    std::memcpy(&e.out.raw.word[0], &d, 8);
    std::memcpy(&e.out.raw.word[2], &f, 8);
    return e;
}

expectation read_arith(const row& r) {
    return {joined("arith", r, {0, 1, 2, 3, 5, 6, 7}), {bits::parse(r[4]), bits::parse(r[8]), 0, 0}, number_in(shape_in(r, 9), r[12])};
}

expectation read_lut_index(const row& r) {
    row named = r;
    named[0] = r[0] == "int(x)" ? "0" : r[0].substr(r[0].find('/') + 1);
    return {joined("lut_index", named, {0, 1, 2, 3}), {bits::parse(r[4]), {}, 0, std::stoi(r[5])}, number_in({32, 32, true}, r[6])};
}

using reader = expectation (*)(const row&);

reader reader_of(const std::string& header) {
    static const std::map<std::string, reader> readers = {
        {"srcW,srcI,srcS,W,I,signed,Q,O,src_raw,raw", read_cast},
        {"W,I,signed,Q,O,x_hexfloat,raw,value", read_from_double},
        {"W,I,signed,raw,double,float", read_to_double},
        {"op,aW,aI,aS,a_raw,bW,bI,bS,b_raw,rW,rI,rS,r_raw", read_arith},
        {"kind,W,I,S,raw,table_size,int_result", read_lut_index},
    };
    const auto found = readers.find(header);
    return found == readers.end() ? nullptr : found->second;
}

bool read_line(std::istream& file, std::string& line) {
    if (!std::getline(file, line)) return false;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    return true;
}

row split(const std::string& line) {
    row r(1);
    for (char c : line) {
        if (c == ',') r.emplace_back();
        else r.back() += c;
    }
    return r;
}

int check_file(const char* path, const std::map<std::string, compute>& functions) {
    std::ifstream file(path);
    std::string line;
    read_line(file, line);
    const reader read = reader_of(line);
    if (read == nullptr) {
        std::printf("%s: cannot be read, or its header is unknown\n", path);
        return 1;
    }
    checks count;
    while (read_line(file, line)) {
        const expectation e = read(split(line));
        const auto found = functions.find(e.key);
        if (found == functions.end()) {
            count.that(false, [&] { std::printf("%s: no such types compiled", line.c_str()); });
            continue;
        }
        const outcome got = found->second(e.in);
        count.that(got.type == e.out.type && got.raw == e.out.raw, [&] {
            std::printf("%s: got %s in <%d,%d,%d>", line.c_str(), got.raw.text().c_str(), got.type.width, got.type.integer, got.type.is_signed);
        });
    }
    const char* name = std::strrchr(path, '/');
    return count.report(name != nullptr ? name + 1 : path);
}

}  // namespace

int main(int count, char** paths) {
    std::map<std::string, compute> functions;
    for (const entry& e : entries) functions[e.key] = e.function;
    int failed = count < 2;
    for (int i = 1; i < count; i++) failed |= check_file(paths[i], functions);
    return failed;
}
