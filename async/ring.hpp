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
    /// On a head: whether exactly one stands in its list.
    bool has_one() const noexcept { return next_ == previous_ && next_ != this; }
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
    /// As take_next(), where has_one().
    RingLink& take_only() noexcept {
        RingLink& only = *next_;
        next_ = previous_ = this;
        only.next_ = only.previous_ = &only;
        return only;
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
