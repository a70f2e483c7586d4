#include "child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <system_error>

namespace hxx::test {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds patience{30};

[[noreturn]] void become(std::string const& program, std::vector<std::string> const& arguments,
                         Child::Setting const& setting) {
    if (::chdir(setting.directory.c_str()) != 0) ::_exit(126);
    for (auto const& variable : setting.environment) ::putenv(const_cast<char*>(variable.c_str()));
    std::vector<char*> argv{const_cast<char*>(program.c_str())};
    for (auto const& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    ::execv(program.c_str(), argv.data());
    ::_exit(127);
}

} // namespace

Child::Child(std::string const& program, std::vector<std::string> const& arguments, Setting const& setting) {
    int output[2], errors[2];
    if (::pipe2(output, O_CLOEXEC) != 0 || ::pipe2(errors, O_CLOEXEC) != 0)
        throw std::system_error(errno, std::system_category(), "pipe");
    process_ = ::fork();
    if (process_ < 0) throw std::system_error(errno, std::system_category(), "fork");
    if (process_ == 0) {
        ::dup2(output[1], STDOUT_FILENO);
        ::dup2(errors[1], STDERR_FILENO);
        become(program, arguments, setting);
    }
    ::close(output[1]);
    ::close(errors[1]);
    output_.descriptor = output[0];
    errors_.descriptor = errors[0];
}

Child::~Child() {
    if (process_ > 0) {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }
    for (auto const* stream : {&output_, &errors_})
        if (stream->descriptor >= 0) ::close(stream->descriptor);
}

// One read of whatever comes; false when nothing will come any more, or nothing came.
bool Child::read(int patience_ms) {
    pollfd ready[2] = {{output_.descriptor, POLLIN, 0}, {errors_.descriptor, POLLIN, 0}};
    if (output_.descriptor < 0 && errors_.descriptor < 0) return false;
    if (::poll(ready, 2, patience_ms) <= 0) return false;
    Stream* const streams[2] = {&output_, &errors_};
    for (int i = 0; i < 2; ++i) {
        if (ready[i].revents == 0) continue;
        char bytes[4096];
        auto const size = ::read(ready[i].fd, bytes, sizeof bytes);
        if (size > 0) {
            streams[i]->text.append(bytes, static_cast<std::size_t>(size));
        } else {
            ::close(ready[i].fd);
            streams[i]->descriptor = -1;
        }
    }
    return true;
}

bool Child::wait_for(Stream& stream, std::string_view text) {
    auto const until = Clock::now() + patience;
    while (stream.text.find(text) == std::string::npos)
        if (Clock::now() > until || !read(1000 * static_cast<int>(patience.count()))) return false;
    return true;
}

std::string Child::listening() {
    constexpr std::string_view start = "Listening on ";
    if (!prints(start) || !prints("\n")) return {};
    auto const from = output().find(start) + start.size();
    return output().substr(from, output().find('\n', from) - from);
}

std::uint16_t Child::port() {
    auto const url = listening();
    return static_cast<std::uint16_t>(std::atoi(url.c_str() + url.rfind(':') + 1));
}

void Child::signal(int number) const { ::kill(process_, number); }

Ended Child::ended() {
    auto const until = Clock::now() + patience;
    while (Clock::now() < until && read(1000 * static_cast<int>(patience.count()))) {
    }
    if (Clock::now() >= until) ::kill(process_, SIGKILL);
    int status = 0;
    ::waitpid(process_, &status, 0);
    process_ = -1;
    Ended how;
    if (WIFEXITED(status)) how.status = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) how.signal = WTERMSIG(status);
    return how;
}

} // namespace hxx::test
