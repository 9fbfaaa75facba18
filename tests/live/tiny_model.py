#!/usr/bin/env python3
"""Writes a language model of two megabytes that knows one conversation: asked by a user it looks at a file, and given the result it
writes a report. Its weights are set by hand: each token is one direction, and the output layer leads from each to the next. So a real
inference server, with its tokenizer, sampler, template, tool parser and stream, says something known.

    tiny_model.py FILE.gguf
"""
import array
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'consult'))
from mock_server import HEADINGS  # noqa: E402

ASKED, TOLD = '<|asked|>', '<|told|>'  # how the template ends a prompt: by a question, or by the result of a tool
# Pieces that the server's grammar of a tool call may cut between: a string's quotes are ends of tokens.
CALL = ['I look at the rules.', '\n<tool_call>\n', '{"name": "Read", "arguments": {"file_path": "', '.claude/rules.md', '"}}', '\n</tool_call>']
REPORT = ['### Database Architecture Analysis Report\n']
for number, heading in enumerate(HEADINGS, 1):
    REPORT += ['\n**%s**\n\n' % heading, '- Point %d: keep the table small.\n' % number]

TEMPLATE = r"""
{%- if messages[0].role == 'system' %}{%- set system = messages[0].content %}{%- else %}{%- set system = '' %}{%- endif %}
{{- '<|im_start|>system\n' + system }}
{%- if tools %}
    {{- '\n\n# Tools\n\nYou may call functions. Their signatures are within <tools></tools>:\n<tools>' }}
    {%- for tool in tools %}{{- '\n' }}{{- tool | tojson }}{%- endfor %}
    {{- '\n</tools>\n\nA call is a JSON object within <tool_call></tool_call>:\n<tool_call>\n{"name": NAME, "arguments": OBJECT}\n</tool_call>' }}
{%- endif %}
{{- '<|im_end|>\n' }}
{%- for message in messages %}
    {%- if message.role == 'user' %}
        {{- '<|im_start|>user\n' + message.content + '<|im_end|>\n' }}
    {%- elif message.role == 'assistant' %}
        {{- '<|im_start|>assistant\n' }}{%- if message.content %}{{- message.content }}{%- endif %}
        {%- for call in message.tool_calls or [] %}
            {{- '\n<tool_call>\n{"name": "' + call.function.name + '", "arguments": ' }}{{- call.function.arguments | tojson }}{{- '}\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\n' }}
    {%- elif message.role == 'tool' %}
        {{- '<|im_start|>user\n<tool_response>\n' + message.content + '\n</tool_response><|im_end|>\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {%- if messages[-1].role == 'tool' %}{{- 'TOLD' }}{%- else %}{{- 'ASKED' }}{%- endif %}
{%- endif %}
""".replace('TOLD', TOLD).replace('ASKED', ASKED).strip()

NORMAL, UNKNOWN, CONTROL, OWN, BYTE = 1, 2, 3, 4, 6  # kinds of tokens
BEGIN, END = 1, 2
WORDS = [ASKED, TOLD] + CALL + REPORT
TOKENS = [('<unk>', UNKNOWN), ('<s>', CONTROL), ('</s>', CONTROL)] + [('<0x%02X>' % i, BYTE) for i in range(256)]
TOKENS += [(word, CONTROL if word in (ASKED, TOLD) else OWN) for word in WORDS]
INDEX = {text: i for i, (text, _) in enumerate(TOKENS)}
N_TOKENS = len(TOKENS)
WIDTH = (N_TOKENS + 31) // 32 * 32
# It needs no attention, so it has little: prompts are long, each byte is a token.
HEADS, HEAD_WIDTH, INNER, CONTEXT = 1, 32, 32, 131072


def followers():
    """What comes after each token; everything else ends."""
    after = [END] * N_TOKENS
    for first, words in ((ASKED, CALL), (TOLD, REPORT)):
        at = INDEX[first]
        for word in words:
            after[at] = INDEX[word]
            at = INDEX[word]
    return after


def text(value):
    data = value.encode()
    return struct.pack('<Q', len(data)) + data


def metadata():
    """The keys of the file, in the format's binary form."""
    pack = {int: lambda v: struct.pack('<II', 4, v), float: lambda v: struct.pack('<If', 6, v), bool: lambda v: struct.pack('<IB', 7, v),
            str: lambda v: struct.pack('<I', 8) + text(v)}
    head = 'llama.attention.head_count'
    values = {'general.architecture': 'llama', 'general.name': 'tiny', 'general.alignment': 32, 'llama.context_length': CONTEXT,
              'llama.embedding_length': WIDTH, 'llama.block_count': 1, 'llama.feed_forward_length': INNER, head: HEADS, head + '_kv': HEADS,
              'llama.attention.layer_norm_rms_epsilon': 1e-6, 'llama.rope.dimension_count': HEAD_WIDTH,
              'llama.attention.key_length': HEAD_WIDTH, 'llama.attention.value_length': HEAD_WIDTH, 'llama.vocab_size': N_TOKENS,
              'tokenizer.ggml.model': 'llama', 'tokenizer.ggml.bos_token_id': BEGIN, 'tokenizer.ggml.eos_token_id': END,
              'tokenizer.ggml.unknown_token_id': 0, 'tokenizer.ggml.add_bos_token': True, 'tokenizer.ggml.add_space_prefix': False,
              'tokenizer.chat_template': TEMPLATE}
    pairs = [text(key) + pack[type(value)](value) for key, value in values.items()]
    lists = [('tokenizer.ggml.tokens', 8, b''.join(text(word) for word, _ in TOKENS)),
             ('tokenizer.ggml.scores', 6, bytes(4 * N_TOKENS)),
             ('tokenizer.ggml.token_type', 5, struct.pack('<%di' % N_TOKENS, *(kind for _, kind in TOKENS)))]
    return pairs + [text(key) + struct.pack('<IIQ', 9, kind, N_TOKENS) + data for key, kind, data in lists]


def matrix(columns, rows, ones=(), value=1.0):
    """Zeros but for `value` at (column, row)."""
    data = array.array('f', bytes(4 * columns * rows))
    for column, row in ones:
        data[row * columns + column] = value
    return (columns, rows), data


def tensors():
    ones = (WIDTH,), array.array('f', [1.0] * WIDTH)
    yield 'token_embd.weight', *matrix(WIDTH, N_TOKENS, ((i, i) for i in range(N_TOKENS)))
    yield 'output_norm.weight', *ones
    yield 'output.weight', *matrix(WIDTH, N_TOKENS, ((i, next_one) for i, next_one in enumerate(followers())), 3.0)
    # A layer that adds nothing.
    yield 'blk.0.attn_norm.weight', *ones
    for name in ('q', 'k', 'v'):
        yield 'blk.0.attn_%s.weight' % name, *matrix(WIDTH, HEADS * HEAD_WIDTH)
    yield 'blk.0.attn_output.weight', *matrix(HEADS * HEAD_WIDTH, WIDTH)
    yield 'blk.0.ffn_norm.weight', *ones
    yield 'blk.0.ffn_gate.weight', *matrix(WIDTH, INNER)
    yield 'blk.0.ffn_up.weight', *matrix(WIDTH, INNER)
    yield 'blk.0.ffn_down.weight', *matrix(INNER, WIDTH)


def main():
    pairs, infos, data = metadata(), [], b''
    for name, shape, values in tensors():
        infos.append(text(name) + struct.pack('<I', len(shape)) + b''.join(struct.pack('<Q', n) for n in shape) + struct.pack('<IQ', 0, len(data)))
        data += values.tobytes()
        data += bytes(-len(data) % 32)
    head = b'GGUF' + struct.pack('<IQQ', 3, len(infos), len(pairs)) + b''.join(pairs) + b''.join(infos)
    with open(sys.argv[1], 'wb') as file:
        file.write(head + bytes(-len(head) % 32) + data)


if __name__ == '__main__':
    main()
