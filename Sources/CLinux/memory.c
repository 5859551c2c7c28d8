#define _GNU_SOURCE
#include "Memory.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

int linux_memory_file(const char *name) {
    // The descriptors of a process with capabilities of its own are root's (proc(5), /proc/pid).
    if (prctl(PR_GET_DUMPABLE) != 1) {
        errno = EPERM;
        return -1;
    }
    // Systems may insist on this flag (vm.memfd_noexec), and those before Linux 6.3 do not know it.
    int file = memfd_create(name, MFD_CLOEXEC | MFD_NOEXEC_SEAL);
    if (file < 0 && errno == EINVAL) file = memfd_create(name, MFD_CLOEXEC);
    if (file >= 0 && fchmod(file, S_IRUSR | S_IWUSR) != 0) {
        int error = errno;
        close(file);
        errno = error;
        return -1;
    }
    return file;
}
