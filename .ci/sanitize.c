/* Linked by `.ci/sanitize` into all that it builds, so that it holds for programs, too, which tests start with an
   environment of their own. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

/* Tables of the program and caches of its runtime live until the end, and would count as leaks. */
const char *__asan_default_options(void) { return "detect_leaks=0:exitcode=" STATUS ":log_path=" FINDINGS; }
const char *__tsan_default_options(void) { return "exitcode=" STATUS ":log_path=" FINDINGS; }

/* A Mutex of Swift's standard library takes and gives its lock in the instrumented program as long as nobody has to wait
   for it; the rest stands in a library that is not instrumented, so that ThreadSanitizer would not see that who waited
   comes after who went. These take the place of the library's functions, call them, and tell. Their names are
   `Synchronization._MutexHandle._lockSlow(_:)` and so on, mangled. */
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))
#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define TRY_LOCK_SLOW "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"

/* Missing with AddressSanitizer. */
extern void __tsan_acquire(void *address) __attribute__((weak));
extern void __tsan_release(void *address) __attribute__((weak));

SWIFT void lock_slow(uint32_t thread, SELF void *handle) __asm__(LOCK_SLOW);
SWIFT void unlock_slow(SELF void *handle) __asm__(UNLOCK_SLOW);
SWIFT _Bool try_lock_slow(SELF void *handle) __asm__(TRY_LOCK_SLOW);

static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

SWIFT void lock_slow(uint32_t thread, SELF void *handle) {
    static SWIFT void (*real)(uint32_t, SELF void *);
    if (real == 0) real = next(LOCK_SLOW);
    real(thread, handle);
    if (__tsan_acquire) __tsan_acquire(handle);
}

SWIFT void unlock_slow(SELF void *handle) {
    static SWIFT void (*real)(SELF void *);
    if (real == 0) real = next(UNLOCK_SLOW);
    if (__tsan_release) __tsan_release(handle);
    real(handle);
}

SWIFT _Bool try_lock_slow(SELF void *handle) {
    static SWIFT _Bool (*real)(SELF void *);
    if (real == 0) real = next(TRY_LOCK_SLOW);
    _Bool is_locked = real(handle);
    if (is_locked && __tsan_acquire) __tsan_acquire(handle);
    return is_locked;
}
