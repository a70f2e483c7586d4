#include "hxx/http/error.hpp"

#include "hxx/http/headers.hpp"
#include "hxx/http/message.hpp"

#include <stdexcept>

namespace hxx {

HttpError::HttpError(int status, std::string detail) : status_(status), detail_(std::move(detail)) {
    if (status < 400 || status > 599) {
        throw std::invalid_argument("HttpError takes a status from 400 to 599, not " + std::to_string(status) +
                                    "; return a Response for any other");
    }
    if (detail_.empty()) detail_ = http::reason_phrase(status);
}

HttpError&& HttpError::header(std::string name, std::string value) && {
    if (!http::is_token(name) || !http::is_field_value(value)) {
        throw std::invalid_argument("HttpError: '" + name +
                                    "' or its value cannot be a header field (a space or a control character in it?)");
    }
    headers_.emplace_back(std::move(name), std::move(value));
    return std::move(*this);
}

} // namespace hxx
