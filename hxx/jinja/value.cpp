#include "hxx/jinja/value.hpp"

#include "hxx/jinja/access.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/methods.hpp"
#include "hxx/jinja/number.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/text.hpp"

#include <limits>

namespace hxx::jinja {
namespace {

class TextObject final : public Object {
  public:
    explicit TextObject(std::string text) : text_(std::move(text)) {}
    [[nodiscard]] std::string const& text() const noexcept { return text_; }

  private:
    std::string const text_;
};

/// A C++ callable and its parameters.
class FunctionObject final : public Object {
  public:
    FunctionObject(void* callable, detail::Invoke invoke, detail::Destroy destroy, std::span<Param const> params)
        : callable_(callable), invoke_(invoke), destroy_(destroy), params_(params.begin(), params.end()) {}
    ~FunctionObject() override { destroy_(callable_); }
    [[nodiscard]] std::string_view type_name() const noexcept override { return "function"; }
    [[nodiscard]] bool callable() const noexcept override { return true; }
    Value call(Args const& args) const override { return invoke_(callable_, params_, args); }

  private:
    void* callable_;
    detail::Invoke invoke_;
    detail::Destroy destroy_;
    std::vector<Param> params_;
};

class HolderObject final : public Object {
  public:
    HolderObject(void* held, void (*destroy)(void*)) : held_(held), destroy_(destroy) {}
    ~HolderObject() override { destroy_(held_); }

  private:
    void* held_;
    void (*destroy_)(void*);
};

} // namespace

// ── Objects ─────────────────────────────────────────────────────────────────────────────────────────────────────

bool Object::attribute(std::string_view, Value&) const { return false; }
bool Object::item(Value const&, Value&) const { return false; }
bool Object::length(std::size_t&) const { return false; }
bool Object::slice(Value const&, Value const&, Value const&, Value&) const { return false; }
std::unique_ptr<Iterator> Object::iterate() const { return nullptr; }

Value Object::call(Args const&) const {
    throw Error(ErrorKind::TypeError, "'" + std::string(type_name()) + "' object is not callable");
}

bool Object::truthy() const {
    std::size_t size = 0;
    return !length(size) || size > 0;
}

void Object::str(std::string& out) const { repr(out); }

void Object::repr(std::string& out) const {
    out += '<';
    out += type_name();
    out += " object>";
}

// ── Making values ───────────────────────────────────────────────────────────────────────────────────────────────

Value::Value(std::string&& text) : kind_(Kind::String) {
    auto object = std::make_unique<TextObject>(std::move(text));
    payload_.text = object->text().data();
    extra_.size = object->text().size();
    owner_ = object.release();
}

Value Value::markup(std::string html) {
    Value value(std::move(html));
    value.flag_ = 1;
    return value;
}

Value Value::list(std::vector<Value> items) {
    return of_object(Kind::List, std::make_unique<SequenceObject>(std::move(items)).release());
}

Value Value::tuple(std::vector<Value> items) {
    return of_object(Kind::Tuple, std::make_unique<SequenceObject>(std::move(items)).release());
}

Value Value::dict(std::vector<std::pair<Value, Value>> items) {
    auto object = std::make_unique<DictObject>();
    for (auto& [key, value] : items) object->set(std::move(key), std::move(value));
    return of_object(Kind::Dict, object.release());
}

Value Value::object(Object* adopted) noexcept { return of_object(Kind::Object, adopted); }

Value Value::undefined(std::string name, UndefinedMode mode) {
    auto hint = quote(name) + " is undefined"; // before the name is moved: arguments are evaluated in any order
    return undefined_hint(std::move(hint), mode, std::move(name));
}

Value Value::from_unsigned(unsigned long long value) {
    if (value <= static_cast<unsigned long long>(std::numeric_limits<std::int64_t>::max()))
        return static_cast<long>(value);
    return int_from_unsigned(value);
}

// ── Asking values ───────────────────────────────────────────────────────────────────────────────────────────────

bool Value::is_callable() const noexcept { return kind_ == Kind::Object && raw_object()->callable(); }
bool Value::is_mapping() const noexcept { return jinja::is_mapping(*this); }

bool Value::is_sequence() const noexcept {
    Sequence sequence;
    return Sequence::of(*this, sequence) || (kind_ == Kind::View && raw_type().shape == TypeInfo::Shape::Sequence) ||
           (kind_ == Kind::Object && raw_object()->sequence());
}

bool Value::truthy() const { return jinja::truthy(*this); }

namespace {
[[noreturn]] void wrong_type(Value const& value, char const* wanted) {
    if (value.is_undefined()) fail_undefined(value);
    throw Error(ErrorKind::TypeError, std::string("expected ") + wanted + ", got " + std::string(value.type_name()));
}
} // namespace

std::string_view Value::as_string() const {
    if (!is_string()) wrong_type(*this, "str");
    return raw_text();
}

std::int64_t Value::as_int() const {
    if (kind_ == Kind::BigInt) throw Error(ErrorKind::OverflowError, "the integer does not fit in 64 bits");
    if (kind_ != Kind::Int && kind_ != Kind::Bool) wrong_type(*this, "int");
    return raw_int();
}

double Value::as_double() const {
    if (!is_number(*this)) wrong_type(*this, "a number");
    return to_double(*this);
}

std::string Value::str() const { return text_of(*this); }

std::string Value::repr() const {
    std::string out;
    append_repr(out, *this);
    return out;
}

std::string_view Value::type_name() const noexcept {
    switch (kind_) {
    case Kind::Undefined:
        switch (undefined_mode(*this)) {
        case UndefinedMode::Default: return "Undefined";
        case UndefinedMode::Chainable: return "ChainableUndefined";
        case UndefinedMode::Strict: return "StrictUndefined";
        case UndefinedMode::Debug: return "DebugUndefined";
        }
        return "Undefined";
    case Kind::None: return "NoneType";
    case Kind::Bool: return "bool";
    case Kind::Int:
    case Kind::BigInt: return "int";
    case Kind::Float: return "float";
    case Kind::String: return flag_ ? "Markup" : "str";
    case Kind::List: return "list";
    case Kind::Tuple: return sequence_of(*this).fields.empty() ? "tuple" : "_GroupTuple";
    case Kind::Dict: return "dict";
    case Kind::View: {
        // Without the namespace that the compiler prints.
        std::string_view const name = raw_type().name;
        auto const colon = name.substr(0, name.find('<')).rfind("::");
        return colon == std::string_view::npos ? name : name.substr(colon + 2);
    }
    case Kind::Object: return raw_object()->type_name();
    }
    return "object";
}

std::size_t Value::size() const { return length_of(*this); }
Value Value::attribute(std::string_view name) const { return get_attribute(*this, name, {}); }
Value Value::item(Value const& key) const { return get_item(*this, key, {}); }
std::vector<Value> Value::items() const { return list_of(*this); }
bool operator==(Value const& a, Value const& b) { return equal(a, b); }

// ── Functions ───────────────────────────────────────────────────────────────────────────────────────────────────

namespace detail {

Object* make_holder(void* object, void (*destroy)(void*)) {
    return std::make_unique<HolderObject>(object, destroy).release();
}

Value make_function(void* callable, Invoke invoke, Destroy destroy, std::span<Param const> params) {
    return Value::object(std::make_unique<FunctionObject>(callable, invoke, destroy, params).release());
}

Value const* find_argument(std::span<Param const> params, Args const& args, std::size_t index) {
    if (index < args.size()) return &args[index];
    if (index >= params.size()) return nullptr;
    if (auto const* value = args.keyword(params[index].name)) return value;
    return params[index].has_fallback ? &params[index].fallback : nullptr;
}

void check_arguments(std::span<Param const> params, Args const& args, std::size_t parameters) {
    if (args.size() > parameters)
        throw Error(ErrorKind::TypeError, "the function takes " + std::to_string(parameters) + " arguments but " +
                                              std::to_string(args.size()) + " were given");
    for (auto const& keyword : args.keywords()) {
        std::size_t index = 0;
        while (index < params.size() && params[index].name != keyword.name) ++index;
        if (index == params.size())
            throw Error(ErrorKind::TypeError, "the function got an unexpected keyword argument " + quote(keyword.name));
        if (index < args.size())
            throw Error(ErrorKind::TypeError, "the function got multiple values for argument " + quote(keyword.name));
    }
}

void missing_argument(std::span<Param const> params, std::size_t index) {
    throw Error(ErrorKind::TypeError,
                "the function is missing its argument " +
                    (index < params.size() ? quote(params[index].name) : std::to_string(index + 1)));
}

std::int64_t int_argument(Value const& value, std::int64_t lowest, std::uint64_t highest) {
    std::int64_t const number = value.as_int();
    if (number < lowest || (number > 0 && static_cast<std::uint64_t>(number) > highest))
        throw Error(ErrorKind::OverflowError, "the argument " + std::to_string(number) + " is out of range");
    return number;
}

std::uint64_t unsigned_argument(Value const& value, std::uint64_t highest) {
    std::int64_t const number = value.as_int();
    if (number < 0 || static_cast<std::uint64_t>(number) > highest)
        throw Error(ErrorKind::OverflowError, "the argument " + std::to_string(number) + " is out of range");
    return static_cast<std::uint64_t>(number);
}

void wrong_view(Value const& value) {
    if (value.is_undefined()) fail_undefined(value);
    throw Error(ErrorKind::TypeError, "the function does not take " + std::string(value.type_name()));
}

bool is_view_of(Value const& value, TypeInfo const& type) noexcept {
    return value.kind() == Kind::View && &value.raw_type() == &type;
}

} // namespace detail

} // namespace hxx::jinja
