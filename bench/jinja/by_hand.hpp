// The pages again, written by hand as C++ that does nothing but append: to a std::string, as people do, and to memory
// without a test whether there is room, which nothing can beat.
#pragma once

#include "bench/jinja/data.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace bench {

inline constexpr std::array<std::string_view, 256> entities = [] {
    std::array<std::string_view, 256> table{};
    table['<'] = "&lt;";
    table['>'] = "&gt;";
    table['&'] = "&amp;";
    table['"'] = "&#34;";
    table['\''] = "&#39;";
    return table;
}();

/// What a page is written with, over a class that has append(text, size).
template <class Self>
class Writer {
  public:
    Self& operator<<(std::string_view html) {
        self().append(html.data(), html.size());
        return self();
    }
    template <std::size_t N>
    Self& operator<<(char const (&html)[N]) {
        self().append(html, N - 1);
        return self();
    }
    Self& operator<<(long number) {
        char digits[24];
        auto const end = std::to_chars(digits, digits + sizeof digits, number).ptr;
        return *this << std::string_view(digits, static_cast<std::size_t>(end - digits));
    }
    Self& text(std::string_view text) {
        std::size_t written = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            std::string_view const entity = entities[static_cast<unsigned char>(text[i])];
            if (entity.empty()) continue;
            *this << text.substr(written, i - written) << entity;
            written = i + 1;
        }
        return *this << text.substr(written);
    }
    Self& upper(std::string_view ascii) {
        std::string copy(ascii);
        for (char& c : copy) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        return text(copy);
    }

  private:
    Self& self() { return static_cast<Self&>(*this); }
};

/// A std::string that is used again for each rendering.
class Text : public Writer<Text> {
  public:
    void clear() { text_.clear(); }
    void append(char const* html, std::size_t size) { text_.append(html, size); }
    [[nodiscard]] std::string_view view() const { return text_; }

  private:
    std::string text_;
};

/// Memory for every page: no allocation, and no test whether there is room.
class Buffer : public Writer<Buffer> {
  public:
    void clear() { end_ = begin_.get(); }
    void append(char const* html, std::size_t size) {
        std::memcpy(end_, html, size);
        end_ += size;
    }
    using Writer::operator<<;
    Buffer& operator<<(long number) {
        end_ = std::to_chars(end_, end_ + 24, number).ptr;
        return *this;
    }
    [[nodiscard]] std::string_view view() const {
        return {begin_.get(), static_cast<std::size_t>(end_ - begin_.get())};
    }

  private:
    std::unique_ptr<char[]> begin_ = std::make_unique<char[]>(std::size_t{1} << 20);
    char* end_ = begin_.get();
};

template <class Out>
void by_hand(Out& out, Fortunes const& page) {
    out << "<!DOCTYPE html>\n<html lang=\"en\">\n<head><title>Thirteen sayings</title></head>\n<body>\n<table>\n"
           "<tr><th>no.</th><th>saying</th></tr>\n";
    for (Saying const& saying : page.sayings)
        (out << "<tr><td>" << saying.number << "</td><td>").text(saying.text) << "</td></tr>\n";
    out << "</table>\n</body>\n</html>";
}

template <class Out>
void by_hand(Out& out, Table const& page) {
    out << "<table>\n";
    for (auto const& row : page.rows) {
        out << "<tr>";
        for (long const number : row) out << "<td>" << number << "</td>";
        out << "</tr>\n";
    }
    out << "</table>";
}

template <class Out>
void by_hand(Out& out, Input const& input) {
    out << "<p";
    if (!input.problem.empty()) out << " class=\"wrong\"";
    (out << ">\n<label for=\"in_").text(input.name) << "\">";
    out.text(input.label);
    if (input.needed) out << " (needed)";
    (out << "</label>\n<input type=\"").text(input.type) << "\" id=\"in_";
    (out.text(input.name) << "\" name=\"").text(input.name) << "\" value=\"";
    out.text(input.value) << "\"";
    if (input.needed) out << " required";
    out << ">\n";
    if (!input.problem.empty()) (out << "<strong>").text(input.problem) << "</strong>\n";
    out << "</p>\n";
}

template <class Out>
void by_hand(Out& out, Repair const& repair, long number) {
    out << "<tr class=\"" << (number % 2 == 0 ? std::string_view("grey") : std::string_view("white")) << "\">\n<td>"
        << number << ".</td><td><a href=\"/repairs/" << repair.ticket << "\">" << repair.ticket << "</a></td><td>";
    (out.text(repair.owner) << "</td><td>").upper(repair.stage) << "</td>\n<td>";
    for (bool first = true; std::string const& part : repair.parts) {
        if (!first) out << "; ";
        first = false;
        out.text(part);
    }
    out << "</td><td>" << repair.hours << "</td><td>" << repair.cents << "</td><td>";
    if (repair.remark.empty())
        out << "none";
    else
        out.text(repair.remark);
    out << "</td>\n</tr>\n";
}

template <class Out>
void by_hand(Out& out, Page const& page) {
    out << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>";
    (out.text(page.heading) << " | ").text(page.cafe.name);
    out << "</title>\n<link rel=\"stylesheet\" href=\"/repair.css\">\n<link rel=\"icon\" href=\"/spanner.svg\">\n"
           "</head>\n<body>\n<header>\n<p>";
    out.text(page.helper.name);
    if (page.helper.keyholder) out << " (has the key)";
    out << "</p>\n<ol>\n";
    for (Link const& link : page.menu) {
        out << "<li><a";
        if (link.here) out << " aria-current=\"page\"";
        ((out << " href=\"").text(link.path) << "\">").text(link.text) << "</a></li>\n";
    }
    out << "</ol>\n</header>\n";
    for (Notice const& notice : page.notices)
        ((out << "<aside class=\"").text(notice.level) << "\">").text(notice.text) << "</aside>\n";
    (out << "<main>\n<h1>").text(page.heading)
        << ": " << static_cast<long>(page.repairs.size()) << "</h1>\n<form action=\"/repairs\" method=\"post\">\n";
    for (Input const& input : page.inputs) by_hand(out, input);
    out << "<select name=\"stage\">\n";
    for (std::string const& stage : page.stages) {
        (out << "<option value=\"").text(stage) << "\"";
        if (stage == page.stage) out << " selected";
        (out << ">").upper(stage) << "</option>\n";
    }
    out << "</select>\n<button>Take it in</button>\n</form>\n<table>\n<tr><th></th><th>ticket</th><th>owner</th>"
           "<th>stage</th><th>parts</th><th>hours</th><th>cents</th><th>remark</th></tr>\n";
    for (long number = 0; Repair const& repair : page.repairs) by_hand(out, repair, ++number);
    out << "</table>\n<p>";
    for (long const& number : page.sheets) {
        if (number == page.sheet)
            out << "<em>" << number << "</em>";
        else
            out << "<a href=\"?sheet=" << number << "\">" << number << "</a>";
        if (&number != &page.sheets.back()) out << ", ";
    }
    (out << "</p>\n\n</main>\n<footer>").text(page.cafe.name);
    out << ", mending since " << page.cafe.since << "</footer>\n</body>\n</html>";
}

} // namespace bench
