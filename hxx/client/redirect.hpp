// Where a redirect leads and what goes there. For this room's sources.
#pragma once

#include "hxx/client/client_request.hpp"
#include "hxx/client/reply.hpp"

#include <optional>

namespace hxx::http {

/// The request that follows a reply of status 301, 302, 303, 307 or 308 with a Location; nothing for any other reply.
/// As browsers do it (fetch.spec.whatwg.org, HTTP-redirect fetch): 303 makes a GET of all but HEAD, 301 and 302 one of
/// POST; else the method stays, and the body with it. To another origin goes nothing that the caller has set for this
/// one, but for fields such as Accept. Throws ClientError InvalidUrl for a Location that is no http or https URL.
[[nodiscard]] std::optional<ClientRequest> redirected(ClientRequest const& request, Reply const& reply);

} // namespace hxx::http
