// hls::stream<T> for simulation: a queue, unbounded as the vendor's is in C simulation unless it is given a bound. See README.md.
#ifndef HLS4NET_HLS_STREAM_H
#define HLS4NET_HLS_STREAM_H

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <utility>

namespace hls {

// For a simulation that runs the readers and writers of streams beside each other.
namespace simulation {

// Lets others run until the stream may have changed; null where nobody else can.
inline void (*wait)(const char* what, const std::string& stream) = nullptr;

// Reads and writes so far: while it stands still, everybody waits.
inline std::size_t moves = 0;

[[noreturn]] inline void stop(const char* what, const std::string& stream) {
    std::fprintf(stderr, "hls::stream '%s': %s\n", stream.c_str(), what);
    std::abort();
}

inline void wait_or_stop(const char* what, const std::string& stream) {
    if (wait == nullptr) stop(what, stream);
    wait(what, stream);
}

}  // namespace simulation

template <class T, int DEPTH = 0>
class stream {
    std::deque<T> items_;
    std::string name_;
    std::size_t bound_ = 0;
    std::size_t fullest_ = 0;

public:
    stream() = default;
    explicit stream(std::string name) : name_(std::move(name)) {}
    explicit stream(const char* name) : name_(name) {}
    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;

    // Reading an empty stream would hang the hardware: it ends the simulation.
    T read() {
        while (items_.empty()) simulation::wait_or_stop("read while empty", name_);
        simulation::moves++;
        T item = items_.front();
        items_.pop_front();
        return item;
    }
    void read(T& item) { item = read(); }
    void operator>>(T& item) { read(item); }

    bool read_nb(T& item) {
        if (items_.empty()) return false;
        read(item);
        return true;
    }

    void write(const T& item) {
        while (full()) simulation::wait_or_stop("write while full", name_);
        simulation::moves++;
        items_.push_back(item);
        if (items_.size() > fullest_) fullest_ = items_.size();
    }
    void operator<<(const T& item) { write(item); }

    bool write_nb(const T& item) {
        if (full()) return false;
        write(item);
        return true;
    }

    bool empty() const { return items_.empty(); }
    bool full() const { return bound_ > 0 && items_.size() >= bound_; }
    std::size_t size() const { return items_.size(); }

    // Only here: the most items that it takes, and the most that it held.
    void set_bound(std::size_t bound) { bound_ = bound; }
    std::size_t bound() const { return bound_; }
    std::size_t fullest() const { return fullest_; }
    const std::string& name() const { return name_; }
};

}  // namespace hls

#endif
