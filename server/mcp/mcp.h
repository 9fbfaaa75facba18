/* mcp.h — Lintel as a server of the Model Context Protocol, on standard input and output.
 *
 * For a coding agent that wants to ask the architect: lint, schema, explain and report of the
 * working folder. Nothing is written, nothing leaves the machine, no model is asked: the caller is
 * one. Both eras of the protocol: the handshake of 2025-11-25 and before, and 2026-07-28, which
 * says in each request what it is. Requests are answered one after the other. */
#ifndef MCP_MCP_H
#define MCP_MCP_H

/* Serves until the input ends. Returns the exit status. */
int mcp_main(void);

#endif
