#include "hxx/web/htmx.hpp"

#include "hxx/web/response.hpp"

namespace hxx {

Htmx Htmx::from_request(Request& request) {
    htmx::add_vary(request.response().headers());
    return Htmx(request.htmx());
}

} // namespace hxx
