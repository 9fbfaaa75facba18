#!/usr/bin/env python3
"""stand_in.py TOOLS LOG - an MCP server with the tools of a JSON file, which are asked for at each listing. Each call is noted
in LOG and answered with a sentence."""
import json
import sys


def main():
    for line in sys.stdin:
        message = json.loads(line)
        if 'id' not in message:
            continue
        method, params = message['method'], message.get('params', {})
        if method == 'initialize':
            result = {'protocolVersion': params['protocolVersion'], 'capabilities': {'tools': {}}, 'serverInfo': {'name': 's', 'version': '1'}}
        elif method == 'tools/list':
            with open(sys.argv[1], encoding='utf-8') as file:
                result = {'tools': json.load(file)}
        elif method == 'tools/call':
            with open(sys.argv[2], 'a', encoding='utf-8') as log:
                log.write(json.dumps([params['name'], params['arguments']]) + '\n')
            result = {'content': [{'type': 'text', 'text': params['name'] + ' was called'}]}
        else:
            print(json.dumps({'jsonrpc': '2.0', 'id': message['id'], 'error': {'code': -32601, 'message': 'no'}}), flush=True)
            continue
        print(json.dumps({'jsonrpc': '2.0', 'id': message['id'], 'result': result}), flush=True)


if __name__ == '__main__':
    main()
