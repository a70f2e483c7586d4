#include "hxx/http/multipart.hpp"

#include "hxx/http/error.hpp"

#include <gtest/gtest.h>

namespace hxx::http {
namespace {

std::string part(std::string_view headers, std::string_view data) {
    return "--B\r\n" + std::string(headers) + "\r\n\r\n" + std::string(data) + "\r\n";
}
std::string field(std::string_view name, std::string_view data) {
    return part("Content-Disposition: form-data; name=\"" + std::string(name) + "\"", data);
}
std::string filename_of(std::string_view parameter) {
    auto const body = part("Content-Disposition: form-data; name=f; " + std::string(parameter), "x") + "--B--";
    return parse_multipart(body, "B").at(0).filename.value_or("(none)");
}
std::string complaint(std::string const& body, MultipartLimits const& limits = {}) {
    try {
        static_cast<void>(parse_multipart(body, "B", limits));
    } catch (HttpError const& error) {
        EXPECT_EQ(error.status(), 400);
        return std::string(error.detail());
    }
    return "no error";
}

TEST(Multipart, ReadsFieldsAndFiles) {
    std::string const body = field("name", "Zo\xC3\xAB") +
                             part("content-disposition: form-data; name=\"photo\"; filename=\"a.png\"\r\n"
                                  "Content-Type: image/png",
                                  std::string_view("\x89PNG\r\n\0--B", 10)) +
                             field("empty", "") + "--B--\r\n";
    auto const parts = parse_multipart(body, "B");
    ASSERT_EQ(parts.size(), 3u);
    EXPECT_EQ(parts[0].name, "name");
    EXPECT_EQ(parts[0].data, "Zo\xC3\xAB");
    EXPECT_FALSE(parts[0].is_file());
    EXPECT_EQ(parts[1].filename, "a.png");
    EXPECT_EQ(parts[1].content_type, "image/png");
    EXPECT_EQ(parts[1].data, std::string_view("\x89PNG\r\n\0--B", 10));
    EXPECT_EQ(parts[2].data, "");
    EXPECT_GE(parts[1].data.data(), body.data());
    EXPECT_LT(parts[1].data.data(), body.data() + body.size());
}

TEST(Multipart, ReadsWhatIsUnusualButAllowed) {
    EXPECT_TRUE(parse_multipart("--B--", "B").empty());
    EXPECT_EQ(parse_multipart("preamble\r\n" + field("a", "1") + "--B--\r\nepilogue", "B").size(), 1u);
    EXPECT_EQ(parse_multipart("--B \t\r\nContent-Disposition: form-data;name=a\r\n\r\n1\r\n--B--", "B").at(0).data,
              "1");
    auto const parts =
        parse_multipart(part("Content-Disposition: form-data; filename=\"\"; name=f", "") + "--B--", "B");
    EXPECT_TRUE(parts.at(0).is_empty_file());
}

TEST(Multipart, ReducesAFileNameToItsLastComponent) {
    EXPECT_EQ(filename_of(R"(filename="a b.txt")"), "a b.txt");
    EXPECT_EQ(filename_of(R"(filename=plain.txt)"), "plain.txt");
    EXPECT_EQ(filename_of(R"(filename="../../etc/passwd")"), "passwd");
    EXPECT_EQ(filename_of(R"(filename="C:\Users\x\a.txt")"), "a.txt");
    EXPECT_EQ(filename_of(R"(filename="say \"hi\".txt")"), "say \"hi\".txt");
    EXPECT_EQ(filename_of(R"(filename="a%22b;c.txt")"), "a%22b;c.txt");
    EXPECT_EQ(filename_of(R"(filename="..")"), "");
    EXPECT_EQ(filename_of(R"(filename="dir/")"), "");
    EXPECT_EQ(filename_of("filename=\"\xC3\xA9.txt\""), "\xC3\xA9.txt");
    // RFC 7578 4.2: filename* is not for forms.
    EXPECT_EQ(filename_of("filename*=UTF-8''x.txt"), "(none)");
}

struct Wrong {
    std::string_view body, complaint;
};
class MultipartMalformed : public testing::TestWithParam<Wrong> {};

TEST_P(MultipartMalformed, IsRefusedWithTheReason) {
    EXPECT_EQ(complaint(std::string(GetParam().body)),
              "malformed multipart body: " + std::string(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Bodies, MultipartMalformed,
    testing::Values(
        Wrong{"", "it ends before its closing boundary"}, Wrong{"a=1&b=2", "it ends before its closing boundary"},
        Wrong{"--C\r\n\r\n--C--", "it ends before its closing boundary"},
        Wrong{"--B\r\nContent-Disposition: form-data; name=a\r\n\r\n1", "it ends before its closing boundary"},
        Wrong{"--Bx\r\n", "a boundary is not followed by a line end"},
        Wrong{"--B\n", "a boundary is not followed by a line end"},
        Wrong{"--B", "a boundary is not followed by a line end"},
        Wrong{"--B\r\nContent-Disposition: form-data; name=a", "a part's headers do not end"},
        Wrong{"--B\r\n\r\n1\r\n--B--", "a part has no Content-Disposition"},
        Wrong{"--B\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--B--",
              "a part's Content-Disposition is not form-data"},
        Wrong{"--B\r\nContent-Disposition: form-data\r\n\r\n1\r\n--B--", "a part has no name"},
        Wrong{"--B\r\nContent-Disposition: form-data; name\r\n\r\n1\r\n--B--", "a part has no name"},
        Wrong{"--B\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n--B--",
              "a quote in Content-Disposition is not closed"},
        Wrong{"--B\r\nContent-Disposition: form-data; name=\"a\"b\r\n\r\n1\r\n--B--",
              "Content-Disposition cannot be read"},
        Wrong{"--B\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n1\r\n--B--", "a part has two names"},
        Wrong{"--B\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n\r\n"
              "1\r\n--B--",
              "a part has two Content-Disposition headers"},
        Wrong{"--B\r\nContent-Disposition: form-data; name=\"\xFF\"\r\n\r\n1\r\n--B--", "a name is not UTF-8"},
        Wrong{"--B\r\nContent-Disposition: form-data; name=a\nb\r\n\r\n1\r\n--B--",
              "a part's header holds a control character"},
        Wrong{"--B\r\nno colon\r\n\r\n1\r\n--B--", "a part's header has no name"},
        Wrong{"--B\r\nX : y\r\n\r\n1\r\n--B--", "a part's header has no name"},
        Wrong{"--B\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\n"
              "MQ==\r\n--B--",
              "Content-Transfer-Encoding is not supported (RFC 7578 4.7)"}));

TEST(Multipart, KeepsItsLimits) {
    MultipartLimits limits;
    limits.fields = 2;
    limits.files = 1;
    limits.part_headers = 2;
    limits.header_line = 60;
    auto const file = part("Content-Disposition: form-data; name=f; filename=x", "");
    EXPECT_EQ(complaint(field("a", "") + field("b", "") + file + "--B--", limits), "no error");
    EXPECT_EQ(complaint(field("a", "") + field("b", "") + field("c", "") + "--B--", limits),
              "malformed multipart body: more than 2 fields");
    EXPECT_EQ(complaint(file + file + "--B--", limits), "malformed multipart body: more than 1 files");
    EXPECT_EQ(complaint("--B\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n\r\n--B--", limits),
              "malformed multipart body: a part has more than 2 headers");
    EXPECT_EQ(complaint("--B\r\nA: " + std::string(57, 'x') + "\r\n" + "\r\n\r\n--B--", limits),
              "malformed multipart body: a part has no Content-Disposition");
    EXPECT_EQ(complaint("--B\r\nA: " + std::string(58, 'x') + "\r\n" + "\r\n\r\n--B--", limits),
              "malformed multipart body: a part's header is too long");
}

TEST(Multipart, FindsTheBoundary) {
    EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=abc"), "abc");
    EXPECT_EQ(multipart_boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"a b:c\""), "a b:c");
    EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=" + std::string(70, 'x')), std::string(70, 'x'));
    for (std::string const wrong :
         {"", "multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=a",
          "multipart/form-data; boundary=\"a \"", "multipart/form-data; boundary=\"a\r\nb\"", "text/plain; boundary=a"})
        EXPECT_EQ(multipart_boundary(wrong), std::nullopt) << wrong;
    EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'x')), std::nullopt);
}

TEST(Multipart, ReadsWhatItWrites) {
    MultipartWriter writer;
    writer.field("a \"quoted\" name", "one\r\ntwo");
    writer.file("f", "x.bin", "application/octet-stream", std::string_view("\0\r\n--", 5));
    auto const boundary = multipart_boundary(writer.content_type());
    ASSERT_TRUE(boundary);
    auto const body = std::move(writer).finish();
    auto const parts = parse_multipart(body, *boundary);
    ASSERT_EQ(parts.size(), 2u);
    EXPECT_EQ(parts[0].name, "a %22quoted%22 name");
    EXPECT_EQ(parts[0].data, "one\r\ntwo");
    EXPECT_EQ(parts[1].filename, "x.bin");
    EXPECT_EQ(parts[1].content_type, "application/octet-stream");
    EXPECT_EQ(parts[1].data, std::string_view("\0\r\n--", 5));
}

// Every cut of a good body is either refused or, once the closing boundary is in, read whole; never out of bounds.
TEST(Multipart, SurvivesEveryCutAndEveryFlippedByte) {
    std::string const body =
        field("a", "1") +
        part("Content-Disposition: form-data; name=f; filename=\"x\\\"y\"\r\nContent-Type: a/b", "z") + "--B--\r\n";
    for (std::size_t size = 0; size < body.size(); ++size) {
        std::string const cut = body.substr(0, size);
        bool const whole = size >= body.size() - 2;
        EXPECT_EQ(complaint(cut) == "no error", whole) << size;
    }
    for (std::size_t i = 0; i < body.size(); ++i)
        for (char const c : {'\0', '\r', '"', '\\', '-', '\xFF'}) {
            std::string flipped = body;
            flipped[i] = c;
            static_cast<void>(complaint(flipped));
        }
}

} // namespace
} // namespace hxx::http
