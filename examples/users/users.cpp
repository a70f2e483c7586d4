#include "users.hpp"

#include "accounts.hpp"
#include "database.hpp"
#include "models.hpp"

#include <hxx/hxx.hpp>

using namespace hxx;

namespace {

Task<Response> list_users(View view, Query<std::string, "q", ""> q, Query<Annotated<int, Ge{1}>, "page", 1> page,
                          Depends<get_db> db) {
    auto const found = co_await find_users(*db, *q, *page);
    co_return view.page(found, {.block = "users_table"});
}

Response user_detail(View view, Depends<get_user> user) {
    return view.page("pages/user.html", {.block = "detail"}, {{"user", *user}});
}

Response new_user(View view) {
    return view.page("pages/new_user.html", {.block = "form"}, {{"form", form_state<UserForm>()}});
}

Task<Response> create_user(Checked<Form<UserForm>> form, View view, Htmx htmx, Depends<get_db> db) {
    if (form) {
        try {
            auto const user = co_await db->query_one<User>(
                "insert into users (name, email, age) values ($1, $2, $3) returning id, name, email, age", form->name,
                form->email, form->age);
            co_await db->commit();
            if (!htmx) co_return redirect("/users/" + std::to_string(user->id));
            co_return view("partials/_user_created.html", {{"user", *user}})
                .status(201)
                .trigger("userCreated", {{"id", user->id}});
        } catch (sql::Error const& error) {
            if (!error.duplicate("email")) throw;
            form.add_error("email", "duplicate", "belongs to another user");
        }
    }
    co_return view.invalid("pages/new_user.html", {.block = "form"}, form).retarget("#user-form");
}

Response edit_user(View view, Depends<get_user> user) {
    UserForm const filled_in{user->name, user->email, user->age};
    return view.page("pages/edit_user.html", {.block = "form"}, {{"user", *user}, {"form", form_state(filled_in)}});
}

Task<Response> update_user(Checked<Form<UserForm>> form, View view, Htmx htmx, Depends<get_user> user,
                           Depends<get_db> db) {
    auto const row = "#user-" + std::to_string(user->id);
    if (form) {
        try {
            auto const updated = co_await db->query_one<User>(
                "update users set name = $2, email = $3, age = $4 where id = $1 returning id, name, email, age",
                user->id, form->name, form->email, form->age);
            if (!updated) throw HttpError(404, "The user has been deleted meanwhile.");
            co_await db->commit();
            if (!htmx) co_return redirect("/users/" + std::to_string(updated->id));
            co_return view("partials/_user_row.html", {{"user", *updated}});
        } catch (sql::Error const& error) {
            if (!error.duplicate("email")) throw;
            form.add_error("email", "duplicate", "belongs to another user");
        }
    }
    co_return view.invalid("pages/edit_user.html", {.block = "form"}, form, {{"user", *user}}).retarget(row);
}

/// Asks before it deletes, where no JavaScript does.
Response confirm_delete(View view, Depends<get_user> user) { return view("pages/delete_user.html", {{"user", *user}}); }

Task<Response> delete_user(Htmx htmx, Depends<get_user> user, Depends<get_db> db) {
    co_await db->execute("delete from users where id = $1", user->id);
    co_await db->commit();
    if (!htmx) co_return redirect("/users");
    co_return htmx::empty().trigger("userDeleted", {{"id", user->id}});
}

} // namespace

Router user_routes() {
    RouteOptions const for_accounts{.dependencies = {depends<current_account>}};
    Router router{"/users"};
    router.get("", list_users, {.name = "users"});
    router.post("", create_user);
    router.get("/new", new_user, {.name = "new_user"});
    router.get("/{user_id}", user_detail, {.name = "user"});
    // Changing and deleting is for those who are logged in.
    router.put("/{user_id}", update_user, for_accounts);
    router.del("/{user_id}", delete_user, for_accounts);
    router.get("/{user_id}/edit", edit_user, {.name = "edit_user", .dependencies = {depends<current_account>}});
    router.get("/{user_id}/delete", confirm_delete,
               {.name = "delete_user", .dependencies = {depends<current_account>}});
    // A form without JavaScript can only POST.
    router.post("/{user_id}/edit", update_user, for_accounts);
    router.post("/{user_id}/delete", delete_user, for_accounts);
    return router;
}
