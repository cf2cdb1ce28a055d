#include "harness/engine/uring.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <new>

#include "async/errors.hpp"

namespace asyncbench {
namespace {

void require(const char* what, int result) {
    if (result < 0) throw Error(fmt::format("{} failed: {}.", what, std::strerror(-result)));
}

}  // namespace

Uring::Uring(unsigned entries) {
    io_uring_params parameters{};
    parameters.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE;
    parameters.cq_entries = entries * 4;
    require("io_uring_setup", io_uring_queue_init_params(entries, &ring_, &parameters));
    io_uring_register_ring_fd(&ring_);  // spares looking the descriptor up; without it all works the same
}

void Uring::register_files(unsigned count) {
    require("io_uring_register_files_sparse", io_uring_register_files_sparse(&ring_, count));
}

ReceiveBuffers::ReceiveBuffers(Uring& ring, unsigned count) : count_(count), memory_(count * bytes) {
    constexpr std::size_t page = 4096;
    const std::size_t size = (count * sizeof(io_uring_buf) + page - 1) / page * page;
    places_.reset(static_cast<io_uring_buf_ring*>(std::aligned_alloc(page, size)));
    if (places_ == nullptr) throw std::bad_alloc();
    io_uring_buf_reg registration{};
    registration.ring_addr = reinterpret_cast<std::uint64_t>(places_.get());
    registration.ring_entries = count;
    registration.bgid = static_cast<std::uint16_t>(group);
    require("io_uring_register_buf_ring", io_uring_register_buf_ring(ring.get(), &registration, 0));
    io_uring_buf_ring_init(places_.get());
    for (unsigned i = 0; i < count; ++i) give_back(i);
    publish();
}

}  // namespace asyncbench
