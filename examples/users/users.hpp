// The pages under /users.
#pragma once

#include <hxx/web/router.hpp>

hxx::Router user_routes();
