// Accepting connections.
#pragma once
#include <sys/socket.h>

// accept4(2), which glibc hides behind _GNU_SOURCE, with SOCK_CLOEXEC and SOCK_NONBLOCK.
// Returns the descriptor; -1 and errno on failure.
int linux_accept(int listener, struct sockaddr *address, socklen_t *length);
