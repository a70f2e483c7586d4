// Long work as a job: it goes on when the browser is closed, and after a restart of the program.
#pragma once

#include <hxx/web/router.hpp>

hxx::Router processing_routes();
