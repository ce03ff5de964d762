// hls::stream<T> for simulation: a queue, unbounded as the vendor's is in C simulation unless it is given a bound. See README.md.
#ifndef HLS4NET_HLS_STREAM_H
#define HLS4NET_HLS_STREAM_H

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace hls {

// For a simulation that runs the readers and writers of streams beside each other.
namespace simulation {

// A queue of items of one size. Not a template: programs have hundreds of types of streams.
class queue {
    std::vector<unsigned char> bytes_;
    std::size_t item_;
    std::size_t first_ = 0;
    std::size_t count_ = 0;
    std::size_t bound_ = 0;
    std::string name_;

    void grow() {
        const std::size_t old = bytes_.size() / item_;
        std::vector<unsigned char> more((old == 0 ? 16 : 2 * old) * item_);
        for (std::size_t i = 0; i < count_; i++)
            std::memcpy(more.data() + i * item_, bytes_.data() + (first_ + i) % old * item_, item_);
        bytes_.swap(more);
        first_ = 0;
    }

    void wait_or_stop(const char* what) {
        if (wait == nullptr) {
            std::fprintf(stderr, "hls::stream '%s': %s\n", name_.c_str(), what);
            std::abort();
        }
        wait(what, *this);
    }

public:
    // Lets others run until the stream may have changed; null where nobody else can.
    static inline void (*wait)(const char* what, const queue& stream) = nullptr;

    // Reads and writes so far, of all queues: while it stands still, everybody waits.
    static inline std::size_t moves = 0;

    queue(std::size_t item, std::string name) : item_(item), name_(std::move(name)) {}
    queue(const queue&) = delete;
    queue& operator=(const queue&) = delete;

    // Reading an empty stream, or writing a full one, would hang the hardware: it ends the simulation if nobody else can run.
    void pop(void* item) {
        while (count_ == 0) wait_or_stop("read while empty");
        moves++;
        std::memcpy(item, bytes_.data() + first_ * item_, item_);
        first_ = (first_ + 1) % (bytes_.size() / item_);
        count_--;
    }

    void push(const void* item) {
        while (is_full()) wait_or_stop("write while full");
        moves++;
        if (count_ * item_ == bytes_.size()) grow();
        std::memcpy(bytes_.data() + (first_ + count_) % (bytes_.size() / item_) * item_, item, item_);
        count_++;
    }

    bool is_full() const { return bound_ > 0 && count_ >= bound_; }
    std::size_t size() const { return count_; }
    void set_bound(std::size_t bound) { bound_ = bound; }
    const std::string& name() const { return name_; }
};

}  // namespace simulation

template <class T, int DEPTH = 0>
class stream {
    static_assert(std::is_trivially_copyable<T>::value, "items are copied as bytes");

    simulation::queue items_;

public:
    stream() : items_(sizeof(T), "") {}
    explicit stream(std::string name) : items_(sizeof(T), std::move(name)) {}
    explicit stream(const char* name) : items_(sizeof(T), name) {}
    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;

    T read() {
        T item;
        items_.pop(&item);
        return item;
    }
    void read(T& item) { items_.pop(&item); }
    void operator>>(T& item) { read(item); }

    bool read_nb(T& item) {
        if (empty()) return false;
        read(item);
        return true;
    }

    void write(const T& item) { items_.push(&item); }
    void operator<<(const T& item) { write(item); }

    bool write_nb(const T& item) {
        if (full()) return false;
        write(item);
        return true;
    }

    bool empty() const { return items_.size() == 0; }
    bool full() const { return items_.is_full(); }
    std::size_t size() const { return items_.size(); }

    // Only here: the queue behind it, which can be given a bound.
    simulation::queue& simulated() { return items_; }
};

}  // namespace hls

#endif
