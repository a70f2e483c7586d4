// Where a request was made: by a page of this application, or by one of somebody else's.
//
// A browser says it itself, in fields that no page can set: Sec-Fetch-Site (Fetch Metadata Request Headers, W3C,
// section 2.4) over TLS and on localhost, and Origin (RFC 6454 section 7; Fetch section 3.2) with every request that is
// not a plain GET or HEAD.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace hxx {

class Request;

enum class RequestOrigin : unsigned char {
    Same,   // a page of this origin made it, or a person did, in the address bar
    Other,  // a page of another origin did; one on a sibling domain, too
    Unknown // neither field is there: no browser of today, or a plain GET
};

/// Sec-Fetch-Site decides if it is there, else Origin: it has to name the Host that the request asks for, and https if
/// the request came by TLS. trusted: origins ("https://admin.example.org") whose pages count as this application's own.
[[nodiscard]] RequestOrigin request_origin(Request const& request, std::span<std::string const> trusted = {});

/// "https://admin.example.org", "http://localhost:3000": scheme, host, and the port unless it is the scheme's own, in
/// lower case, nothing behind them. Throws std::invalid_argument for what cannot be a page's origin.
[[nodiscard]] std::string checked_origin(std::string_view origin);

} // namespace hxx
