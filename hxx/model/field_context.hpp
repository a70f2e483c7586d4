// What a parser or a check knows about the value at hand: where it is, what was sent, and where to complain.
#pragma once

#include "hxx/model/error_report.hpp"
#include "hxx/model/where.hpp"

#include <initializer_list>
#include <string_view>
#include <utility>

namespace hxx {

struct FieldContext {
    Where const& where;
    ErrorReport& report;
    std::string_view input = {}; // as it was sent; data() is null if there is none or it is no single text
    bool secret = false;

    using Parameters = std::initializer_list<std::pair<std::string_view, std::string_view>>;
    /// Reports an error by its code (hxx/model/messages.cpp has the sentences). Always false.
    bool fail(std::string_view code, Parameters parameters = {}) const;
};

} // namespace hxx
