// libcurl's easy and multi interfaces, with fixed-arity shims for its variadic calls
// (Swift cannot call C variadics).
#pragma once
#include <curl/curl.h>

CURLcode curl_set_long(CURL *handle, CURLoption option, long value);
CURLcode curl_set_size(CURL *handle, CURLoption option, curl_off_t value);
// Strings are copied by libcurl; lists, buffers and the data of callbacks are not.
CURLcode curl_set_pointer(CURL *handle, CURLoption option, const void *value);
// A copy of the bytes is kept by libcurl.
CURLcode curl_set_blob(CURL *handle, CURLoption option, const void *bytes, size_t count);
CURLcode curl_set_write_function(CURL *handle, curl_write_callback function, void *data);
CURLcode curl_set_header_function(CURL *handle, curl_write_callback function, void *data);
// -1 when libcurl does not know.
long curl_get_long(CURL *handle, CURLINFO info);
CURLMcode curl_multi_set_long(CURLM *multi, CURLMoption option, long value);
// Both functions get `data`, which outlives the multi handle.
CURLcode curl_set_socket_functions(
    CURL *handle, curl_opensocket_callback open, curl_closesocket_callback close, void *data);
// Like libcurl's own, and closed when another program is executed.
int curl_open_socket(const struct curl_sockaddr *address);
// This end's port; -1 when it is no TCP socket.
int curl_socket_port(int number);
// Milliseconds since something came in (TCP_INFO, man page tcp(7)); -1 when that is not known.
long curl_socket_silence(int number);
