// Job functions as the queue sees them: a name, and JSON in and out. For this room's headers.
#pragma once

#include "hxx/async/blocking.hpp"
#include "hxx/jobs/job.hpp"
#include "hxx/model/json_reader.hpp"
#include "hxx/model/json_writer.hpp"
#include "hxx/web/signature.hpp"
#include "hxx/web/type_key.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hxx::jobs_detail {

/// Lives as long as the program.
struct Function {
    std::string_view name; // as the compiler prints it
    void const* key;       // function_key<F>
    Task<std::string> (*run)(Job& job, std::string arguments);
};

/// Every function that this program enqueues anywhere, known before main() begins: a process that is started again
/// finds the functions of the jobs that it left.
class Known {
  public:
    explicit Known(Function const& function);
    [[nodiscard]] static std::vector<Function const*> all();
};

/// The name under which jobs are stored: the compiler's without anonymous namespaces, which each prints in its own way.
[[nodiscard]] std::string stored_name(std::string_view printed);

template <class List>
struct Parameters {
    static constexpr bool possible = false, takes_job = false, takes_argument = false;
    using Argument = void;
};
template <class A>
concept Argument = !std::is_same_v<std::remove_cvref_t<A>, Job> &&
                   !(std::is_lvalue_reference_v<A> && !std::is_const_v<std::remove_reference_t<A>>);
template <>
struct Parameters<TypeList<>> {
    static constexpr bool possible = true, takes_job = false, takes_argument = false;
    using Argument = void;
};
template <>
struct Parameters<TypeList<Job&>> {
    static constexpr bool possible = true, takes_job = true, takes_argument = false;
    using Argument = void;
};
template <Argument A>
struct Parameters<TypeList<A>> {
    static constexpr bool possible = true, takes_job = false, takes_argument = true;
    using Argument = std::remove_cvref_t<A>;
};
template <Argument A>
struct Parameters<TypeList<Job&, A>> {
    static constexpr bool possible = true, takes_job = true, takes_argument = true;
    using Argument = std::remove_cvref_t<A>;
};

template <auto F>
using ParametersOf = Parameters<parameters_of_t<decltype(F)>>;

/// What is wrong with stored arguments is no reason to try again. Throws JobFailed.
[[noreturn]] void refuse_arguments(ErrorReport const& report);

template <class A>
A read_argument(std::string const& json) {
    ErrorReport report;
    auto value = parse_json<A>(json, "arguments", report);
    if (!value) refuse_arguments(report);
    return *std::move(value);
}

/// What the function would refuse is refused when it is enqueued. Throws std::invalid_argument.
[[noreturn]] void refuse_to_enqueue(ErrorReport const& report);

template <class A>
void check_argument(std::string const& json) {
    ErrorReport report;
    if (!parse_json<A>(json, "arguments", report)) refuse_to_enqueue(report);
}

/// A plain function's result as JSON.
template <class Call>
std::string json_of(Call call) {
    if constexpr (std::is_void_v<std::invoke_result_t<Call&>>) {
        call();
        return "null";
    } else {
        return to_json(call());
    }
}

template <class T>
Task<std::string> json_of_task(Task<T> task) {
    if constexpr (std::is_void_v<T>) {
        co_await std::move(task);
        co_return "null";
    } else {
        T const result = co_await std::move(task);
        co_return to_json(result);
    }
}

/// `call` calls the job function with all it takes.
template <class Call>
Task<std::string> run_call(Call call) {
    if constexpr (is_task_v<std::invoke_result_t<Call&>>) {
        co_return co_await json_of_task(call());
    } else {
        co_return co_await blocking([&call] { return json_of([&call] { return call(); }); });
    }
}

template <auto F>
Task<std::string> run_function(Job& job, std::string arguments) {
    using P = ParametersOf<F>;
    static_assert(P::possible, "hxx: a job function takes a Job& or not, then one argument by value or none");
    if constexpr (!P::possible) {
        co_return "";
    } else if constexpr (P::takes_argument && P::takes_job) {
        auto argument = read_argument<typename P::Argument>(arguments);
        co_return co_await run_call([&] { return F(job, std::move(argument)); });
    } else if constexpr (P::takes_argument) {
        auto argument = read_argument<typename P::Argument>(arguments);
        co_return co_await run_call([&] { return F(std::move(argument)); });
    } else if constexpr (P::takes_job) {
        co_return co_await run_call([&job] { return F(job); });
    } else {
        co_return co_await run_call([] { return F(); });
    }
}

template <auto F>
inline constexpr Function function{function_name<F>(), function_key<F>, &run_function<F>};

template <auto F>
inline Known const known{function<F>};

/// The function, with a use of known<F>, which is what puts it on the list.
template <auto F>
Function const& use() {
    static_cast<void>(&known<F>);
    return function<F>;
}

/// What is stored of the argument of enqueue<F>.
template <auto F, class... A>
std::string to_arguments(A const&... argument) {
    using P = ParametersOf<F>;
    if constexpr (P::possible && !P::takes_argument) {
        static_assert(sizeof...(A) == 0, "hxx: enqueue<f>() has an argument, but the job function takes none");
        return "null";
    } else if constexpr (P::possible) {
        static_assert(sizeof...(A) == 1, "hxx: enqueue<f>(…) wants the one argument of the job function");
        static_assert((std::is_convertible_v<A const&, typename P::Argument> && ...),
                      "hxx: enqueue<f>(…) has an argument of another type than the job function takes");
        auto json = [](typename P::Argument const& value) { return to_json(value); }(argument...);
        check_argument<typename P::Argument>(json);
        return json;
    } else {
        return {}; // run_function() says what is wrong
    }
}

} // namespace hxx::jobs_detail
