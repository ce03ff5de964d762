// stream_bench INPUTS OUTPUTS
//
// Drives all AXI4-Stream tops of a simulation at once, with random gaps and random back-pressure. INPUTS holds for each top its number of
// patterns, its settings and its patterns; a pattern is a seed, its number of packets, how many results it gives, a cycle in which a reset
// ends it (0 for none), cycles of a reset in which it begins, how long it listens after its last result, how it leaves gaps and how it refuses
// results, each as a rate of 256 and a longest burst in cycles (0 for none), and then the packets: their number of beats, TUSER, and TDATA and
// TKEEP of each beat. Numbers are of 64 bits, vectors of 32-bit words. OUTPUTS receives for each pattern the number of beats that came out, of
// malformed packets and of cycles, the most records of results that waited at once, and the beats: TDATA, TKEEP, TUSER, TLAST. Exit code 2 if the files do not fit, 3 if a top hangs or changes
// what it offers before it is taken.
#include "ports.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace {

constexpr std::uint64_t most_idle_cycles = 200000;

[[noreturn]] void stop(int code, const char* what, const char* which) {
    std::fprintf(stderr, "stream_bench: %s %s\n", what, which);
    std::exit(code);
}

struct reader {
    std::vector<char> content;
    std::size_t at = 0;

    const char* take(std::size_t bytes) {
        if (content.size() - at < bytes) stop(2, "too little in", "INPUTS");
        at += bytes;
        return content.data() + at - bytes;
    }
    std::uint64_t number() {
        std::uint64_t n;
        std::memcpy(&n, take(sizeof n), sizeof n);
        return n;
    }
};

struct packet {
    std::uint64_t beats;
    const char* user;
    const char* data;
};

// When one side pauses: in a cycle of its own with some probability, or for many cycles in a row, and then not at all for as many.
struct pauses {
    std::uint64_t rate, burst;
    std::uint64_t left = 0;
    bool on = false;
};

struct pattern {
    std::uint64_t seed, results, reset_at, reset_first, drain;
    pauses gaps, stalls;
    std::vector<packet> packets;
};

void drive(const port& p, const char* words) {
    if (p.bytes != 0) std::memcpy(p.data, words, p.bytes);
}

void sample(const port& p, std::string& to) {
    std::string words(p.row(), '\0');
    std::memcpy(words.data(), p.data, p.bytes);
    to += words;
}

void append(std::string& to, std::uint64_t number) { to.append(reinterpret_cast<const char*>(&number), sizeof number); }

class runner {
public:
    runner(const stream& s, reader& file, std::size_t number) : s(s), number(std::to_string(number)) {
        const std::uint64_t count = file.number();
        drive(s.settings, file.take(s.settings.row()));
        for (std::uint64_t k = 0; k < count; k++) {
            pattern p{};
            p.seed = file.number();
            const std::uint64_t packets = file.number();
            p.results = file.number();
            p.reset_at = file.number();
            p.reset_first = file.number();
            p.drain = file.number();
            for (pauses* side : {&p.gaps, &p.stalls}) {
                side->rate = file.number();
                side->burst = file.number();
            }
            for (std::uint64_t n = 0; n < packets; n++) {
                packet one{file.number(), nullptr, nullptr};
                one.user = file.take(s.s_user.row());
                one.data = file.take(one.beats * s.beat_in());
                p.packets.push_back(one);
            }
            patterns.push_back(p);
        }
        *s.resetn = 1;
        begin();
    }

    bool done() const { return current == patterns.size(); }

    void before_edge() {
        // Nothing is sent before weights are there.
        if (!*s.loaded) {
            *s.s_valid = 0;
            return;
        }
        const bool in_reset = reset_left > 0;
        *s.resetn = !in_reset;
        if (in_reset || done()) {
            *s.s_valid = 0;
        } else if (!*s.s_valid || taken) {
            const bool offers = next < here().packets.size() && !pause(here().gaps);
            *s.s_valid = offers;
            if (offers) {
                const packet& p = here().packets[next];
                drive(s.s_data, p.data + beat * s.beat_in());
                drive(s.s_keep, p.data + beat * s.beat_in() + s.s_data.row());
                drive(s.s_user, p.user);
                if (beat > 0) scramble(s.s_user);
                *s.s_last = beat + 1 == p.beats;
            } else {
                scramble(s.s_data);
                scramble(s.s_keep);
                scramble(s.s_user);
                *s.s_last = chance() & 1;
            }
        }
        taken = false;
        *s.m_ready = is_draining() || !pause(here().stalls);
    }

    void at_edge() {
        if (done()) return;
        if (!*s.loaded) {
            if (++idle > most_idle_cycles) stop(3, "weights are not taken by top", number.c_str());
            return;
        }
        cycle++;
        idle++;
        if (reset_left > 0) {
            offered.clear();
            if (--reset_left == 0 && aborted) finish();
            return;
        }
        bad += *s.malformed;
        if (*s.queue > most_waiting) most_waiting = *s.queue;
        if (*s.s_valid && *s.s_ready) {
            taken = true;
            idle = 0;
            if (++beat == here().packets[next].beats) {
                beat = 0;
                next++;
            }
        }
        take_result();
        if (results > here().results) stop(3, "more comes out than went in, in pattern", where().c_str());
        if (here().reset_at != 0 && cycle >= here().reset_at) {
            aborted = true;
            reset_left = 2;
        } else if (is_draining() && idle > here().drain) {
            finish();
        } else if (idle > most_idle_cycles) {
            stop(3, "a packet does not come out, or none is taken, in pattern", where().c_str());
        }
    }

    std::string output;

private:
    const stream& s;
    std::string number;
    std::vector<pattern> patterns;
    std::size_t current = 0, next = 0;
    std::uint64_t beat = 0, cycle = 0, idle = 0, results = 0, beats_out = 0, bad = 0, most_waiting = 0, random = 1;
    std::uint64_t reset_left = 0;
    bool taken = false, aborted = false;
    std::string offered, beats;

    std::string where() {
        return std::to_string(current) + " of top " + number + ": " + std::to_string(next) + " of " + std::to_string(here().packets.size()) + " packets taken, " +
               std::to_string(results) + " of " + std::to_string(here().results) + " came out, ready " + std::to_string(*s.s_ready) + ", valid " + std::to_string(*s.m_valid);
    }

    pattern& here() { return patterns[current]; }

    bool is_draining() { return done() || (here().reset_at == 0 && next == here().packets.size() && results >= here().results); }

    unsigned chance() {
        random = random * 6364136223846793005u + 1442695040888963407u;
        return static_cast<unsigned>(random >> 56);
    }

    bool pause(pauses& side) {
        if (side.burst == 0) return chance() < side.rate;
        if (side.left == 0) {
            side.on = !side.on;
            side.left = 1 + (chance() << 16 | chance() << 8 | chance()) % side.burst;
        }
        side.left--;
        return side.on;
    }

    void scramble(const port& p) {
        char* bytes = static_cast<char*>(p.data);
        // Bits above a port's width must stay zero; flipping those that are set keeps to that.
        for (std::size_t k = 0; k < p.bytes; k++) bytes[k] &= static_cast<char>(chance());
    }

    void begin() {
        if (done()) return;
        random = here().seed;
        for (int k = 0; k < 4; k++) chance();
        reset_left = here().reset_first;
        next = 0;
        beat = cycle = idle = results = beats_out = bad = most_waiting = 0;
        aborted = false;
        beats.clear();
    }

    void take_result() {
        if (!offered.empty() && !*s.m_valid) stop(3, "an offer is taken back by top", number.c_str());
        if (!*s.m_valid) return;
        std::string now;
        sample(s.m_data, now);
        sample(s.m_keep, now);
        sample(s.m_user, now);
        const std::uint32_t last = *s.m_last;
        now.append(reinterpret_cast<const char*>(&last), sizeof last);
        if (!offered.empty() && offered != now) stop(3, "an offer is changed by top", number.c_str());
        offered = now;
        if (!*s.m_ready) return;
        offered.clear();
        idle = 0;
        beats += now;
        beats_out++;
        results += last;
    }

    void finish() {
        append(output, aborted ? 0 : beats_out);
        append(output, aborted ? 0 : bad);
        append(output, cycle);
        append(output, most_waiting);
        if (!aborted) output += beats;
        current++;
        begin();
    }
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) stop(2, "two arguments are needed:", "INPUTS OUTPUTS");
    const auto context = std::make_unique<VerilatedContext>();
    const auto model = std::make_unique<simulation>(context.get());
    const std::vector<stream> streams = bind(*model);
    reader file;
    std::FILE* input = std::fopen(argv[1], "rb");
    if (input == nullptr) stop(2, "cannot read", argv[1]);
    std::fseek(input, 0, SEEK_END);
    file.content.resize(static_cast<std::size_t>(std::ftell(input)));
    std::rewind(input);
    if (std::fread(file.content.data(), 1, file.content.size(), input) != file.content.size()) stop(2, "cannot read all of", argv[1]);
    std::fclose(input);
    std::vector<runner> runners;
    runners.reserve(streams.size());
    for (const stream& s : streams) runners.emplace_back(s, file, runners.size());
    if (file.at != file.content.size()) stop(2, "too much in", argv[1]);
    for (bool all_done = false; !all_done;) {
        model->clk = 0;
        for (runner& r : runners) r.before_edge();
        model->eval();
        all_done = true;
        for (runner& r : runners) {
            r.at_edge();
            all_done &= r.done();
        }
        model->clk = 1;
        model->eval();
    }
    model->final();
    std::FILE* output = std::fopen(argv[2], "wb");
    if (output == nullptr) stop(2, "cannot write", argv[2]);
    bool complete = true;
    for (const runner& r : runners) complete &= std::fwrite(r.output.data(), 1, r.output.size(), output) == r.output.size();
    if (std::fclose(output) != 0 || !complete) stop(2, "cannot write all of", argv[2]);
    return 0;
}
