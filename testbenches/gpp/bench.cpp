// bench DESIGN INPUTS OUTPUTS EVENTS outputs|channels
//
// INPUTS holds the words of each input in turn, all its events one after the other (one event for a setting); OUTPUTS
// receives those of each output, or of each channel, in the same way. Exit code 2 if the call does not fit the design.
#include "bench.h"

#include "processes.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace hls4net_bench {

std::uint64_t** traces = nullptr;

std::vector<design>& designs() {
    static std::vector<design> all;
    return all;
}

namespace {

// Events that run through the processes of a network beside each other.
constexpr std::size_t events_to_check = 6;

using words = std::vector<std::uint64_t>;

[[noreturn]] void refuse(const char* what, const char* which) {
    std::fprintf(stderr, "bench: %s %s\n", what, which);
    std::exit(2);
}

words read_file(const char* path) {
    std::FILE* file = std::fopen(path, "rb");
    if (file == nullptr) refuse("cannot read", path);
    std::fseek(file, 0, SEEK_END);
    words content(static_cast<std::size_t>(std::ftell(file)) / sizeof(std::uint64_t));
    std::rewind(file);
    const std::size_t found = std::fread(content.data(), sizeof(std::uint64_t), content.size(), file);
    std::fclose(file);
    if (found != content.size()) refuse("cannot read all of", path);
    return content;
}

void write_file(const char* path, const words& content) {
    std::FILE* file = std::fopen(path, "wb");
    if (file == nullptr) refuse("cannot write", path);
    const std::size_t written = std::fwrite(content.data(), sizeof(std::uint64_t), content.size(), file);
    if (std::fclose(file) != 0 || written != content.size()) refuse("cannot write all of", path);
}

// Where each array begins in a file, and behind the last one its end.
std::vector<std::size_t> offsets(const std::vector<array>& arrays, std::size_t events) {
    std::vector<std::size_t> result{0};
    for (const array& a : arrays) result.push_back(result.back() + a.size() * (a.is_setting ? 1 : events));
    return result;
}

template <class Word>
void point(std::vector<Word*>& at, Word* base, const std::vector<array>& arrays, const std::vector<std::size_t>& begins, std::size_t event) {
    for (std::size_t i = 0; i < arrays.size(); i++) at[i] = base + begins[i] + (arrays[i].is_setting ? 0 : event * arrays[i].size());
}

void run(const design& d, const char* input_path, const char* output_path, std::size_t events, bool trace_channels) {
    const words in = read_file(input_path);
    const auto in_begins = offsets(d.inputs, events);
    if (in.size() != in_begins.back()) refuse("the number of words does not fit the design:", input_path);

    const auto out_begins = offsets(d.outputs, events);
    const auto channel_begins = offsets(d.channels, events);
    words out(out_begins.back()), channels(trace_channels ? channel_begins.back() : 0);
    std::vector<const std::uint64_t*> in_at(d.inputs.size());
    std::vector<std::uint64_t*> out_at(d.outputs.size()), channel_at(d.channels.size());
    // The first events go through the processes of a network beside each other, on streams of bounded depth; the others through
    // one process after the other, which is faster and gives the same.
    std::size_t beside_left = d.events_beside > 0 ? events_to_check : 0;
    for (std::size_t event = 0, step = 1; event < events; event += step) {
        step = beside_left == 0 ? 1 : std::min(events - event, d.events_beside);
        mode.is_beside = beside_left > 0;
        mode.events = step;
        beside_left -= std::min(beside_left, step);
        point(in_at, in.data(), d.inputs, in_begins, event);
        point(out_at, out.data(), d.outputs, out_begins, event);
        if (trace_channels) {
            point(channel_at, channels.data(), d.channels, channel_begins, event);
            traces = channel_at.data();
        }
        d.run(in_at.data(), out_at.data(), step);
    }
    write_file(output_path, trace_channels ? channels : out);
}

}  // namespace
}  // namespace hls4net_bench

int main(int argc, char** argv) {
    using namespace hls4net_bench;
    if (argc != 6) refuse("usage:", "bench DESIGN INPUTS OUTPUTS EVENTS outputs|channels");
    for (const design& d : designs()) {
        if (std::strcmp(d.name, argv[1]) != 0) continue;
        run(d, argv[2], argv[3], std::strtoull(argv[4], nullptr, 10), std::strcmp(argv[5], "channels") == 0);
        return 0;
    }
    refuse("there is no design", argv[1]);
}

#include "processes.cpp"
