// TypeInfo: how templates see a C++ type in place: one static table of functions a type, made by reflection.
// Included by value.hpp.
#pragma once

#include "hxx/jinja/value.hpp"
#include "hxx/reflect/reflect.hpp"

#include <iterator>
#include <memory>
#include <optional>

namespace hxx::jinja {

/// A struct's data member.
struct Member {
    std::string_view name;
    Value (*get)(void const* object);
    TypeInfo const* owner; // the struct; lets one pointer serve as an instruction's inline cache
    // What most members are, without a Value around it; at most one is given.
    std::string_view (*text)(void const* object) = nullptr;
    std::int64_t (*integer)(void const* object) = nullptr;
};

/// Where an iteration over a C++ container stands: two iterators in place.
struct Cursor {
    alignas(16) std::byte state[48];
};

struct TypeInfo {
    enum class Shape : unsigned char { Sequence, Tuple, Mapping, Struct };

    Shape shape = Shape::Struct;
    std::string_view name{};
    // Struct
    Member const* members = nullptr;
    std::size_t member_count = 0;
    // all but Struct
    std::size_t (*size)(void const* object) = nullptr;
    // Sequence and Tuple; null where items are not found by index in constant time. Into a value that is there, since a
    // loop asks for each item: one that is returned would be copied by loads wider than its stores, which stall.
    void (*at)(void const* object, std::size_t index, Value& out) = nullptr;
    // Mapping; null where keys are not text
    bool (*find_text)(void const* object, std::string_view key, Value& out) = nullptr;
    // Mapping and Sequence without at(): `mapped` is null for a Sequence
    void (*start)(void const* object, Cursor& cursor) = nullptr;
    bool (*next)(Cursor& cursor, Value& item, Value* mapped) = nullptr;

    [[nodiscard]] Member const* find_member(std::string_view wanted) const noexcept {
        for (std::size_t i = 0; i < member_count; ++i)
            if (members[i].name == wanted) return &members[i];
        return nullptr;
    }
};

namespace detail {

template <class T>
struct Builder;

/// Keeps an rvalue alive that a view was made of.
Object* make_holder(void* object, void (*destroy)(void*));

template <class T>
Object* hold(T* object) {
    return make_holder(object, [](void* held) { std::default_delete<T>()(static_cast<T*>(held)); });
}

template <class T>
concept Text = std::is_convertible_v<T const&, std::string_view>;

template <class T>
concept OptionalLike = requires(T const& value) {
    { value.has_value() } -> std::same_as<bool>;
    *value;
};

template <class T>
concept PointerLike = !Callable<T> && !OptionalLike<T> && !std::is_array_v<T> && requires(T const& value) {
    static_cast<bool>(value);
    *value;
} && (std::is_pointer_v<T> || requires { typename T::element_type; });

template <class T>
concept TupleLike = requires { std::tuple_size<T>::value; } && !requires(T const& value) { value.begin(); };

template <class T>
concept Range = !Text<T> && requires(T const& value) {
    std::begin(value) != std::end(value);
    *std::begin(value);
};

template <class T>
concept MapLike = Range<T> && requires(T const& value) {
    typename T::key_type;
    typename T::mapped_type;
    value.size();
};

template <class T>
concept RandomAccess = Range<T> && requires(T const& value) {
    std::size(value);
    value[std::size_t{}];
};

template <class T>
concept StructLike = reflect::Aggregate<T> && !Range<T> && !TupleLike<T> && !std::is_same_v<T, Binding>;

// How one item of a container becomes a value: by reference if it lives there, moved if it was computed.
template <class R>
Value item_value(R&& item) {
    return Value(std::forward<R>(item));
}

template <class T>
struct SequenceTable {
    using Iterator = decltype(std::begin(std::declval<T const&>()));
    struct State {
        Iterator now, end;
    };
    static std::size_t size(void const* object) { return std::size(*static_cast<T const*>(object)); }
    static void at(void const* object, std::size_t index, Value& out) {
        out = item_value((*static_cast<T const*>(object))[index]);
    }
    static void start(void const* object, Cursor& cursor) {
        static_assert(sizeof(State) <= sizeof(Cursor) && std::is_trivially_copyable_v<Iterator>,
                      "copy this range into a std::vector before a template sees it");
        auto const& range = *static_cast<T const*>(object);
        std::construct_at(reinterpret_cast<State*>(cursor.state), State{std::begin(range), std::end(range)});
    }
    static bool next(Cursor& cursor, Value& item, Value*) {
        auto& state = *reinterpret_cast<State*>(cursor.state);
        if (state.now == state.end) return false;
        item = item_value(*state.now);
        ++state.now;
        return true;
    }
    static constexpr TypeInfo make() {
        TypeInfo info{.shape = TypeInfo::Shape::Sequence, .name = "list"};
        info.size = &size;
        if constexpr (RandomAccess<T>)
            info.at = &at;
        else {
            info.start = &start;
            info.next = &next;
        }
        return info;
    }
};

template <class T>
struct MapTable {
    using Iterator = decltype(std::declval<T const&>().begin());
    struct State {
        Iterator now, end;
    };
    static std::size_t size(void const* object) { return static_cast<T const*>(object)->size(); }
    static bool find_text(void const* object, std::string_view key, Value& out) {
        auto const& map = *static_cast<T const*>(object);
        auto found = [&] {
            if constexpr (requires { map.find(key); })
                return map.find(key);
            else
                return map.find(typename T::key_type(key));
        }();
        if (found == map.end()) return false;
        out = Value(found->second);
        return true;
    }
    static void start(void const* object, Cursor& cursor) {
        static_assert(sizeof(State) <= sizeof(Cursor) && std::is_trivially_copyable_v<Iterator>,
                      "copy this mapping into a std::map before a template sees it");
        auto const& map = *static_cast<T const*>(object);
        std::construct_at(reinterpret_cast<State*>(cursor.state), State{map.begin(), map.end()});
    }
    static bool next(Cursor& cursor, Value& item, Value* mapped) {
        auto& state = *reinterpret_cast<State*>(cursor.state);
        if (state.now == state.end) return false;
        item = Value(state.now->first);
        if (mapped) *mapped = Value(state.now->second);
        ++state.now;
        return true;
    }
    static constexpr TypeInfo make() {
        TypeInfo info{.shape = TypeInfo::Shape::Mapping, .name = "dict"};
        info.size = &size;
        info.start = &start;
        info.next = &next;
        if constexpr (Text<typename T::key_type>) info.find_text = &find_text;
        return info;
    }
};

template <class T>
struct TupleTable {
    static constexpr std::size_t count = std::tuple_size_v<T>;
    using Get = Value (*)(T const&);
    template <std::size_t... I>
    static constexpr auto getters(std::index_sequence<I...>) {
        return std::array<Get, count>{[](T const& tuple) {
            using std::get;
            return Value(get<I>(tuple));
        }...};
    }
    static constexpr auto table = getters(std::make_index_sequence<count>());
    static std::size_t size(void const*) { return count; }
    static void at(void const* object, std::size_t index, Value& out) {
        out = table[index](*static_cast<T const*>(object));
    }
    static constexpr TypeInfo make() {
        TypeInfo info{.shape = TypeInfo::Shape::Tuple, .name = "tuple"};
        info.size = &size;
        info.at = &at;
        return info;
    }
};

template <class T>
struct StructTable;
template <class T>
inline constexpr TypeInfo type_info = [] {
    if constexpr (StructLike<T>)
        return StructTable<T>::make();
    else if constexpr (MapLike<T>)
        return MapTable<T>::make();
    else if constexpr (Range<T>)
        return SequenceTable<T>::make();
    else
        return TupleTable<T>::make();
}();

template <class T>
struct StructTable {
    template <std::size_t I>
    static Value get(void const* object) {
        return Value(reflect::get<I>(*static_cast<T const*>(object)));
    }
    template <std::size_t I>
    static constexpr Member make_member() {
        using M = std::remove_cvref_t<decltype(reflect::get<I>(std::declval<T const&>()))>;
        Member member{reflect::member_names<T>[I], &get<I>, &type_info<T>};
        if constexpr (HasToValue<M> || Wrapper<M>)
            return member;
        else if constexpr (Text<M> && std::is_class_v<M>)
            member.text = [](void const* object) {
                return std::string_view(reflect::get<I>(*static_cast<T const*>(object)));
            };
        else if constexpr (std::is_same_v<M, int> || std::is_same_v<M, long> || std::is_same_v<M, long long>)
            member.integer = [](void const* object) {
                return std::int64_t{reflect::get<I>(*static_cast<T const*>(object))};
            };
        return member;
    }
    template <std::size_t... I>
    static constexpr auto make_members(std::index_sequence<I...>) {
        return std::array<Member, sizeof...(I)>{make_member<I>()...};
    }
    static constexpr auto members = make_members(std::make_index_sequence<reflect::member_count<T>>());
    static constexpr TypeInfo make() {
        TypeInfo info{.shape = TypeInfo::Shape::Struct, .name = reflect::type_name<T>()};
        info.members = members.data();
        info.member_count = members.size();
        return info;
    }
};

template <class T>
concept Seen = StructLike<T> || Range<T> || TupleLike<T>;

template <class T>
struct Builder {
    static constexpr bool possible =
        !std::is_same_v<T, Binding> &&
        (HasToValue<T> || Wrapper<T> || Text<T> || std::is_arithmetic_v<T> || std::is_enum_v<T> || OptionalLike<T> ||
         PointerLike<T> || Callable<T> || Seen<T> || std::is_same_v<T, std::nullopt_t>);

    static TypeInfo const& type() noexcept { return type_info<T>; }

    template <class U>
    static Value make(U&& value) {
        constexpr bool lvalue = std::is_lvalue_reference_v<U>;
        if constexpr (HasToValue<T>)
            return ToValue<T>::make(std::forward<U>(value));
        else if constexpr (Wrapper<T>)
            return from_wrapper<lvalue>(value);
        else if constexpr (Text<T>)
            return from_text(std::string_view(value), lvalue);
        else if constexpr (std::is_same_v<T, char>)
            return Value(std::string(1, value));
        else if constexpr (std::is_integral_v<T>)
            return std::is_signed_v<T> ? Value(static_cast<long long>(value))
                                       : Value(static_cast<unsigned long long>(value));
        else if constexpr (std::is_floating_point_v<T>)
            return Value(static_cast<double>(value));
        else if constexpr (std::is_enum_v<T>)
            return from_enum(value);
        else if constexpr (std::is_same_v<T, std::nullopt_t>)
            return Value(nullptr);
        else if constexpr (OptionalLike<T>)
            return value.has_value() ? item_value(*std::forward<U>(value)) : Value(nullptr);
        else if constexpr (PointerLike<T>)
            return from_pointer<lvalue>(std::forward<U>(value));
        else if constexpr (Callable<T>)
            return Value::function(std::forward<U>(value));
        else if constexpr (lvalue)
            return Value::view(type_info<T>, std::addressof(value));
        else {
            auto held = std::make_unique<T>(std::forward<U>(value));
            T const* object = held.get();
            return Value::view_adopting(type_info<T>, object, hold(held.release()));
        }
    }

  private:
    static Value from_text(std::string_view text, bool borrow) {
        return borrow ? Value(text) : Value(std::string(text));
    }

    template <bool lvalue>
    static Value from_wrapper(T const& value) {
        if constexpr (lvalue)
            return Value(unwrap(value));
        else // the wrapper dies with the expression: its value is copied
            return Value(std::remove_cvref_t<decltype(unwrap(value))>(unwrap(value)));
    }

    static Value from_enum(T value) {
        auto const name = reflect::enum_name(value);
        return name.empty() ? Value(static_cast<long long>(value)) : Value(name);
    }

    template <bool lvalue, class U>
    static Value from_pointer(U&& pointer) {
        if (!pointer) return nullptr;
        using Pointee = std::remove_cvref_t<decltype(*pointer)>;
        if constexpr (lvalue || std::is_pointer_v<T> || !Seen<Pointee>) {
            if constexpr (lvalue || std::is_pointer_v<T>)
                return Value(std::as_const(*pointer));
            else
                return Value(Pointee(*pointer));
        } else {
            auto const* object = std::addressof(*pointer);
            return Value::view_adopting(type_info<Pointee>, object,
                                        hold(std::make_unique<T>(std::forward<U>(pointer)).release()));
        }
    }
};

} // namespace detail

} // namespace hxx::jinja
