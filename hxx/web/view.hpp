// View: templates, bound to the request that is answered, so that none can lack it.
//
//     co_return view.page("pages/users.html", {.block = "users_table"}, {{"users", users}, {"q", q}});
//
// A context is a list of pairs or any reflected struct. Every template also sees `request`, `htmx`, url_for(name, …)
// and what context processors add (App::context_processor).
#pragma once

#include "hxx/jinja/context.hpp"
#include "hxx/web/response.hpp"

#include <concepts>
#include <string>
#include <string_view>

namespace hxx {

class Event; // hxx/web/event.hpp
struct FormState;
class Request;
template <class Parameter>
class Checked; // hxx/web/extract_body.hpp, as are Form and state_of()
template <class T>
class Form;

/// A struct that is a template's whole context and names it. A template that is compiled to C++ (docs/compiled.md) is
/// checked against it:
///     struct UsersPage {
///         static constexpr auto template_name = "pages/users.html";
///         std::vector<User> users;
///     };
template <class T>
concept TemplateContext = requires {
    { T::template_name } -> std::convertible_to<std::string_view>;
};

/// How a page is sent to htmx.
struct PageOptions {
    std::string_view block = {}; // the block that a request for a fragment gets; empty: the whole page
};

class View {
  public:
    static View from_request(Request& request) { return View(request); }
    explicit View(Request& request) noexcept : request_(&request) {}

    /// A template as the answer, whoever asks: a fragment or a document of its own. "page.html#block" is a block.
    /// Throws jinja::Error.
    Response operator()(std::string_view name, jinja::Context const& context = {}) const;

    /// One template for both: a browser gets the page, htmx the block (when it asked for a fragment: not for a boosted
    /// page or a history restore), and Vary says so to caches.
    Response page(std::string_view name, PageOptions const& options = {}, jinja::Context const& context = {}) const;

    /// The same of a context that names its template: view(UserCreated{user}), view.page(UsersPage{users, q}).
    template <TemplateContext T>
    Response operator()(T const& context) const {
        return (*this)(T::template_name, context);
    }
    template <TemplateContext T>
    Response page(T const& context, PageOptions const& options = {}) const {
        return page(T::template_name, options, context);
    }

    /// A form that was filled in wrongly, with what was typed and a message beside each field: status 422, and a
    /// variable `form` with a FieldState (hxx/model/form_state.hpp) a field: {{ form.email.value }}, {{
    /// form.email.error }}. htmx 2 shows a 422 only when its page is configured to, which htmx_config() in the page's
    /// head does.
    template <class T>
    Response invalid(std::string_view name, Checked<Form<T>> const& form, jinja::Context const& context = {}) const {
        return invalid_form(name, {}, state_of(form), context);
    }
    /// The same with a page for browsers and a block for htmx.
    template <class T>
    Response invalid(std::string_view name, PageOptions const& options, Checked<Form<T>> const& form,
                     jinja::Context const& context = {}) const {
        return invalid_form(name, options, state_of(form), context);
    }

    template <TemplateContext C, class T>
    Response invalid(C const& context, PageOptions const& options, Checked<Form<T>> const& form) const {
        return invalid_form(C::template_name, options, state_of(form), context);
    }

    /// The request whose template this thread is rendering, for functions of templates; null at other times.
    [[nodiscard]] static Request* rendering() noexcept;
    /// An event (hxx/web/event.hpp) whose data is a rendered template or block ("page.html#row"), for the page to swap
    /// in. For htmx 4, which swaps unnamed events only, it has no name; for everybody else, that name.
    [[nodiscard]] Event event(std::string_view event_name, std::string_view name,
                              jinja::Context const& context = {}) const;

    template <TemplateContext T>
    [[nodiscard]] Event event(std::string_view event_name, T const& context) const; // hxx/web/event.hpp

    /// The rendered text alone.
    [[nodiscard]] std::string text(std::string_view name, jinja::Context const& context = {}) const;
    template <TemplateContext T>
    [[nodiscard]] std::string text(T const& context) const {
        return text(T::template_name, context);
    }

  private:
    Response invalid_form(std::string_view name, PageOptions const& options, FormState const& state,
                          jinja::Context const& context) const;

    Request* request_;
};

} // namespace hxx
