#include "hxx/jinja/output.hpp"

#include "hxx/jinja/error.hpp"

#include <algorithm>

namespace hxx::jinja {

void Output::grow(std::size_t bytes) {
    std::size_t const used = size();
    std::size_t const written = used - start_;
    if (bytes > limit_ || written > limit_ - bytes)
        throw Error(ErrorKind::LimitError, "the output is larger than " + std::to_string(limit_) + " bytes");
    target_.resize(std::max(used + bytes, target_.size() * 2));
    refresh(used);
}

} // namespace hxx::jinja
