"""Fixed protocols that measure liantu on labelled data, beside naive baselines in the same run; ``liantu evaluate``.

Each protocol is a module with ``run(asked: Asked) -> list[Measure]``; it reads the folder that the user names and nothing else.
"""
