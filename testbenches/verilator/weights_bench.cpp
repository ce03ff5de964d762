// weights_bench INPUTS OUTPUTS TRANSFERS LOG SEED
//
// As bench.cpp, and beside it a master for the AXI4-Lite port of each design. TRANSFERS holds for each design in turn how many there are (64 bits),
// and for each five words of 32 bits: what it is (0 a write, 1 a read, 2 reads until bit 0 of the data is 0), the address, the data to write, the
// strobes, and a number of cycles to wait before it. They come one after the other; addresses, data and answers wait at random, and beside writes
// the register at 0 is read at random and has to stay the same. LOG receives for each transfer the first cycle in which its answer is there
// (64 bits), the data of a read and the answer. Exit code 3 if a slave breaks the protocol.
#include "lanes.h"

#include <random>

namespace {

struct transfer {
    std::uint32_t kind;
    std::uint32_t address;
    std::uint32_t data;
    std::uint32_t strobe;
    std::uint32_t pause;
};

struct answer {
    std::uint64_t cycle;
    std::uint32_t data;
    std::uint32_t response;
};

[[noreturn]] void broken(std::uint64_t cycle, const char* what) {
    std::fprintf(stderr, "weights_bench: in cycle %llu %s\n", static_cast<unsigned long long>(cycle), what);
    std::exit(3);
}

// Numbers side by side in a row of words, in the order in which they are asked for.
struct bits {
    std::vector<std::uint32_t> words;
    std::size_t at = 0;

    void put(std::uint32_t value, unsigned width) {
        for (unsigned k = 0; k < width; k++, at++)
            if (value >> k & 1) words[at / 32] |= std::uint32_t{1} << (at % 32);
    }

    std::uint32_t get(unsigned width) {
        std::uint32_t value = 0;
        for (unsigned k = 0; k < width; k++, at++) value |= (words[at / 32] >> (at % 32) & 1) << k;
        return value;
    }
};

// One side that offers something until it is taken, after a pause of its own.
struct offer {
    bool open = false;
    unsigned pause = 0;

    bool valid() const { return open && pause == 0; }

    void step(bool taken) {
        if (!open) return;
        if (pause > 0) pause--;
        else if (taken) open = false;
    }
};

class master {
public:
    master(const design& ports, std::vector<transfer> list, unsigned seed) : ports_(ports), list_(std::move(list)), random_(seed) {
        if (!list_.empty()) pause_ = list_[0].pause;
    }

    void drive_all(std::uint64_t cycle) {
        if (ports_.lite_inputs.bytes == 0) return;
        if (cycle > 3 && next_ < list_.size() && !busy_) {
            if (pause_ > 0) pause_--;
            else begin();
        }
        if (cycle > 3 && !reads_ && !ar_.open && random_() % 8 == 0 && (next_ == list_.size() || list_[next_].kind == 0)) {
            ar_ = {true, pause()};
            reads_ = is_background_ = true;
        }
        b_ready_ = random_() % 3 != 0;
        r_ready_ = random_() % 3 != 0;
        bits row{std::vector<std::uint32_t>(ports_.lite_inputs.words)};
        const transfer none{};
        const transfer& t = next_ < list_.size() ? list_[next_] : none;
        row.put(cycle > 2, 1);
        row.put(aw_.valid() ? t.address : random_(), ports_.lite_address);
        row.put(random_(), 3);
        row.put(aw_.valid(), 1);
        row.put(w_.valid() ? t.data : random_(), 32);
        row.put(w_.valid() ? t.strobe : random_(), 4);
        row.put(w_.valid(), 1);
        row.put(b_ready_, 1);
        row.put(ar_.valid() ? (is_background_ ? 0 : t.address) : random_(), ports_.lite_address);
        row.put(random_(), 3);
        row.put(ar_.valid(), 1);
        row.put(r_ready_, 1);
        drive(ports_.lite_inputs, reinterpret_cast<const char*>(row.words.data()));
    }

    void sample_all(std::uint64_t cycle) {
        if (ports_.lite_outputs.bytes == 0) return;
        bits row{std::vector<std::uint32_t>(ports_.lite_outputs.words)};
        sample(ports_.lite_outputs, reinterpret_cast<char*>(row.words.data()));
        const bool aw_ready = row.get(1), w_ready = row.get(1);
        const std::uint32_t b_resp = row.get(2);
        const bool b_valid = row.get(1), ar_ready = row.get(1);
        const std::uint32_t r_data = row.get(32), r_resp = row.get(2);
        const bool r_valid = row.get(1);
        if (cycle <= 3) return;
        if (b_valid && (!writes_ || aw_.open || w_.open)) broken(cycle, "a write is answered that was not made");
        if (r_valid && (!reads_ || ar_.open)) broken(cycle, "a read is answered that was not made");
        if (b_seen_ && (!b_valid || b_resp != b_last_)) broken(cycle, "the answer to a write changed before it was taken");
        if (r_seen_ && (!r_valid || r_resp != r_last_ || r_data != r_data_last_)) broken(cycle, "the answer to a read changed before it was taken");
        if (b_valid && !b_seen_) log.push_back({cycle, 0, b_resp});
        if (b_valid && b_ready_) {
            writes_ = busy_ = false;
            advance();
        }
        if (r_valid && r_ready_) read_done(cycle, r_data, r_resp);
        b_seen_ = b_valid && !b_ready_;
        r_seen_ = r_valid && !r_ready_;
        b_last_ = b_resp;
        r_last_ = r_resp;
        r_data_last_ = r_data;
        aw_.step(aw_ready);
        w_.step(w_ready);
        ar_.step(ar_ready);
    }

    bool done() const { return next_ == list_.size(); }

    std::vector<answer> log;

private:
    unsigned pause() { return random_() % 3 == 0 ? random_() % 6 : 0; }

    void begin() {
        if (list_[next_].kind == 0) {
            aw_ = {true, pause()};
            w_ = {true, pause()};
            writes_ = busy_ = true;
        } else if (!reads_) {
            ar_ = {true, pause()};
            reads_ = busy_ = true;
            is_background_ = false;
        }
    }

    void advance() {
        next_++;
        pause_ = next_ < list_.size() ? list_[next_].pause : 0;
    }

    void read_done(std::uint64_t cycle, std::uint32_t data, std::uint32_t response) {
        reads_ = false;
        if (is_background_) {
            if (response != 0 || (has_identity_ && data != identity_)) broken(cycle, "a register that is constant is read differently");
            identity_ = data;
            has_identity_ = true;
            return;
        }
        busy_ = false;
        if (list_[next_].kind == 2 && (data & 1) != 0) return;
        log.push_back({cycle, data, response});
        advance();
    }

    const design& ports_;
    std::vector<transfer> list_;
    std::mt19937 random_;
    std::size_t next_ = 0;
    unsigned pause_ = 0;
    offer aw_, w_, ar_;
    bool busy_ = false, writes_ = false, reads_ = false, is_background_ = false;
    bool b_ready_ = false, r_ready_ = false, b_seen_ = false, r_seen_ = false, has_identity_ = false;
    std::uint32_t b_last_ = 0, r_last_ = 0, r_data_last_ = 0, identity_ = 0;
};

std::vector<master> open_masters(const std::vector<design>& designs, const std::vector<char>& file, const char* path, unsigned seed) {
    std::vector<master> masters;
    std::size_t at = 0;
    for (const design& d : designs) {
        std::uint64_t count;
        if (file.size() - at < sizeof count) refuse("too little in", path);
        std::memcpy(&count, file.data() + at, sizeof count);
        at += sizeof count;
        std::vector<transfer> list(count);
        if (file.size() - at < count * sizeof(transfer)) refuse("too little in", path);
        std::memcpy(list.data(), file.data() + at, count * sizeof(transfer));
        at += count * sizeof(transfer);
        masters.emplace_back(d, std::move(list), seed++);
    }
    if (at != file.size()) refuse("too much in", path);
    return masters;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 6) refuse("five arguments are needed:", "INPUTS OUTPUTS TRANSFERS LOG SEED");
    const auto context = std::make_unique<VerilatedContext>();
    const auto model = std::make_unique<simulation>(context.get());
    const std::vector<design> designs = bind(*model);
    const std::vector<char> file = read_file(argv[1]);
    std::vector<lane> lanes = open_lanes(designs, file, argv[1]);
    std::vector<master> masters = open_masters(designs, read_file(argv[3]), argv[3], static_cast<unsigned>(std::atoi(argv[5])));
    const std::uint64_t cycles = cycles_of(lanes);
    for (std::uint64_t cycle = 0; cycle < cycles; cycle++) {
        drive_inputs(lanes, cycle);
        for (master& m : masters) m.drive_all(cycle);
        model->clk = 0;
        model->eval();
        sample_outputs(lanes, cycle);
        for (master& m : masters) m.sample_all(cycle);
        model->clk = 1;
        model->eval();
    }
    model->final();
    write_lanes(lanes, argv[2]);
    std::FILE* log = std::fopen(argv[4], "wb");
    if (log == nullptr) refuse("cannot write", argv[4]);
    for (const master& m : masters) {
        if (!m.done()) broken(cycles, "transfers are left: there are too few events");
        std::fwrite(m.log.data(), sizeof(answer), m.log.size(), log);
    }
    if (std::fclose(log) != 0) refuse("cannot write all of", argv[4]);
    return 0;
}
