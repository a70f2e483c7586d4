#include "hxx/web/route_tree.hpp"

#include "hxx/web/route.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hxx {
namespace {

class Tree {
  public:
    void add(std::string pattern, http::Method method = http::Method::Get) {
        auto& route = *routes_.emplace_back(std::make_unique<Route>());
        route.pattern = std::move(pattern);
        route.parsed = pattern::parse(route.pattern);
        ASSERT_EQ(route.parsed.mistake, pattern::Mistake::None) << route.pattern;
        route.method = method;
        ASSERT_EQ(tree_.insert(route), nullptr) << route.pattern;
    }
    /// The pattern that was found and its parameters: "/users/{id} id=7".
    std::string find(std::string_view path, http::Method method = http::Method::Get) {
        PathParameters parameters;
        auto const found = tree_.find(path, method, parameters);
        if (!found.route) return found.allowed.empty() ? "404" : "405 " + found.allowed.allow();
        auto text = found.route->pattern;
        for (int i = 0; i < parameters.size(); ++i)
            text.append(" ").append(parameters[i].name).append("=").append(parameters[i].raw);
        return text;
    }
    Route const* insert(Route const& route) { return tree_.insert(route); }

  private:
    std::vector<std::unique_ptr<Route>> routes_;
    RouteTree tree_;
};

TEST(RouteTree, PutsStaticTextBeforeParameters) {
    Tree tree;
    tree.add("/users/{id}");
    tree.add("/users/new");
    tree.add("/");
    EXPECT_EQ(tree.find("/users/new"), "/users/new");
    EXPECT_EQ(tree.find("/users/news"), "/users/{id} id=news");
    EXPECT_EQ(tree.find("/"), "/");
    EXPECT_EQ(tree.find("/users"), "404");
    EXPECT_EQ(tree.find("/users/"), "404"); // a parameter is not empty
    EXPECT_EQ(tree.find("/users/1/2"), "404");
    EXPECT_EQ(tree.find(""), "404");
    EXPECT_EQ(tree.find("*"), "404");
}

TEST(RouteTree, GoesBackWhenTheNarrowBranchEnds) {
    Tree tree;
    tree.add("/users/new/photo");
    tree.add("/users/{id}/edit");
    tree.add("/{any:path}");
    EXPECT_EQ(tree.find("/users/new/photo"), "/users/new/photo");
    EXPECT_EQ(tree.find("/users/new/edit"), "/users/{id}/edit id=new");
    EXPECT_EQ(tree.find("/users/new/other"), "/{any:path} any=users/new/other");
}

TEST(RouteTree, TriesNarrowConvertersFirst) {
    Tree tree;
    tree.add("/x/{s}");
    tree.add("/x/{f:float}");
    tree.add("/x/{u:uuid}");
    tree.add("/x/{i:int}");
    tree.add("/x/{name}.csv");
    EXPECT_EQ(tree.find("/x/42"), "/x/{i:int} i=42");
    EXPECT_EQ(tree.find("/x/4.2"), "/x/{f:float} f=4.2");
    EXPECT_EQ(tree.find("/x/4."), "/x/{s} s=4.");
    EXPECT_EQ(tree.find("/x/-4"), "/x/{s} s=-4");
    EXPECT_EQ(tree.find("/x/12345678-1234-1234-1234-123456789abc"),
              "/x/{u:uuid} u=12345678-1234-1234-1234-123456789abc");
    EXPECT_EQ(tree.find("/x/12345678123412341234123456789ABC"), "/x/{u:uuid} u=12345678123412341234123456789ABC");
    EXPECT_EQ(tree.find("/x/42.csv"), "/x/{name}.csv name=42");
    EXPECT_EQ(tree.find("/x/.csv"), "/x/{s} s=.csv");
}

TEST(RouteTree, SplitsBeforeItDecodes) {
    Tree tree;
    tree.add("/files/{name}");
    tree.add("/caf\xc3\xa9/{x}");
    EXPECT_EQ(tree.find("/files/a%2Fb"), "/files/{name} name=a%2Fb");
    EXPECT_EQ(tree.find("/fil%65s/a"), "/files/{name} name=a");
    EXPECT_EQ(tree.find("/caf%C3%A9/1"), "/caf\xc3\xa9/{x} x=1");
    EXPECT_EQ(tree.find("/files%2Fa"), "404");
    EXPECT_EQ(tree.find("/fil%zzs/a"), "404");
}

TEST(RouteTree, KnowsTheMethodsOfAPath) {
    Tree tree;
    tree.add("/users", http::Method::Get);
    tree.add("/users", http::Method::Post);
    tree.add("/{name}", http::Method::Delete);
    EXPECT_EQ(tree.find("/users", http::Method::Head), "/users");
    EXPECT_EQ(tree.find("/users", http::Method::Post), "/users");
    EXPECT_EQ(tree.find("/users", http::Method::Delete), "/{name} name=users");
    EXPECT_EQ(tree.find("/users", http::Method::Put), "405 GET, HEAD, POST, DELETE");
    EXPECT_EQ(tree.find("/other", http::Method::Get), "405 DELETE");
}

TEST(RouteTree, APathParameterMayBeEmptyAndTakesSlashes) {
    Tree tree;
    tree.add("/static/{path:path}");
    EXPECT_EQ(tree.find("/static/"), "/static/{path:path} path=");
    EXPECT_EQ(tree.find("/static/a/b.css"), "/static/{path:path} path=a/b.css");
    EXPECT_EQ(tree.find("/static"), "404");
    EXPECT_EQ(tree.find("/static-secret/a"), "404");
}

TEST(RouteTree, NamesTheRouteThatStandsThereAlready) {
    Tree tree;
    tree.add("/users/{id}");
    Route again;
    again.pattern = "/users/{name}";
    again.parsed = pattern::parse(again.pattern);
    auto const* other = tree.insert(again);
    ASSERT_NE(other, nullptr);
    EXPECT_EQ(other->pattern, "/users/{id}");
}

TEST(Pattern, FindsEveryMistake) {
    using pattern::Mistake;
    std::map<std::string, Mistake> const cases{
        {"/", Mistake::None},
        {"/a/{b}/c.{d}", Mistake::None},
        {"/{a:int}/{b:float}/{c:uuid}/{d:str}/{e:path}", Mistake::None},
        {"users", Mistake::MustStartWithSlash},
        {"/{a", Mistake::UnbalancedBrace},
        {"/a}", Mistake::UnbalancedBrace},
        {"/{a{b}}", Mistake::UnbalancedBrace},
        {"/{a/b}", Mistake::UnbalancedBrace},
        {"/{a}{b}", Mistake::TwoParametersInOneSegment},
        {"/{}", Mistake::BadParameterName},
        {"/{1a}", Mistake::BadParameterName},
        {"/{a-b}", Mistake::BadParameterName},
        {"/{a:integer}", Mistake::UnknownConverter},
        {"/{a:}", Mistake::UnknownConverter},
        {"/{a}/{a}", Mistake::DuplicateParameter},
        {"/{a:path}/b", Mistake::PathConverterMustBeLast},
        {"/x{a:path}", Mistake::PathConverterMustBeLast},
        {"/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j}/{k}/{l}/{m}/{n}/{o}/{p}/{q}", Mistake::TooManyParameters},
    };
    for (auto const& [text, mistake] : cases) EXPECT_EQ(pattern::parse(text).mistake, mistake) << text;
}

} // namespace
} // namespace hxx
