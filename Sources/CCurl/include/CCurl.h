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
