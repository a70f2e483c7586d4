// A JSON text, parsed and checked, as the readers of hxx/model/json.hpp walk through it.
#pragma once

#include "hxx/model/error_report.hpp"
#include "hxx/model/where.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hxx {

struct JsonLimits {
    std::size_t max_size = 10'000'000; // bytes
    std::size_t max_depth = 64;        // of arrays and objects in one another
    std::size_t max_values = 1'000'000;
};

namespace model {

enum class JsonKind : unsigned char { Null, False, True, Number, String, Array, Object };

/// One value; the values that an array or object holds follow it, an object's each after its key.
struct JsonNode {
    char const* text = nullptr; // a number as written, a string or key decoded
    std::uint32_t size = 0;     // of the text, or how many values an array or object holds
    std::uint32_t next = 0;     // the position after this value and all it holds
    JsonKind kind = JsonKind::Null;
};

class JsonDocument {
  public:
    JsonDocument() = default;
    JsonDocument(JsonDocument const&) = delete; // the nodes point into the texts
    JsonDocument& operator=(JsonDocument const&) = delete;

    /// Strict RFC 8259: UTF-8 without a byte order mark, no comments, no commas at the end, no NaN. What is wrong is
    /// reported at `where`: json_invalid with line and column, json_too_large; and json_duplicate_key at the key.
    /// The text is not needed afterwards.
    [[nodiscard]] bool parse(std::string_view text, JsonLimits const& limits, Where const& where, ErrorReport& report);

    [[nodiscard]] JsonNode const& node(std::size_t position) const noexcept { return nodes_[position]; }

  private:
    friend class JsonHandler;
    bool check_keys(std::size_t position, Where const& where, ErrorReport& report) const;

    std::vector<JsonNode> nodes_;
    std::string texts_; // decoded, one after the other
};

/// A value in a document. Cheap to copy; the document must outlive it.
class JsonValue {
  public:
    JsonValue(JsonDocument const& document, std::size_t position) noexcept
        : document_(&document), position_(position) {}

    [[nodiscard]] JsonKind kind() const noexcept { return node().kind; }
    [[nodiscard]] bool is_null() const noexcept { return kind() == JsonKind::Null; }
    /// Of a number or string.
    [[nodiscard]] std::string_view text() const noexcept { return {node().text, node().size}; }
    /// Of an array or object.
    [[nodiscard]] std::size_t size() const noexcept { return node().size; }

    /// Calls f(JsonValue item, std::size_t index) for each item of an array.
    template <class F>
    void for_each_item(F&& f) const {
        std::size_t at = position_ + 1;
        for (std::size_t i = 0; i < node().size; ++i, at = document_->node(at).next) f(JsonValue(*document_, at), i);
    }
    /// Calls f(std::string_view key, JsonValue value) for each member of an object in order.
    template <class F>
    void for_each_member(F&& f) const {
        std::size_t at = position_ + 1;
        for (std::size_t i = 0; i < node().size; ++i, at = document_->node(at + 1).next)
            f(JsonValue(*document_, at).text(), JsonValue(*document_, at + 1));
    }

  private:
    [[nodiscard]] JsonNode const& node() const noexcept { return document_->node(position_); }

    JsonDocument const* document_;
    std::size_t position_;
};

} // namespace model
} // namespace hxx
