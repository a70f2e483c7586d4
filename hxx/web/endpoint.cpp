#include "hxx/web/endpoint.hpp"

#include "hxx/async/task.hpp"

namespace hxx {

Task<Response> Endpoint::call_async(Request& request) const { co_return call(request); }

Task<Response> ExceptionHandler::call_async(Request& request, std::exception_ptr error) const {
    co_return call(request, std::move(error));
}

} // namespace hxx
