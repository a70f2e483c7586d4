// What an application of plain functions includes: hxx/hxx.hpp without what needs coroutines (Task, Depends,
// middleware, streams, background tasks) or reads a body (Form, Json), at less than two thirds of its cost to the
// compiler.
#pragma once

#include "hxx/app/app.hpp"
#include "hxx/http/error.hpp"
#include "hxx/web/extract.hpp"
#include "hxx/web/htmx.hpp"
#include "hxx/web/request.hpp"
#include "hxx/web/response.hpp"
#include "hxx/web/router.hpp"
#include "hxx/web/view.hpp"
