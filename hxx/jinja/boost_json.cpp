#include "hxx/jinja/boost_json.hpp"

namespace hxx::jinja {
namespace {

namespace json = boost::json;

json::object const& object_of(void const* object) { return *static_cast<json::object const*>(object); }

// As detail::MapTable, for a mapping whose entries are no pairs.
struct ObjectTable {
    struct State {
        json::object::const_iterator now, end;
    };
    static std::size_t size(void const* object) { return object_of(object).size(); }
    static bool find_text(void const* object, std::string_view key, Value& out) {
        auto const* found = object_of(object).if_contains(key);
        if (found) out = Value(*found);
        return found != nullptr;
    }
    static void start(void const* object, Cursor& cursor) {
        static_assert(sizeof(State) <= sizeof(Cursor) && std::is_trivially_copyable_v<State>);
        std::construct_at(reinterpret_cast<State*>(cursor.state),
                          State{object_of(object).begin(), object_of(object).end()});
    }
    static bool next(Cursor& cursor, Value& item, Value* mapped) {
        auto& state = *reinterpret_cast<State*>(cursor.state);
        if (state.now == state.end) return false;
        item = Value(std::string_view(state.now->key()));
        if (mapped) *mapped = Value(state.now->value());
        ++state.now;
        return true;
    }
    static constexpr TypeInfo make() {
        TypeInfo info{.shape = TypeInfo::Shape::Mapping, .name = "dict"};
        info.size = &size;
        info.find_text = &find_text;
        info.start = &start;
        info.next = &next;
        return info;
    }
};
constexpr TypeInfo object_type = ObjectTable::make();

} // namespace

Value ToValue<json::object>::make(json::object const& object) { return Value::view(object_type, &object); }

Value ToValue<json::object>::make(json::object&& object) {
    auto held = std::make_unique<json::object>(std::move(object));
    auto const* data = held.get();
    return Value::view_adopting(object_type, data, detail::hold(held.release()));
}

Value ToValue<json::value>::make(json::value const& value) {
    switch (value.kind()) {
    case json::kind::null: return nullptr;
    case json::kind::bool_: return value.get_bool();
    case json::kind::int64: return value.get_int64();
    case json::kind::uint64: return value.get_uint64();
    case json::kind::double_: return value.get_double();
    case json::kind::string: return std::string_view(value.get_string());
    case json::kind::array: return value.get_array();
    case json::kind::object: break;
    }
    return value.get_object();
}

Value ToValue<json::value>::make(json::value&& value) {
    switch (value.kind()) {
    case json::kind::string: return std::string(value.get_string());
    case json::kind::array: return std::move(value.get_array());
    case json::kind::object: return std::move(value.get_object());
    default: return make(std::as_const(value));
    }
}

} // namespace hxx::jinja
