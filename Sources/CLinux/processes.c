#define _GNU_SOURCE
#include "Processes.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <unistd.h>

static int set_attributes(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawnattr_setsigmask(attributes, &none);
    if (!error) error = posix_spawnattr_setsigdefault(attributes, &all);
    if (!error) error = posix_spawnattr_setpgroup(attributes, 0);
    if (!error)
        error = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    return error;
}

static int set_actions(
    posix_spawn_file_actions_t *actions, const char *directory, int in, int out, int err) {
    int error = posix_spawn_file_actions_adddup2(actions, in, 0);
    if (!error) error = posix_spawn_file_actions_adddup2(actions, out, 1);
    if (!error) error = posix_spawn_file_actions_adddup2(actions, err, 2);
    // Libraries of this process may have opened descriptors without close-on-exec.
    if (!error) error = posix_spawn_file_actions_addclosefrom_np(actions, 3);
    if (!error && directory) error = posix_spawn_file_actions_addchdir_np(actions, directory);
    return error;
}

int linux_spawn(
    const char *path, char *const arguments[], char *const environment[], const char *directory,
    int in, int out, int err, pid_t *pid) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    int error = posix_spawnattr_init(&attributes);
    if (error) return error;
    error = posix_spawn_file_actions_init(&actions);
    if (error) {
        posix_spawnattr_destroy(&attributes);
        return error;
    }
    error = set_attributes(&attributes);
    if (!error) error = set_actions(&actions, directory, in, out, err);
    if (!error) error = posix_spawn(pid, path, &actions, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error;
}

int linux_pidfd_open(pid_t pid) {
    // Not through glibc's wrapper, which is as young as version 2.36. The kernel sets close-on-exec.
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

// A program started with descriptors 0 to 2 closed gets them here; `adddup2` would then clobber them.
static int move_above_standard(int *descriptor) {
    if (*descriptor > 2) return 0;
    int moved = fcntl(*descriptor, F_DUPFD_CLOEXEC, 3);
    int error = moved < 0 ? errno : 0;
    close(*descriptor);
    *descriptor = moved;
    return error;
}

int linux_pipe(int *read_end, int *write_end) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    int error = move_above_standard(&ends[0]);
    int other = move_above_standard(&ends[1]);
    if (error || other) {
        if (ends[0] >= 0) close(ends[0]);
        if (ends[1] >= 0) close(ends[1]);
        return error ? error : other;
    }
    *read_end = ends[0];
    *write_end = ends[1];
    return 0;
}
