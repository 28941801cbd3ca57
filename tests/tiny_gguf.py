"""A language model of 100 kB with random weights, in llama.cpp's own file format.

What it says is noise, but the real runtime loads it, reads prompts, fills slots, obeys grammars.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

_WIDTH, _INNER, _CONTEXT, _ALIGNMENT = 32, 64, 4096, 32
_UINT32, _INT32, _FLOAT32, _BOOL, _STRING, _ARRAY = 4, 5, 6, 7, 8, 9
_NORMAL, _UNKNOWN, _CONTROL, _BYTE = 1, 2, 3, 6
_TOKENS = 4 + 256  # the space has one of its own, as in models of this family
_TEMPLATE = (
    "{% for m in messages %}<{{ m.role }}>{{ m.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)


def write_tiny_gguf(path: Path, *, chats: bool = True) -> Path:
    """Write the model to `path`: one layer, one token for each byte. The same file each time."""
    fields, tensors = _fields(chats), _tensors()
    head = struct.pack("<4sIQQ", b"GGUF", 3, len(tensors), len(fields))
    head += b"".join(_text(name) + value for name, value in fields.items())
    place = 0
    for name, tensor in tensors.items():
        sizes = tensor.shape[::-1]
        head += _text(name) + struct.pack(f"<I{len(sizes)}QIQ", len(sizes), *sizes, 0, place)
        place += len(_padded(tensor.tobytes()))
    path.write_bytes(_padded(head) + b"".join(_padded(one.tobytes()) for one in tensors.values()))
    return path


def _fields(chats: bool) -> dict[str, bytes]:
    pieces = ["<unk>", "<s>", "</s>", "\u2581", *(f"<0x{byte:02X}>" for byte in range(256))]
    kinds = [_UNKNOWN, _CONTROL, _CONTROL, _NORMAL, *[_BYTE] * 256]
    numbers = {
        "llama.context_length": _CONTEXT,
        "llama.embedding_length": _WIDTH,
        "llama.block_count": 1,
        "llama.feed_forward_length": _INNER,
        "llama.attention.head_count": 2,
        "tokenizer.ggml.unknown_token_id": 0,
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
    }
    texts = {"general.architecture": "llama", "tokenizer.ggml.model": "llama"}
    if chats:
        texts["tokenizer.chat_template"] = _TEMPLATE
    scores = struct.pack(f"<IQ{len(pieces)}f", _FLOAT32, len(pieces), *[0.0] * len(pieces))
    return {
        **{name: struct.pack("<I", _STRING) + _text(text) for name, text in texts.items()},
        **{name: struct.pack("<II", _UINT32, number) for name, number in numbers.items()},
        "llama.attention.layer_norm_rms_epsilon": struct.pack("<If", _FLOAT32, 1e-5),
        "tokenizer.ggml.add_space_prefix": struct.pack("<I?", _BOOL, False),
        "tokenizer.ggml.tokens": struct.pack("<IIQ", _ARRAY, _STRING, len(pieces))
        + b"".join(map(_text, pieces)),
        "tokenizer.ggml.scores": struct.pack("<I", _ARRAY) + scores,
        "tokenizer.ggml.token_type": struct.pack(
            f"<IIQ{len(kinds)}i", _ARRAY, _INT32, len(kinds), *kinds
        ),
    }


def _tensors() -> dict[str, np.ndarray]:
    chance = np.random.default_rng(5)
    shapes = {
        "token_embd.weight": (_TOKENS, _WIDTH),
        "output.weight": (_TOKENS, _WIDTH),
        **{f"blk.0.attn_{part}.weight": (_WIDTH, _WIDTH) for part in ("q", "k", "v", "output")},
        "blk.0.ffn_gate.weight": (_INNER, _WIDTH),
        "blk.0.ffn_up.weight": (_INNER, _WIDTH),
        "blk.0.ffn_down.weight": (_WIDTH, _INNER),
    }
    norms = ("output_norm.weight", "blk.0.attn_norm.weight", "blk.0.ffn_norm.weight")
    return {
        **{name: chance.normal(0, 0.3, shape).astype("<f4") for name, shape in shapes.items()},
        **{name: np.ones(_WIDTH, "<f4") for name in norms},
    }


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def _padded(content: bytes) -> bytes:
    return content + b"\0" * (-len(content) % _ALIGNMENT)
