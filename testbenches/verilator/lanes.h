// What is driven into the designs of a simulation cycle by cycle, and what is sampled: see bench.cpp for the files.
#pragma once

#include "ports.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

[[noreturn]] inline void refuse(const char* what, const char* which) {
    std::fprintf(stderr, "bench: %s %s\n", what, which);
    std::exit(2);
}

inline std::vector<char> read_file(const char* path) {
    std::FILE* file = std::fopen(path, "rb");
    if (file == nullptr) refuse("cannot read", path);
    std::fseek(file, 0, SEEK_END);
    std::vector<char> content(static_cast<std::size_t>(std::ftell(file)));
    std::rewind(file);
    const std::size_t found = std::fread(content.data(), 1, content.size(), file);
    std::fclose(file);
    if (found != content.size()) refuse("cannot read all of", path);
    return content;
}

struct lane {
    const design* ports;
    std::uint64_t events;
    std::uint64_t cycles;
    const char* inputs;
    std::vector<char> outputs;
    std::vector<char> traces;
};

// A port narrower than 32 bits is stored in fewer bytes than its words in the file; byte order is that of the machine on both sides.
inline void drive(const port& p, const char* words) {
    if (p.bytes != 0) std::memcpy(p.data, words, p.bytes);
}

inline void sample(const port& p, char* words) {
    if (p.bytes != 0) std::memcpy(words, p.data, p.bytes);
}

// What is on the outputs of a cycle without results is nobody's business.
inline void blank(const design& d, char* words) {
    if (d.valid < 0) return;
    std::uint32_t word;
    std::memcpy(&word, words + d.valid / 32 * sizeof word, sizeof word);
    if ((word >> (d.valid % 32) & 1) == 0) std::memset(words, 0, d.outputs.row());
}

inline std::vector<lane> open_lanes(const std::vector<design>& designs, const std::vector<char>& file, const char* path) {
    std::vector<lane> lanes;
    std::size_t at = 0;
    for (const design& d : designs) {
        if (file.size() - at < sizeof(std::uint64_t)) refuse("too little in", path);
        std::uint64_t events;
        std::memcpy(&events, file.data() + at, sizeof events);
        at += sizeof events;
        const std::size_t needed = d.settings.row() + events * d.inputs.row();
        if (file.size() - at < needed) refuse("too little in", path);
        drive(d.settings, file.data() + at);
        const std::uint64_t cycles = events + d.latency + 1;
        lanes.push_back({&d, events, cycles, file.data() + at + d.settings.row(), std::vector<char>(cycles * d.outputs.row()),
                         std::vector<char>(cycles * d.traces.row())});
        at += needed;
    }
    if (at != file.size()) refuse("too much in", path);
    return lanes;
}

inline std::uint64_t cycles_of(const std::vector<lane>& lanes) {
    std::uint64_t cycles = 0;
    for (const lane& l : lanes) cycles = cycles < l.cycles ? l.cycles : cycles;
    return cycles;
}

// Drives all designs in a cycle; after their last row they get zeros.
inline void drive_inputs(const std::vector<lane>& lanes, std::uint64_t cycle) {
    static const std::vector<char> zeros(1 << 20);
    for (const lane& l : lanes)
        drive(l.ports->inputs, cycle < l.events ? l.inputs + cycle * l.ports->inputs.row() : zeros.data());
}

// Samples all designs in a cycle.
inline void sample_outputs(std::vector<lane>& lanes, std::uint64_t cycle) {
    for (lane& l : lanes) {
        if (cycle >= l.cycles) continue;
        sample(l.ports->outputs, l.outputs.data() + cycle * l.ports->outputs.row());
        blank(*l.ports, l.outputs.data() + cycle * l.ports->outputs.row());
        sample(l.ports->traces, l.traces.data() + cycle * l.ports->traces.row());
    }
}

inline void write_lanes(const std::vector<lane>& lanes, const char* path) {
    std::FILE* output = std::fopen(path, "wb");
    if (output == nullptr) refuse("cannot write", path);
    bool complete = true;
    for (const lane& l : lanes) {
        complete &= std::fwrite(l.outputs.data(), 1, l.outputs.size(), output) == l.outputs.size();
        complete &= std::fwrite(l.traces.data(), 1, l.traces.size(), output) == l.traces.size();
    }
    if (std::fclose(output) != 0 || !complete) refuse("cannot write all of", path);
}
