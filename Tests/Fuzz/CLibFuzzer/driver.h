#include <stddef.h>
#include <stdint.h>

/* libFuzzer as a library (https://llvm.org/docs/LibFuzzer.html, "Using libFuzzer as a library"): runs until a limit is
   reached or `take` does not return. The first argument is the program's name. */
int LLVMFuzzerRunDriver(int *argument_count, char ***arguments, int (*take)(const uint8_t *bytes, size_t count));
