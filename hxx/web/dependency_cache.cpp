#include "hxx/web/dependency_cache.hpp"

namespace hxx {

DependencyCache::DependencyCache() noexcept = default;
DependencyCache::DependencyCache(DependencyCache&&) noexcept = default;
DependencyCache& DependencyCache::operator=(DependencyCache&&) noexcept = default;
DependencyCache::~DependencyCache() { clear(); }

DependencyCache::Node* DependencyCache::find_node(void const* key) noexcept {
    for (auto& node : nodes_)
        if (node->key == key) return node.get();
    return nullptr;
}

void DependencyCache::add_node(std::unique_ptr<Node> node) { nodes_.push_back(std::move(node)); }

void DependencyCache::clear() noexcept {
    while (!nodes_.empty()) nodes_.pop_back();
}

bool DependencyCache::empty() const noexcept { return nodes_.empty(); }

} // namespace hxx
