#!/usr/bin/env python3
"""What the conformance suite starts as the client: it gets a server's URL as its last word, and makes `lintel mcp` list the tools
there and call those that the scenario is about."""
import json
import os
import subprocess
import sys

LINTEL, URL = os.environ['LINTEL'], sys.argv[-1]
SCENARIO = os.environ['MCP_CONFORMANCE_SCENARIO']
CONTEXT = json.loads(os.environ.get('MCP_CONFORMANCE_CONTEXT') or '{}')


def lintel(*words):
    return subprocess.run([LINTEL, 'mcp', *words], stdout=subprocess.PIPE, text=True, timeout=60, check=False)


def call(tool, arguments):
    return lintel('call', URL, tool, json.dumps(arguments))


def argument_for(schema):
    return {'integer': 5, 'number': 5, 'boolean': True, 'string': 'text', 'object': {}, 'array': []}.get(schema.get('type'), 'text')


def main():
    listed = lintel('tools', URL, '--format', 'json')
    tools = json.loads(listed.stdout) if listed.returncode == 0 else []
    if SCENARIO == 'http-custom-headers':
        for wanted in CONTEXT['toolCalls']:
            call(wanted['name'], wanted['arguments'])
    elif SCENARIO == 'json-schema-2020-12-preservation':
        rich = max(tools, key=lambda tool: len(json.dumps(tool['inputSchema'])))
        echo = next(tool for tool in tools if tool is not rich)
        call(echo['name'], {'schema': rich['inputSchema']})
    elif SCENARIO == 'json-schema-ref-no-deref':
        pass  # the tools were listed: that is what could have fetched something
    else:
        for tool in tools:
            schema = tool['inputSchema']
            call(tool['name'], {name: argument_for(part) for name, part in schema.get('properties', {}).items()})
    sys.exit(0 if listed.returncode == 0 else 1)


if __name__ == '__main__':
    main()
