// Files that are on no disk.
#pragma once

// A file without a name in any file system, which only its owner can open, closed on exec. Programs that this process
// starts can open it as `/proc/PID/fd/NUMBER`, with the id of this process. It is gone when nobody has it open.
// Returns its descriptor; -1 and errno on failure, also where programs could not open it.
int linux_memory_file(const char *name);
