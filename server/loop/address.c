#include "loop/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    uint8_t first[4];
    int n_bits;
} Block;

/* The registry of special-purpose addresses (RFC 6890 and what followed), multicast, and class E.
 */
static const Block special[] = {
    {{0, 0, 0, 0}, 8},      {{10, 0, 0, 0}, 8},     {{100, 64, 0, 0}, 10}, {{127, 0, 0, 0}, 8},
    {{169, 254, 0, 0}, 16}, {{172, 16, 0, 0}, 12},  {{192, 0, 0, 0}, 24},  {{192, 0, 2, 0}, 24},
    {{192, 88, 99, 0}, 24}, {{192, 168, 0, 0}, 16}, {{198, 18, 0, 0}, 15}, {{198, 51, 100, 0}, 24},
    {{203, 0, 113, 0}, 24}, {{224, 0, 0, 0}, 4},    {{240, 0, 0, 0}, 4},
};

static uint32_t number_of(const uint8_t bytes[4])
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static bool is_public_v4(const uint8_t bytes[4])
{
    uint32_t address = number_of(bytes);
    for (size_t i = 0; i < sizeof special / sizeof *special; i++) {
        uint32_t mask = UINT32_MAX << (32 - special[i].n_bits);
        if ((address & mask) == number_of(special[i].first))
            return false;
    }
    return true;
}

static bool is_mapped(const uint8_t bytes[16])
{
    static const uint8_t prefix[12] = {[10] = 0xFF, [11] = 0xFF};
    return memcmp(bytes, prefix, sizeof prefix) == 0;
}

static bool is_public_v6(const uint8_t bytes[16])
{
    static const uint8_t nat64[12] = {0x00, 0x64, 0xFF, 0x9B};
    if (is_mapped(bytes) || memcmp(bytes, nat64, sizeof nat64) == 0)
        return is_public_v4(bytes + 12);
    if (bytes[0] == 0x20 && bytes[1] == 0x02) /* 6to4 */
        return is_public_v4(bytes + 2);
    if ((bytes[0] & 0xE0) != 0x20) /* 2000::/3 is what is given out */
        return false;
    if (bytes[0] == 0x20 && bytes[1] == 0x01) /* 2001::/23: Teredo, ORCHID and their like */
        return (bytes[2] & 0xFE) != 0x00 && !(bytes[2] == 0x0D && bytes[3] == 0xB8);
    /* 3fff::/20 is for documentation. */
    return !(bytes[0] == 0x3F && bytes[1] == 0xFF && (bytes[2] & 0xF0) == 0);
}

/* Copied, because a sockaddr's alignment promises nothing of what is in it. */
static bool ipv4_of(const struct sockaddr *address, struct sockaddr_in *v4)
{
    if (address->sa_family != AF_INET)
        return false;
    memcpy(v4, address, sizeof *v4);
    return true;
}

static bool ipv6_of(const struct sockaddr *address, struct sockaddr_in6 *v6)
{
    if (address->sa_family != AF_INET6)
        return false;
    memcpy(v6, address, sizeof *v6);
    return true;
}

bool address_is_public(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    uint8_t bytes[4];
    if (ipv4_of(address, &v4)) {
        memcpy(bytes, &v4.sin_addr, sizeof bytes);
        return is_public_v4(bytes);
    }
    return ipv6_of(address, &v6) && is_public_v6(v6.sin6_addr.s6_addr);
}

unsigned address_port(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (ipv4_of(address, &v4))
        return ntohs(v4.sin_port);
    return ipv6_of(address, &v6) ? ntohs(v6.sin6_port) : 0;
}

bool address_is_loopback(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    uint8_t first;
    if (ipv4_of(address, &v4)) {
        memcpy(&first, &v4.sin_addr, 1);
        return first == 127;
    }
    if (!ipv6_of(address, &v6))
        return false;
    return memcmp(&v6.sin6_addr, &in6addr_loopback, sizeof in6addr_loopback) == 0 ||
           (is_mapped(v6.sin6_addr.s6_addr) && v6.sin6_addr.s6_addr[12] == 127);
}
