// Jobs in memory.
#include "hxx/jobs/backend.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <tuple>
#include <utility>

namespace hxx {
namespace {

class MemoryJobs final : public JobBackend {
  public:
    Task<void> prepare() override { co_return; }

    Task<JobRecord> enqueue(JobRecord job) override {
        std::lock_guard const lock(mutex_);
        if (!job.key.empty())
            for (auto const& open : open_) {
                auto const& other = jobs_.at(open.id).record;
                if (other.key == job.key && other.name == job.name && other.owner == job.owner) co_return other;
            }
        job.version = 1;
        auto& kept = jobs_[job.id.str()];
        kept = {std::move(job), next_++};
        open_.insert(place_of(kept));
        co_return kept.record;
    }

    Task<std::optional<JobRecord>> claim(JobClaim claim) override {
        std::lock_guard const lock(mutex_);
        for (auto place = open_.begin(); place != open_.end() && place->due_at <= claim.now; ++place) {
            auto& kept = jobs_.at(place->id);
            auto& job = kept.record;
            if (!known(claim.names, job.name)) continue;
            open_.erase(place);
            job.state = JobState::Running;
            job.lease = std::move(claim.lease);
            job.due_at = claim.until;
            job.percent = 0;
            job.message.clear();
            ++job.attempts;
            if (!job.started_at) job.started_at = claim.now;
            ++job.version;
            open_.insert(place_of(kept));
            co_return job;
        }
        co_return std::nullopt;
    }

    Task<std::optional<JobTime>> next_due(std::vector<std::string> names) override {
        std::lock_guard const lock(mutex_);
        for (auto const& place : open_)
            if (known(names, jobs_.at(place.id).record.name)) co_return place.due_at;
        co_return std::nullopt;
    }

    Task<std::vector<JobRecord>> renew(std::vector<JobLease> held, JobTime until) override {
        std::lock_guard const lock(mutex_);
        std::vector<JobRecord> still;
        for (auto const& lease : held) {
            auto* const kept = find_held(lease);
            if (!kept) continue;
            open_.erase(place_of(*kept));
            kept->record.due_at = until;
            open_.insert(place_of(*kept));
            still.push_back(kept->record);
        }
        co_return still;
    }

    Task<std::optional<JobRecord>> progress(JobLease held, int percent, std::string message) override {
        std::lock_guard const lock(mutex_);
        auto* const kept = find_held(held);
        if (!kept) co_return std::nullopt;
        kept->record.percent = percent;
        kept->record.message = std::move(message);
        ++kept->record.version;
        co_return kept->record;
    }

    Task<std::optional<JobRecord>> end(JobOutcome outcome) override {
        std::lock_guard const lock(mutex_);
        auto* const kept = find_held(outcome.held);
        if (!kept) co_return std::nullopt;
        auto& job = kept->record;
        open_.erase(place_of(*kept));
        bool const dropped = outcome.state == JobState::Queued && job.cancel_requested;
        job.state = dropped ? JobState::Cancelled : outcome.state;
        job.result = std::move(outcome.result);
        job.error = std::move(outcome.error);
        job.cause = std::move(outcome.cause);
        job.lease.clear();
        job.due_at = outcome.due_at;
        if (job.state == JobState::Done) job.percent = 100;
        if (outcome.handed_back) --job.attempts;
        if (is_final(job.state)) job.finished_at = outcome.now;
        ++job.version;
        if (!is_final(job.state)) open_.insert(place_of(*kept));
        co_return job;
    }

    Task<std::optional<JobRecord>> cancel(JobId id, JobTime now) override {
        std::lock_guard const lock(mutex_);
        auto const found = jobs_.find(id.str());
        if (found == jobs_.end()) co_return std::nullopt;
        auto& job = found->second.record;
        if (!is_final(job.state)) {
            job.cancel_requested = true;
            ++job.version;
        }
        if (job.state == JobState::Queued) {
            open_.erase(place_of(found->second));
            job.state = JobState::Cancelled;
            job.finished_at = now;
        }
        co_return job;
    }

    Task<std::optional<JobRecord>> find(JobId id) override {
        std::lock_guard const lock(mutex_);
        auto const found = jobs_.find(id.str());
        if (found == jobs_.end()) co_return std::nullopt;
        co_return found->second.record;
    }

    Task<std::vector<JobRecord>> list(JobFilter filter) override {
        std::lock_guard const lock(mutex_);
        std::vector<Kept const*> matching;
        for (auto const& [id, kept] : jobs_) {
            auto const& job = kept.record;
            if ((!filter.owner || *filter.owner == job.owner) && (!filter.state || *filter.state == job.state) &&
                (!filter.name || *filter.name == job.name))
                matching.push_back(&kept);
        }
        std::ranges::sort(matching, std::greater(), &Kept::number);
        if (matching.size() > filter.limit) matching.resize(filter.limit);
        std::vector<JobRecord> result;
        result.reserve(matching.size());
        for (auto const* kept : matching) result.push_back(kept->record);
        co_return result;
    }

    Task<std::size_t> purge(JobTime finished_before, std::size_t limit) override {
        std::lock_guard const lock(mutex_);
        std::size_t gone = 0;
        for (auto next = jobs_.begin(); next != jobs_.end() && gone < limit;) {
            auto const& finished_at = next->second.record.finished_at;
            if (finished_at && *finished_at < finished_before) {
                next = jobs_.erase(next);
                ++gone;
            } else {
                ++next;
            }
        }
        co_return gone;
    }

  private:
    struct Kept {
        JobRecord record;
        std::uint64_t number = 0; // in the order of enqueueing
    };
    /// Of a job that is queued or running.
    struct Place {
        JobTime due_at;
        std::uint64_t number = 0;
        std::string id;
        friend bool operator<(Place const& one, Place const& other) noexcept {
            return std::tie(one.due_at, one.number) < std::tie(other.due_at, other.number);
        }
    };

    static Place place_of(Kept const& kept) { return {kept.record.due_at, kept.number, kept.record.id.str()}; }
    static bool known(std::vector<std::string> const& names, std::string const& name) {
        return std::ranges::find(names, name) != names.end();
    }
    Kept* find_held(JobLease const& held) {
        auto const found = jobs_.find(held.id.str());
        if (found == jobs_.end()) return nullptr;
        auto const& job = found->second.record;
        return job.state == JobState::Running && job.lease == held.lease ? &found->second : nullptr;
    }

    std::mutex mutex_;
    std::map<std::string, Kept> jobs_;
    std::set<Place> open_;
    std::uint64_t next_ = 0;
};

} // namespace

JobStatus JobRecord::status() const {
    JobStatus status;
    status.id = id;
    status.name = name;
    status.state = state;
    status.finished = is_final(state);
    status.percent = percent;
    status.message = message;
    status.result = JobResult(result);
    status.error = error;
    status.attempts = attempts;
    status.max_attempts = max_attempts;
    status.created_at = created_at;
    status.started_at = started_at;
    status.finished_at = finished_at;
    status.version = version;
    return status;
}

std::shared_ptr<JobBackend> memory_jobs() { return std::make_shared<MemoryJobs>(); }

} // namespace hxx
