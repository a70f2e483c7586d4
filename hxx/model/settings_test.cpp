#include "hxx/model/settings.hpp"

#include "hxx/model/env_file.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace hxx {
namespace {

TEST(EnvFile, ReadsWhatPeopleWrite) {
    auto const entries = parse_env("\xEF\xBB\xBF# comment\n"
                                   "A=1\r\n"
                                   "  export B = two words  # comment\n"
                                   "C='single $A \\n # kept'\n"
                                   "D=\"line\\n\\\"quoted\\\" \\$ \\\\ \\x\" # comment\n"
                                   "E=\n"
                                   "F=a#b\n"
                                   "G=\"two\nlines\"\n"
                                   "H=x=y\n"
                                   "export=1\n"
                                   "I='last'",
                                   ".env");
    std::vector<EnvEntry> const expected{{"A", "1", 2},
                                         {"B", "two words", 3},
                                         {"C", "single $A \\n # kept", 4},
                                         {"D", "line\n\"quoted\" $ \\ \\x", 5},
                                         {"E", "", 6},
                                         {"F", "a#b", 7},
                                         {"G", "two\nlines", 8},
                                         {"H", "x=y", 10},
                                         {"export", "1", 11},
                                         {"I", "last", 12}};
    EXPECT_EQ(entries, expected);
}

std::string env_error(std::string_view text) {
    try {
        (void)parse_env(text, ".env");
    } catch (std::runtime_error const& error) {
        return error.what();
    }
    return "none";
}

TEST(EnvFile, SaysWhatIsWrongAndWhere) {
    EXPECT_EQ(env_error("A=1\nB\n"), ".env:2: expected = after B");
    EXPECT_EQ(env_error("1A=1"), ".env:1: expected a name of letters, digits and _");
    EXPECT_EQ(env_error("A=1\n\nA=2"), ".env:3: A is set a second time");
    EXPECT_EQ(env_error("A=\"secret\n\n"), ".env:1: the quote that begins here is not closed");
    EXPECT_EQ(env_error("A='secret' more"), ".env:1: expected the end of the line after the closing quote");
    EXPECT_EQ(env_error("A B=1"), ".env:1: expected = after A");
}

struct Database {
    std::string url;
    int pool_size = 5;
};
struct AppSettings {
    Database database;
    Annotated<int, Ge{1}, Le{65535}> port = 8000;
    Annotated<std::string, Secret{}, MinLength{16}> api_key;
    std::vector<std::string> hosts;
    std::vector<int> ids;
    bool debug = true;
    std::optional<Database> replica;
};

using Variables = std::vector<std::pair<std::string, std::string>>;

template <class T>
std::string read_error(Variables variables, std::string prefix = "APP_") {
    try {
        (void)Settings(std::move(variables), std::move(prefix)).read<T>();
    } catch (SettingsError const& error) {
        return error.what();
    }
    return "none";
}

TEST(Settings, FillAStruct) {
    Settings const settings({{"APP_DATABASE__URL", "sqlite:x"},
                             {"APP_DATABASE__POOL_SIZE", "9"},
                             {"APP_API_KEY", "0123456789abcdef"},
                             {"APP_HOSTS", "a.example, b.example,"},
                             {"APP_PORT", ""},
                             {"APP_DEBUG", "off"},
                             {"PORT", "1"}},
                            "APP_");
    auto const read = settings.read<AppSettings>();
    EXPECT_EQ(read.database.url, "sqlite:x");
    EXPECT_EQ(read.database.pool_size, 9);
    EXPECT_EQ(read.port, 8000);
    EXPECT_EQ(read.hosts, (std::vector<std::string>{"a.example", "b.example"}));
    EXPECT_FALSE(read.debug);
    EXPECT_FALSE(read.replica);
}

TEST(Settings, AnAbsentBoolKeepsItsDefault) {
    Settings const settings({{"DATABASE__URL", "x"}, {"API_KEY", "0123456789abcdef"}, {"REPLICA__URL", "y"}}, "");
    auto const read = settings.read<AppSettings>();
    EXPECT_TRUE(read.debug);
    ASSERT_TRUE(read.replica);
    EXPECT_EQ(read.replica->url, "y");
}

TEST(Settings, CollectAllMistakesAndMaskSecrets) {
    auto const error = read_error<AppSettings>({{"APP_PORT", "abc"}, {"APP_API_KEY", "hunter2"}, {"APP_IDS", "1,x"}});
    EXPECT_EQ(error, "APP_DATABASE__URL is not set: set it in the environment\n"
                     "APP_PORT (given) must be a whole number, not \"abc\"\n"
                     "APP_API_KEY (given) must have at least 16 characters\n"
                     "APP_IDS (given) must be a whole number, not \"x\"");
}

TEST(Settings, RulesOfTheStructCount) {
    struct Checked {
        int low = 1, high = 2;
        void validate(Errors& errors) const {
            if (low > high) errors.add("low", "must not be over the high one");
        }
    };
    EXPECT_EQ(read_error<Checked>({{"LOW", "3"}}, ""), "LOW (given) must not be over the high one");
}

TEST(Settings, OneAtATime) {
    Settings const settings({{"A", "1"}, {"EMPTY", ""}, {"BAD", "x"}}, "");
    EXPECT_EQ(settings.get("A", "2"), "1");
    EXPECT_EQ(settings.get("B", "2"), "2");
    EXPECT_EQ(settings.get("EMPTY", "2"), "");
    EXPECT_EQ(settings.find("B"), std::nullopt);
    EXPECT_EQ(settings.value("A", 5), 1);
    EXPECT_EQ(settings.value("EMPTY", 5), 5);
    EXPECT_EQ(settings.value("B", 5), 5);
    EXPECT_THROW((void)settings.get("B"), SettingsError);
    try {
        (void)settings.value("BAD", 5);
        FAIL();
    } catch (SettingsError const& error) {
        EXPECT_STREQ(error.what(), "BAD (given) must be a whole number, not \"x\"");
    }
}

/// A directory that is gone afterwards.
class SettingsFiles : public testing::Test {
  protected:
    SettingsFiles() {
        std::string name = (std::filesystem::temp_directory_path() / "hxx-settings-XXXXXX").string();
        directory = ::mkdtemp(name.data());
    }
    ~SettingsFiles() override { std::filesystem::remove_all(directory); }
    std::string write(std::string const& name, std::string_view text) const {
        auto const path = (directory / name).string();
        std::ofstream(path, std::ios::binary) << text;
        return path;
    }
    std::filesystem::path directory;
};

TEST_F(SettingsFiles, TheEnvironmentWinsOverTheFile) {
    auto const file = write(".env", "HXX_TEST_A=file\nHXX_TEST_B=file\n");
    ::setenv("HXX_TEST_B", "environment", 1);
    Settings const settings({.env_file = file, .prefix = "HXX_TEST_"});
    ::unsetenv("HXX_TEST_B");
    EXPECT_EQ(settings.get("A"), "file");
    EXPECT_EQ(settings.get("B"), "environment");
}

TEST_F(SettingsFiles, ErrorsNameTheLine) {
    auto const file = write(".env", "\nHXX_TEST_PORT=abc\n");
    struct Only {
        int port = 1;
        Annotated<std::string, Secret{}> key;
    };
    try {
        (void)load_settings<Only>({.env_file = file, .prefix = "HXX_TEST_"});
        FAIL();
    } catch (SettingsError const& error) {
        EXPECT_EQ(std::string(error.what()), "HXX_TEST_PORT (" + file + ":2) must be a whole number, not \"abc\"\n" +
                                                 "HXX_TEST_KEY is not set: set it in the environment or in " + file);
    }
    auto const broken = write("broken.env", "A\n");
    EXPECT_THROW(Settings({.env_file = broken}), SettingsError);
}

TEST_F(SettingsFiles, AFileThatIsNotThereIsEmpty) {
    Settings const settings = Settings::load((directory / "none").string(), "HXX_TEST_");
    EXPECT_EQ(settings.get("A", "x"), "x");
    EXPECT_THROW(Settings({.env_file = directory.string()}), SettingsError); // there, but no file
}

TEST_F(SettingsFiles, SecretsMayBeInFilesOfTheirOwn) {
    auto const key = write("key", "s3cret\r\n");
    auto const empty = write("empty", "");
    Settings const settings({{"A", "direct"}, {"B_FILE", key}, {"C", ""}, {"D_FILE", empty}, {"E_FILE", "/no/such"}},
                            "");
    EXPECT_EQ(settings.secret("A"), "direct");
    EXPECT_EQ(settings.secret("B"), "s3cret");
    for (auto const* name : {"C", "D", "E", "F"}) EXPECT_THROW((void)settings.secret(name), SettingsError) << name;
}

} // namespace
} // namespace hxx
