// Mistakes that the compiler must find. Compiled once for each MISTAKE, with -fsyntax-only; the test looks for the
// message.
#include "hxx/web/depends.hpp"
#include "hxx/web/extract.hpp"
#include "hxx/web/router.hpp"

using namespace hxx;

Response show(Path<int, "user_id">);
int tenant(Path<int, "tenant_id">);
Response scoped(Depends<tenant>);
struct NotInjectable {};
Response unknown(NotInjectable);

void routes(Router& router) {
#if MISTAKE == 0 // none: the file itself is right
    router.get("/users/{user_id}", show);
    router.get("/t/{tenant_id}", scoped);
#elif MISTAKE == 1
    router.get("/users/{id}", show);
#elif MISTAKE == 2
    router.get("/users", scoped); // the dependency wants tenant_id
#elif MISTAKE == 3
    router.get("users/{user_id}", show);
#elif MISTAKE == 4
    router.get("/users/{user_id:integer}", show);
#elif MISTAKE == 5
    router.get("/users/{user_id", show);
#elif MISTAKE == 6
    router.get("/users/{user_id}/{user_id}", show);
#elif MISTAKE == 7
    router.get("/users/{rest:path}/{user_id}", show);
#elif MISTAKE == 8
    router.get("/", unknown);
#endif
}
