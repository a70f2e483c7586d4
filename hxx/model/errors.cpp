#include "hxx/model/errors.hpp"

namespace hxx {

void Errors::add(std::string_view member, std::string_view code, std::string_view message) {
    report_->add(Where(*where_, member).text(), std::string(code), std::string(message));
}

void Errors::add(std::string_view message) { report_->add(where_->text(), "value_error", std::string(message)); }

} // namespace hxx
