// Runs the processes of a generated network beside each other, on one thread: a process goes on until it reads an empty
// stream or writes a full one, and then the next one has its turn. If all of them wait, they would wait for ever: the
// program stops and names the streams. What goes through the streams does not depend on the order of turns.
#ifndef HLS4NET_GPP_PROCESSES_H
#define HLS4NET_GPP_PROCESSES_H

#include <cstddef>

#include <hls_stream.h>

#define HLS4NET_PROCESS(call) ::hls4net_bench::process([&] { call; });
#define HLS4NET_DEPTH(stream, depth) ::hls4net_bench::bound(stream.simulated(), depth);
#define HLS4NET_RUN_PROCESSES() ::hls4net_bench::run_processes();

namespace hls4net_bench {

// Whether processes run beside each other on bounded streams, or one after the other on unbounded ones; and for how many events.
struct simulation_mode {
    bool is_beside = false;
    std::size_t events = 1;
};

extern simulation_mode mode;

// Lets a stream take no more than so many items while processes run beside each other.
void bound(hls::simulation::queue& stream, std::size_t depth);

// A process that calls a function with this argument, now or in run_processes.
void add_process(void (*call)(const void*), const void* argument, void (*discard)(const void*));

template <class Call>
void process(const Call& call) {
    if (!mode.is_beside) {
        call();
        return;
    }
    add_process([](const void* c) { (*static_cast<const Call*>(c))(); }, new Call(call), [](const void* c) { delete static_cast<const Call*>(c); });
}

// Runs all processes to the end of all events.
void run_processes();

}  // namespace hls4net_bench

#endif
