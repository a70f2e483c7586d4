// GoogleMock matchers over a TestReply. A failed one prints the whole reply.
//
//     EXPECT_THAT(client.get("/users"), AllOf(HasStatus(200), HasText("h1", "Users"), HasElements("#users tr", 3)));
#pragma once

#include "hxx/testing/reply.hpp"

#include <gmock/gmock.h>

#include <stdexcept>
#include <string>

namespace hxx {

MATCHER_P(HasStatus, expected, "has status " + testing::PrintToString(expected)) {
    *result_listener << "whose status is " << arg.status();
    return arg.status() == expected;
}

/// The first field of that name has that value; see also Not(HasHeader(name)).
MATCHER_P2(HasHeader, name, expected, "has the field " + std::string(name) + ": " + testing::PrintToString(expected)) {
    auto const value = arg.header(name);
    *result_listener << (value ? "where it is \"" + *value + "\"" : std::string("which has no such field"));
    return value && testing::ExplainMatchResult(expected, *value, result_listener);
}
MATCHER_P(HasHeader, name, "has a field " + std::string(name)) { return arg.header(name).has_value(); }

/// An element matches the CSS selector.
MATCHER_P(HasElement, selector, "has an element " + std::string(selector)) { return arg.html().exists(selector); }

/// That many elements match.
MATCHER_P2(HasElements, selector, expected,
           "has " + testing::PrintToString(expected) + " elements " + std::string(selector)) {
    auto const count = arg.html().count(selector);
    *result_listener << "which has " << count;
    return count == static_cast<std::size_t>(expected);
}

/// The text of the first element that matches is equal to, or matched by, `expected`.
MATCHER_P2(HasText, selector, expected,
           "has an element " + std::string(selector) + " whose text " +
               testing::DescribeMatcher<std::string>(expected, false)) {
    auto const element = arg.html().select_one(selector);
    if (!element) {
        *result_listener << "which has no such element";
        return false;
    }
    *result_listener << "where it is \"" << element->text() << "\" ";
    return testing::ExplainMatchResult(expected, element->text(), result_listener);
}

} // namespace hxx
