// Drives one event a clock cycle through a verilated top and records its outputs exactly LATENCY cycles later.
// usage: bench INPUTS OUTPUTS EVENTS [TRACE.vcd]
// INPUTS:  for each event the words of all input ports in the order of ports.h, 32 bits each, low words first.
// OUTPUTS: for each event the words of all output ports in the same form.
// ports.h, which is generated, defines Top, HAS_CLOCK, LATENCY, the word counts, and drive() and record().
#include "ports.h"

#include "verilated.h"
#if VM_TRACE
#include "verilated_vcd_c.h"
#endif

#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

namespace {

[[noreturn]] void fail(const char* what, const char* path) {
    std::fprintf(stderr, "bench: %s '%s'\n", what, path);
    std::exit(2);
}

struct File {
    File(const char* path, const char* mode) : path_(path), handle_(std::fopen(path, mode)) {
        if (!handle_)
            fail("cannot open", path);
        std::setvbuf(handle_, nullptr, _IOFBF, 1 << 20);
    }

    void read(std::uint32_t* words, std::size_t count) {
        if (std::fread(words, 4, count, handle_) != count)
            fail("too few words in", path_);
    }

    void write(const std::uint32_t* words, std::size_t count) {
        if (std::fwrite(words, 4, count, handle_) != count)
            fail("cannot write", path_);
    }

    void close() {
        if (std::fclose(handle_) != 0)
            fail("cannot write", path_);
    }

    const char* path_;
    std::FILE* handle_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4)
        fail("needs INPUTS OUTPUTS EVENTS, got", argc > 1 ? argv[1] : "");
    auto context = std::make_unique<VerilatedContext>();
    File inputs(argv[1], "rb"), outputs(argv[2], "wb");
    const std::uint64_t events = std::strtoull(argv[3], nullptr, 10);
#if VM_TRACE
    context->traceEverOn(true);
#endif
    auto top = std::make_unique<Top>(context.get());
#if VM_TRACE
    VerilatedVcdC trace;
    if (argc > 4) {
        top->trace(&trace, 1);
        trace.open(argv[4]);
    }
#endif
    std::vector<std::uint32_t> in(INPUT_WORDS), out(OUTPUT_WORDS);
    for (std::uint64_t cycle = 0; cycle < events + LATENCY; cycle++) {
        // After the last event the inputs keep its values: a result that is late would still be wrong for the event before.
        if (cycle < events) {
            inputs.read(in.data(), in.size());
            drive(*top, in.data());
        }
#if HAS_CLOCK
        top->clk = 0;
#endif
        top->eval();
#if VM_TRACE
        if (argc > 4)
            trace.dump(2 * cycle);
#endif
        // The cycle that ends with rising edge number `cycle`: results of event cycle - LATENCY are on the ports.
        if (cycle >= LATENCY) {
            record(*top, out.data());
            outputs.write(out.data(), out.size());
        }
#if HAS_CLOCK
        top->clk = 1;
        top->eval();
#if VM_TRACE
        if (argc > 4)
            trace.dump(2 * cycle + 1);
#endif
#endif
        context->timeInc(1);
    }
    top->final();
#if VM_TRACE
    if (argc > 4)
        trace.close();
#endif
    outputs.close();
    return 0;
}
