#include "hxx/model/where.hpp"

namespace hxx {

void Where::append_to(std::string& out, bool with_source) const {
    if (!parent_) {
        if (with_source) out += name_;
        return;
    }
    parent_->append_to(out, with_source);
    if (!out.empty()) out += '.';
    if (is_index_)
        out += std::to_string(index_);
    else
        out += name_;
}

std::string Where::text() const {
    std::string out;
    append_to(out, true);
    return out;
}

std::string Where::path() const {
    std::string out;
    append_to(out, false);
    return out;
}

} // namespace hxx
