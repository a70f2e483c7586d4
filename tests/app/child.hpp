// A program in a process of its own, with its output and exit status.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace hxx::test {

/// How a process ended: its exit status, or the signal that killed it.
struct Ended {
    int status = -1;
    int signal = 0;
    friend bool operator==(Ended const&, Ended const&) = default;
};

class Child {
  public:
    struct Setting {
        std::string directory = "/";          // its current directory
        std::vector<std::string> environment; // "NAME=value", added to this process's
    };
    Child(std::string const& program, std::vector<std::string> const& arguments, Setting const& setting);
    /// Kills it if it still runs.
    ~Child();
    Child(Child const&) = delete;
    Child& operator=(Child const&) = delete;

    /// Waits until standard output holds that text, or ends; half a minute at most. False if it does not come.
    bool prints(std::string_view text) { return wait_for(output_, text); }
    bool reports(std::string_view text) { return wait_for(errors_, text); }
    /// What it has written so far to standard output and standard error.
    [[nodiscard]] std::string const& output() const noexcept { return output_.text; }
    [[nodiscard]] std::string const& errors() const noexcept { return errors_.text; }
    /// Waits for the line "Listening on …" and gives what follows; empty if it does not come.
    std::string listening();
    /// The port at the end of that line.
    std::uint16_t port();
    void signal(int number) const;
    /// Waits until it has ended by itself and reads the rest of its output; after half a minute it is killed.
    Ended ended();

  private:
    struct Stream {
        int descriptor = -1;
        std::string text;
    };
    bool read(int patience_ms);
    bool wait_for(Stream& stream, std::string_view text);

    pid_t process_ = -1;
    Stream output_, errors_;
};

} // namespace hxx::test
