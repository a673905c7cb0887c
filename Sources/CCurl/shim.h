// libcurl's setters are variadic, which Swift does not import: each kind of value has one typed inline function.
#pragma once
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

typedef size_t (*curl_stream)(char *bytes, size_t size, size_t count, void *owner);
typedef int (*curl_prereq)(void *owner, char *remote, char *local, int remote_port, int local_port);
typedef int (*curl_seek)(void *owner, curl_off_t offset, int origin);
typedef int (*curl_opened)(void *owner, curl_socket_t socket, curlsocktype purpose);
typedef curl_socket_t (*curl_opening)(void *owner, curlsocktype purpose, struct curl_sockaddr *address);
typedef int (*curl_closing)(void *owner, curl_socket_t socket);
typedef int (*curl_watch)(CURL *easy, curl_socket_t socket, int what, void *owner, void *of_socket);
typedef int (*curl_timer)(CURLM *multi, long milliseconds, void *owner);

static inline CURLcode curl_begin(void) { return curl_global_init(CURL_GLOBAL_ALL); }

static inline CURLcode curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode curl_set_size(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}
// The text is copied by libcurl. NULL takes a default away.
static inline CURLcode curl_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
// Not copied: the owner outlives the transfer.
static inline CURLcode curl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}
// Not copied: the list outlives the transfer.
static inline CURLcode curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode curl_set_stream(CURL *easy, CURLoption option, curl_stream value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode curl_set_prereq(CURL *easy, curl_prereq value) {
    return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, value);
}
static inline CURLcode curl_set_seek(CURL *easy, curl_seek value) {
    return curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, value);
}
// Not copied: the parsed URL outlives the transfer.
static inline CURLcode curl_set_address(CURL *easy, CURLU *value) {
    return curl_easy_setopt(easy, CURLOPT_CURLU, value);
}
static inline CURLcode curl_set_opened(CURL *easy, curl_opened value) {
    return curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, value);
}
static inline CURLcode curl_set_opening(CURL *easy, curl_opening value) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, value);
}
static inline CURLcode curl_set_closing(CURL *easy, curl_closing value) {
    return curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, value);
}
// The address itself is longer than its member in the header: never copied as that.
static inline const void *curl_address(const struct curl_sockaddr *address) { return &address->addr; }
static inline void *curl_get_private(CURL *easy) {
    void *value = NULL;
    return curl_easy_getinfo(easy, CURLINFO_PRIVATE, &value) == CURLE_OK ? value : NULL;
}
static inline long curl_get_long(CURL *easy, CURLINFO info) {
    long value = 0;
    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}
static inline curl_socket_t curl_get_socket(CURL *easy) {
    curl_socket_t value = CURL_SOCKET_BAD;
    return curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &value) == CURLE_OK ? value : CURL_SOCKET_BAD;
}
static inline CURLMcode curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLMcode curl_multi_set_pointer(CURLM *multi, CURLMoption option, void *value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLMcode curl_multi_set_watch(CURLM *multi, curl_watch value) {
    return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, value);
}
static inline CURLMcode curl_multi_set_timer(CURLM *multi, curl_timer value) {
    return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, value);
}
// `message` is freed when its handle leaves the multi: read it before.
static inline CURLcode curl_result(const CURLMsg *message) { return message->data.result; }

// Sockets that are watched for as long as they are open, at no cost while nothing happens.
static inline int curl_make_watch(void) { return epoll_create1(EPOLL_CLOEXEC); }
// Rung from any thread, heard by the one that waits.
static inline int curl_make_bell(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

// For `top -H` and core dumps; the kernel keeps 15 bytes.
static inline void curl_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
