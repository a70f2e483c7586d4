#include "hxx/jinja/boost_json.hpp"

#include "hxx/jinja/testing.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace hxx::jinja {
namespace {

namespace json = boost::json;

char const* const order = R"({"id": 7, "big": 18446744073709551615, "price": 1.5, "paid": true, "note": null,
    "customer": {"name": "Ada <ada@example.org>", "tags": ["new", "vip"]}, "items": [{"n": 1}, {"n": 2}]})";

TEST(BoostJson, IsSeenInPlace) {
    json::value const data = json::parse(order);
    Context const context{{"o", data}};
    EXPECT_EQ(plain("{{ o.id + 1 }} {{ o.big }} {{ o.price }} {{ o.paid }} {{ o.note }} {{ o.none }}", context),
              "8 18446744073709551615 1.5 True None ");
    EXPECT_EQ(html("{{ o.customer.name }} {{ o['customer']['tags'][-1] }}", context),
              "Ada &lt;ada@example.org&gt; vip");
    EXPECT_EQ(plain("{% for i in o['items'] %}{{ loop.index }}:{{ i.n }} {% endfor %}{{ o.customer.tags|join('+') }}",
                    context),
              "1:1 2:2 new+vip");
    EXPECT_EQ(
        plain("{% for k, v in o.customer.items() %}{{ k }}={{ v }};{% endfor %}{{ 'id' in o }}{{ 'x' in o }}", context),
        "name=Ada <ada@example.org>;tags=['new', 'vip'];TrueFalse");
    EXPECT_EQ(plain("{{ o.customer|length }} {{ o is mapping }} {{ o.customer.tags is sequence }}", context),
              "2 True True");
    EXPECT_EQ(plain("{{ o.customer == {'tags': ['new', 'vip'], 'name': 'Ada <ada@example.org>'} }}", context), "True");
    EXPECT_EQ(plain("{{ o.customer|tojson }}", context),
              R"({"name": "Ada \u003cada@example.org\u003e", "tags": ["new", "vip"]})");
}

TEST(BoostJson, LivesOnIfItIsMoved) {
    auto const context = [] {
        return Context{{"object", json::parse(order)},
                       {"array", json::parse(R"(["a long text that is on the heap, not in place", {"b": [1]}])")},
                       {"text", json::value("another long text that is on the heap")}};
    }();
    EXPECT_EQ(plain("{{ object.customer.tags }} {{ array[0] }} {{ array[1].b }} {{ text }}", context),
              "['new', 'vip'] a long text that is on the heap, not in place [1] another long text that is on the heap");
    EXPECT_EQ(plain("{% set tags = object.customer.tags %}{{ tags|first }}", context), "new");
}

TEST(BoostJson, GivesAContextItsVariables) {
    json::object const data = json::parse(order).as_object();
    EXPECT_EQ(plain("{{ id }} {{ customer.tags }}", data), "7 ['new', 'vip']");
    EXPECT_EQ(plain("{{ id }}", json::parse(order).as_object()), "7");
}

} // namespace
} // namespace hxx::jinja
