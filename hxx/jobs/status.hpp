// JobStatus: what is known of a job; for handlers, templates ({{ job.percent }}) and JSON (return it from a handler).
//
//     {% if not job.finished %}hx-get="/jobs/{{ job.id }}" hx-trigger="every 1s" hx-swap="outerHTML"{% endif %}
//     {{ job.percent }} % {{ job.message }}
//     {% if job.state == "Done" %}{{ job.result }}{% elif job.state == "Failed" %}{{ job.error }}{% endif %}
#pragma once

#include "hxx/jinja/chrono.hpp"
#include "hxx/jinja/value.hpp"
#include "hxx/jobs/id.hpp"
#include "hxx/model/chrono.hpp"
#include "hxx/model/json_reader.hpp"
#include "hxx/model/json_writer.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace hxx {

enum class JobState : unsigned char {
    Queued,   // waits for its turn, for its time, or for the next attempt
    Running,  //
    Done,     // JobStatus::result
    Failed,   // JobStatus::error
    Cancelled //
};
/// True for the last three: the job does not change any more.
[[nodiscard]] constexpr bool is_final(JobState state) noexcept { return state > JobState::Running; }

/// UTC.
using JobTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// What a job function returned. In a template it is that value: a text, a number, an object with its members.
class JobResult {
  public:
    /// null: there is none, or the function returns nothing.
    JobResult() = default;
    /// A JSON text (RFC 8259).
    explicit JobResult(std::string json) noexcept : json_(std::move(json)) {}

    [[nodiscard]] std::string const& json() const noexcept { return json_; }
    [[nodiscard]] bool is_null() const noexcept { return json_ == "null"; }
    /// The value. Throws std::invalid_argument, with what is wrong, if it does not fit the type.
    template <class T>
    [[nodiscard]] T as() const {
        ErrorReport report;
        auto value = parse_json<T>(json_, "result", report);
        if (!value) refuse(report);
        return *std::move(value);
    }
    void write_json(model::JsonWriter& writer) const { writer.raw(json_); }

  private:
    [[noreturn]] static void refuse(ErrorReport const& report);

    std::string json_ = "null";
};

struct JobStatus {
    JobId id;
    std::string name; // of the function
    JobState state = JobState::Queued;
    bool finished = false; // is_final(state)
    int percent = 0;       // 0 to 100, as the job said last
    std::string message;   // that came with it
    JobResult result;
    /// Why it failed, or why the last attempt did: the text of JobFailed or JobRetry. Of any other exception people are
    /// told only that there was one; its text is in the log and in JobRecord::cause.
    std::string error;
    int attempts = 0; // begun so far
    int max_attempts = 1;
    JobTime created_at;
    std::optional<JobTime> started_at; // of the first attempt
    std::optional<JobTime> finished_at;
    std::int64_t version = 0; // grows with each change
};

template <>
struct jinja::ToValue<JobResult> {
    static Value make(JobResult const& result);
};

} // namespace hxx
