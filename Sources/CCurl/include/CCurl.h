// libcurl's easy and multi interfaces, with fixed-arity shims for its variadic calls
// (Swift cannot call C variadics).
#pragma once
#include <curl/curl.h>
