// Ports of any width as 32-bit words: Verilator gives a port of up to 64 bits an integer type and a wider one an array.
#pragma once

#include "verilated.h"

#include <cstdint>

template <typename Port>
inline void put(Port& port, const std::uint32_t*& words) {
    port = static_cast<Port>(words[0]);
    words += 1;
}

inline void put(QData& port, const std::uint32_t*& words) {
    port = static_cast<QData>(words[0]) | static_cast<QData>(words[1]) << 32;
    words += 2;
}

template <std::size_t Words>
inline void put(VlWide<Words>& port, const std::uint32_t*& words) {
    for (std::size_t i = 0; i < Words; i++)
        port[i] = words[i];
    words += Words;
}

template <typename Port>
inline void get(const Port& port, std::uint32_t*& words) {
    words[0] = static_cast<std::uint32_t>(port);
    words += 1;
}

inline void get(const QData& port, std::uint32_t*& words) {
    words[0] = static_cast<std::uint32_t>(port);
    words[1] = static_cast<std::uint32_t>(port >> 32);
    words += 2;
}

template <std::size_t Words>
inline void get(const VlWide<Words>& port, std::uint32_t*& words) {
    for (std::size_t i = 0; i < Words; i++)
        words[i] = port[i];
    words += Words;
}
