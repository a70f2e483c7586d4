#include "hxx/jinja/loop.hpp"

#include <algorithm>

namespace hxx::jinja {

void LoopState::start(Value const& iterable, std::size_t depth0) {
    index_ = -1;
    depth0_ = depth0;
    completed_ = false;
    source_ = iterable;
    if (iterable.kind() == Kind::View && iterable.raw_type().at) {
        kind_ = Source::View;
        type_ = &iterable.raw_type();
        data_ = iterable.raw_data();
        size_ = type_->size(data_);
        return;
    }
    if (iterable.kind() == Kind::List || iterable.kind() == Kind::Tuple) {
        kind_ = Source::List;
        return;
    }
    kind_ = Source::Other;
    length_known_ =
        iterable.kind() != Kind::Object ? find_length(iterable, length_) : iterable.raw_object()->length(length_);
    items_ = std::make_unique<Items>(iterable);
}

void LoopState::finish() {
    source_ = Value();
    if (kind_ != Source::Other) return;
    items_.reset();
    buffered_.clear();
    current_ = Value();
    before_ = Value();
    length_known_ = false;
}

bool LoopState::next_other(Value& out) {
    if (kind_ == Source::List) {
        auto const& items = sequence_of(source_).items;
        auto const at = static_cast<std::size_t>(index_ + 1);
        if (at >= items.size()) return false;
        out = items[at];
        index_ = static_cast<std::int64_t>(at);
        return true;
    }
    if (buffered_.empty()) {
        if (!items_->next(out)) return false;
    } else {
        out = std::move(buffered_.back());
        buffered_.pop_back();
    }
    before_ = std::move(current_);
    current_ = out;
    ++index_;
    return true;
}

bool LoopState::peek() {
    if (!buffered_.empty()) return true;
    Value item;
    if (!items_->next(item)) return false;
    buffered_.push_back(std::move(item));
    return true;
}

std::size_t LoopState::length() {
    if (kind_ == Source::View) return size_;
    if (kind_ == Source::List) return sequence_of(source_).items.size();
    if (!length_known_) {
        // Only the end tells: read all that is left.
        std::vector<Value> rest;
        for (Value item; items_->next(item);) rest.push_back(std::move(item));
        std::reverse(rest.begin(), rest.end());
        rest.insert(rest.end(), std::make_move_iterator(buffered_.begin()), std::make_move_iterator(buffered_.end()));
        buffered_ = std::move(rest);
        length_ = buffered_.size() + static_cast<std::size_t>(index_ + 1);
        length_known_ = true;
    }
    return length_;
}

bool LoopState::last() {
    if (kind_ == Source::Other) return !peek();
    return static_cast<std::size_t>(index_ + 1) >= length();
}

bool LoopState::previous(Value& out) {
    if (index_ <= 0) return false;
    auto const at = static_cast<std::size_t>(index_ - 1);
    if (kind_ == Source::Other)
        out = before_;
    else if (kind_ == Source::List) {
        auto const& items = sequence_of(source_).items;
        if (at >= items.size()) return false;
        out = items[at];
    } else {
        type_->at(data_, at, out);
        out.keep_alive(source_.owner());
    }
    return true;
}

bool LoopState::following(Value& out) {
    auto const at = static_cast<std::size_t>(index_ + 1);
    if (kind_ == Source::Other) {
        if (!peek()) return false;
        out = buffered_.back();
        return true;
    }
    if (at >= length()) return false;
    if (kind_ == Source::List)
        out = sequence_of(source_).items[at];
    else {
        type_->at(data_, at, out);
        out.keep_alive(source_.owner());
    }
    return true;
}

} // namespace hxx::jinja
