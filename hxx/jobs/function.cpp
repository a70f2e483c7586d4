#include "hxx/jobs/function.hpp"

#include <fmt/format.h>

#include <mutex>
#include <stdexcept>

namespace hxx::jobs_detail {
namespace {

struct List {
    std::mutex mutex; // a library that is loaded later adds to it
    std::vector<Function const*> functions;
};
List& list() {
    static List made;
    return made;
}

} // namespace

Known::Known(Function const& function) {
    auto& known = list();
    std::lock_guard const lock(known.mutex);
    known.functions.push_back(&function);
}

std::vector<Function const*> Known::all() {
    auto& known = list();
    std::lock_guard const lock(known.mutex);
    return known.functions;
}

std::string stored_name(std::string_view printed) {
    std::string name(printed);
    for (std::string_view const part : {"(anonymous namespace)::", "{anonymous}::", "<unnamed>::"})
        for (auto at = name.find(part); at != std::string::npos; at = name.find(part)) name.erase(at, part.size());
    if (name.starts_with("hxx::")) name.erase(0, 5); // which g++ leaves out, being in that namespace itself
    return name;
}

void refuse_arguments(ErrorReport const& report) {
    throw JobFailed(fmt::format("The job was stored with other arguments than this version of the program takes: {}",
                                report.to_text()));
}

void refuse_to_enqueue(ErrorReport const& report) {
    throw std::invalid_argument("hxx: a job's argument breaks its own constraints: " + report.to_text());
}

} // namespace hxx::jobs_detail
