// Linux interfaces that `import Glibc` does not offer.
#pragma once
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include "Memory.h"
#include "Processes.h"
#include "Residence.h"
#include "Sockets.h"
