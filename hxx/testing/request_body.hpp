// What a test sends: a form, files, JSON, or any bytes.
//
//     client.post("/users", form({{"name", "Ada"}, {"age", 36}}));
//     client.post("/photos", form({{"title", "Cat"}}).file("photo", "cat.png", bytes, "image/png"));
//     client.post("/api/users", json(UserCreate{"Ada"}));           // hxx::json, as in a handler; or
//     json_text(R"({"a":1})")
#pragma once

#include "hxx/web/response.hpp"

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hxx {

/// A field of a form.
struct FormField {
    FormField(std::string_view field, std::string_view text) : name(field), value(text) {}
    FormField(std::string_view field, std::string const& text) : FormField(field, std::string_view(text)) {}
    FormField(std::string_view field, char const* text) : FormField(field, std::string_view(text)) {}
    template <std::integral N>
    FormField(std::string_view field, N number) : name(field), value(std::to_string(number)) {}
    std::string name, value;
};

class RequestBody {
  public:
    RequestBody() = default;
    RequestBody(std::string text, std::string_view content_type)
        : text_(std::move(text)), content_type_(content_type) {}
    /// The body and type of json(…), json_text(…), text(…), which a handler would return.
    RequestBody(Response const& response)
        : text_(response.text()), content_type_(response.headers().get_or("Content-Type", "")) {}

    struct File {
        std::string field, filename, content_type, data;
    };
    /// Adds a file; the form is then sent as multipart/form-data. filename "" and no data: an input that was left
    /// empty.
    RequestBody& file(std::string_view field, std::string_view filename, std::string_view data,
                      std::string_view content_type = "application/octet-stream");
    /// Sends the form as multipart/form-data although it has no files.
    RequestBody& multipart() { return multipart_ = true, *this; }

    [[nodiscard]] bool is_form() const noexcept { return is_form_; }
    [[nodiscard]] bool is_multipart() const noexcept { return multipart_; }
    [[nodiscard]] std::vector<FormField> const& fields() const noexcept { return fields_; }
    [[nodiscard]] std::vector<File> const& files() const noexcept { return files_; }
    [[nodiscard]] std::string const& text() const noexcept { return text_; }
    [[nodiscard]] std::string const& content_type() const noexcept { return content_type_; }

  private:
    friend RequestBody form_of(std::vector<FormField> fields);
    bool is_form_ = false, multipart_ = false;
    std::vector<FormField> fields_;
    std::vector<File> files_;
    std::string text_, content_type_;
};

/// A form's fields, in order: in the body of POST, PUT and PATCH, in the query of GET.
[[nodiscard]] RequestBody form_of(std::vector<FormField> fields);
[[nodiscard]] inline RequestBody form(std::initializer_list<FormField> fields = {}) { return form_of(fields); }

} // namespace hxx
