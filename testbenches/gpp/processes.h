// Runs the processes of a generated network beside each other, on one thread: a process goes on until it reads an empty
// stream or writes a full one, and then the next one has its turn. If all of them wait, they would wait for ever: the
// program stops and names the streams. What goes through the streams does not depend on the order of turns.
#ifndef HLS4NET_GPP_PROCESSES_H
#define HLS4NET_GPP_PROCESSES_H

#include <ucontext.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "hls_stream.h"

#define HLS4NET_PROCESS(call) ::hls4net_bench::process([&] { call; });
#define HLS4NET_DEPTH(stream, depth) ::hls4net_bench::bound(stream, depth);
#define HLS4NET_RUN_PROCESSES() ::hls4net_bench::run_processes();

namespace hls4net_bench {

// Whether processes run beside each other on bounded streams, or one after the other on unbounded ones; and for how many events.
struct simulation_mode {
    bool is_beside = false;
    std::size_t events = 1;
};

extern simulation_mode mode;

void process(std::function<void()> body);
void run_processes();
void watch(std::function<std::string()> describe);

template <class Stream>
void bound(Stream& stream, std::size_t depth) {
    if (!mode.is_beside) return;
    stream.set_bound(depth);
    watch([&stream] {
        return stream.name() + " " + std::to_string(stream.bound()) + " " + std::to_string(stream.fullest());
    });
}

}  // namespace hls4net_bench

#endif
