// The values that a request's dependencies made, kept until the response has been sent and then destroyed in reverse
// order.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace hxx {

class DependencyCache {
  public:
    DependencyCache() noexcept;
    DependencyCache(DependencyCache&&) noexcept;
    DependencyCache& operator=(DependencyCache&&) noexcept;
    ~DependencyCache();

    /// The value under that key; an empty optional if it was tried and its parameters were wrong; null if it is not
    /// there.
    template <class V>
    [[nodiscard]] std::optional<V>* find(void const* key) noexcept {
        auto* node = find_node(key);
        return node ? &static_cast<ValueNode<V>*>(node)->value : nullptr;
    }
    /// Keeps a value under a key (null: under none) at an address that stays the same.
    template <class V>
    std::optional<V>& add(void const* key, std::optional<V>&& value) {
        auto node = std::make_unique<ValueNode<V>>(key, std::move(value));
        auto& kept = node->value;
        add_node(std::move(node));
        return kept;
    }
    void clear() noexcept;
    [[nodiscard]] bool empty() const noexcept;

  private:
    struct Node {
        explicit Node(void const* node_key) : key(node_key) {}
        virtual ~Node() = default;
        void const* key;
    };
    template <class V>
    struct ValueNode final : Node {
        ValueNode(void const* node_key, std::optional<V>&& v) : Node(node_key), value(std::move(v)) {}
        std::optional<V> value;
    };
    Node* find_node(void const* key) noexcept;
    void add_node(std::unique_ptr<Node> node);

    std::vector<std::unique_ptr<Node>> nodes_;
};

} // namespace hxx
