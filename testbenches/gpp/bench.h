// Runs generated HLS C++ on batches of raw integers. A generated file describes each design (see gpp_glue.cpp in the
// templates) and includes its firmware, so that one program can hold many designs.
#ifndef HLS4NET_GPP_BENCH_H
#define HLS4NET_GPP_BENCH_H

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "ap_fixed.h"
#include "ap_int.h"
#include <hls_stream.h>

// Seen by the firmware: hands every intermediate array over.
#define HLS4NET_TRACE(channel, array, count) ::hls4net_bench::trace(channel, array, count)

namespace hls4net_bench {

// A tensor in the files: elements of so many 64-bit words, the lowest first, two's complement in the type's width.
struct array {
    int elements;
    int words;
    bool is_setting;  // one event for all: a setting holds still

    std::size_t size() const { return static_cast<std::size_t>(elements) * static_cast<std::size_t>(words); }
};

struct design {
    const char* name;
    std::vector<array> inputs, outputs, channels;
    // So many events, one behind the other in each array.
    void (*run)(const std::uint64_t* const* inputs, std::uint64_t* const* outputs, std::size_t events);
    // Events that one run can take with the processes of a network beside each other; 0 if there are none.
    std::size_t events_beside;
};

// All designs of the program, in the order of their files.
std::vector<design>& designs();

struct registration {
    explicit registration(const design& d) { designs().push_back(d); }
};

// Where the next values of each channel go; null while nothing is traced.
extern std::uint64_t** traces;

// Ends the program if somebody left items in a stream.
inline void expect_empty(const hls::simulation::queue& stream) {
    if (stream.size() == 0) return;
    std::fprintf(stderr, "bench: %zu items are left in %s\n", stream.size(), stream.name().c_str());
    std::exit(4);
}

template <class T>
void load(T* values, int count, const std::uint64_t* words) {
    for (int i = 0; i < count; i++) {
        T value = 0;
        for (int low = 0; low < T::width; low += 64) {
            const int high = low + 63 < T::width ? low + 63 : T::width - 1;
            value.range(high, low) = ap_uint<64>(*words++);
        }
        values[i] = value;
    }
}

template <class T>
void store(const T* values, int count, std::uint64_t* words) {
    for (int i = 0; i < count; i++) {
        for (int low = 0; low < T::width; low += 64) {
            const int high = low + 63 < T::width ? low + 63 : T::width - 1;
            const ap_uint<64> word = values[i].range(high, low);
            *words++ = word.to_uint64();
        }
    }
}

template <class T>
void trace(int channel, const T* values, int count) {
    if (traces == nullptr) return;
    store(values, count, traces[channel]);
    traces[channel] += static_cast<std::size_t>(count) * ((T::width + 63) / 64);
}

}  // namespace hls4net_bench

#endif
