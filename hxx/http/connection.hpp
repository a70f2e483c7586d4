// One HTTP/1.1 connection, as a state machine of callbacks on its worker's loop. A small request costs one recv, one
// send and no coroutine.
//
// What it waits for keeps it alive: each pending operation holds a Pointer. Where nothing is pending, it ends.
#pragma once

#include "hxx/http/chunked.hpp"
#include "hxx/http/handler.hpp"
#include "hxx/http/input_buffer.hpp"
#include "hxx/http/output.hpp"
#include "hxx/http/parser.hpp"
#include "hxx/http/shard.hpp"

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <string_view>

namespace hxx::http {

/// Room for the one operation that waits for bytes, so that it is not allocated for each request.
class OperationMemory {
  public:
    void* allocate(std::size_t size) {
        if (used_ || size > sizeof bytes_) return ::operator new(size);
        used_ = true;
        return bytes_;
    }
    void deallocate(void* at) noexcept {
        if (at == bytes_) {
            used_ = false;
        } else {
            ::operator delete(at);
        }
    }

  private:
    alignas(std::max_align_t) std::byte bytes_[256];
    bool used_ = false;
};

/// What an exception says, for the log.
[[nodiscard]] std::string describe(std::exception_ptr const& error);

class Connection final : public ConnectionHook, private BodyReader {
  public:
    using Pointer = boost::intrusive_ptr<Connection>;

    /// Takes the descriptor over and begins to read.
    static void open(std::shared_ptr<Shard> shard, int descriptor);
    ~Connection() override;

    [[nodiscard]] bool overdue(Shard::Milliseconds now) const noexcept { return deadline_ <= now; }
    void on_deadline();
    /// The server stops: ends when its request is answered, or soon if there is none.
    void stop();
    /// Ends now.
    void cut() noexcept;

    friend void intrusive_ptr_add_ref(Connection* connection) noexcept { ++connection->references_; }
    friend void intrusive_ptr_release(Connection* connection) noexcept {
        if (--connection->references_ == 0) delete connection;
    }

  private:
    using Milliseconds = Shard::Milliseconds;
    using Socket =
        boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, boost::asio::io_context::executor_type>;
    static constexpr Milliseconds never = std::numeric_limits<Milliseconds>::max();

    enum class State : std::uint8_t {
        Idle,      // between requests
        Head,      // within a request's head
        Body,      // within a body that is read before the handler is called
        Ready,     // the handler is to be called
        Handling,  // handle_async is suspended
        Streaming, // a StreamBody is being sent
        Writing,   // an answer is on its way
        Draining,  // within a body that the handler did not want
        Lingering, // all is sent; the client's last bytes are read, lest a reset takes our answer from it
        Closed,
    };
    struct OnRead;

    Connection(std::shared_ptr<Shard> shard, int descriptor);

    // connection.cpp: reading, deadlines, the end
    void arm_read();
    void stop_reading() noexcept;
    void on_read(boost::system::error_code const& error, std::size_t size);
    void on_read_end(bool lost);
    void process();
    bool step();
    void wait_for_client();
    void watch(Milliseconds deadline) noexcept;
    void start_body_clock() noexcept;
    void stop_body_clock() noexcept;
    void start_write_clock() noexcept;
    [[nodiscard]] Milliseconds body_deadline() const noexcept;
    [[nodiscard]] Milliseconds write_deadline() const noexcept;
    [[nodiscard]] Milliseconds time_for(std::chrono::milliseconds base, std::uint64_t bytes) const noexcept;
    void end_idle() noexcept;
    void linger() noexcept;
    void abort() noexcept;
    void close() noexcept;
    void release_request() noexcept;

    // connection_request.cpp: from bytes to the handler
    bool read_head();
    bool begin_body();
    bool read_body();
    bool read_chunks();
    bool drain();
    void ask_for_body();
    void call_handler();
    void start_handler_clock() noexcept;
    void on_handled(std::exception_ptr error);
    void answer_failure(std::exception_ptr const& error);
    bool take_piece(std::string_view& piece);
    Task<std::string_view> read() override;
    Task<void> wait_for_body();

    // connection_response.cpp: from the handler's answer to bytes
    void refuse(int status, std::string_view reason);
    void respond(); // process() sends it
    void settle_request_body();
    void add_body();
    void start_stream();
    Task<void> run_stream();
    void append_piece(std::string_view piece);
    void flush_soon();
    void keep_stream_alive();
    [[nodiscard]] Milliseconds keepalive_deadline() const noexcept;
    Task<void> wait_written();
    void on_streamed(std::exception_ptr error);
    bool finish_response();
    void response_written();
    bool flush();
    void wait_writable();
    void on_writable(boost::system::error_code const& error);

    // What each request needs stands together: between two requests it falls out of the processor's first cache.
    std::size_t references_ = 0;
    State state_ = State::Idle;
    Framing::Kind body_kind_ = Framing::Kind::None;
    bool keep_alive_ = true;
    bool body_done_ = true;
    bool body_apart_ = false;       // Content-Length bytes go into body_
    bool expects_continue_ = false; // and has not been told to go on
    bool fresh_ = true;             // no request has been answered yet
    bool processing_ = false;       // process() is on the stack
    bool reading_ = false;          // a read is pending
    bool reading_body_ = false;     // into body_
    bool waiting_for_body_ = false; // read() is suspended
    bool timed_out_ = false;        // by the server
    bool ended_ = false;            // the client sends no more
    bool blocked_ = false;          // output_ waits for the socket
    bool stream_blocked_ = false;   // and run_stream for it
    bool in_handler_ = false;       // handle was called, sent was not
    bool coroutine_ = false;        // handle_async or run_stream runs
    bool chunked_ = false;          // the response is
    bool endless_ = false;          // the response is an event stream
    bool told_ = false;             // that the server stops
    bool late_ = false;             // the coroutine was cancelled because its time was over
    bool flush_posted_ = false;     // by flush_soon()
    std::size_t answered_ = 0;      // since the last time others got their turn
    Milliseconds deadline_ = never;
    Milliseconds head_deadline_ = never;
    Milliseconds handler_deadline_ = never; // only while it runs
    Milliseconds active_at_ = 0;            // when the last response ended or the connection began
    std::uint64_t body_left_ = 0;           // of Content-Length, not yet taken from input_
    std::shared_ptr<Shard> const shard_;
    std::unique_ptr<Request> const request_;
    InputBuffer input_;
    Output output_;
    Socket socket_;
    OperationMemory read_memory_;
    HeadParser parser_;
    Plan plan_;
    Response response_;

    Peer const peer_;
    InputBuffer body_; // of a request whose body is too large for input_, or chunked
    ChunkDecoder chunks_;
    boost::asio::cancellation_signal cancel_; // of the coroutine that runs
    std::size_t lingered_ = 0;                // bytes
    std::uint64_t body_received_ = 0;         // of this request, for the limit and the least rate
    Milliseconds body_since_ = 0;             // when the wait for bytes of a body began
    Milliseconds body_waited_ = 0;            // of this request, in earlier waits
    Milliseconds blocked_since_ = 0;
    std::uint64_t blocked_sent_ = 0; // output_.sent() at that time
    Milliseconds moved_at_ = 0;      // when the blocked socket last took something
    Milliseconds keepalive_ = 0;     // how long a stream may be silent; 0: for ever
    Milliseconds piece_at_ = 0;      // when it last was not
};

} // namespace hxx::http
