#include "CFFmpegLog.h"

#include <libavutil/log.h>
#include <stdarg.h>
#include <string.h>

static _Thread_local char last[1024];

static void keep(void *object, int level, const char *format, va_list arguments) {
  if (level > AV_LOG_ERROR) return;
  // Without the prefix, which holds an address.
  int prefix = 0;
  char line[sizeof last];
  av_log_format_line2(object, level, format, arguments, line, sizeof line, &prefix);
  size_t length = strlen(line);
  while (length && (line[length - 1] == '\n' || line[length - 1] == '\r')) line[--length] = 0;
  if (length) memcpy(last, line, length + 1);
}

void vg_log_install(void) { av_log_set_callback(keep); }

void vg_log_clear(void) { last[0] = 0; }

const char *vg_log_last(void) { return last; }
