#include "processes.h"

#include <ucontext.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace hls4net_bench {

simulation_mode mode;

namespace {

constexpr std::size_t stack_bytes = std::size_t{64} << 20;

struct fiber {
    ucontext_t context;
    std::unique_ptr<char[]> stack;
    void (*call)(const void*);
    const void* argument;
    void (*discard)(const void*);
    std::string waits_for;
    bool is_done = false;
};

std::vector<std::unique_ptr<fiber>> fibers;
fiber* running = nullptr;
ucontext_t scheduler;

void wait_for_others(const char* what, const hls::simulation::queue& stream) {
    running->waits_for = stream.name() + ": " + what;
    swapcontext(&running->context, &scheduler);
}

void start() {
    for (std::size_t event = 0; event < mode.events; event++) running->call(running->argument);
    running->is_done = true;
    swapcontext(&running->context, &scheduler);
}

}  // namespace

void bound(hls::simulation::queue& stream, std::size_t depth) {
    if (mode.is_beside) stream.set_bound(depth);
}

void add_process(void (*call)(const void*), const void* argument, void (*discard)(const void*)) {
    auto added = std::make_unique<fiber>();
    // Left as it is: pages that no process touches take no memory.
    added->stack = std::unique_ptr<char[]>(new char[stack_bytes]);
    added->call = call;
    added->argument = argument;
    added->discard = discard;
    getcontext(&added->context);
    added->context.uc_stack.ss_sp = added->stack.get();
    added->context.uc_stack.ss_size = stack_bytes;
    added->context.uc_link = nullptr;
    makecontext(&added->context, start, 0);
    fibers.push_back(std::move(added));
}

void run_processes() {
    if (!mode.is_beside) return;
    hls::simulation::queue::wait = wait_for_others;
    for (bool is_done = false; !is_done;) {
        const std::size_t before = hls::simulation::queue::moves;
        bool has_ended = false;
        is_done = true;
        for (auto& next : fibers) {
            if (next->is_done) continue;
            running = next.get();
            swapcontext(&scheduler, &next->context);
            is_done = is_done && next->is_done;
            has_ended = has_ended || next->is_done;
        }
        if (!is_done && !has_ended && hls::simulation::queue::moves == before) {
            for (auto& next : fibers)
                if (!next->is_done) std::fprintf(stderr, "%s\n", next->waits_for.c_str());
            std::fprintf(stderr, "all processes wait for each other\n");
            std::exit(3);
        }
    }
    hls::simulation::queue::wait = nullptr;
    for (auto& next : fibers) next->discard(next->argument);
    fibers.clear();
}

}  // namespace hls4net_bench
