#include "hxx/http/output.hpp"

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

namespace hxx::http {
namespace {

constexpr std::uint64_t file_step = 1024 * 1024;
constexpr std::uint64_t file_turn = 4 * file_step;

} // namespace

void Output::append_chunk(std::string_view piece) {
    char size[18];
    auto* const end = std::to_chars(size, size + 16, piece.size(), 16).ptr;
    end[0] = '\r';
    end[1] = '\n';
    bytes_.append(size, static_cast<std::size_t>(end - size) + 2).append(piece).append("\r\n");
}

Output::Result Output::write(int socket) noexcept {
    if (file_left_ == 0) return write_bytes(socket);
    auto const result = write_bytes(socket);
    return result == Result::All ? write_file(socket) : result;
}

Output::Result Output::write_bytes(int socket) noexcept {
    int const flags = MSG_NOSIGNAL | MSG_DONTWAIT | (file_left_ != 0 ? MSG_MORE : 0);
    for (;;) {
        auto const left = bytes_.size() - at_;
        if (left == 0 && tail_.empty()) break;
        ssize_t taken;
        if (tail_.empty()) {
            taken = ::send(socket, bytes_.data() + at_, left, flags);
        } else {
            iovec parts[2] = {{bytes_.data() + at_, left}, {const_cast<char*>(tail_.data()), tail_.size()}};
            msghdr message{};
            message.msg_iov = parts;
            message.msg_iovlen = 2;
            taken = ::sendmsg(socket, &message, flags);
        }
        if (taken < 0) {
            if (errno == EINTR) continue;
            return errno == EAGAIN || errno == EWOULDBLOCK ? Result::Blocked : Result::Lost;
        }
        auto const size = static_cast<std::size_t>(taken);
        sent_ += size;
        auto const first = std::min(size, left);
        at_ += first;
        tail_.remove_prefix(size - first);
    }
    at_ = 0;
    recycle(bytes_);
    return Result::All;
}

Output::Result Output::write_file(int socket) noexcept {
    std::uint64_t turn = 0;
    while (file_left_ != 0) {
        if (turn >= file_turn) return Result::Blocked; // others want to be served as well
        auto offset = static_cast<off_t>(file_offset_);
        auto const taken = ::sendfile(socket, file_, &offset, std::min(file_left_, file_step));
        if (taken < 0) {
            if (errno == EINTR) continue;
            return errno == EAGAIN || errno == EWOULDBLOCK ? Result::Blocked : Result::Lost;
        }
        if (taken == 0) return Result::Lost; // the file is shorter than it was when its length was promised
        auto const size = static_cast<std::uint64_t>(taken);
        file_offset_ += size;
        file_left_ -= size;
        sent_ += size;
        turn += size;
    }
    return Result::All;
}

void Output::clear() noexcept {
    recycle(bytes_);
    at_ = 0;
    tail_ = {};
    file_left_ = 0;
}

} // namespace hxx::http
