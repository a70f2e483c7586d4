// Depends<fn>: the value of an ordinary function whose own parameters are injected.
//
//     Task<sql::Session> get_db(State<sql::Database> database) { co_return co_await database->session(); }
//     Task<Response> list_users(Depends<get_db> db) { … co_await db->query<User>(…) … }
//
// Each function runs once a request, however many ask for it (Depends<fn, uncached> runs it again). What it made lives
// until the response has been sent and is then destroyed, in reverse order: teardown is the value's destructor. A
// function whose parameters are wrong does not run; the request is answered with 422.
#pragma once

#include "hxx/web/endpoint_async.hpp"
#include "hxx/web/entries.hpp"
#include "hxx/web/inject_async.hpp"
#include "hxx/web/type_key.hpp"

#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hxx {

enum class DependencyCaching : bool { Once, Every };
inline constexpr DependencyCaching uncached = DependencyCaching::Every;

/// What Depends<fn> of a function that returns void holds.
struct NoValue {};

/// The scopes that are being asked for (hxx/web/security_scopes.hpp).
struct ActiveScopes {
    std::vector<std::string_view> names;
};

namespace depends_detail {

/// True if the callable has SecurityScopes, or depends on something that does.
template <class List>
struct OnScopes;
template <class... P>
struct OnScopes<TypeList<P...>> {
    template <class Parameter>
    static constexpr bool one() {
        if constexpr (requires { Parameter::depends_on_scopes; }) return Parameter::depends_on_scopes;
        return false;
    }
    static constexpr bool value = (one<std::remove_cvref_t<P>>() || ... || false);
};

template <class R>
using value_of_result = std::conditional_t<std::is_void_v<task_result_t<R>>, NoValue, std::decay_t<task_result_t<R>>>;

/// Runs a callable with injected parameters; nothing if one of them was wrong.
template <class Value, class Callable>
std::optional<Value> invoke(Callable& callable, Request& request) {
    SlotsFor<Callable> slots(request);
    if (!slots.filled()) return std::nullopt;
    if constexpr (std::is_void_v<result_of_t<Callable>>) {
        slots.call(callable);
        return Value{};
    } else {
        return std::optional<Value>(slots.call(callable));
    }
}

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsubobject-linkage" // as in inject_async.hpp
#endif
template <class Value, class Callable>
Task<std::optional<Value>> invoke_async(Callable& callable, Request& request) {
    using Result = result_of_t<Callable>;
    SlotsFor<Callable> slots;
    co_await inject::fill_async(slots, request);
    if (!slots.filled()) co_return std::nullopt;
    if constexpr (is_task_v<Result>) {
        if constexpr (std::is_void_v<task_result_t<Result>>) {
            co_await slots.call(callable);
            co_return Value{};
        } else {
            co_return std::optional<Value>(co_await slots.call(callable));
        }
    } else if constexpr (std::is_void_v<Result>) {
        slots.call(callable);
        co_return Value{};
    } else {
        co_return std::optional<Value>(slots.call(callable));
    }
}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

} // namespace depends_detail

/// What stands in for a dependency's function; see App::override.
template <class Value>
class DependencyOverride {
  public:
    virtual ~DependencyOverride() = default;
    virtual Task<std::optional<Value>> make(Request& request) const = 0;
};

/// The override under a function's key, or null. It has the type DependencyOverride<Value> of that function.
void const* find_override(Request const& request, void const* function_key) noexcept;

template <auto Function, DependencyCaching Caching = DependencyCaching::Once>
class Depends {
    using Callable = std::remove_const_t<decltype(Function)>;
    static_assert(Injectable<Callable>, "hxx: Depends<fn> wants a function whose parameters can be injected");

  public:
    using value_type = depends_detail::value_of_result<result_of_t<Callable>>;
    static constexpr bool synchronous = !is_task_v<result_of_t<Callable>> && SlotsFor<Callable>::is_synchronous;
    static constexpr bool depends_on_scopes = depends_detail::OnScopes<parameters_of_t<Callable>>::value;

    static std::optional<Depends> from_request(Request& request)
        requires synchronous
    {
        if (auto* made = cached(request)) return wrap(*made);
        auto function = Function;
        return keep(request, depends_detail::invoke<value_type>(function, request));
    }
    static Task<std::optional<Depends>> from_request_async(Request& request) {
        if (auto* made = cached(request)) co_return wrap(*made);
        if (void const* override = find_override(request, function_key<Function>)) {
            auto made = co_await static_cast<DependencyOverride<value_type> const*>(override)->make(request);
            co_return keep(request, std::move(made));
        }
        auto function = Function;
        auto made = co_await depends_detail::invoke_async<value_type>(function, request);
        co_return keep(request, std::move(made));
    }
    static void requirements(Requirements& all) { all.push_back(requirement()); }
    static Requirement requirement() {
        return {Requirement::Kind::Dependency, function_key<Function>, function_name<Function>(),
                &requirements_of<Callable>};
    }

    [[nodiscard]] value_type& get() const noexcept { return *value_; }
    value_type& operator*() const noexcept { return *value_; }
    decltype(auto) operator->() const noexcept {
        // A dependency that gives a pointer or an optional is seen through: user->name for a std::optional<User>.
        if constexpr (std::is_pointer_v<value_type> || requires(value_type& value) { value.operator->(); })
            return (*value_);
        else
            return static_cast<value_type*>(value_);
    }

  private:
    explicit Depends(value_type& value) noexcept : value_(&value) {}
    static std::optional<value_type>* cached(Request& request) {
        if (!is_kept(request)) return nullptr;
        return request.dependencies().find<value_type>(function_key<Function>);
    }
    /// What was made under other scopes, or under none, says nothing about those that are asked for now.
    static bool is_kept(Request& request) {
        if constexpr (Caching == DependencyCaching::Every) return false;
        if constexpr (depends_on_scopes)
            if (auto const* active = request.find<ActiveScopes>(); active && !active->names.empty()) return false;
        return true;
    }
    static std::optional<Depends> keep(Request& request, std::optional<value_type>&& made) {
        void const* key = is_kept(request) ? function_key<Function> : nullptr;
        return wrap(request.dependencies().add<value_type>(key, std::move(made)));
    }
    static std::optional<Depends> wrap(std::optional<value_type>& made) {
        if (!made) return std::nullopt;
        return Depends(*made);
    }

    value_type* value_;
};

namespace depends_detail {
template <auto Function>
void run(Request& request) {
    if constexpr (Depends<Function>::synchronous) (void)Depends<Function>::from_request(request);
}
template <auto Function>
Task<void> run_async(Request& request) {
    (void)co_await Depends<Function>::from_request_async(request);
}
} // namespace depends_detail

/// A dependency of a route, a router or the app for its effect alone: {.dependencies = {depends<rate_limited>}}.
template <auto Function>
inline DependencyRef const depends{Depends<Function>::synchronous,
                                   Depends<Function>::synchronous ? &depends_detail::run<Function> : nullptr,
                                   &depends_detail::run_async<Function>, Depends<Function>::requirement()};

namespace depends_detail {
template <class Value, class Callable>
struct CallableOverride final : DependencyOverride<Value> {
    explicit CallableOverride(Callable&& replacement) : callable(std::move(replacement)) {}
    Task<std::optional<Value>> make(Request& request) const override { return invoke_async<Value>(callable, request); }
    Callable callable;
};
} // namespace depends_detail

/// What App::override<Function>(replacement) gives to the app.
template <auto Function, class Callable>
OverrideEntry make_override(Callable replacement) {
    using Value = typename Depends<Function>::value_type;
    std::shared_ptr<DependencyOverride<Value> const> factory =
        std::make_shared<depends_detail::CallableOverride<Value, Callable>>(std::move(replacement));
    return {
        function_key<Function>,
        std::shared_ptr<void const>(factory, factory.get()),
        {Requirement::Kind::Dependency, function_key<Function>, function_name<Function>(), &requirements_of<Callable>}};
}

template <auto Function, DependencyCaching Caching>
struct pattern::PathNames<Depends<Function, Caching>>
    : pattern::AllPathNames<parameters_of_t<std::remove_const_t<decltype(Function)>>> {};

} // namespace hxx
