#include "hxx/jinja/arguments.hpp"

#include "hxx/jinja/access.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/text.hpp"

#include <limits>

namespace hxx::jinja {

void bind_arguments(Args const& args, std::string_view function, std::span<std::string_view const> names,
                    std::size_t required, Value const** out) {
    auto fail = [&](std::string const& what) {
        throw Error(ErrorKind::TypeError, std::string(function) + "() " + what);
    };
    if (args.size() > names.size()) {
        std::string const range = required == names.size()
                                      ? std::to_string(required)
                                      : "from " + std::to_string(required) + " to " + std::to_string(names.size());
        fail("takes " + range + " positional argument" + (names.size() == 1 ? "" : "s") + " but " +
             std::to_string(args.size()) + (args.size() == 1 ? " was" : " were") + " given");
    }
    for (std::size_t i = 0; i < args.size(); ++i) out[i] = &args[i];
    for (auto const& keyword : args.keywords()) {
        std::size_t i = 0;
        while (i < names.size() && names[i] != keyword.name) ++i;
        if (i == names.size()) fail("got an unexpected keyword argument " + quote(keyword.name));
        if (out[i]) fail("got multiple values for argument " + quote(keyword.name));
        out[i] = &keyword.value;
    }
    std::vector<std::string> missing;
    for (std::size_t i = 0; i < required; ++i)
        if (!out[i]) missing.push_back(quote(names[i]));
    if (missing.empty()) return;
    std::string listed;
    for (std::size_t i = 0; i < missing.size(); ++i)
        listed += (i == 0 ? "" : i + 1 < missing.size() ? ", " : missing.size() > 2 ? ", and " : " and ") + missing[i];
    fail("missing " + std::to_string(missing.size()) + " required positional argument" +
         (missing.size() > 1 ? "s" : "") + ": " + listed);
}

std::int64_t index_argument(Value const& value) {
    if (value.kind() == Kind::Int || value.kind() == Kind::Bool) return value.raw_int();
    if (value.kind() == Kind::BigInt)
        throw Error(ErrorKind::OverflowError, "Python int too large to convert to C ssize_t");
    throw Error(ErrorKind::TypeError,
                "'" + std::string(value.type_name()) + "' object cannot be interpreted as an integer");
}

std::string_view text_argument(Value const& value, std::string_view function) {
    if (value.is_string()) return value.raw_text();
    throw Error(ErrorKind::TypeError,
                std::string(function) + "() argument must be str, not " + std::string(value.type_name()));
}

} // namespace hxx::jinja
