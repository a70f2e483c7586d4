// What a web application includes. A database is beside it: hxx/sql/database.hpp.
#pragma once

#include "hxx/app/app.hpp"
#include "hxx/http/error.hpp"
#include "hxx/http/url.hpp"
#include "hxx/web/background.hpp"
#include "hxx/web/depends.hpp"
#include "hxx/web/embedded_files.hpp"
#include "hxx/web/errors.hpp"
#include "hxx/web/extract.hpp"
#include "hxx/web/htmx.hpp"
#include "hxx/web/request.hpp"
#include "hxx/web/response.hpp"
#include "hxx/web/router.hpp"
#include "hxx/web/static_files.hpp"
#include "hxx/web/url_for.hpp"
#include "hxx/web/view.hpp"
