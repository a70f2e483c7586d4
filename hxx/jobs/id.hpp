// JobId: what a job is asked for by, as the parameter of a route: Path<JobId, "id">.
#pragma once

#include "hxx/model/scalar.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace hxx {

/// 128 random bits as text, which nobody guesses. Any other text is an id too, of a job that there is not: a link that
/// was typed wrongly is answered with 404 like one to a job that is gone.
class JobId {
  public:
    JobId() = default;
    explicit JobId(std::string text) noexcept : text_(std::move(text)) {}
    [[nodiscard]] static JobId random();

    [[nodiscard]] std::string const& str() const noexcept { return text_; }
    operator std::string_view() const noexcept { return text_; }
    friend bool operator==(JobId const&, JobId const&) = default;

  private:
    std::string text_;
};

template <>
struct ScalarTraits<JobId> {
    static constexpr std::string_view input_type = "text";
    static bool parse(std::string_view text, JobId& out, FieldContext const& context) {
        std::string valid;
        if (!model::parse_string(text, valid, context)) return false;
        out = JobId(std::move(valid));
        return true;
    }
    static void format(JobId const& id, std::string& out) { out += id.str(); }
};

} // namespace hxx
