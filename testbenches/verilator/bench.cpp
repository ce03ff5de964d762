// bench INPUTS OUTPUTS
//
// Drives all designs of a simulation at once. INPUTS holds for each design in turn the number of its rows (64 bits), its settings, and
// its rows: what is on the inputs in one cycle after the other, an event in each, or in those in which a valid bit among them says so.
// OUTPUTS receives for each design one row for every cycle from 0 to rows + latency, with the outputs of that cycle (zeros where their
// valid bit is 0), and then, if it has traces, their rows in the same way. A row is made of 32-bit words, the lowest first. After its
// last row a design gets zeros. Exit code 2 if the files do not fit.
#include "lanes.h"

int main(int argc, char** argv) {
    if (argc != 3) refuse("two arguments are needed:", "INPUTS OUTPUTS");
    const auto context = std::make_unique<VerilatedContext>();
    const auto model = std::make_unique<simulation>(context.get());
    const std::vector<design> designs = bind(*model);
    const std::vector<char> file = read_file(argv[1]);
    std::vector<lane> lanes = open_lanes(designs, file, argv[1]);
    const std::uint64_t cycles = cycles_of(lanes);
    for (std::uint64_t cycle = 0; cycle < cycles; cycle++) {
        drive_inputs(lanes, cycle);
        model->clk = 0;
        model->eval();
        sample_outputs(lanes, cycle);
        model->clk = 1;
        model->eval();
    }
    model->final();
    write_lanes(lanes, argv[2]);
    return 0;
}
