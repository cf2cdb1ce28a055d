#pragma once

#include <liburing.h>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

namespace asyncbench {

// What an Io needs of io_uring. Of one thread.

/// The two queues that the kernel shares. Needs a kernel of 6.1: deferred task work spares an interrupt for
/// each packet.
class Uring {
  public:
    /// Room for so many requests before they are handed over, and for four times as many completions.
    /// Throws Error with the system's words where the kernel refuses.
    explicit Uring(unsigned entries);
    Uring(const Uring&) = delete;
    Uring& operator=(const Uring&) = delete;
    ~Uring() { io_uring_queue_exit(&ring_); }

    io_uring* get() { return &ring_; }

    /// Room for one more request; hands those before it to the kernel where there is none.
    io_uring_sqe* request() {
        io_uring_sqe* free = io_uring_get_sqe(&ring_);
        while (free == nullptr) {
            io_uring_submit(&ring_);
            free = io_uring_get_sqe(&ring_);
        }
        return free;
    }

    /// Numbers for so many connections, in place of descriptors. Throws Error.
    void register_files(unsigned count);

  private:
    io_uring ring_{};
};

/// Memory that the kernel takes from for each receive, and gets back when the bytes were looked at. Outlives
/// no ring.
class ReceiveBuffers {
  public:
    static constexpr unsigned most = 1024;
    static constexpr std::size_t bytes = 4096;  ///< of each
    static constexpr int group = 0;

    /// So many of them, a power of two. Throws Error.
    explicit ReceiveBuffers(Uring& ring, unsigned count = most);

    char* at(unsigned index) { return memory_.data() + index * bytes; }
    /// Takes effect with publish().
    void give_back(unsigned index) {
        io_uring_buf_ring_add(places_.get(), at(index), bytes, static_cast<unsigned short>(index),
                              io_uring_buf_ring_mask(count_), static_cast<int>(returned_++));
        if (returned_ > count_ / 4) publish();
    }
    void publish() {
        io_uring_buf_ring_advance(places_.get(), static_cast<int>(std::exchange(returned_, 0)));
    }

  private:
    struct FreeMemory {
        void operator()(void* memory) const { std::free(memory); }
    };

    unsigned count_;
    std::vector<char> memory_;
    std::unique_ptr<io_uring_buf_ring, FreeMemory> places_;  ///< where the kernel looks for them
    unsigned returned_ = 0;
};

}  // namespace asyncbench
