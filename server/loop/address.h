/* address.h — which network addresses belong to the public internet.
 *
 * What a model asks to fetch must not reach the machine itself, its network, or the services
 * that clouds put on link-local addresses. A name says nothing of that, so the address that is
 * about to be connected to is asked about. Pure. */
#ifndef LOOP_ADDRESS_H
#define LOOP_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* False for everything that is private, local, reserved, multicast or for documentation, also
 * inside an IPv6 address (mapped, NAT64, 6to4), and for families other than IPv4 and IPv6. */
bool address_is_public(const struct sockaddr *address);

/* The port of an IPv4 or IPv6 address; 0 for others. */
unsigned address_port(const struct sockaddr *address);

bool address_is_loopback(const struct sockaddr *address);

#endif
