// Object: base of everything that a template can hold by reference. Derive from it to show templates something that is
// computed on demand:
//
//     struct RequestView : Object { bool attribute(std::string_view name, Value& out) const override { … } };
//     context.add("request", make_object<RequestView>(request));
//
// Objects may be shared by threads that render at the same time: const functions must be safe to call concurrently.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hxx::jinja {

class Args;
class Object;
class Value;

namespace detail {
/// A reference count that threads may share; the last release deletes the object.
void retain(Object* object) noexcept;
void release(Object* object) noexcept;
} // namespace detail

/// Gives items one after the other.
class Iterator;

class Object {
  public:
    Object() = default;
    Object(Object const&) = delete;
    Object& operator=(Object const&) = delete;
    virtual ~Object() = default;

    /// As Python would name its type.
    [[nodiscard]] virtual std::string_view type_name() const noexcept { return "object"; }
    /// obj.name; false if there is no such attribute.
    virtual bool attribute(std::string_view name, Value& out) const;
    /// obj[key]; false if there is no such item.
    virtual bool item(Value const& key, Value& out) const;
    [[nodiscard]] virtual bool callable() const noexcept { return false; }
    virtual Value call(Args const& args) const;
    /// Number of items; false for what has no length.
    virtual bool length(std::size_t& out) const;
    /// Null for what cannot be iterated over; iterable() tells beforehand.
    [[nodiscard]] virtual std::unique_ptr<Iterator> iterate() const;
    [[nodiscard]] virtual bool iterable() const noexcept { return false; }
    /// obj[start:stop:step]; false if it has no slices.
    virtual bool slice(Value const& start, Value const& stop, Value const& step, Value& out) const;
    [[nodiscard]] virtual bool truthy() const;
    [[nodiscard]] virtual bool mapping() const noexcept { return false; }
    [[nodiscard]] virtual bool sequence() const noexcept { return false; }
    virtual void str(std::string& out) const;
    virtual void repr(std::string& out) const;
    [[nodiscard]] virtual bool equals(Object const& other) const { return this == &other; }

    /// How many values hold it.
    [[nodiscard]] std::uint32_t references() const noexcept { return references_.load(std::memory_order_acquire); }

  private:
    friend void detail::retain(Object*) noexcept;
    friend void detail::release(Object*) noexcept;
    std::atomic<std::uint32_t> references_{1};
};

class Iterator {
  public:
    virtual ~Iterator() = default;
    /// The next item; false at the end.
    virtual bool next(Value& out) = 0;
};

inline void detail::retain(Object* object) noexcept { object->references_.fetch_add(1, std::memory_order_relaxed); }

inline void detail::release(Object* object) noexcept {
    if (object->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) std::default_delete<Object>()(object);
}

} // namespace hxx::jinja

#include "hxx/jinja/value.hpp"
