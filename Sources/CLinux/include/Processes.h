// Starting programs with nothing inherited by accident.
#pragma once
#include <sys/types.h>

// Starts `path` in a process group of its own, with `in`, `out` and `err` as its descriptors 0, 1 and 2
// and no others, the default action for every signal, and none blocked. `directory` may be null.
// Returns 0, or the errno that says why nothing was started.
int linux_spawn(
    const char *path, char *const arguments[], char *const environment[], const char *directory,
    int in, int out, int err, pid_t *pid);

// A descriptor that becomes readable when the process ends; -1 and errno on failure.
int linux_pidfd_open(pid_t pid);

// Both ends are above 2 and closed on exec. Returns 0 or errno.
int linux_pipe(int *read_end, int *write_end);
