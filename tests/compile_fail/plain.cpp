// A coroutine where only plain functions have been included; as in routes.cpp.
#include "hxx/plain.hpp"

using namespace hxx;

Response show(View view, Query<std::string, "name", "world">);
Task<Response> wait(View view);

void routes(Router& router) {
#if MISTAKE == 0 // none: the file itself is right
    router.get("/", show);
#elif MISTAKE == 1
    router.get("/", wait);
#endif
}
