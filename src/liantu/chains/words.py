"""Which node a product word means, where only one node says it."""

from __future__ import annotations

from liantu.kernel.word_lists import split_words


def node_of_word() -> dict[str, int]:
    """Word → node id, for names, synonyms and products that exactly one node of all chains claims.

    A node's own name or synonym wins over another node's product word.
    """
    from liantu.chains.models import ChainNode

    own: dict[str, set[int]] = {}
    product: dict[str, set[int]] = {}
    for pk, name, synonyms, products in ChainNode.objects.values_list("id", "name", "synonyms", "products"):
        for word in [name, *split_words(synonyms)]:
            own.setdefault(word, set()).add(pk)
        for word in split_words(products):
            product.setdefault(word, set()).add(pk)
    found = {word: next(iter(nodes)) for word, nodes in own.items() if word and len(nodes) == 1}
    for word, nodes in product.items():
        if word and word not in own and len(nodes) == 1:
            found[word] = next(iter(nodes))
    return found
