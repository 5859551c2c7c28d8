// Preloaded into the service (ld.so(8), LD_PRELOAD): counts what it writes below its state directory, over all threads,
// and spoils one of the writes as the environment says:
//
//   CRASH_PROGRAM  the name of the program that is meant; children of it go on unharmed
//   CRASH_ROOT     the state directory, as an absolute path
//   CRASH_REPORT   a file: a line for each write (POINT=0), or for the one that was spoilt
//   CRASH_CALLS    names of calls, as in `,fsync,fdatasync,`: only these count; all without it
//   CRASH_POINT    which write, from 1; 0 spoils none
//   CRASH_MODE     before | half | after   the process is killed there
//                  power                   and what was not synced is taken back, as when the power fails
//                  lie                     the same with a disk that only pretends to sync
//                  eio | enospc            this write fails
//                  eio-on | enospc-on      this write and all that follow fail
//
// A write to `-shm` is none: SQLite makes that file anew after a crash.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum mode { NONE, BEFORE, HALF, AFTER, POWER, LIE, FAIL };

static enum mode mode = NONE;
static int failure, keeps_failing, is_active;
static long point;
static char root[PATH_MAX];
static size_t root_length;
static int report = -1;
static const char *calls;
static atomic_long count;
static pthread_mutex_t undo_lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static void configure(const char *name) {
    static const struct { const char *name; enum mode mode; int failure, on; } modes[] = {
        {"before", BEFORE, 0, 0}, {"half", HALF, 0, 0}, {"after", AFTER, 0, 0}, {"power", POWER, 0, 0},
        {"lie", LIE, 0, 0}, {"eio", FAIL, EIO, 0}, {"enospc", FAIL, ENOSPC, 0}, {"eio-on", FAIL, EIO, 1},
        {"enospc-on", FAIL, ENOSPC, 1},
    };
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (strcmp(modes[i].name, name)) continue;
        mode = modes[i].mode, failure = modes[i].failure, keeps_failing = modes[i].on;
    }
}

__attribute__((constructor)) static void begin(void) {
    const char *program = getenv("CRASH_PROGRAM"), *directory = getenv("CRASH_ROOT");
    const char *number = getenv("CRASH_POINT"), *name = getenv("CRASH_MODE"), *file = getenv("CRASH_REPORT");
    char self[PATH_MAX] = "";
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (!program || !directory || !number || !name || !file || length < 0) return;
    const char *base = strrchr(self, '/');
    if (!base || strcmp(base + 1, program) || strlen(directory) >= sizeof root) return;
    strcpy(root, directory);
    root_length = strlen(root);
    point = atol(number);
    calls = getenv("CRASH_CALLS");
    configure(name);
    report = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    is_active = 1;
}

// MARK: which files

static int is_ours(const char *path) {
    size_t length = strlen(path);
    if (strncmp(path, root, root_length) || (path[root_length] && path[root_length] != '/')) return 0;
    return length < 4 || strcmp(path + length - 4, "-shm");
}

static int path_of(int file, char path[PATH_MAX]) {
    char link[64];
    if (!is_active) return 0;
    int kept = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    errno = kept;
    if (length <= 0) return 0;
    path[length] = 0;
    return is_ours(path);
}

static int absolute(int folder, const char *name, char path[PATH_MAX]) {
    if (!is_active || !name) return 0;
    if (name[0] == '/') {
        snprintf(path, PATH_MAX, "%s", name);
        return is_ours(path);
    }
    char base[PATH_MAX] = "";
    if (folder == AT_FDCWD) {
        if (!getcwd(base, sizeof base)) return 0;
    } else {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        ssize_t length = readlink(link, base, sizeof base - 1);
        if (length <= 0) return 0;
        base[length] = 0;
    }
    if ((size_t)snprintf(path, PATH_MAX, "%s/%s", base, name) >= PATH_MAX) return 0;
    return is_ours(path);
}

// MARK: what the power takes back

struct undo {
    struct undo *before;
    dev_t device;
    ino_t inode;
    int file;
    off_t offset, size;
    size_t length;
    char bytes[];
};
static struct undo *newest;

/// A descriptor of our own; never closed, for closing one would drop SQLite's locks on the file (fcntl(2)).
static int keeper(int file, const struct stat *facts) {
    static struct { dev_t device; ino_t inode; int file; } kept[256];
    static int used;
    for (int i = 0; i < used; i++)
        if (kept[i].device == facts->st_dev && kept[i].inode == facts->st_ino) return kept[i].file;
    if (used == 256) return -1;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    int own = (int)syscall(SYS_openat, AT_FDCWD, link, O_RDWR | O_CLOEXEC, 0);
    if (own < 0) return -1;
    kept[used].device = facts->st_dev, kept[used].inode = facts->st_ino, kept[used].file = own;
    used++;
    return own;
}

/// Keeps what stands where `length` bytes are about to be written; `offset` < 0 means where the file is.
static void remember(int file, off_t offset, size_t length) {
    if (mode != POWER && mode != LIE) return;
    struct stat facts;
    int kept = errno;
    pthread_mutex_lock(&undo_lock);
    if (fstat(file, &facts) == 0 && S_ISREG(facts.st_mode)) {
        int own = keeper(file, &facts);
        if (offset < 0) offset = fcntl(file, F_GETFL) & O_APPEND ? facts.st_size : lseek(file, 0, SEEK_CUR);
        struct undo *entry = own < 0 ? NULL : malloc(sizeof *entry + length);
        if (entry) {
            ssize_t got = length ? pread(own, entry->bytes, length, offset) : 0;
            *entry = (struct undo){newest, facts.st_dev, facts.st_ino, own, offset, facts.st_size, got > 0 ? (size_t)got : 0};
            newest = entry;
        }
    }
    pthread_mutex_unlock(&undo_lock);
    errno = kept;
}

static void forget(int file) {
    struct stat facts;
    if (mode != POWER || fstat(file, &facts)) return;
    pthread_mutex_lock(&undo_lock);
    for (struct undo **link = &newest; *link;) {
        struct undo *entry = *link;
        if (entry->device != facts.st_dev || entry->inode != facts.st_ino) {
            link = &entry->before;
            continue;
        }
        *link = entry->before;
        free(entry);
    }
    pthread_mutex_unlock(&undo_lock);
}

static void take_back(void) {
    pthread_mutex_lock(&undo_lock);
    for (struct undo *entry = newest; entry; entry = entry->before) {
        if (entry->length) syscall(SYS_pwrite64, entry->file, entry->bytes, entry->length, entry->offset);
        syscall(SYS_ftruncate, entry->file, entry->size);
    }
}

static _Noreturn void end(void) {
    if (mode == POWER || mode == LIE) take_back();
    for (;;) kill(getpid(), SIGKILL);
}

// MARK: the points

static void tell(long number, const char *call, const char *path) {
    char line[PATH_MAX + 64];
    const char *name = path + root_length;
    while (*name == '/') name++;
    int length = snprintf(line, sizeof line, "%ld\t%s\t%s\n", number, call, *name ? name : ".");
    if (length > 0) syscall(SYS_write, report, line, (size_t)length);
}

/// What is to become of a write: 0 it is done, 1 half of it is done and then `end`, 2 it is done and then `end`,
/// -1 it fails with `errno`.
static int verdict(const char *call, const char *path) {
    char listed[32];
    snprintf(listed, sizeof listed, ",%s,", call);
    if (calls && !strstr(calls, listed)) return 0;
    long number = atomic_fetch_add(&count, 1) + 1;
    if (point == 0) {
        tell(number, call, path);
        return 0;
    }
    if (number < point || (number > point && !(mode == FAIL && keeps_failing))) return 0;
    if (number == point) tell(number, call, path);
    switch (mode) {
    case BEFORE: case POWER: case LIE: end();
    case HALF: return 1;
    case AFTER: return 2;
    case FAIL: errno = failure; return -1;
    default: return 0;
    }
}

#define WRITE(call, file, offset, length, whole, half) \
    char path[PATH_MAX]; \
    if (!path_of(file, path)) return whole; \
    int what = verdict(call, path); \
    if (what < 0) return -1; \
    if (what == 1) { (void)!half; end(); } \
    remember(file, offset, length); \
    ssize_t written = whole; \
    if (what == 2) end(); \
    return written

ssize_t write(int file, const void *bytes, size_t length) {
    REAL(ssize_t, "write", int, const void *, size_t);
    WRITE("write", file, -1, length, real(file, bytes, length), real(file, bytes, length / 2));
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t offset) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    WRITE("pwrite", file, offset, length, real(file, bytes, length, offset), real(file, bytes, length / 2, offset));
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset) {
    REAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
    WRITE("pwrite", file, offset, length, real(file, bytes, length, offset), real(file, bytes, length / 2, offset));
}

static size_t total(const struct iovec *parts, int number) {
    size_t sum = 0;
    for (int i = 0; i < number; i++) sum += parts[i].iov_len;
    return sum;
}

ssize_t writev(int file, const struct iovec *parts, int number) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    WRITE("writev", file, -1, total(parts, number), real(file, parts, number), real(file, parts, number / 2));
}

#define CHANGE(call, is_meant, done) \
    char path[PATH_MAX]; \
    if (!(is_meant)) return done; \
    int what = verdict(call, path); \
    if (what < 0) return -1; \
    if (what == 1) end(); \
    int result = done; \
    if (what == 2) end(); \
    return result

static int sync_file(const char *call, int file, int (*real)(int)) {
    char path[PATH_MAX];
    if (!path_of(file, path)) return real(file);
    int what = verdict(call, path);
    if (what < 0) return -1;
    if (what == 1) end();
    int result = mode == LIE ? 0 : real(file);
    if (result == 0) forget(file);
    if (what == 2) end();
    return result;
}

int fsync(int file) {
    REAL(int, "fsync", int);
    return sync_file("fsync", file, real);
}

int fdatasync(int file) {
    REAL(int, "fdatasync", int);
    return sync_file("fdatasync", file, real);
}

static int truncate_file(int file, off64_t size, int (*real)(int, off64_t)) {
    CHANGE("ftruncate", path_of(file, path), (real(file, size)));
}

static void remember_tail(int file, off64_t size) {
    struct stat facts;
    char path[PATH_MAX];
    if (!path_of(file, path) || fstat(file, &facts)) return;
    remember(file, size, facts.st_size > size ? (size_t)(facts.st_size - size) : 0);
}

int ftruncate64(int file, off64_t size) {
    REAL(int, "ftruncate64", int, off64_t);
    remember_tail(file, size);
    return truncate_file(file, size, real);
}

int ftruncate(int file, off_t size) {
    REAL(int, "ftruncate", int, off_t);
    remember_tail(file, size);
    return truncate_file(file, size, (int (*)(int, off64_t))real);
}

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    CHANGE("rename", absolute(AT_FDCWD, to, path), real(from, to));
}

int renameat(int a, const char *from, int b, const char *to) {
    REAL(int, "renameat", int, const char *, int, const char *);
    CHANGE("rename", absolute(b, to, path), real(a, from, b, to));
}

int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
    REAL(int, "renameat2", int, const char *, int, const char *, unsigned);
    CHANGE("rename", absolute(b, to, path), real(a, from, b, to, flags));
}

int unlink(const char *name) {
    REAL(int, "unlink", const char *);
    CHANGE("unlink", absolute(AT_FDCWD, name, path), real(name));
}

int unlinkat(int folder, const char *name, int flags) {
    REAL(int, "unlinkat", int, const char *, int);
    CHANGE("unlink", absolute(folder, name, path), real(folder, name, flags));
}

int rmdir(const char *name) {
    REAL(int, "rmdir", const char *);
    CHANGE("rmdir", absolute(AT_FDCWD, name, path), real(name));
}

int mkdir(const char *name, mode_t rights) {
    REAL(int, "mkdir", const char *, mode_t);
    CHANGE("mkdir", absolute(AT_FDCWD, name, path), real(name, rights));
}

int mkdirat(int folder, const char *name, mode_t rights) {
    REAL(int, "mkdirat", int, const char *, mode_t);
    CHANGE("mkdir", absolute(folder, name, path), real(folder, name, rights));
}

int link(const char *from, const char *to) {
    REAL(int, "link", const char *, const char *);
    CHANGE("link", absolute(AT_FDCWD, to, path), real(from, to));
}

int symlink(const char *target, const char *name) {
    REAL(int, "symlink", const char *, const char *);
    CHANGE("symlink", absolute(AT_FDCWD, name, path), real(target, name));
}

// Opening is a write when it makes the file.

static int makes(int folder, const char *name, int flags, char path[PATH_MAX]) {
    struct stat facts;
    int kept = errno;
    int found = (flags & O_CREAT) && absolute(folder, name, path)
        && fstatat(folder, name, &facts, AT_SYMLINK_NOFOLLOW) != 0;
    errno = kept;
    return found;
}

#define RIGHTS \
    mode_t rights = 0; \
    if (flags & (O_CREAT | __O_TMPFILE)) { \
        va_list more; \
        va_start(more, flags); \
        rights = va_arg(more, mode_t); \
        va_end(more); \
    }

int open(const char *name, int flags, ...) {
    RIGHTS
    REAL(int, "open", const char *, int, ...);
    CHANGE("create", makes(AT_FDCWD, name, flags, path), real(name, flags, rights));
}

int open64(const char *name, int flags, ...) {
    RIGHTS
    REAL(int, "open64", const char *, int, ...);
    CHANGE("create", makes(AT_FDCWD, name, flags, path), real(name, flags, rights));
}

int openat(int folder, const char *name, int flags, ...) {
    RIGHTS
    REAL(int, "openat", int, const char *, int, ...);
    CHANGE("create", makes(folder, name, flags, path), real(folder, name, flags, rights));
}
