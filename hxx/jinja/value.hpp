// Value: what a template works with. A small variant that borrows what it can: text and C++ objects given as lvalues
// are seen in place and must outlive the rendering; what is given as an rvalue is moved into the value.
//
//     std::vector<User> users = …;
//     environment.render("users.html", {{"users", users}, {"q", q}, {"count", 3}});
//
// C++ objects are seen through one static table of functions a type (TypeInfo), never copied: structs by reflection,
// vector, span, array, list, set, map, optional, pair, tuple, pointers and smart pointers, enums (by name), wrappers
// (hxx/reflect/wrapper.hpp), lambdas as functions. For any other type specialise hxx::jinja::ToValue.
#pragma once

#include "hxx/jinja/object.hpp"
#include "hxx/reflect/wrapper.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hxx::jinja {

struct Param;
struct TypeInfo;

enum class Kind : unsigned char {
    Undefined,
    None,
    Bool,
    Int,
    BigInt, // an integer beyond 64 bits
    Float,
    String,
    List,
    Tuple,
    Dict,
    View,  // a C++ object that is seen through its TypeInfo
    Object // everything else: functions, macros, ranges, namespaces, user classes derived from Object
};

/// What an undefined name does when it is used.
enum class UndefinedMode : unsigned char {
    Default,   // prints nothing, iterates over nothing, is false; everything else is an error
    Chainable, // as Default, and its attributes are undefined too
    Strict,    // any use is an error
    Debug      // as Default, prints "{{ name }}"
};

/// Specialise for a type of your own that is no plain struct:
/// template <> struct hxx::jinja::ToValue<Money> { static Value make(Money const& m) { return m.text(); } };
template <class T>
struct ToValue;

namespace detail {

template <class T>
concept HasToValue = requires(T const& value) { ToValue<T>::make(value); };

template <class T>
struct Builder; // builds a Value from a T: hxx/jinja/type_info.hpp

template <class T>
concept Callable = (std::is_class_v<T> && requires { &T::operator(); }) ||
                   (std::is_pointer_v<T> && std::is_function_v<std::remove_pointer_t<T>>);

template <class T>
concept Viewable = Builder<T>::possible;

} // namespace detail

class Value {
  public:
    /// Undefined; none is Value(nullptr).
    Value() noexcept = default;
    Value(std::nullptr_t) noexcept : kind_(Kind::None) {}
    Value(void const*) = delete; // would become a bool
    Value(bool value) noexcept : kind_(Kind::Bool) { payload_.integer = value ? 1 : 0; }
    Value(int value) noexcept : kind_(Kind::Int) { payload_.integer = value; }
    Value(long value) noexcept : kind_(Kind::Int) { payload_.integer = value; }
    Value(long long value) noexcept : kind_(Kind::Int) { payload_.integer = value; }
    Value(unsigned value) noexcept : kind_(Kind::Int) { payload_.integer = value; }
    Value(unsigned long value) : Value(from_unsigned(value)) {}
    Value(unsigned long long value) : Value(from_unsigned(value)) {}
    Value(double value) noexcept : kind_(Kind::Float) { payload_.real = value; }
    Value(float value) noexcept : Value(static_cast<double>(value)) {}
    /// Borrowed text (UTF-8).
    Value(char const* text) noexcept : Value(std::string_view(text ? text : "")) {
        if (!text) kind_ = Kind::None;
    }
    Value(std::string_view text) noexcept : kind_(Kind::String) {
        payload_.text = text.data();
        extra_.size = text.size();
    }
    Value(std::string const& text) noexcept : Value(std::string_view(text)) {}
    /// Owned text.
    Value(std::string&& text);

    /// Any C++ value: borrowed if it is an lvalue, moved into a shared owner if not.
    template <class T>
        requires(!std::is_same_v<std::remove_cvref_t<T>, Value> && detail::Viewable<std::remove_cvref_t<T>>)
    Value(T&& value) : Value(detail::Builder<std::remove_cvref_t<T>>::make(std::forward<T>(value))) {}

    Value(Value const& other) noexcept
        : kind_(other.kind_), flag_(other.flag_), owner_(other.owner_), payload_(other.payload_), extra_(other.extra_) {
        if (owner_) detail::retain(owner_);
    }
    Value(Value&& other) noexcept
        : kind_(other.kind_), flag_(other.flag_), owner_(other.owner_), payload_(other.payload_), extra_(other.extra_) {
        other.kind_ = Kind::Undefined;
        other.flag_ = 0;
        other.owner_ = nullptr;
        other.payload_.integer = 0;
    }
    // NOLINTNEXTLINE(bugprone-unhandled-self-assignment): it takes its share before it gives the former one back
    Value& operator=(Value const& other) noexcept {
        Object* const former = owner_;
        if (other.owner_) detail::retain(other.owner_);
        take_bits(other);
        if (former) detail::release(former); // last: it may own `other`
        return *this;
    }
    Value& operator=(Value&& other) noexcept {
        Object* const former = owner_;
        take_bits(other);
        other.owner_ = nullptr;
        other.kind_ = Kind::Undefined;
        other.flag_ = 0;
        other.payload_.integer = 0;
        if (former) detail::release(former);
        return *this;
    }
    ~Value() {
        if (owner_) detail::release(owner_);
    }
    void swap(Value& other) noexcept {
        std::swap(kind_, other.kind_);
        std::swap(flag_, other.flag_);
        std::swap(owner_, other.owner_);
        std::swap(payload_, other.payload_);
        std::swap(extra_, other.extra_);
    }

    /// Text that is safe HTML: it is not escaped again.
    [[nodiscard]] static Value markup(std::string html);
    [[nodiscard]] static Value markup_view(std::string_view html) noexcept {
        Value value(html);
        value.flag_ = 1;
        return value;
    }
    /// A function that templates may call: any C++ callable over Values, numbers, bool, strings, optional, vector …, or
    /// one that takes Args const& and so any arguments. `params` names the parameters (for keyword arguments) and gives
    /// defaults: Value::function([](std::string_view s, int n) {…}, {{"s"}, {"n", 3}}).
    template <class F>
    [[nodiscard]] static Value function(F&& callable);
    template <class F>
    [[nodiscard]] static Value function(F&& callable, std::initializer_list<Param> params);
    [[nodiscard]] static Value list(std::vector<Value> items);
    [[nodiscard]] static Value tuple(std::vector<Value> items);
    /// A mapping that keeps this order.
    [[nodiscard]] static Value dict(std::vector<std::pair<Value, Value>> items);
    /// An object of your own class (see hxx/jinja/object.hpp); takes over one reference.
    [[nodiscard]] static Value object(Object* adopted) noexcept;
    /// An undefined value whose message names what was missing.
    [[nodiscard]] static Value undefined(std::string name, UndefinedMode mode = UndefinedMode::Default);

    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    [[nodiscard]] bool is_undefined() const noexcept { return kind_ == Kind::Undefined; }
    [[nodiscard]] bool is_none() const noexcept { return kind_ == Kind::None; }
    [[nodiscard]] bool is_string() const noexcept { return kind_ == Kind::String; }
    [[nodiscard]] bool is_markup() const noexcept { return kind_ == Kind::String && flag_ != 0; }
    [[nodiscard]] bool is_callable() const noexcept;
    [[nodiscard]] bool is_mapping() const noexcept;
    [[nodiscard]] bool is_sequence() const noexcept;

    /// Python's truth; throws UndefinedError for a strict undefined.
    [[nodiscard]] bool truthy() const;
    /// The text of a string; throws TypeError for anything else.
    [[nodiscard]] std::string_view as_string() const;
    /// Throw TypeError for what is no number (bool counts as 0 and 1).
    [[nodiscard]] std::int64_t as_int() const;
    [[nodiscard]] double as_double() const;
    /// Python's str() and repr().
    [[nodiscard]] std::string str() const;
    [[nodiscard]] std::string repr() const;
    /// Python's type name: "str", "int", "dict", "User".
    [[nodiscard]] std::string_view type_name() const noexcept;

    /// Number of items (code points of a string); throws TypeError for what has no length.
    [[nodiscard]] std::size_t size() const;
    /// As obj.name in a template: the attribute, else the item; undefined if there is none.
    [[nodiscard]] Value attribute(std::string_view name) const;
    /// As obj[key] in a template: the item, else the attribute; undefined if there is none.
    [[nodiscard]] Value item(Value const& key) const;
    /// All items, or a mapping's keys; throws TypeError for what cannot be iterated over.
    [[nodiscard]] std::vector<Value> items() const;

    /// Equality as a template's ==.
    friend bool operator==(Value const& a, Value const& b);

    // ── For the engine and for TypeInfo tables ───────────────────────────────────────────────────────────────────
    /// A C++ object seen in place; with an owner it is kept alive by this value.
    static Value view(TypeInfo const& type, void const* object, Object* owner = nullptr) noexcept {
        Value value;
        value.kind_ = Kind::View;
        value.payload_.data = object;
        value.extra_.type = &type;
        value.owner_ = owner;
        if (owner) detail::retain(owner);
        return value;
    }
    /// The same, taking over one reference to the owner.
    static Value view_adopting(TypeInfo const& type, void const* object, Object* owner) noexcept {
        Value value = view(type, object);
        value.owner_ = owner;
        return value;
    }
    /// A value of the engine's own classes.
    static Value of_object(Kind kind, Object* adopted) noexcept {
        Value value;
        value.kind_ = kind;
        value.owner_ = adopted;
        value.payload_.object = adopted;
        return value;
    }
    /// An object that outlives all values.
    static Value unowned(Object& object) noexcept {
        Value value;
        value.kind_ = Kind::Object;
        value.payload_.object = &object;
        return value;
    }
    /// An undefined variable of a borrowed name.
    static Value undefined_view(std::string_view name) noexcept {
        Value value(name);
        value.kind_ = Kind::Undefined;
        return value;
    }
    /// Borrows from `owner`'s insides: keep it alive as long as this value. Nothing happens if it needs no owner.
    void keep_alive(Object* owner) noexcept {
        if (owner_ == nullptr && owner != nullptr && (kind_ == Kind::String || kind_ == Kind::View)) {
            owner_ = owner;
            detail::retain(owner);
        }
    }
    /// The same value without a share in its owner, which must outlive the copy.
    [[nodiscard]] Value borrowed() const noexcept {
        Value value;
        value.kind_ = kind_;
        value.flag_ = flag_;
        value.payload_ = payload_;
        value.extra_ = extra_;
        return value;
    }
    [[nodiscard]] bool raw_bool() const noexcept { return payload_.integer != 0; }
    [[nodiscard]] std::int64_t raw_int() const noexcept { return payload_.integer; }
    [[nodiscard]] double raw_double() const noexcept { return payload_.real; }
    [[nodiscard]] std::string_view raw_text() const noexcept { return {payload_.text, extra_.size}; }
    [[nodiscard]] void const* raw_data() const noexcept { return payload_.data; }
    [[nodiscard]] TypeInfo const& raw_type() const noexcept { return *extra_.type; }
    [[nodiscard]] Object* raw_object() const noexcept { return payload_.object; }
    [[nodiscard]] Object* owner() const noexcept { return owner_; }
    [[nodiscard]] unsigned char flag() const noexcept { return flag_; }
    void set_flag(unsigned char flag) noexcept { flag_ = flag; }

  private:
    void take_bits(Value const& other) noexcept {
        kind_ = other.kind_;
        flag_ = other.flag_;
        owner_ = other.owner_;
        payload_ = other.payload_;
        extra_ = other.extra_;
    }
    static Value from_unsigned(unsigned long long value);

    union Payload {
        std::int64_t integer;
        double real;
        char const* text;
        void const* data;
        Object* object;
    };
    union Extra {
        std::size_t size;
        TypeInfo const* type;
    };

    Kind kind_ = Kind::Undefined;
    unsigned char flag_ = 0; // String: is it safe? Undefined: its UndefinedMode
    Object* owner_ = nullptr;
    Payload payload_{};
    Extra extra_{};
};

/// A new object of a class derived from Object, as a value.
template <class T, class... A>
[[nodiscard]] Value make_object(A&&... arguments) {
    return Value::object(std::make_unique<T>(std::forward<A>(arguments)...).release());
}

/// A name and its value: what contexts are written as, {{"users", users}, {"q", q}}.
struct Binding {
    std::string_view name;
    Value value;
};

} // namespace hxx::jinja

#include "hxx/jinja/function.hpp"
#include "hxx/jinja/type_info.hpp"
