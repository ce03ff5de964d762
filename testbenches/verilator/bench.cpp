// bench INPUTS OUTPUTS
//
// Drives all designs of a simulation at once. INPUTS holds for each design in turn the number of its rows (64 bits), its settings, and
// its rows: what is on the inputs in one cycle after the other, an event in each, or in those in which a valid bit among them says so.
// OUTPUTS receives for each design one row for every cycle from 0 to rows + latency, with the outputs of that cycle (zeros where their
// valid bit is 0), and then, if it has traces, their rows in the same way. A row is made of 32-bit words, the lowest first. After its
// last row a design gets zeros. Exit code 2 if the files do not fit.
#include "ports.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

namespace {

[[noreturn]] void refuse(const char* what, const char* which) {
    std::fprintf(stderr, "bench: %s %s\n", what, which);
    std::exit(2);
}

std::vector<char> read_file(const char* path) {
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
void drive(const port& p, const char* words) {
    if (p.bytes != 0) std::memcpy(p.data, words, p.bytes);
}

void sample(const port& p, char* words) {
    if (p.bytes != 0) std::memcpy(words, p.data, p.bytes);
}

// What is on the outputs of a cycle without results is nobody's business.
void blank(const design& d, char* words) {
    if (d.valid < 0) return;
    std::uint32_t word;
    std::memcpy(&word, words + d.valid / 32 * sizeof word, sizeof word);
    if ((word >> (d.valid % 32) & 1) == 0) std::memset(words, 0, d.outputs.row());
}

std::vector<lane> open_lanes(const std::vector<design>& designs, const std::vector<char>& file, const char* path) {
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

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) refuse("two arguments are needed:", "INPUTS OUTPUTS");
    const auto context = std::make_unique<VerilatedContext>();
    const auto model = std::make_unique<simulation>(context.get());
    const std::vector<design> designs = bind(*model);
    const std::vector<char> file = read_file(argv[1]);
    std::vector<lane> lanes = open_lanes(designs, file, argv[1]);
    std::uint64_t cycles = 0;
    for (const lane& l : lanes) cycles = cycles < l.cycles ? l.cycles : cycles;
    const std::vector<char> zeros(1 << 20);
    for (std::uint64_t cycle = 0; cycle < cycles; cycle++) {
        for (const lane& l : lanes)
            drive(l.ports->inputs, cycle < l.events ? l.inputs + cycle * l.ports->inputs.row() : zeros.data());
        model->clk = 0;
        model->eval();
        for (lane& l : lanes) {
            if (cycle >= l.cycles) continue;
            sample(l.ports->outputs, l.outputs.data() + cycle * l.ports->outputs.row());
            blank(*l.ports, l.outputs.data() + cycle * l.ports->outputs.row());
            sample(l.ports->traces, l.traces.data() + cycle * l.ports->traces.row());
        }
        model->clk = 1;
        model->eval();
    }
    model->final();
    std::FILE* output = std::fopen(argv[2], "wb");
    if (output == nullptr) refuse("cannot write", argv[2]);
    bool complete = true;
    for (const lane& l : lanes) {
        complete &= std::fwrite(l.outputs.data(), 1, l.outputs.size(), output) == l.outputs.size();
        complete &= std::fwrite(l.traces.data(), 1, l.traces.size(), output) == l.traces.size();
    }
    if (std::fclose(output) != 0 || !complete) refuse("cannot write all of", argv[2]);
    return 0;
}
