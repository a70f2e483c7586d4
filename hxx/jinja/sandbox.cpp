#include "hxx/jinja/sandbox.hpp"

#include "hxx/jinja/access.hpp"
#include "hxx/jinja/methods.hpp"
#include "hxx/jinja/text.hpp"

namespace hxx::jinja {

bool is_safe_attribute(Value const& object, std::string_view name) {
    if (object.is_undefined()) return true; // which gives nothing
    if (name.starts_with('_')) return false;
    if (auto const* methods = find_methods(name); methods && methods->changes(object)) return false;
    if (object.kind() != Kind::View) return true;
    auto const* member = object.raw_type().find_member(name);
    return !member || !member->get(object.raw_data()).is_callable();
}

Value unsafe_attribute(Value const& object, std::string_view name, UndefinedMode mode) {
    return undefined_hint("access to attribute " + quote(name) + " of " + quote(object.type_name()) +
                              " object is unsafe.",
                          mode, std::string(name), ErrorKind::SecurityError);
}

} // namespace hxx::jinja
