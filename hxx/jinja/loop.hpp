// The state of a for loop, and the `loop` variable.
#pragma once

#include "hxx/jinja/access.hpp"
#include "hxx/jinja/program.hpp"

namespace hxx::jinja {

/// Gives a loop's items and knows where it stands. Looks ahead only when it is asked to.
class LoopState {
  public:
    /// Throws TypeError for what cannot be iterated over.
    void start(Value const& iterable, std::size_t depth0);
    bool next(Value& out) {
        if (kind_ != Source::View) return next_other(out);
        auto const at = static_cast<std::size_t>(index_ + 1);
        if (at >= size_) return false;
        type_->at(data_, at, out);
        if (source_.owner()) out.keep_alive(source_.owner());
        index_ = static_cast<std::int64_t>(at);
        return true;
    }
    void finish();

    [[nodiscard]] std::int64_t index0() const noexcept { return index_; }
    [[nodiscard]] std::size_t length();
    [[nodiscard]] bool last();
    /// False at the first or last item.
    bool previous(Value& out);
    bool following(Value& out);
    [[nodiscard]] std::size_t depth0() const noexcept { return depth0_; }
    void complete() noexcept { completed_ = true; }
    [[nodiscard]] bool completed() const noexcept { return completed_; }

  private:
    enum class Source : unsigned char { View, List, Other };

    bool next_other(Value& out);
    bool peek();

    Source kind_ = Source::Other;
    bool completed_ = false;
    std::int64_t index_ = -1;
    TypeInfo const* type_ = nullptr; // View
    void const* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t depth0_ = 0;
    Value source_;
    // Other
    std::unique_ptr<Items> items_;
    std::vector<Value> buffered_; // read ahead, next last
    Value current_, before_;
    std::size_t length_ = 0;
    bool length_known_ = false;
};

} // namespace hxx::jinja
