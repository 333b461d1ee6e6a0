// An interposer for LD_PRELOAD: tests load it into a program, nothing links it. See fault.c.
#ifndef VIDGIT_FAULT_H
#define VIDGIT_FAULT_H
#endif
