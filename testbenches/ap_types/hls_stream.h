// hls::stream<T> for simulation: an unbounded queue, as the vendor's is in C simulation. See README.md.
#ifndef HLS4NET_HLS_STREAM_H
#define HLS4NET_HLS_STREAM_H

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <string>
#include <utility>

namespace hls {

template <class T, int DEPTH = 0>
class stream {
    std::deque<T> items_;
    std::string name_;

public:
    stream() = default;
    explicit stream(std::string name) : name_(std::move(name)) {}
    explicit stream(const char* name) : name_(name) {}
    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;

    // Reading an empty stream would hang the hardware: it ends the simulation.
    T read() {
        if (items_.empty()) {
            std::fprintf(stderr, "hls::stream '%s': read while empty\n", name_.c_str());
            std::abort();
        }
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

    void write(const T& item) { items_.push_back(item); }
    void operator<<(const T& item) { write(item); }

    bool write_nb(const T& item) {
        write(item);
        return true;
    }

    bool empty() const { return items_.empty(); }
    bool full() const { return false; }
    std::size_t size() const { return items_.size(); }
};

}  // namespace hls

#endif
