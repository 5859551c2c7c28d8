// What a process keeps in memory.
#pragma once

// Lets go of memory that can be had again at any time: the pages of the program's and its libraries' files that were
// read and never written, which come back from the system's cache of files when they are used, and what `free` has
// left over (malloc_trim(3)). Safe at any time and on any thread.
void linux_release_memory(void);
