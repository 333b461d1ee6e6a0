// libavutil's log, kept by thread. In C because a log callback takes a va_list, and because the
// Swift importer does not emit thread-local variables.
#ifndef CFFMPEG_LOG_H
#define CFFMPEG_LOG_H

// Keeps the last error line of each thread from now on, and prints nothing.
void vg_log_install(void);

// Forgets what the calling thread has logged.
void vg_log_clear(void);

// The last error line of the calling thread; empty where there was none.
const char *vg_log_last(void);

#endif
