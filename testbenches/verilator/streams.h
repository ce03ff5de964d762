// What the stream bench knows of the ports of a simulated AXI4-Stream top.
#pragma once

#include "design.h"

struct stream {
    port settings;
    port s_data, s_keep, s_user;
    std::uint8_t *s_last, *s_valid, *s_ready;
    port m_data, m_keep, m_user;
    std::uint8_t *m_last, *m_valid, *m_ready;
    std::uint8_t *resetn, *malformed;
    std::uint32_t *queue;
    std::uint8_t *loaded;

    std::size_t beat_in() const { return s_data.row() + s_keep.row(); }
    std::size_t beat_out() const { return m_data.row() + m_keep.row() + m_user.row() + sizeof(std::uint32_t); }
};
