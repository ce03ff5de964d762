// What the bench knows of the ports of a simulated design.
#pragma once

#include <cstddef>
#include <cstdint>

// All ports of one role of one design, side by side in one vector of the simulation; nothing if there are none.
struct port {
    void* data;
    std::size_t bytes;
    std::size_t words;

    std::size_t row() const { return words * sizeof(std::uint32_t); }
};

struct design {
    std::uint64_t latency;
    std::int64_t valid;  // The bit of the outputs that says whether they count; -1 if they always do.
    port inputs;
    port settings;
    port outputs;
    port traces;
    // An AXI4-Lite slave, inputs and outputs, in the order of weights_bench.cpp; nothing if there is none.
    port lite_inputs;
    port lite_outputs;
    std::uint32_t lite_address;  // Bits of its addresses.
};

template <class Storage>
port port_of(Storage& storage, std::size_t width) {
    return {&storage, sizeof storage, (width + 31) / 32};
}

inline port no_port() { return {nullptr, 0, 0}; }
