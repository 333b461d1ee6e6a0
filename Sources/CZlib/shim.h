#ifndef CZLIB_SHIM_H
#define CZLIB_SHIM_H

// compressBound and compress2 are all that is used: deflateInit and its kin are macros that
// Swift does not import.
#include <zlib.h>

#endif
