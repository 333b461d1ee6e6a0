#ifndef CCURL_SHIM_H
#define CCURL_SHIM_H

#include <curl/curl.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// curl_easy_setopt is variadic, which Swift does not import: one function for each type of value.
// The brackets keep the macro of the same name, which checks types, out of the way.
static inline CURLcode ccurl_set_long(CURL *easy, CURLoption option, long value) {
  return (curl_easy_setopt)(easy, option, value);
}
static inline CURLcode ccurl_set_size(CURL *easy, CURLoption option, curl_off_t value) {
  return (curl_easy_setopt)(easy, option, value);
}
// libcurl copies the text.
static inline CURLcode ccurl_set_text(CURL *easy, CURLoption option, const char *value) {
  return (curl_easy_setopt)(easy, option, value);
}
static inline CURLcode ccurl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
  return (curl_easy_setopt)(easy, option, value);
}

// At least CURL_ERROR_SIZE bytes that outlive the handle.
static inline CURLcode ccurl_set_error_buffer(CURL *easy, char *buffer) {
  return (curl_easy_setopt)(easy, CURLOPT_ERRORBUFFER, buffer);
}

// Each callback together with its context.
static inline CURLcode ccurl_set_write(CURL *easy, curl_write_callback call, void *context) {
  CURLcode code = (curl_easy_setopt)(easy, CURLOPT_WRITEFUNCTION, call);
  return code ? code : (curl_easy_setopt)(easy, CURLOPT_WRITEDATA, context);
}
static inline CURLcode ccurl_set_header(CURL *easy, curl_write_callback call, void *context) {
  CURLcode code = (curl_easy_setopt)(easy, CURLOPT_HEADERFUNCTION, call);
  return code ? code : (curl_easy_setopt)(easy, CURLOPT_HEADERDATA, context);
}
static inline CURLcode ccurl_set_read(CURL *easy, curl_read_callback call, void *context) {
  CURLcode code = (curl_easy_setopt)(easy, CURLOPT_READFUNCTION, call);
  return code ? code : (curl_easy_setopt)(easy, CURLOPT_READDATA, context);
}
static inline CURLcode ccurl_set_seek(CURL *easy, curl_seek_callback call, void *context) {
  CURLcode code = (curl_easy_setopt)(easy, CURLOPT_SEEKFUNCTION, call);
  return code ? code : (curl_easy_setopt)(easy, CURLOPT_SEEKDATA, context);
}
static inline CURLcode ccurl_set_open_socket(
    CURL *easy, curl_opensocket_callback call, void *context) {
  CURLcode code = (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETFUNCTION, call);
  return code ? code : (curl_easy_setopt)(easy, CURLOPT_OPENSOCKETDATA, context);
}
static inline CURLcode ccurl_set_before_request(
    CURL *easy, curl_prereq_callback call, void *context) {
  CURLcode code = (curl_easy_setopt)(easy, CURLOPT_PREREQFUNCTION, call);
  return code ? code : (curl_easy_setopt)(easy, CURLOPT_PREREQDATA, context);
}

// Variadic as above. 0 where libcurl does not know.
static inline long ccurl_get_long(CURL *easy, CURLINFO info) {
  long value = 0;
  return (curl_easy_getinfo)(easy, info, &value) == CURLE_OK ? value : 0;
}
static inline curl_off_t ccurl_get_size(CURL *easy, CURLINFO info) {
  curl_off_t value = 0;
  return (curl_easy_getinfo)(easy, info, &value) == CURLE_OK ? value : 0;
}

// Variadic as above.
static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return (curl_multi_setopt)(multi, option, value);
}

// A function-like macro's value, and members of a union: the next transfer that has ended, or NULL.
static inline CURL *ccurl_multi_next_done(CURLM *multi, CURLcode *result) {
  int left = 0;
  CURLMsg *message;
  while ((message = curl_multi_info_read(multi, &left)) != NULL) {
    if (message->msg != CURLMSG_DONE) continue;
    *result = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}

// curl_global_init(CURL_GLOBAL_ALL): the flags are an expression of macros.
static inline CURLcode ccurl_global_init(void) { return curl_global_init(CURL_GLOBAL_ALL); }

// A macro with a cast, which is not imported.
static inline curl_socket_t ccurl_bad_socket(void) { return CURL_SOCKET_BAD; }

// What libcurl does without a callback, but not inherited by the programs that this one starts.
static inline curl_socket_t ccurl_open_socket(const struct curl_sockaddr *address) {
#ifdef SOCK_CLOEXEC
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#else
  curl_socket_t made = socket(address->family, address->socktype, address->protocol);
  if (made >= 0) fcntl(made, F_SETFD, FD_CLOEXEC);
  return made;
#endif
}

// The bytes of an IP address, which are in a struct that is longer than its declared type: their
// number (4 or 16), or 0 where it is no IP address.
static inline int ccurl_address_bytes(const struct curl_sockaddr *address, unsigned char *out) {
  if (address->family == AF_INET) {
    struct sockaddr_in value;
    memcpy(&value, &address->addr, sizeof value);
    memcpy(out, &value.sin_addr, 4);
    return 4;
  }
  if (address->family == AF_INET6) {
    struct sockaddr_in6 value;
    memcpy(&value, &address->addr, sizeof value);
    memcpy(out, &value.sin6_addr, 16);
    return 16;
  }
  return 0;
}

#endif
