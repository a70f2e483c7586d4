// What the pages show: plain structs, which the templates see in place.
#pragma once

#include <string>
#include <vector>

namespace bench {

struct Saying {
    long number;
    std::string text;
};
struct Fortunes {
    static constexpr auto template_name = "fortunes.html";
    std::vector<Saying> sayings;
};

struct Table {
    static constexpr auto template_name = "table.html";
    std::vector<std::vector<long>> rows;
};

struct Cafe {
    std::string name;
    long since;
};
struct Helper {
    std::string name;
    bool keyholder;
};
struct Link {
    std::string path, text;
    bool here;
};
struct Notice {
    std::string level, text;
};
struct Input {
    std::string name, label, type, value;
    bool needed;
    std::string problem;
};
struct Repair {
    long ticket;
    std::string owner, stage;
    std::vector<std::string> parts;
    long hours, cents;
    std::string remark;
};
struct Page {
    static constexpr auto template_name = "page.html";
    Cafe cafe;
    Helper helper;
    std::string heading;
    std::vector<Link> menu;
    std::vector<Notice> notices;
    std::vector<Input> inputs;
    std::vector<std::string> stages;
    std::string stage;
    std::vector<Repair> repairs;
    std::vector<long> sheets;
    long sheet;
};

inline Fortunes fortunes() {
    return {{
        {1, "A tap that drips has found its rhythm; do not argue, change the washer."},
        {2, "Label the screws before the cat learns what you are doing."},
        {3, "Every drawer holds a charger for something that is gone."},
        {4, "The spare part you threw away on Monday is out of stock on Tuesday."},
        {5, "Measure the fuse, then the wire, then your patience: 3 A, 5 A, 0.1 A."},
        {6, "Glue is a promise; a bolt is a contract."},
        {7, "If it rattles, count what is left in the box."},
        {8, "Manuals are read by those who have no screwdriver & no hope."},
        {9, "A lamp repaired twice is an heirloom."},
        {10, "Nobody's toaster was ever \"only a little\" on fire."},
        {11, "<script>document.body.append(\"unescaped sayings run away\");</script>"},
        {12, "直せば使える、使えば直せる。"},
        {13, "Leave the bench cleaner than the idea was."},
    }};
}

inline Table table() {
    Table table;
    for (long row = 0; row < 1000; ++row) {
        auto& cells = table.rows.emplace_back();
        for (long column = 0; column < 10; ++column) cells.push_back((row * 6151 + column * 98317) % 100019);
    }
    return table;
}

inline Page page() {
    Page page{
        .cafe = {"Nuts & Bolts <repair café>", 2011},
        .helper = {"Maeve O'Brien", true},
        .heading = "Repairs",
        .menu = {{"/bench", "Bench", false},
                 {"/repairs", "Repairs", true},
                 {"/parts", "Parts & tools", false},
                 {"/people", "People", false},
                 {"/rota", "Rota", false},
                 {"/money", "Money", false}},
        .notices = {{"good", "Ticket 5012 was collected"},
                    {"bad", "The \"big\" soldering iron & its stand are missing"}},
        .inputs = {{"owner", "Who brings it", "text", "Tom & <Ann>", true, ""},
                   {"phone", "Telephone", "tel", "", false, ""},
                   {"mail", "Mail", "email", "ann@example.org", true, ""},
                   {"thing", "What is it", "text", "Radio, 19\" rack", true, ""},
                   {"fault", "What is wrong", "text", "", true, "Say what it does, or does not"},
                   {"brought", "Brought on", "date", "2025-03-08", false, ""},
                   {"pieces", "Pieces", "number", "2", true, ""},
                   {"shelf", "Shelf", "text", "C4", false, ""}},
        .stages = {"waiting", "open", "ordered", "mended", "beyond us"},
        .stage = "ordered",
        .repairs = {},
        .sheets = {1, 2, 3, 4, 5, 6, 7, 8},
        .sheet = 5,
    };
    std::vector<std::string> const owners = {"Ann & Tom", "Li <Wei>", "Bo", "Sam's aunt", "Ida"};
    std::vector<std::vector<std::string>> const parts = {{"plug", "lead"}, {}, {"belt"}, {"fuse", "knob", "washer"}};
    for (std::size_t i = 0; i < 25; ++i) {
        auto const number = static_cast<long>(i);
        page.repairs.push_back({5000 + number, owners[i % owners.size()], page.stages[i % page.stages.size()],
                                parts[i % parts.size()], number % 6 + 1, number * 41 % 97 * 15 + 5,
                                i % 3 == 0 ? "Ask before you <open> the case" : ""});
    }
    return page;
}

} // namespace bench
