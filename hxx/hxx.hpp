// What a web application includes. A database is beside it: hxx/sql/database.hpp.
#pragma once

#include "hxx/async/broadcast.hpp"
#include "hxx/async/deadline.hpp"
#include "hxx/async/generator.hpp"
#include "hxx/async/stopping.hpp"
#include "hxx/http/url.hpp"
#include "hxx/jinja/environment.hpp"
#include "hxx/model/settings.hpp"
#include "hxx/plain.hpp"
#include "hxx/web/background.hpp"
#include "hxx/web/depends.hpp"
#include "hxx/web/embedded_files.hpp"
#include "hxx/web/errors.hpp"
#include "hxx/web/event_stream.hpp"
#include "hxx/web/extract_body.hpp"
#include "hxx/web/static_files.hpp"
#include "hxx/web/url_for.hpp"
