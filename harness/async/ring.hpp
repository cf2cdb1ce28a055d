#pragma once

namespace asyncbench::detail {

/// A link of a doubly linked ring; the list's owner holds one as its head. Takes itself out of the ring when
/// it ends, so that whatever holds it can be destroyed while it stands in a list; where the head ends first,
/// the others are left in a list that nobody reads.
class RingLink {
  public:
    RingLink() = default;
    RingLink(const RingLink&) = delete;
    RingLink& operator=(const RingLink&) = delete;
    ~RingLink() { unlink(); }

    bool linked() const noexcept { return next_ != this; }
    /// The first of the list, on its head; the head itself where the list is empty.
    RingLink& next() const noexcept { return *next_; }

    void unlink() noexcept {
        previous_->next_ = next_;
        next_->previous_ = previous_;
        next_ = previous_ = this;
    }
    /// Takes the first out of the list whose head this is.
    RingLink& take_next() noexcept {
        RingLink& first = *next_;
        next_ = first.next_;
        next_->previous_ = this;
        first.next_ = first.previous_ = &first;
        return first;
    }
    /// On a link that stands in no list: puts it before `other`; at the end of the list where that is its
    /// head.
    void link_before(RingLink& other) noexcept {
        previous_ = other.previous_;
        next_ = &other;
        previous_->next_ = this;
        other.previous_ = this;
    }

  private:
    RingLink* next_ = this;
    RingLink* previous_ = this;
};

}  // namespace asyncbench::detail
