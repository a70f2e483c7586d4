// What a browser sends when a form of a page is submitted (HTML Standard, 4.10.21.3 and 4.10.21.4). For this room's
// sources; TestRequest::submit() is the way in.
#pragma once

#include "hxx/html/document.hpp"
#include "hxx/http/message.hpp"
#include "hxx/testing/request_body.hpp"

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace hxx::testing_detail {

struct PageForm {
    http::Method method = http::Method::Get;
    std::string url;
    RequestBody body;
    std::vector<std::pair<std::string, std::string>> headers; // of hx-headers
};

/// As the browser sends it: method and action, and the values of its controls with `typed` in their places. Throws
/// std::invalid_argument for an element that is no form, and for a typed name that the form has no control for.
PageForm browser_form(dom::Node const& form, std::initializer_list<FormField> typed);
/// As htmx of that version does: by hx-post and the like, with the hx-headers that it inherits.
PageForm htmx_form(dom::Node const& form, std::initializer_list<FormField> typed, int version);

} // namespace hxx::testing_detail
