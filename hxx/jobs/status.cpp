#include "hxx/jobs/status.hpp"

#include "hxx/base/random.hpp"
#include "hxx/jinja/boost_json.hpp"

#include <boost/json.hpp>

#include <stdexcept>

namespace hxx {

JobId JobId::random() { return JobId(Id::random().str()); }

void JobResult::refuse(ErrorReport const& report) {
    throw std::invalid_argument("the job's result is no value of this type: " + report.to_text());
}

jinja::Value jinja::ToValue<JobResult>::make(JobResult const& result) {
    return ToValue<boost::json::value>::make(boost::json::parse(result.json()));
}

} // namespace hxx
