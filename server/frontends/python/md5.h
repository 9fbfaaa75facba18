/* md5.h — MD5 (RFC 1321), with which SQLAlchemy shortens generated names. For nothing else: it is
 * no protection against anybody. Pure. */
#ifndef FRONTENDS_PYTHON_MD5_H
#define FRONTENDS_PYTHON_MD5_H

#include "base/str.h"

/* 32 lower-case hexadecimal digits. */
void md5_hex(Str bytes, char out[32]);

#endif
