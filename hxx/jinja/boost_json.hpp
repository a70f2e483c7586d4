// Boost.JSON's values in templates, seen in place: objects as dicts, arrays as lists, null as none.
//
//     #include <hxx/jinja/boost_json.hpp>
//     boost::json::value const order = boost::json::parse(text);
//     env.render("order.html", {{"order", order}});
//     env.render("order.html", order.as_object()); // its members are the variables
#pragma once

#include "hxx/jinja/type_info.hpp"

#include <boost/json/value.hpp>

namespace hxx::jinja {

/// An lvalue is borrowed and must outlive the rendering; an rvalue is moved.
template <>
struct ToValue<boost::json::object> {
    static Value make(boost::json::object const& object);
    static Value make(boost::json::object&& object);
};

template <>
struct ToValue<boost::json::value> {
    static Value make(boost::json::value const& value);
    static Value make(boost::json::value&& value);
};

} // namespace hxx::jinja
